"""What becomes of a document that was read: ready, or waiting with its reasons; and when that is decided anew."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from liasse.clients import counters
from liasse.documents.models import Document
from liasse.documents.types import DocumentStatus
from liasse.practices.models import Colleague, Practice
from liasse.practices.selectors import actor_of
from liasse.practices.types import Strictness
from liasse.reading import calibration
from liasse.reading.models import Reading
from liasse.reading.services import correct, decide_again, store
from liasse.reading.types import Field, FieldName, ReadingResult, Source
from tests.web.office import Office, build

VALUES = {
    FieldName.DOC_TYPE: "invoice",
    FieldName.SUPPLIER_NAME: "Moulin",
    FieldName.SUPPLIER_VAT: "FR40303265045",
    FieldName.INVOICE_NUMBER: "F-1",
    FieldName.ISSUE_DATE: "2026-11-02",
    FieldName.CURRENCY: "EUR",
    FieldName.TOTAL_GROSS: "120.00",
}
BETWEEN = 0.95


@pytest.fixture(autouse=True)
def steps(monkeypatch: pytest.MonkeyPatch) -> None:
    thresholds = {"careful": {"default": 0.99}, "normal": {"default": 0.97}, "fast": {"default": 0.9}}
    table = replace(calibration.shipped(), thresholds=thresholds)
    monkeypatch.setattr(calibration, "shipped", lambda: table)


@pytest.fixture
def office(db: None) -> Iterator[Office]:
    del db
    found = build()
    with found.scope():
        yield found


def reading(*, date: float = 1.0) -> ReadingResult:
    fields = {name: Field(value, Source.OCR, 1.0) for name, value in VALUES.items()}
    fields[FieldName.ISSUE_DATE] = replace(fields[FieldName.ISSUE_DATE], confidence=date)
    return ReadingResult(fields=fields, format="image")


def stored(office: Office, result: ReadingResult) -> Document:
    document = office.document(status=DocumentStatus.PROCESSING, media_type="image/jpeg")
    store(document.id, result)
    document.refresh_from_db()
    return document


def again(document: Document, *alarms: str) -> str:
    counters.hold(document.client_file_id)
    decide_again(document.id, alarms=alarms)
    document.refresh_from_db()
    return document.status


def set_confidence(document: Document, confidence: float) -> None:
    found = Reading.objects.get(document=document)
    found.fields["issue_date"]["confidence"] = confidence
    found.save()


def test_a_photo_whose_fields_are_sure_is_ready(office: Office) -> None:
    document = stored(office, reading())
    assert (document.status, document.problem) == (DocumentStatus.READY, "")


def test_one_doubt_keeps_it_waiting_and_is_named_in_the_list_and_on_the_document(office: Office) -> None:
    document = stored(office, reading(date=BETWEEN))
    assert (document.status, document.problem) == (DocumentStatus.TO_REVIEW, "doubt-issue_date")
    browser = office.as_("coding")
    assert "Pas sûr\u202f: la date." in browser.get(f"/files/{office.file.id}/inbox/").content.decode()
    shown = browser.get(f"/files/{office.file.id}/documents/{document.id}/").content.decode()
    assert re.findall(r'data-goto="(\w+)"', shown) == ["issue_date"]


def test_a_practice_that_wants_speed_has_the_same_document_ready(office: Office) -> None:
    Practice.objects.update(strictness=Strictness.FAST)
    assert stored(office, reading(date=BETWEEN)).status == DocumentStatus.READY


def test_a_correction_takes_the_doubt_away_and_leaves_the_document_to_its_person(office: Office) -> None:
    document = stored(office, reading(date=0.1))
    actor = actor_of(Colleague.objects.get(user=office.users["coding"]))
    document = correct(document, actor=actor, version=document.version, values={"issue_date": "3/11/2026"})
    assert (document.status, document.problem) == (DocumentStatus.TO_REVIEW, "")
    assert Reading.objects.get(document=document).reasons == []


def test_what_was_learned_since_makes_a_waiting_document_ready(office: Office) -> None:
    document = stored(office, reading(date=0.1))
    set_confidence(document, 1.0)
    assert again(document) == DocumentStatus.READY
    set_confidence(document, 0.1)
    assert again(document) == DocumentStatus.TO_REVIEW


def test_what_a_person_put_into_a_tab_stays_there(office: Office) -> None:
    doubtful, sure = stored(office, reading(date=0.1)), stored(office, reading())
    Document.objects.filter(id=doubtful.id).update(status=DocumentStatus.READY)
    Document.objects.filter(id=sure.id).update(status=DocumentStatus.TO_REVIEW)
    assert again(doubtful) == DocumentStatus.READY
    assert again(sure) == DocumentStatus.TO_REVIEW


def test_an_alarm_keeps_a_sure_document_waiting_until_it_is_gone(office: Office) -> None:
    document = stored(office, reading())
    assert again(document, "iban-changed") == DocumentStatus.TO_REVIEW
    assert document.problem == "iban-changed"
    assert again(document) == DocumentStatus.READY
