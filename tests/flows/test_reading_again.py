"""A document read again: from the same original, with what a person typed kept, and after a reading that failed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from liasse.core.access import Actor
from liasse.core.errors import ConflictError
from liasse.core.models import AuditEvent
from liasse.documents.models import Document
from liasse.documents.services import move, read_again
from liasse.documents.types import DocumentStatus, Step
from liasse.reading.models import Reading
from liasse.reading.services import correct, store
from liasse.reading.types import Problem, ProblemCode, ReadingResult
from tests.flows.conftest import Ground, mail
from tests.paper import ubl

WorkOff = Callable[[], int]
pytestmark = pytest.mark.django_db(transaction=True)
CLAIRE = Actor(kind="colleague", name="Claire")


def arrived(ground: Ground, work_off: WorkOff) -> Document:
    ground.arrive(mail(("f.xml", ubl(number="F-7"))))
    work_off()
    return Document.objects.get()


def test_what_a_person_typed_stays_and_the_rest_is_read_anew(ground: Ground, work_off: WorkOff) -> None:
    document = arrived(ground, work_off)
    correct(document, actor=CLAIRE, version=document.version, values={"supplier_name": "Typed"})
    reading = Reading.objects.get()
    reading.fields["invoice_number"]["value"] = "misread"
    reading.save()
    read_again(document, actor=CLAIRE)
    work_off()
    document.refresh_from_db()
    assert (document.supplier_name, document.number, document.step) == ("Typed", "F-7", Step.DONE)


def test_it_helps_after_a_first_reading_that_failed(ground: Ground, work_off: WorkOff) -> None:
    ground.arrive(mail(("f.xml", ubl(number="F-7"))))
    work_off()
    Reading.objects.all().delete()
    Document.objects.update(step=Step.DONE, status=DocumentStatus.TO_REVIEW, problem="child_failed", number="")
    read_again(Document.objects.get(), actor=CLAIRE)
    work_off()
    document = Document.objects.get()
    assert (document.status, document.problem, document.number) == (DocumentStatus.READY, "", "F-7")


def test_a_reading_that_comes_to_nothing_takes_nothing_away(ground: Ground, work_off: WorkOff) -> None:
    document = arrived(ground, work_off)
    store(document.id, ReadingResult(problem=Problem(ProblemCode.CHILD_FAILED)))
    document.refresh_from_db()
    assert (document.number, document.problem) == ("F-7", ProblemCode.CHILD_FAILED.value)


@pytest.mark.parametrize("status", [DocumentStatus.READY, DocumentStatus.ARCHIVED])
def test_what_a_person_decided_stays(ground: Ground, work_off: WorkOff, status: DocumentStatus) -> None:
    document = arrived(ground, work_off)
    move([document.id], actor=CLAIRE, client_file=ground.client_file, to=status)
    read_again(document, actor=CLAIRE)
    work_off()
    assert Document.objects.get().status == status


def test_counts_and_history_follow(ground: Ground, work_off: WorkOff) -> None:
    document = arrived(ground, work_off)
    move([document.id], actor=CLAIRE, client_file=ground.client_file, to=DocumentStatus.TO_REVIEW)
    read_again(document, actor=CLAIRE)
    ground.client_file.refresh_from_db()
    assert (ground.client_file.count_processing, ground.client_file.count_to_review) == (1, 0)
    work_off()
    ground.client_file.refresh_from_db()
    assert (ground.client_file.count_processing, ground.client_file.count_ready) == (0, 1)
    assert AuditEvent.objects.get(verb="document.read-again").actor_name == "Claire"


def test_one_that_is_being_read_is_not_read_twice(ground: Ground, work_off: WorkOff) -> None:
    document = arrived(ground, work_off)
    read_again(document, actor=CLAIRE)
    with pytest.raises(ConflictError):
        read_again(document, actor=CLAIRE)
    work_off()
    assert AuditEvent.objects.filter(verb="document.read").count() == 2
