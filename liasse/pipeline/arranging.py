"""Documents cut, joined and put in order: pieces of originals in, PDFs made in a child, documents in their place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from liasse.clients import counters
from liasse.clients.models import ClientFile
from liasse.core.access import Actor, system_actor
from liasse.core.errors import ConflictError
from liasse.cutting import rules
from liasse.cutting import services as cutting
from liasse.cutting.names import name_of
from liasse.cutting.types import Cut, PageFacts, PageOf
from liasse.documents import replacing
from liasse.documents.models import Document
from liasse.documents.types import NewDocument, Piece, Step
from liasse.intake import services as intake
from liasse.intake.types import Cutting
from liasse.pipeline import child
from liasse.pipeline.child import StepFailedError


def cut_on_arrival(document: Document) -> bool:
    """Look whether what arrived holds several documents; tell whether others stand in its place now.

    What is not sure enough is written on the document, for a person to say. Can be run again at any point.
    """
    try:
        found = child.page_facts(document, document.client_file)
    except StepFailedError:
        # Reading will meet the same fault, and say it.
        found = {"count": 0, "facts": [], "is_scan": False, "is_whole": False}
    wish = Cutting(document.receipt.cutting)
    facts = [PageFacts.from_json(one) for one in found["facts"]]
    cuts, sheets = rules.cuts_of(facts, is_scan=found["is_scan"]), rules.sheets_of(facts)
    decision = rules.decide(cuts, count=found["count"], wish=wish, is_whole=found["is_whole"], sheets=sheets)
    made = _made_on_arrival(document, decision, count=found["count"]) if decision.changes else []
    with transaction.atomic():
        counters.hold(document.client_file_id)
        if not made:
            cutting.propose(document.id, cuts=decision.proposed)
            return False
        [locked] = Document.objects.select_for_update(of=("self",)).filter(id=document.id)
        if locked.step != Step.CUT:
            return locked.replaced_by is not None
        verb = "document.cut-by-wish" if wish is Cutting.PAGES else "document.cut-by-itself"
        replacing.replace([locked], by=made, verb=verb, actor=system_actor(document.practice_id))
        intake.leave_out(document.part_id, pages=decision.left_out)
    return True


def ask_after_reading(document: Document, facts: Sequence[PageFacts]) -> None:
    """Ask about the cuts that show only in words that OCR saw; it is never so sure that nobody need look.

    In the transaction of the first reading. What was cut already, or is one by its sender's wish, stays.
    """
    wish = Cutting(document.receipt.cutting)
    if not facts or document.cut_index or wish is not Cutting.AUTOMATIC:
        return
    decision = rules.decide(rules.cuts_of(facts, is_scan=True), count=len(facts), wish=wish)
    cutting.propose_after_reading(document.id, cuts=decision.proposed)


def _made_on_arrival(document: Document, decision: rules.Decision, *, count: int) -> list[NewDocument]:
    pages = cutting.pages_of(document, count=count)
    ranges = rules.ranges(decision.behind, count=count, left_out=decision.left_out)
    groups = [cutting.runs(pages[first - 1 : last]) for first, last in ranges]
    cuts = [rules.within(decision.proposed, first=first, last=last) for first, last in ranges]
    try:
        return _assembled(groups, names=dict.fromkeys([document.part_id], document.filename), cuts=cuts)
    except StepFailedError:
        # Whole it can still be read; a person may cut it.
        return []


def arrange(
    client_file: ClientFile, *, versions: Mapping[UUID, int], groups: Sequence[Sequence[PageOf]], actor: Actor
) -> list[Document]:
    """Put the documents that somebody laid out in the place of those whose pages they are; gives the new ones.

    ``versions`` are the documents on the table as the person saw them. All or nothing. Raises NotThereError,
    InvalidError for pages that are missing or twice, ConflictError when a document changed meanwhile or a PDF
    of it cannot be made.
    """
    documents = cutting.documents_on_table(client_file.id, ids=list(versions))
    pieces = cutting.laid_out(documents, groups=groups)
    names = {part_id: one.filename for one in documents for part_id in [one.part_id, *_parts(one)]}
    try:
        made = _assembled(pieces, names=names, is_joined=len(groups) == 1)
    except StepFailedError as error:
        raise ConflictError(_("A PDF of these pages cannot be made. The documents stay as they are.")) from error
    with transaction.atomic():
        locked = replacing.lock_all(client_file.id, versions=versions)
        verb = cutting.verb_of(sources=len(documents), results=len(made))
        return replacing.replace(locked, by=made, verb=verb, actor=actor)


def _parts(document: Document) -> list[UUID]:
    return [Piece.from_json(piece).part_id for piece in document.pieces]


def take_apart(document: Document, *, version: int, boxes: Sequence[cutting.Box], actor: Actor) -> list[Document]:
    """Make a document of each paper that lies on the one page of this; gives the new ones.

    ``boxes`` are where the papers lie, as fractions of the page as shown. All or nothing, and it can be undone like
    any cutting. Raises ConflictError when the papers cannot be told apart or the document changed meanwhile.
    """
    pieces = cutting.papers_apart(document, boxes=boxes)
    names = dict.fromkeys([document.part_id, *_parts(document)], document.filename)
    try:
        made = _assembled(pieces, names=names)
    except StepFailedError as error:
        raise ConflictError(_("A PDF of these pages cannot be made. The documents stay as they are.")) from error
    numbered = [
        replace(one, filename=f"{one.filename.removesuffix('.pdf')} ({n}).pdf") for n, one in enumerate(made, 1)
    ]
    with transaction.atomic():
        locked = replacing.lock_all(document.client_file_id, versions={document.id: version})
        return replacing.replace(locked, by=numbered, verb="document.cut", actor=actor)


def undo(client_file: ClientFile, *, change_id: UUID, actor: Actor) -> list[Document]:
    """Undo a cutting or a joining; gives the documents that are back. Raises NotThereError and ConflictError."""
    with transaction.atomic():
        return replacing.put_back(client_file.id, change_id=change_id, actor=actor)


def _assembled(
    groups: Sequence[tuple[Piece, ...]],
    *,
    names: Mapping[UUID, str],
    cuts: Sequence[Sequence[Cut]] = (),
    is_joined: bool = False,
) -> list[NewDocument]:
    files = child.assemble(groups)
    return [
        NewDocument(
            pieces=pieces,
            filename=name_of(names.get(pieces[0].part_id, ""), pieces=pieces, is_part=not is_joined),
            sha256=file.sha256,
            size=file.size,
            cuts=tuple(cut.to_json() for cut in cuts[number]) if cuts else (),
        )
        for number, (pieces, file) in enumerate(zip(groups, files, strict=True))
    ]
