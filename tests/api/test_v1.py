"""The API for programs: what a token opens, one request one receipt, and answers as its description says."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.utils import timezone

from liasse.api.v1 import entering
from liasse.core.access import Actor
from liasse.core.models import AuditEvent
from liasse.core.scope import instance_scope
from liasse.intake import spool, uploads
from liasse.intake.models import Receipt
from liasse.intake.types import Door
from liasse.lib.ids import uuid7
from liasse.lib.pace import Pace
from liasse.passes import tokens
from liasse.passes.models import ApiToken
from liasse.worker.main import run_next
from tests import factories
from tests.paper import ubl
from tests.web.office import Office, build

pytestmark = pytest.mark.django_db(transaction=True)
ANNE = Actor(kind="colleague", name="Anne Martin")
BOTH = ["receipts:write", "documents:read"]


@pytest.fixture
def office(transactional_db: None) -> Office:
    del transactional_db
    uploads.forget_sums()
    return build()


@pytest.fixture(autouse=True)
def _patience() -> Iterator[None]:
    yield
    for pace in (entering.PACE, entering.STRANGERS):
        pace.forget()


class Program:
    """A program with a token."""

    def __init__(self, office: Office, *, scopes: list[str] | None = None, is_wide: bool = False) -> None:
        files = [] if is_wide else [str(office.file.id)]
        with office.scope():
            self.token, self.secret = tokens.make_token(
                office.practice, name="ERP", scopes=scopes or BOTH, file_ids=files, days="30", actor=ANNE
            )
        self.client, self.file = Client(), office.file

    def headers(self, **more: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}"} | more

    def get(self, path: str) -> Any:  # noqa: ANN401 - the test client's own answer
        return self.client.get(f"/api/v1/{path}", headers=self.headers())

    def send(self, body: bytes, *, query: str = "filename=a.xml", key: str = "", file: Any = None) -> Any:  # noqa: ANN401
        headers = self.headers(**({"Idempotency-Key": key} if key else {}))
        path = f"/api/v1/files/{file or self.file.id}/receipts?{query}"
        return self.client.post(path, body, content_type="application/octet-stream", headers=headers)


@pytest.fixture
def program(office: Office) -> Program:
    return Program(office)


def receipts() -> list[Receipt]:
    with instance_scope():
        return list(Receipt.objects.order_by("id"))


def test_a_file_is_handed_in_raw_and_read_with_its_fields(program: Program) -> None:
    body = ubl(number="F-7")
    answer = program.send(body, query="filename=F-7.xml&side=sales&note=Salon")
    made = answer.json()
    assert (answer.status_code, made["sha256"]) == (201, hashlib.sha256(body).hexdigest())
    [receipt] = receipts()
    assert (receipt.door, receipt.holder, receipt.note) == (Door.API, f"token:{program.token.id}", "Salon")
    while run_next():
        pass
    shown = program.client.get(answer["Location"], headers=program.headers()).json()
    assert shown["state"] == "opened"
    assert shown["documents"][0]["fields"]["invoice_number"]["value"] == "F-7"


def test_a_form_is_taken_too_with_exactly_one_file(program: Program) -> None:
    path = f"/api/v1/files/{program.file.id}/receipts"
    form = {"file": SimpleUploadedFile("a.xml", ubl(number="A")), "cutting": "pages"}
    answer = program.client.post(path, form, headers=program.headers())
    assert (answer.status_code, answer.json()["cutting"]) == (201, "pages")
    assert program.client.post(path, {"note": "x"}, headers=program.headers()).status_code == 400


def test_a_repeated_key_is_the_same_answer_and_one_receipt(program: Program) -> None:
    first = program.send(b"<a/>", key="one")
    while run_next():
        pass
    again = program.send(b"<a/>", key="one")
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert len(receipts()) == 1
    assert program.send(b"<a/>", key="two").json()["id"] != first.json()["id"]


@pytest.mark.parametrize(("body", "query"), [(b"<b/>", "filename=a.xml"), (b"<a/>", "filename=a.xml&side=sales")])
def test_a_key_used_for_something_else_is_told(program: Program, body: bytes, query: str) -> None:
    program.send(b"<a/>", key="one")
    answer = program.send(body, query=query, key="one")
    assert (answer.status_code, answer.json()["code"]) == (422, "key-mismatch")
    assert answer["Content-Type"] == "application/problem+json"
    assert len(receipts()) == 1


def test_a_key_that_is_under_way_is_told_and_free_again_after(program: Program) -> None:
    named = f"{program.token.holder}:{hashlib.sha256(b'one').hexdigest()[:48]}"
    with spool.held(uuid5(NAMESPACE_URL, named)):
        answer = program.send(b"<a/>", key="one")
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (409, "in-flight", "2")
    assert program.send(b"<a/>", key="one").status_code == 201


def test_many_with_one_key_at_once_are_one_receipt(program: Program) -> None:
    def send(_number: int) -> int:
        try:
            for _try in range(40):
                status = int(program.send(b"<a/>" * 9000, key="one").status_code)
                if status != 409:
                    return status
                time.sleep(0.05)
            return 409
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(send, range(6))) == {201}
    assert len(receipts()) == 1


def test_what_it_does_not_reach_is_not_there_whatever_it_is(office: Office, program: Program) -> None:
    foreign = factories.client_file(factories.practice("Cabinet Voisin"), "Menuiserie")
    answers = [program.send(b"x", file=one) for one in (office.sibling.id, foreign.id, uuid7())]
    assert {(one.status_code, one.content) for one in answers} == {(404, answers[0].content)}
    other = office.receipt(file=office.sibling)
    assert program.get(f"files/{office.file.id}/receipts/{other.id}").status_code == 404
    assert [one["id"] for one in program.get("files").json()["files"]] == [str(office.file.id)]
    wide = Program(office, is_wide=True).get("files").json()["files"]
    assert {one["id"] for one in wide} == {str(office.file.id), str(office.sibling.id)}
    assert len(receipts()) == 1


def test_a_scope_that_it_has_not_is_refused(office: Office) -> None:
    reader, writer = Program(office, scopes=["documents:read"]), Program(office, scopes=["receipts:write"])
    assert reader.send(b"x").status_code == 403
    made = writer.send(b"x").json()
    assert writer.client.get(made["url"], headers=writer.headers()).status_code == 403
    assert reader.client.get(made["url"], headers=reader.headers()).status_code == 200


def test_a_token_that_is_revoked_expired_or_none_opens_nothing(office: Office, program: Program) -> None:
    assert program.get("files").status_code == 200
    with instance_scope():
        assert ApiToken.objects.get(id=program.token.id).last_used_at is not None
        assert program.secret not in str(ApiToken.objects.values()[0])
    with office.scope():
        tokens.revoke_token(office.practice, token_id=program.token.id, actor=ANNE)
    assert program.get("files").status_code == 401
    late = Program(office)
    with instance_scope():
        ApiToken.objects.filter(id=late.token.id).update(expires_at=timezone.now() - timedelta(seconds=1))
        assert {"token.made", "token.revoked"} <= set(AuditEvent.objects.values_list("verb", flat=True))
    answer = late.get("files")
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="Liasse"')
    assert office.as_("administrator").get("/api/v1/files").status_code == 401


def test_too_many_requests_are_put_off(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entering, "PACE", Pace(most=3, seconds=60))
    statuses = [program.get("files").status_code for _number in range(4)]
    assert statuses == [200, 200, 200, 429]
    assert 1 <= int(program.get("files")["Retry-After"]) <= 60


@pytest.mark.parametrize(
    ("body", "query", "status"), [(b"", "filename=a.xml", 422), (b"x", "side=x", 400), (b"x", "owner=me", 400)]
)
def test_what_cannot_be_taken_says_why(program: Program, body: bytes, query: str, status: int) -> None:
    answer = program.send(body, query=query)
    assert (answer.status_code, bool(answer.json()["detail"])) == (status, True)
    assert receipts() == []
