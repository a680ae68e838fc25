"""When a file is late: the rule, the same rule asked of the database, and the columns that it reads."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from liasse.clients.lists import FilesQuery, files_page
from liasse.clients.models import ClientFile
from liasse.clients.rules import LATE_SILENT, LATE_WAITING, lateness
from liasse.documents.services import move, unarchive
from liasse.documents.types import DocumentStatus
from liasse.intake.services import record_failure, try_again
from liasse.intake.types import ReceiptState
from liasse.practices.models import Colleague
from liasse.practices.selectors import actor_of
from tests.web.firm import firm
from tests.web.office import NOON, Office, build

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
TO_REVIEW, ARCHIVED, READY = DocumentStatus.TO_REVIEW, DocumentStatus.ARCHIVED, DocumentStatus.READY


def ago(span: timedelta | None, now: datetime) -> datetime | None:
    return None if span is None else now - span


@pytest.mark.parametrize(("waiting", "arrival", "age", "days"), [
    (None, SECOND, LATE_SILENT, (None, None)),
    (LATE_WAITING - SECOND, SECOND, SECOND, (None, None)),
    (LATE_WAITING, SECOND, SECOND, (7, None)),
    (None, LATE_SILENT - SECOND, LATE_SILENT * 3, (None, None)),
    (None, LATE_SILENT, LATE_SILENT, (None, 30)),
    (None, None, LATE_SILENT - SECOND, (None, None)),
    (None, None, LATE_SILENT, (None, 30)),
    (LATE_SILENT, LATE_SILENT, LATE_SILENT, (30, 30)),
])  # fmt: skip
def test_the_rule_and_the_database_agree(
    waiting: timedelta | None,
    arrival: timedelta | None,
    age: timedelta,
    days: tuple[int | None, int | None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    office, now = firm("claire"), timezone.now()
    file = office.open().client_file
    late = lateness(waiting_since=ago(waiting, now), last_arrival_at=ago(arrival, now), created_at=now - age, now=now)
    assert (late.waiting_days, late.silent_days) == days
    monkeypatch.setattr(timezone, "now", lambda: now)
    with office.scope():
        ClientFile.objects.filter(id=file.id).update(
            waiting_since=ago(waiting, now), last_arrival_at=ago(arrival, now), created_at=now - age
        )
        found = files_page(office.actor(), query=FilesQuery(is_late=True)).files
    assert bool(found) is late.is_late


def since(office: Office) -> timedelta | None:
    with office.scope():
        found = ClientFile.objects.get(id=office.file.id).waiting_since
    return None if found is None else found - NOON


def test_the_oldest_document_to_check_is_kept_through_every_move() -> None:
    office = build()
    first, second = (office.document(status=TO_REVIEW) for _ in range(2))
    with office.scope():
        actor = actor_of(Colleague.objects.get(name="administrator"))
        moves = [(first, ARCHIVED, 2), (first, TO_REVIEW, 1), (second, READY, 1), (first, ARCHIVED, None)]
        for document, to, minutes in moves:
            if to == TO_REVIEW:
                unarchive([document.id], actor=actor, client_file=office.file)
            else:
                move([document.id], actor=actor, client_file=office.file, to=to)
            assert since(office) == (None if minutes is None else timedelta(minutes=minutes))


def test_a_delivery_that_failed_is_counted_once_until_it_is_tried_again() -> None:
    office = build()
    receipt = office.receipt(state=ReceiptState.STORED)

    def failed() -> int:
        return ClientFile.objects.get(id=office.file.id).count_failed

    with office.scope():
        for _ in range(2):
            record_failure(receipt.id, problem="open-failed")
            assert failed() == 1
        for _ in range(2):
            try_again(receipt)
            assert failed() == 0
