"""A mail's way to documents with fields, and what happens when a step is run again or fails."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from liasse.core import sandbox
from liasse.core.access import system_actor
from liasse.core.errors import ConflictError, InvalidError, NotThereError, TransientError
from liasse.core.jobs import claim
from liasse.core.models import AuditEvent, Job
from liasse.core.scope import instance_scope
from liasse.documents.models import Document
from liasse.documents.services import move
from liasse.documents.types import DocumentStatus, Step
from liasse.intake.models import Receipt, ReceiptPart
from liasse.intake.types import ReceiptState
from liasse.pipeline import child, flow
from liasse.pipeline.outcomes import DONE
from liasse.reading.models import Reading
from liasse.reading.services import correct
from tests.flows.conftest import Ground, mail
from tests.paper import pdf, ubl

WorkOff = Callable[[], int]
pytestmark = pytest.mark.django_db(transaction=True)


def test_an_e_invoice_is_ready_without_a_hand(ground: Ground, work_off: WorkOff) -> None:
    ground.arrive(mail(("f.xml", ubl(number="F-7"))))
    work_off()
    document = Document.objects.get()
    assert (document.status, document.number) == (DocumentStatus.READY, "F-7")
    assert Reading.objects.get().fields["invoice_number"]["term"] == "BT-1"


def test_a_pdf_with_text_waits_for_a_person_with_its_page_drawn(ground: Ground, work_off: WorkOff) -> None:
    ground.arrive(mail(("facture.pdf", pdf([(50, 50, "Facture n° F-12"), (50, 90, "Total TTC 120,00 EUR")]))))
    work_off()
    document = Document.objects.get()
    assert (document.status, document.step, len(document.pages)) == (DocumentStatus.TO_REVIEW, Step.DONE, 1)
    path, media_type = flow.page_image(document, 1)
    assert (media_type, path.read_bytes()[8:12]) == ("image/webp", b"WEBP")


def test_the_counts_of_the_file_follow(ground: Ground, work_off: WorkOff) -> None:
    ground.arrive(mail(("f.xml", ubl()), ("p.pdf", pdf([(50, 50, "Facture")]))))
    work_off()
    ground.client_file.refresh_from_db()
    counts = ground.client_file
    assert (counts.count_processing, counts.count_to_review, counts.count_ready) == (0, 1, 1)
    assert counts.last_arrival_door == "mail"


def test_the_same_mail_twice_is_one(ground: Ground, work_off: WorkOff) -> None:
    raw = mail(("f.xml", ubl()))
    first, second = ground.arrive(raw), ground.arrive(raw)
    work_off()
    assert first.id == second.id
    assert Document.objects.count() == 1


def test_a_step_run_again_doubles_nothing(ground: Ground, work_off: WorkOff) -> None:
    receipt = ground.arrive(mail(("f.xml", ubl())))
    work_off()
    Receipt.objects.update(state=ReceiptState.STORED)
    Document.objects.update(step=Step.READ)
    flow.open_receipt(receipt.id)
    flow.advance(Document.objects.get().id)
    ground.client_file.refresh_from_db()
    assert (Document.objects.count(), ReceiptPart.objects.count(), Reading.objects.count()) == (1, 1, 1)
    assert (ground.client_file.count_ready, ground.client_file.count_processing) == (1, 0)


def test_a_mail_without_documents_says_why(ground: Ground, work_off: WorkOff) -> None:
    receipt = ground.arrive(mail(("facture.pdf", b"<html>not a pdf</html>")))
    work_off()
    receipt.refresh_from_db()
    part = ReceiptPart.objects.get()
    assert (receipt.state, receipt.problem) == (ReceiptState.UNUSABLE, "nothing-usable")
    assert (part.verdict, part.reason, part.filename) == ("refused", "not-a-pdf", "facture.pdf")


def test_a_malformed_xml_is_a_document_with_a_sentence(ground: Ground, work_off: WorkOff) -> None:
    ground.arrive(mail(("f.xml", ubl()[:-60])))
    work_off()
    document = Document.objects.get()
    assert (document.status, document.problem) == (DocumentStatus.TO_REVIEW, "xml_malformed")


def test_a_mail_of_a_member_belongs_to_that_member(ground: Ground, work_off: WorkOff) -> None:
    ground.member.email = "zoe@example.fr"
    ground.member.save()
    ground.arrive(mail(("f.xml", ubl())))
    work_off()
    assert Document.objects.get().owner == ground.member


def test_a_failing_sandbox_leaves_the_job_for_another_try(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    receipt = ground.arrive(mail(("f.xml", ubl())))

    def away(*_: object, **__: object) -> None:
        raise sandbox.UnavailableError

    monkeypatch.setattr(sandbox, "run", away)
    with pytest.raises(TransientError):
        flow.open_receipt(receipt.id)
    assert Job.objects.get().subject_id == receipt.id


def test_an_archived_file_keeps_its_mail_and_reads_it_later(ground: Ground) -> None:
    ground.client_file.status = "archived"
    ground.client_file.save()
    receipt = ground.arrive(mail(("f.xml", ubl())))
    outcome = flow.open_receipt(receipt.id)
    assert outcome != DONE
    assert not Document.objects.exists()
    ground.client_file.status = "active"
    ground.client_file.save()
    flow.open_receipt(receipt.id)
    assert Document.objects.count() == 1


def test_a_correction_keeps_what_was_read_and_says_who(ground: Ground, work_off: WorkOff) -> None:
    ground.arrive(mail(("f.xml", ubl(number="F-7"))))
    work_off()
    document = Document.objects.get()
    actor = system_actor(ground.practice.id, name="Claire")
    correct(document, actor=actor, version=document.version, values={"total_gross": "1 234,5", "invoice_number": "F-8"})
    field = Reading.objects.get().fields["invoice_number"]
    assert (field["value"], field["source"], field["read"]["value"]) == ("F-8", "person", "F-7")
    document.refresh_from_db()
    assert str(document.total_gross) == "1234.50"
    event = AuditEvent.objects.filter(verb="document.corrected").get()
    assert (event.actor_name, event.before["invoice_number"]) == ("Claire", "F-7")


def test_a_correction_against_an_older_version_is_refused(ground: Ground, work_off: WorkOff) -> None:
    ground.arrive(mail(("f.xml", ubl(number="F-7"))))
    work_off()
    document = Document.objects.get()
    with pytest.raises(ConflictError):
        correct(document, actor=system_actor(), version=document.version - 1, values={"invoice_number": "F-9"})
    document.refresh_from_db()
    assert document.number == "F-7"


def test_what_cannot_be_understood_is_refused_beside_its_field(ground: Ground, work_off: WorkOff) -> None:
    ground.arrive(mail(("f.xml", ubl())))
    work_off()
    document = Document.objects.get()
    with pytest.raises(InvalidError) as refused:
        correct(
            document,
            actor=system_actor(),
            version=document.version,
            values={"issue_date": "demain", "total_net": "beaucoup", "currency": "€uro", "order_number": "ok"},
        )
    assert set(refused.value.fields) == {"issue_date", "total_net", "currency"}


def test_a_correction_outlives_another_reading(ground: Ground, work_off: WorkOff) -> None:
    ground.arrive(mail(("f.xml", ubl(number="F-7"))))
    work_off()
    document = Document.objects.get()
    correct(document, actor=system_actor(), version=document.version, values={"invoice_number": "F-8"})
    Document.objects.update(step=Step.READ)
    flow.advance(document.id)
    assert Document.objects.get().number == "F-8"


def test_moving_a_foreign_document_moves_none(ground: Ground, work_off: WorkOff) -> None:
    from liasse.lib.ids import uuid7

    ground.arrive(mail(("f.xml", ubl())))
    work_off()
    document = Document.objects.get()
    with pytest.raises(NotThereError):
        move(
            [document.id, uuid7()],
            actor=system_actor(),
            client_file=ground.client_file,
            to=DocumentStatus.ARCHIVED,
        )
    document.refresh_from_db()
    assert document.status == DocumentStatus.READY


def test_a_stopped_job_puts_the_document_before_a_person(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    from liasse.core import jobs
    from liasse.worker.main import run_next

    ground.arrive(mail(("f.xml", ubl())))
    run_next()
    monkeypatch.setattr(jobs, "MAXIMUM_ATTEMPTS", 1)
    monkeypatch.setattr(child, "read", _broken)
    assert run_next()
    document = Document.objects.get()
    assert (document.status, document.problem) == (DocumentStatus.TO_REVIEW, "child_failed")
    with instance_scope():
        assert claim() is None


def _broken(*_: object) -> None:
    raise RuntimeError("disk on fire")
