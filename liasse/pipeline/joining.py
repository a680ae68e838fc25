"""Pictures that were sent as the pages of one document become one, as soon as they were opened."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from django.db import transaction

from liasse.clients import counters
from liasse.core.access import system_actor
from liasse.cutting import services as cutting
from liasse.documents import replacing
from liasse.documents.models import Document
from liasse.documents.types import DocumentStatus, NewDocument, Piece, Step
from liasse.lib import media_types
from liasse.pipeline import child
from liasse.pipeline.child import StepFailedError


def join_on_arrival(document: Document) -> bool:
    """Put one document in the place of all pages of its receipt; tell whether it stands there now.

    The originals are kept, each page as a piece of its own, so that it can be cut and put back like any other. What
    has no pages (a locked PDF, a damaged picture) stays a document beside it. Can be run again at any point.
    """
    together = list(_pages_of(document))
    made = _made(document, together, is_doubtful=False) or _made(document, together, is_doubtful=True)
    with transaction.atomic():
        counters.hold(document.client_file_id)
        waiting = list(_pages_of(document).select_for_update(of=("self",)))
        if [one.id for one in waiting] == [one.id for one in together]:
            parts = {piece.part_id for piece in made.pieces} if made else set()
            for one in waiting:
                if one.part_id not in parts:
                    cutting.propose(one.id, cuts=())
            if made is not None:
                replaced = [one for one in waiting if one.part_id in parts]
                actor = system_actor(document.practice_id)
                replacing.replace(replaced, by=[made], verb="document.joined-by-wish", actor=actor)
        return Document.objects.filter(id=document.id, status=DocumentStatus.REPLACED).exists()


def _pages_of(document: Document) -> Any:  # noqa: ANN401 - a query of the scoped manager
    found = Document.objects.filter(
        practice_id=document.practice_id,
        receipt_id=document.receipt_id,
        step=Step.CUT,
        status=DocumentStatus.PROCESSING,
    )
    return found.order_by("part__index", "id")


def _made(document: Document, together: list[Document], *, is_doubtful: bool) -> NewDocument | None:
    """Make the one PDF; None where there are no two pages, or where one of them is damaged and nobody looked which."""
    found = [_piece(one, is_doubtful=is_doubtful) for one in together]
    pieces = [piece for piece in found if piece is not None]
    if len(pieces) < 2:  # noqa: PLR2004 - one is whole already
        return None
    try:
        [file] = child.assemble([pieces])
    except StepFailedError:
        return None
    name = PurePosixPath(document.receipt.filename).stem or "document"
    return NewDocument(pieces=tuple(pieces), filename=f"{name[:190]}.pdf", sha256=file.sha256, size=file.size)


def _piece(document: Document, *, is_doubtful: bool) -> Piece | None:
    """Give a whole original as a piece; None for one without pages."""
    count = 1
    if is_doubtful or document.media_type in media_types.PAGED:
        try:
            count = len(child.describe(document))
        except StepFailedError:
            return None
    return Piece(document.sha256, document.media_type, document.part_id, 1, count) if count else None
