"""What waits too long is told to the administrators, once a day, and to nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from liasse.cli import status
from liasse.core.models import Job
from liasse.core.scope import instance_scope
from liasse.documents.services import ADVANCE_DOCUMENT
from liasse.intake.models import Receipt
from liasse.intake.services import record_failure, try_again
from liasse.intake.types import ReceiptState
from liasse.lib.ids import uuid7
from liasse.messaging.models import OutgoingMessage
from liasse.pipeline.alarm import LATE_AFTER, Hanging, Late, hanging, late_of_all, sound
from liasse.practices.types import Role
from tests import factories
from tests.flows.conftest import Ground, mail
from tests.paper import ubl
from tests.queries import asked

pytestmark = pytest.mark.django_db(transaction=True)
_LATER = LATE_AFTER + timedelta(minutes=1)


@pytest.fixture
def waiting(ground: Ground) -> Receipt:
    return ground.arrive(mail(("f.xml", ubl())))


@pytest.mark.usefixtures("waiting")
def test_what_came_a_moment_ago_is_not_late() -> None:
    assert late_of_all(now=timezone.now() + timedelta(minutes=59)) == {}


def test_what_waits_over_an_hour_is_late(waiting: Receipt) -> None:
    assert late_of_all(now=timezone.now() + _LATER) == {waiting.practice_id: Late(receipts=1)}


def test_what_failed_is_late_until_it_is_tried_again(waiting: Receipt) -> None:
    record_failure(waiting.id, problem="open-failed")
    assert late_of_all(now=timezone.now() + _LATER)[waiting.practice_id].receipts == 1
    Receipt.objects.update(waits_since=timezone.now() - _LATER)
    try_again(Receipt.objects.get())
    assert late_of_all() == {}


@pytest.mark.usefixtures("waiting")
@pytest.mark.parametrize("state", [ReceiptState.OPENED, ReceiptState.UNUSABLE, ReceiptState.HELD, ReceiptState.ASIDE])
def test_what_is_settled_or_waits_for_a_person_is_not_late(state: ReceiptState) -> None:
    Receipt.objects.update(state=state)
    assert late_of_all(now=timezone.now() + _LATER) == {}


@pytest.mark.usefixtures("waiting")
def test_what_waits_for_its_archived_file_is_not_late() -> None:
    Receipt.objects.update(problem="file-archived")
    assert late_of_all(now=timezone.now() + _LATER) == {}


def test_a_document_whose_step_does_not_come_is_late(ground: Ground) -> None:
    with instance_scope():
        Job.objects.create(
            practice_id=ground.practice.id, kind=ADVANCE_DOCUMENT, subject_id=uuid7(), due_at=timezone.now()
        )
    assert late_of_all(now=timezone.now() + _LATER) == {ground.practice.id: Late(documents=1)}


@pytest.mark.usefixtures("waiting")
def test_administrators_are_written_to_once_a_day(ground: Ground) -> None:
    factories.colleague(ground.practice, "Sophie", role=Role.ADMINISTRATOR)
    factories.colleague(ground.practice, "Paul")
    late = timezone.now() + _LATER
    assert [sound(now=late), sound(now=late), sound(now=late + timedelta(hours=20))] == [1, 0, 0]
    assert sound(now=late + timedelta(hours=25)) == 1
    message = OutgoingMessage.objects.order_by("id")[0]
    assert message.to_name == "Sophie"
    assert "/arrivals/?state=late" in message.text


@pytest.mark.usefixtures("waiting")
def test_nobody_is_written_to_while_nothing_is_late(ground: Ground) -> None:
    factories.colleague(ground.practice, "Sophie", role=Role.ADMINISTRATOR)
    assert sound() == 0
    assert not OutgoingMessage.objects.exists()


def test_both_that_hang_are_counted_in_one_query(ground: Ground, waiting: Receipt) -> None:
    Receipt.objects.update(waits_since=timezone.now() - _LATER)
    with instance_scope():
        Job.objects.create(
            practice_id=ground.practice.id, kind=ADVANCE_DOCUMENT, subject_id=uuid7(), due_at=timezone.now()
        )
        Job.objects.filter(kind=ADVANCE_DOCUMENT).update(created_at=timezone.now() - _LATER)
    factories.colleague(ground.practice, "Sophie", role=Role.ADMINISTRATOR)
    assert sound() == 1
    with asked() as statements:
        assert hanging(waiting.practice_id) == Hanging(unsent=1, late=2)
    assert len(statements) == 1


def test_the_console_says_it_and_ends_with_1(waiting: Receipt, capsys: pytest.CaptureFixture[str]) -> None:
    assert status.main([]) == 0
    assert "Nothing has been waiting for over an hour." in capsys.readouterr().out
    Receipt.objects.filter(id=waiting.id).update(waits_since=timezone.now() - _LATER)
    assert status.main([]) == 1
    assert "Late:   Cabinet: 1 deliveries and 0 documents" in capsys.readouterr().out
