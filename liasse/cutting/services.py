"""From pages as somebody laid them out to pieces of originals, and what is proposed about a document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from liasse.clients import counters
from liasse.core import audit
from liasse.core.access import Actor
from liasse.core.errors import ConflictError, InvalidError, NotThereError
from liasse.cutting.rules import MOST_DOCUMENTS
from liasse.cutting.types import Cut, PageOf
from liasse.documents.models import Document
from liasse.documents.services import lock
from liasse.documents.types import DocumentStatus, Piece, Step
from liasse.reading.services import decide_again

MOST_PAGES: Final = 500
"""So many pages lie on one table at most."""

MOST_PAPERS: Final = 12
"""So many papers are taken apart that lie on one page."""

# What a box of words leaves of the paper around it, as a share of the page.
_AIR: Final = 0.02

type Box = tuple[float, float, float, float]


def documents_on_table(client_file_id: UUID, *, ids: Sequence[UUID]) -> list[Document]:
    """Give documents of a file in the order chosen, for their pages to be cut, joined and put in order.

    Raises NotThereError for one that the file does not have; ConflictError for one that is being read, was replaced
    meanwhile or has no pages; InvalidError for more than `MOST_PAGES` pages.
    """
    wanted = list(dict.fromkeys(ids))
    rows = Document.objects.filter(client_file_id=client_file_id, id__in=wanted).select_related("client_file")
    found = {document.id: document for document in rows}
    if not wanted or len(found) != len(wanted):
        raise NotThereError
    for document in found.values():
        _require_pages(document)
    if sum(len(document.pages) for document in found.values()) > MOST_PAGES:
        raise InvalidError({}, _("These are too many pages at once: choose fewer documents."))
    return [found[one] for one in wanted]


def _require_pages(document: Document) -> None:
    if document.status == DocumentStatus.REPLACED:
        raise ConflictError(_("This document was cut or joined meanwhile. Reload the list."))
    if document.step != Step.DONE or document.status == DocumentStatus.PROCESSING:
        raise ConflictError(_("A document that is being read cannot be cut or joined yet."))
    if not document.pages:
        raise ConflictError(_("“%(name)s” has no pages that could be cut or joined.") % {"name": document.filename})


def pages_of(document: Document, *, count: int) -> list[Piece]:
    """Give the pages of a document, each as a piece of an original."""
    if not document.pieces:
        whole = Piece(document.sha256, document.media_type, document.part_id, 1, count)
        return list(_single(whole))
    return [page for piece in document.pieces for page in _single(Piece.from_json(piece))]


def _single(piece: Piece) -> Iterable[Piece]:
    for page in range(piece.first, piece.last + 1):
        yield replace(piece, first=page, last=page)


def runs(pages: Sequence[Piece]) -> tuple[Piece, ...]:
    """Put single pages together that follow each other in their original."""
    numbered = enumerate(pages)
    made = []
    for _key, same in groupby(
        numbered, key=lambda one: (one[1].sha256, one[1].part_id, one[1].turn, one[1].box, one[1].first - one[0])
    ):
        together = [page for _number, page in same]
        first = together[0]
        made.append(replace(first, last=together[-1].last))
    return tuple(made)


def laid_out(documents: Sequence[Document], *, groups: Sequence[Sequence[PageOf]]) -> list[tuple[Piece, ...]]:
    """Give the pieces of each document that somebody laid out from the pages of these.

    Every page is in exactly one: nothing is left out and nothing is there twice. Raises InvalidError otherwise, and
    when nothing would change.
    """
    pages = {document.id: pages_of(document, count=len(document.pages)) for document in documents}
    laid = [page for group in groups for page in group]
    wanted = sorted((document.id, page) for document in documents for page in range(1, len(pages[document.id]) + 1))
    if sorted((page.document_id, page.page) for page in laid) != wanted or not all(groups):
        raise InvalidError({}, _("This page is out of date: reload it."))
    if len(groups) > MOST_DOCUMENTS:
        raise InvalidError({}, _("These are too many documents at once."))
    made = [runs([_turned(pages[one.document_id][one.page - 1], by=one.turn) for one in group]) for group in groups]
    if made == [runs(pages[document.id]) for document in documents]:
        raise InvalidError({}, _("Nothing was cut, joined or moved yet."))
    return made


def _turned(piece: Piece, *, by: int) -> Piece:
    return replace(piece, turn=(piece.turn + by) % 360, box=_turned_box(piece.box, quarters=by // 90))


def _turned_box(box: Box | None, *, quarters: int) -> Box | None:
    for _quarter in range(quarters % 4):
        box = box and (1 - box[3], box[0], 1 - box[1], box[2])
    return box


def papers_apart(document: Document, *, boxes: Sequence[Box]) -> list[tuple[Piece, ...]]:
    """Give the pieces of each paper that lies on the one page of a document; ``boxes`` are where, each with some air.

    Raises ConflictError where the document is no single page, or was made of a part of one already.
    """
    _require_pages(document)
    pages = pages_of(document, count=len(document.pages))
    if len(pages) != 1 or pages[0].box or not 1 < len(boxes) <= MOST_PAPERS:
        raise ConflictError(_("The papers on this page cannot be told apart. The document stays as it is."))
    return [(replace(pages[0], box=_with_air(box)),) for box in boxes]


def _with_air(box: Box) -> Box:
    x0, y0, x1, y1 = box
    return max(x0 - _AIR, 0.0), max(y0 - _AIR, 0.0), min(x1 + _AIR, 1.0), min(y1 + _AIR, 1.0)


def verb_of(*, sources: int, results: int) -> str:
    """Give what cutting and joining is called in the trail."""
    if sources == 1 and results > 1:
        return "document.cut"
    return "document.joined" if results == 1 and sources > 1 else "document.arranged"


def propose(document_id: UUID, *, cuts: Sequence[Cut]) -> Document:
    """Write on a document that stays whole where it may be cut; its reading is due now. In the caller's transaction."""
    document = lock(document_id)
    if document.step == Step.CUT:
        document.step, document.cuts = Step.READ, [cut.to_json() for cut in cuts]
        document.save(update_fields=["step", "cuts"])
    return document


def propose_after_reading(document_id: UUID, *, cuts: Sequence[Cut]) -> None:
    """Write where a document may be cut by the words that OCR saw, unless something is proposed. In a transaction."""
    document = lock(document_id)
    if cuts and not document.cuts and document.status != DocumentStatus.REPLACED:
        document.cuts = [cut.to_json() for cut in cuts]
        document.save(update_fields=["cuts"])


def proposed_cuts(document: Document) -> list[Cut]:
    """Give where a document may be cut, as far as nobody said yet that it is one."""
    return [Cut.from_json(found) for found in document.cuts]


@transaction.atomic
def keep_whole(document: Document, *, version: int, actor: Actor) -> Document:
    """Say that a document is one, whatever was proposed. Raises ConflictError when it changed meanwhile."""
    counters.hold(document.client_file_id)
    locked = lock(document.id, version=version)
    locked.cuts, locked.version = [], locked.version + 1
    locked.save(update_fields=["cuts", "version"])
    counters.touch(locked.client_file_id)
    subject = audit.Subject("document", locked.id, locked.client_file_id)
    audit.record("document.kept-whole", actor=actor, practice_id=locked.practice_id, subject=subject)
    # That it might be several is no reason any more.
    decide_again(locked.id)
    locked.refresh_from_db()
    return locked


def versions_of(documents: Iterable[Document]) -> Mapping[UUID, int]:
    """Give the versions of documents by their ids."""
    return {document.id: document.version for document in documents}
