"""What the audit trail keeps of requests: documents looked at and taken away, and files refused."""

from __future__ import annotations

import re
from typing import Any

import pytest

from liasse.clients.models import FileAccess
from liasse.config.trail import ACCESSES, EXPORTS, SHOW_NOTHING
from liasse.core.checks import routes
from liasse.core.models import AuditEvent
from liasse.core.scope import practice_scope
from tests import cast
from tests.cast import Cast
from tests.factories import signed_in
from tests.queries import asked
from tests.web.office import Office, build

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return build()


@pytest.fixture
def people() -> Cast:
    return cast.build()


def said(office: Office) -> list[tuple[str, str, Any]]:
    with office.scope():
        events = AuditEvent.objects.exclude(verb="document.received").order_by("sequence")
        return [(event.verb, event.actor_name, event.subject_id) for event in events]


def test_a_document_that_is_opened_and_downloaded_is_on_record_once_an_hour_and_person(office: Office) -> None:
    document = office.document()
    at = f"/files/{office.file.id}/documents/{document.id}/"
    for _time in range(3):
        for who in ("reading", "coding"):
            for path in (at, f"{at}original/"):
                assert office.as_(who).get(path).status_code == 200
    done = [
        (verb, who, document.id) for who in ("reading", "coding") for verb in ("document.opened", "document.downloaded")
    ]
    assert sorted(said(office)) == sorted(done)


def test_the_mail_itself_is_on_record_too(office: Office) -> None:
    receipt = office.document().receipt
    browser = office.as_("reading")
    browser.get(f"/files/{office.file.id}/receipts/{receipt.id}/")
    assert said(office) == [("receipt.opened", "reading", receipt.id)]


def test_an_export_says_how_many_and_which(office: Office) -> None:
    documents = [office.document(), office.document()]
    browser, ids = office.as_("reading"), [str(document.id) for document in documents]
    browser.post(f"/files/{office.file.id}/documents/csv/", {"document": ids})
    browser.post(f"/files/{office.file.id}/documents/zip/", {"all": "1"})
    with office.scope():
        found = AuditEvent.objects.filter(verb="documents.exported").order_by("sequence")
        facts = [event.after for event in found]
    assert facts == [{"format": "csv", "documents": "2", "ids": ids}, {"format": "zip", "documents": "all"}]


def test_a_document_that_is_not_there_is_no_access(office: Office) -> None:
    other = office.document(file=office.sibling)
    assert office.as_("reading").get(f"/files/{office.file.id}/documents/{other.id}/").status_code == 404
    assert said(office) == []


def test_looking_again_costs_one_read(office: Office) -> None:
    document, browser = office.document(), office.as_("reading")
    at = f"/files/{office.file.id}/documents/{document.id}/original/"
    browser.get(at)
    with asked() as seen:
        browser.get(at)
    assert len([words for words in seen if "core_audit" in words]) == 1


def test_every_route_that_shows_one_document_is_on_record() -> None:
    alone = {
        route.name
        for pattern, route in routes()
        if re.search(r"<uuid:(document|receipt)_id>", pattern) and _answers_a_get(route.callback)
    }
    assert alone == {*ACCESSES, *SHOW_NOTHING}
    assert {route.name for _pattern, route in routes()} >= EXPORTS.keys()


def _answers_a_get(view: Any) -> bool:  # noqa: ANN401 - any view
    cells = (cell.cell_contents for cell in view.__closure__ or ())
    return any(isinstance(methods, list | tuple | set) and "GET" in methods for methods in cells)


def refusals(people: Cast) -> list[tuple[str, str, str, Any]]:
    with practice_scope(people.practice.id):
        events = AuditEvent.objects.filter(verb__endswith=".refused").order_by("sequence")
        return [(event.verb, event.actor_kind, event.actor_name, event.after["page"]) for event in events]


def test_a_refused_file_is_on_record_once_an_hour_whoever_asked(people: Cast) -> None:
    strangers = (people.colleague_without, people.suspended, people.outsider, people.other_administrator)
    for person in strangers * 2:
        for part in ("inbox", "settings"):
            assert signed_in(person).get(f"/files/{people.file.id}/{part}/").status_code == 404
    assert refusals(people) == [
        ("file.refused", "colleague", people.colleague_without.name, "inbox"),
        ("file.refused", "colleague", people.suspended.name, "inbox"),
        ("file.refused", "person", people.outsider.name, "inbox"),
        ("file.refused", "person", people.other_administrator.name, "inbox"),
    ]


def test_what_a_level_does_not_allow_is_on_record(people: Cast) -> None:
    with practice_scope(people.practice.id):
        FileAccess.objects.filter(colleague=people.colleague).update(level="reading")
    assert signed_in(people.colleague).get(f"/files/{people.file.id}/settings/").status_code == 403
    assert signed_in(people.colleague).get("/practice/").status_code == 403
    assert signed_in(people.client_employee).get(f"/portal/{people.file.id}/accountant/").status_code == 403
    assert refusals(people) == [
        ("file.refused", "colleague", people.colleague.name, "file-settings"),
        ("practice.refused", "colleague", people.colleague.name, "practice"),
        ("file.refused", "member", people.client_employee.name, "portal-accountant"),
    ]


def test_ids_of_nothing_leave_no_trace(people: Cast) -> None:
    before = AuditEvent._base_manager.count()
    signed_in(people.outsider).get(f"/files/{people.practice.id}/inbox/")
    signed_in(people.administrator).get(f"/files/{people.file.id}/documents/{people.file.id}/")
    signed_in(None).get(f"/files/{people.file.id}/inbox/")
    assert AuditEvent._base_manager.count() == before


def test_a_failed_second_look_at_who_one_is_is_on_record_once_an_hour(people: Cast) -> None:
    browser = signed_in(people.administrator)
    for _time in range(3):
        assert browser.post("/profile/prove/", {"way": "password", "password": "not this one"}).status_code == 422
    assert browser.post("/profile/password/", {"current": "nor this", "new": "x"}).status_code == 422
    with practice_scope(people.practice.id):
        event = AuditEvent.objects.get(verb="login.refused")
    assert (event.actor_name, event.subject_id) == (people.administrator.name, people.administrator.id)
