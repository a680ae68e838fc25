"""A file of several documents is cut where that is sure, asked about where it is not, and put back in one step."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from liasse.cli.verify import examine
from liasse.clients.models import ClientFile
from liasse.core.access import Actor
from liasse.core.errors import ConflictError, InvalidError, NotThereError
from liasse.core.models import AuditEvent
from liasse.cutting.services import documents_on_table, keep_whole, versions_of
from liasse.cutting.types import Cut, PageOf, Reason
from liasse.documents.models import Document
from liasse.documents.services import read_again, set_note
from liasse.documents.types import DocumentStatus
from liasse.intake.models import Receipt
from liasse.intake.types import Cutting
from liasse.lib.ids import uuid7
from liasse.pipeline import arranging, child, flow
from liasse.reading.services import correct, decide_again
from tests.batch import invoice, joined, letter, numbers
from tests.flows.conftest import Ground, mail
from tests.paper import ubl

WorkOff = Callable[[], int]
CLAIRE = Actor(kind="colleague", name="Claire")
pytestmark = pytest.mark.django_db(transaction=True)

BATCH = joined(
    invoice("F-2026-101", pages=2), invoice("K77-0042", supplier=1), invoice("G-3300-9", supplier=2, pages=3)
)
KNOWN = ["F-2026-101", "K77-0042", "G-3300-9"]


def shown() -> list[Document]:
    """Give the documents that people see, in the order of their pages."""
    return list(Document.objects.exclude(status=DocumentStatus.REPLACED).order_by("part_id", "cut_index"))


def content(document: Document) -> bytes:
    return child.blobs().path(document.sha256).read_bytes()


def counts(ground: Ground) -> tuple[int, int, int]:
    file = ClientFile.objects.get(id=ground.client_file.id)
    return file.count_processing, file.count_to_review, file.count_ready


def send(ground: Ground, content: bytes, *, name: str, cutting: Cutting = Cutting.AUTOMATIC) -> None:
    """Let a file come in with a wish of how it is to be cut."""
    receipt = ground.arrive(mail((name, content)))
    Receipt.objects.filter(id=receipt.id).update(cutting=cutting, note="Mai")


def groups(*made: list[tuple[Document, int]]) -> list[list[PageOf]]:
    return [[PageOf(document.id, page) for document, page in group] for group in made]


def cut_in_two(ground: Ground, document: Document, *, behind: int = 1) -> list[Document]:
    pages = [(document, page) for page in range(1, len(document.pages) + 1)]
    return arranging.arrange(
        ground.client_file,
        versions=versions_of([document]),
        groups=groups(pages[:behind], pages[behind:]),
        actor=CLAIRE,
    )


def test_a_batch_is_cut_by_itself_and_each_document_is_read(ground: Ground, work_off: WorkOff) -> None:
    send(ground, BATCH, name="scan.pdf")
    work_off()
    documents = shown()
    assert [document.number for document in documents] == KNOWN
    assert [len(document.pages) for document in documents] == [2, 1, 3]
    assert [document.filename for document in documents] == ["scan p. 1-2.pdf", "scan p. 3.pdf", "scan p. 4-6.pdf"]
    assert [set(numbers(content(document), known=KNOWN)) for document in documents] == [{word} for word in KNOWN]
    assert counts(ground) == (0, 0, 3)
    assert not examine(child.blobs()).defects


def test_the_original_stays_to_the_byte_and_one_step_puts_it_back(ground: Ground, work_off: WorkOff) -> None:
    send(ground, BATCH, name="scan.pdf")
    work_off()
    change_id = shown()[0].made_by
    assert change_id
    arranging.undo(ground.client_file, change_id=change_id, actor=CLAIRE)
    work_off()
    [document] = shown()
    assert (content(document), document.pieces, len(document.pages)) == (BATCH, [], 6)
    assert counts(ground) == (0, 0, 1)
    with pytest.raises(NotThereError):
        arranging.undo(ground.client_file, change_id=uuid7(), actor=CLAIRE)
    assert not examine(child.blobs()).defects


@pytest.mark.parametrize("pages", [1, 2, 3, 5])
def test_one_invoice_of_several_pages_is_never_cut(ground: Ground, work_off: WorkOff, pages: int) -> None:
    send(ground, invoice("F-2026-101", pages=pages), name="facture.pdf")
    work_off()
    [document] = shown()
    assert (len(document.pages), document.cuts, document.made_by) == (pages, [], None)


def test_as_wished_each_page_is_a_document_or_none_is(ground: Ground, work_off: WorkOff) -> None:
    send(ground, invoice("F-2026-101", pages=3), name="tickets.pdf", cutting=Cutting.PAGES)
    send(ground, BATCH, name="scan.pdf", cutting=Cutting.WHOLE)
    work_off()
    whole = [document for document in shown() if document.filename == "scan.pdf"]
    single = [document for document in shown() if document.filename != "scan.pdf"]
    assert [len(document.pages) for document in whole] == [6]
    assert [(len(document.pages), document.note) for document in single] == [(1, "Mai")] * 3


def test_what_is_not_sure_is_asked_and_can_be_denied(ground: Ground, work_off: WorkOff) -> None:
    same = joined(invoice("F-2026-101"), letter(), invoice("F-2026-102"))
    send(ground, same, name="deux.pdf")
    work_off()
    [document] = shown()
    assert [cut["after"] for cut in document.cuts] == [2]
    keep_whole(document, version=document.version, actor=CLAIRE)
    document.refresh_from_db()
    assert document.cuts == []
    assert AuditEvent.objects.filter(verb="document.kept-whole", subject_id=document.id).exists()


def test_documents_are_joined_in_the_order_chosen_and_come_apart_again(ground: Ground, work_off: WorkOff) -> None:
    for number, supplier in (("F-2026-101", 0), ("K77-0042", 1)):
        send(ground, invoice(number, supplier=supplier), name=f"{number}.pdf")
    work_off()
    first, second = shown()
    table = documents_on_table(ground.client_file.id, ids=[second.id, first.id])
    made = arranging.arrange(
        ground.client_file, versions=versions_of(table), groups=groups([(second, 1), (first, 1)]), actor=CLAIRE
    )
    assert numbers(content(made[0]), known=KNOWN) == [second.number, first.number]
    assert counts(ground) == (1, 0, 0)
    change_id = made[0].made_by
    assert change_id
    arranging.undo(ground.client_file, change_id=change_id, actor=CLAIRE)
    assert {document.id for document in shown()} == {first.id, second.id}
    assert counts(ground) == (0, 0, 2)
    work_off()
    assert counts(ground) == (0, 0, 2)


def test_pages_are_turned_and_put_in_order_on_the_copy(ground: Ground, work_off: WorkOff) -> None:
    send(ground, invoice("F-2026-101", pages=2), name="facture.pdf")
    work_off()
    [document] = shown()
    laid = [[PageOf(document.id, 2), PageOf(document.id, 1, turn=90)]]
    [made] = arranging.arrange(ground.client_file, versions=versions_of([document]), groups=laid, actor=CLAIRE)
    work_off()
    made.refresh_from_db()
    assert [page["width"] > page["height"] for page in made.pages] == [False, True]
    assert [piece["first"] for piece in made.pieces] == [2, 1]


def test_cut_again_its_pieces_are_still_those_of_the_original(ground: Ground, work_off: WorkOff) -> None:
    send(ground, invoice("F-2026-101", pages=3), name="facture.pdf", cutting=Cutting.WHOLE)
    work_off()
    original = shown()[0]
    later = cut_in_two(ground, original)[1]
    work_off()
    later.refresh_from_db()
    last = cut_in_two(ground, later)[1]
    assert [(piece["sha256"], piece["first"], piece["last"]) for piece in last.pieces] == [(original.sha256, 3, 3)]
    with pytest.raises(ConflictError, match="Annulez d’abord"):
        arranging.undo(ground.client_file, change_id=later.made_by or uuid7(), actor=CLAIRE)


def test_what_somebody_worked_on_since_is_not_lost_to_an_undo(ground: Ground, work_off: WorkOff) -> None:
    send(ground, invoice("F-2026-101", pages=2), name="facture.pdf")
    work_off()
    made = cut_in_two(ground, shown()[0])
    work_off()
    made[0].refresh_from_db()
    correct(made[0], actor=CLAIRE, version=made[0].version, values={"supplier_name": "Durand"})
    with pytest.raises(ConflictError):
        arranging.undo(ground.client_file, change_id=made[0].made_by or uuid7(), actor=CLAIRE)
    assert len(shown()) == 2


def test_two_who_cut_the_same_document_cut_it_once(ground: Ground, work_off: WorkOff) -> None:
    send(ground, invoice("F-2026-101", pages=2), name="facture.pdf")
    work_off()
    [document] = shown()
    versions = versions_of([document])
    laid = groups([(document, 1)], [(document, 2)])
    arranging.arrange(ground.client_file, versions=versions, groups=laid, actor=CLAIRE)
    with pytest.raises(ConflictError):
        arranging.arrange(ground.client_file, versions=versions, groups=laid, actor=CLAIRE)
    assert len(shown()) == 2


def test_a_change_meanwhile_stops_a_cut(ground: Ground, work_off: WorkOff) -> None:
    send(ground, invoice("F-2026-101", pages=2), name="facture.pdf")
    work_off()
    [document] = shown()
    set_note(document, actor=CLAIRE, version=document.version, note="à garder")
    with pytest.raises(ConflictError):
        cut_in_two(ground, document)
    read_again(document, actor=CLAIRE)
    document.refresh_from_db()
    with pytest.raises(ConflictError):
        cut_in_two(ground, document)


def test_what_may_be_several_waits_until_somebody_says_that_it_is_one(ground: Ground, work_off: WorkOff) -> None:
    send(ground, invoice("F-2026-101", pages=2), name="facture.pdf")
    work_off()
    [document] = shown()
    assert document.status == DocumentStatus.READY
    Document.objects.filter(id=document.id).update(cuts=[Cut(1, 0.6, Reason.NUMBER, "").to_json()])
    assert decide_again(document.id) == DocumentStatus.TO_REVIEW
    document.refresh_from_db()
    assert document.problem == "may_be_several"
    kept = keep_whole(document, version=document.version, actor=CLAIRE)
    assert (kept.status, kept.problem, kept.cuts) == (DocumentStatus.READY, "", [])


def test_a_reading_that_comes_too_late_changes_nothing(ground: Ground, work_off: WorkOff) -> None:
    send(ground, invoice("F-2026-101", pages=2), name="facture.pdf")
    work_off()
    [document] = shown()
    made = cut_in_two(ground, document)
    flow.advance(document.id)
    arranging.undo(ground.client_file, change_id=made[0].made_by or uuid7(), actor=CLAIRE)
    work_off()
    assert [one.id for one in shown()] == [document.id]
    assert counts(ground) == (0, 0, 1)


def test_every_page_is_laid_once_and_something_changes(ground: Ground, work_off: WorkOff) -> None:
    send(ground, invoice("F-2026-101", pages=2), name="facture.pdf")
    work_off()
    [document] = shown()
    for laid in ([[1]], [[1, 1, 2]], [[1], [], [2]], [[1, 2, 3]], [[1, 2]], [[1, 2], [2]]):
        made = groups(*[[(document, page) for page in group] for group in laid])
        with pytest.raises(InvalidError):
            arranging.arrange(ground.client_file, versions=versions_of([document]), groups=made, actor=CLAIRE)
    assert [one.id for one in shown()] == [document.id]


def test_an_invoice_without_pages_cannot_be_joined(ground: Ground, work_off: WorkOff) -> None:
    send(ground, ubl(), name="facture.xml")
    work_off()
    with pytest.raises(ConflictError, match="pages"):
        documents_on_table(ground.client_file.id, ids=[shown()[0].id])
