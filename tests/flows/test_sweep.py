"""Whatever a dead worker or a lost job left is taken up again, once, and nothing else is touched."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import Context
from datetime import timedelta

import pytest
from django.utils import timezone

from liasse.core.jobs import LEASE, LONGEST_PAUSE, claim, put_back
from liasse.core.models import Job
from liasse.core.scope import instance_scope, practice_scope
from liasse.documents.models import Document
from liasse.documents.types import DocumentStatus, Step
from liasse.intake import spool
from liasse.intake.models import Receipt, Upload
from liasse.intake.types import Door, ReceiptState
from liasse.lib.ids import uuid7
from liasse.messaging.models import OutgoingMessage
from liasse.messaging.services import is_served
from liasse.messaging.types import Channel
from liasse.pipeline.sweeping import Swept
from liasse.pipeline.sweeping import sweep as sweep_in_scope
from tests.flows.conftest import Ground, mail
from tests.paper import pdf, ubl

WorkOff = Callable[[], int]
pytestmark = pytest.mark.django_db(transaction=True)


def sweep() -> Swept:
    """Sweep as the worker does, which has no practice's scope open."""
    swept = Context().run(sweep_in_scope)
    with practice_scope(uuid7()):
        # PostgreSQL is told once more where the test is, when this block ends.
        return swept


def _forget_jobs() -> None:
    with instance_scope():
        assert Job.objects.all().delete()[0]


def test_a_receipt_without_a_job_is_opened_all_the_same(ground: Ground, work_off: WorkOff) -> None:
    ground.arrive(mail(("f.xml", ubl())))
    _forget_jobs()
    assert work_off() == 0
    assert sweep() == Swept(receipts=1)
    work_off()
    assert Receipt.objects.get().state == ReceiptState.OPENED
    assert Document.objects.get().status == DocumentStatus.READY


def test_a_document_left_at_any_step_is_finished(ground: Ground, work_off: WorkOff) -> None:
    ground.arrive(mail(("f.xml", ubl()), ("p.pdf", pdf([(50, 50, "Facture")]))))
    work_off()
    for step in (Step.CUT, Step.READ, Step.PAGES):
        Document.objects.update(step=step)
        assert sweep() == Swept(documents=2)
        work_off()
        assert set(Document.objects.values_list("step", flat=True)) == {Step.DONE}


def test_sweeping_again_asks_for_nothing_twice(ground: Ground, work_off: WorkOff) -> None:
    ground.arrive(mail(("f.xml", ubl())))
    assert sweep().total == 0
    _forget_jobs()
    assert [sweep().total, sweep().total, sweep().total] == [1, 0, 0]
    work_off()
    assert sweep().total == 0
    assert (Receipt.objects.count(), Document.objects.count()) == (1, 1)


def test_a_job_that_is_put_off_or_held_is_left_alone(ground: Ground) -> None:
    ground.arrive(mail(("f.xml", ubl())))
    with instance_scope():
        Job.objects.update(due_at=timezone.now() + LONGEST_PAUSE, attempts=3, last_error="away")
        assert sweep().total == 0
        assert Job.objects.get().attempts == 3


def test_a_job_put_off_by_a_clock_that_was_ahead_is_pulled_forward(ground: Ground) -> None:
    ground.arrive(mail(("f.xml", ubl())))
    with instance_scope():
        Job.objects.update(due_at=timezone.now() + timedelta(hours=1))
        assert sweep() == Swept(pulled_forward=1)
        assert Job.objects.get().due_at <= timezone.now()
        assert sweep().total == 0


def test_a_lease_of_a_clock_that_was_ahead_keeps_nobody_waiting(ground: Ground) -> None:
    ground.arrive(mail(("f.xml", ubl())))
    with instance_scope():
        Job.objects.update(leased_until=timezone.now() + LEASE, lease=uuid7())
        assert claim() is None
        Job.objects.update(leased_until=timezone.now() + timedelta(days=1))
        assert claim() is not None


def test_a_job_that_stopped_without_a_word_is_told_on_its_subject(ground: Ground) -> None:
    """The worker is killed between stopping the job and saying so."""
    ground.arrive(mail(("f.xml", ubl())))
    with instance_scope():
        Job.objects.update(is_stopped=True)
    assert sweep() == Swept(given_up=1)
    receipt = Receipt.objects.get()
    assert (receipt.state, receipt.problem) == (ReceiptState.FAILED, "open-failed")
    assert sweep().total == 0
    ground.client_file.refresh_from_db()
    assert ground.client_file.count_failed == 1


def _uploaded(ground: Ground, content: bytes) -> Upload:
    upload = Upload.objects.create(
        practice=ground.practice,
        client_file=ground.client_file,
        door=Door.WEB,
        holder="user:x",
        client_key=str(uuid7()),
        filename="f.xml",
        size=len(content),
        offset=len(content),
        expires_at=timezone.now() + timedelta(days=1),
    )
    _spool(upload, content)
    return upload


def _spool(upload: Upload, content: bytes) -> None:
    spool.folder().mkdir(parents=True, exist_ok=True)
    (spool.folder() / upload.id.hex).write_bytes(content)


def test_an_upload_whose_bytes_are_all_there_becomes_a_receipt(ground: Ground, work_off: WorkOff) -> None:
    upload = _uploaded(ground, ubl())
    assert sweep() == Swept(uploads=1)
    work_off()
    upload.refresh_from_db()
    assert upload.receipt == Receipt.objects.get()


def test_an_upload_whose_spool_lost_bytes_is_left_to_its_sender(ground: Ground) -> None:
    upload = _uploaded(ground, ubl())
    _spool(upload, b"short")
    assert sweep().total == 0


def test_a_message_that_can_leave_is_taken_up(ground: Ground) -> None:
    OutgoingMessage.objects.create(
        practice=ground.practice,
        subject_kind="practice",
        subject_id=ground.practice.id,
        channel=Channel.EMAIL,
        to_address="a@example.fr",
        text="x",
    )
    assert sweep().messages == int(is_served(Channel.EMAIL))


def test_a_stopped_job_keeps_its_error(ground: Ground) -> None:
    ground.arrive(mail(("f.xml", ubl())))
    with instance_scope():
        job = claim()
        assert job is not None
        assert put_back(job, error="no", permanent=True)
    sweep()
    with instance_scope():
        assert Job.objects.get().last_error == "no"
