"""Upload links: what they take and how much, when they end, and how little they say."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.utils import timezone

from liasse.api.links import views as pieces
from liasse.core.access import Actor
from liasse.core.models import AuditEvent
from liasse.core.scope import instance_scope
from liasse.intake import spool, uploads
from liasse.intake.models import Receipt, Upload
from liasse.intake.types import Door, Side
from liasse.passes import links
from liasse.passes.models import UploadLink
from liasse.portal import views_deposit as page
from liasse.worker.main import run_next
from tests.api.sender import Sender
from tests.paper import ubl
from tests.web.office import Office, build

pytestmark = pytest.mark.django_db(transaction=True)
ANNE = Actor(kind="colleague", name="Anne Martin")
WORDS = {"request": "La facture EDF de mars", "days": "7", "files": "3", "megabytes": "1", "side": "sales"}


@pytest.fixture
def office(transactional_db: None) -> Office:
    del transactional_db
    uploads.forget_sums()
    shutil.rmtree(spool.folder(), ignore_errors=True)
    return build()


@pytest.fixture(autouse=True)
def _patience() -> Iterator[None]:
    yield
    for pace in (pieces.PACE, page.PACE):
        pace.forget()


def made(office: Office, **words: str) -> tuple[UploadLink, str]:
    with office.scope():
        link = links.make_link(office.file, words=WORDS | words, actor=ANNE)
    return link, f"/deposit/{links.token_of(link)}/"


def sender(at: str) -> Sender:
    return Sender(Client(HTTP_ACCEPT_LANGUAGE="fr"), f"{at}uploads/")


def receipts() -> list[Receipt]:
    with instance_scope():
        return list(Receipt.objects.order_by("id"))


def test_a_stranger_hands_in_by_a_link_in_pieces(office: Office) -> None:
    link, at = made(office)
    words = {"filename": "edf.xml", "sender_name": "Léa Petit", "sender_email": "lea@example.fr"}
    receipt_id = sender(at).send(ubl(number="EDF-3"), piece=500, side="costs", owner=str(office.member.id), **words)
    [receipt] = receipts()
    assert (str(receipt.id), receipt.door, receipt.holder) == (receipt_id, Door.LINK, f"link:{link.id}")
    assert (receipt.client_file_id, receipt.side) == (office.file.id, Side.SALES)
    while run_next():
        pass
    [receipt] = receipts()
    assert (receipt.given_sender, receipt.count_documents) == ("Léa Petit <lea@example.fr>", 1)


def test_its_page_asks_and_says_nothing_of_the_file(office: Office) -> None:
    _link, at = made(office)
    office.document(supplier_name="Secret Fournisseur")
    answer = Client(HTTP_ACCEPT_LANGUAGE="fr").get(at)
    said = answer.content.decode()
    assert "La facture EDF de mars" in said
    assert "Secret Fournisseur" not in said
    assert office.file.name not in said
    assert "noindex" in answer["X-Robots-Tag"]
    assert "no-store" in answer["Cache-Control"]


def test_of_a_receipt_it_says_received_and_of_others_nothing(office: Office) -> None:
    _link, at = made(office)
    client = sender(at)
    receipt_id = client.send(ubl(number="EDF-3"), filename="edf.xml")
    foreign = office.receipt()
    while run_next():
        pass
    told = client.client.get(f"{at}uploads/outcomes/?receipt={receipt_id}&receipt={foreign.id}").json()["receipts"]
    assert [(one["id"], one["settled"], one["documents"]) for one in told] == [(receipt_id, True, [])]


def test_it_takes_as_many_files_and_bytes_as_it_says(office: Office) -> None:
    _link, at = made(office, files="2")
    client = sender(at)
    client.send(b"x" * 100, filename="a.pdf")
    assert client.begin(1024 * 1024, filename="b.pdf").status_code == 413
    client.send(b"y" * 100, filename="c.pdf")
    refused = client.begin(100, filename="d.pdf")
    assert (refused.status_code, refused["Liasse-Error"]) == (413, "link-full")
    assert client.client.get(at).status_code == 410
    assert len(receipts()) == 2


def test_of_many_at_once_no_more_than_that_come_in(office: Office) -> None:
    _link, at = made(office, files="3")
    together = Barrier(6)

    def begin(number: int) -> int:
        try:
            together.wait(30)
            return int(sender(at).begin(100, filename=f"{number}.pdf").status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        answers = sorted(pool.map(begin, range(6)))
    assert answers == [201] * 3 + [413] * 3
    with instance_scope():
        assert Upload.objects.count() == 3


def test_what_is_withdrawn_or_expired_takes_nothing(office: Office) -> None:
    link, at = made(office)
    begun = sender(at).begin(100, filename="a.pdf")["Location"]
    with office.scope():
        links.revoke_link(office.file, link_id=link.id, actor=ANNE)
        links.revoke_link(office.file, link_id=link.id, actor=ANNE)
    assert sender(at).patch(begun, b"x" * 100, offset=0).status_code == 410
    assert Client().get(at).status_code == 410
    late, there = made(office)
    with instance_scope():
        UploadLink.objects.filter(id=late.id).update(expires_at=timezone.now() - timedelta(seconds=1))
        assert AuditEvent.objects.filter(verb="link.revoked").count() == 1
    assert sender(there).begin(100, filename="a.pdf").status_code == 410
    assert receipts() == []


def test_the_plain_form_sent_twice_is_one_and_keeps_the_limit(office: Office) -> None:
    _link, at = made(office, files="2")
    for _time in range(2):
        files = [SimpleUploadedFile(f"{name}.xml", ubl(number=name)) for name in ("A", "B", "C")]
        Client().post(at, {"files": files, "key": "one", "sender_name": "Léa"})
    assert sorted(one.filename for one in receipts()) == ["A.xml", "B.xml"]
    assert {one.given_sender for one in receipts()} == {"Léa"}


def test_an_unknown_link_is_a_missing_page_and_guessing_is_slowed_down(office: Office) -> None:
    del office
    client = Client()
    assert [client.get(f"/deposit/guess{number}/").status_code for number in range(3)] == [404] * 3
    statuses = {client.get("/deposit/guess/").status_code for _number in range(130)}
    assert statuses == {404, 429}


def test_the_token_is_not_in_the_database(office: Office) -> None:
    link, at = made(office)
    with instance_scope():
        row = UploadLink.objects.filter(id=link.id).values()[0]
    assert at.split("/")[2] not in str(row)
    with office.scope():
        assert at in links.address_of(link)
