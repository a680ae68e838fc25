"""What a document's page says of cutting: a question, what the document was made of, or what stands in its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liasse.cutting.sentences import reason_text
from liasse.cutting.services import proposed_cuts
from liasse.cutting.types import Cut
from liasse.documents.lineage import originals_of, stand_ins
from liasse.documents.models import Document
from liasse.documents.replacing import pages_text
from liasse.documents.types import DocumentStatus
from liasse.web.inbox.rows import proposed_text, title_of

_MOST_SAID: Final = 3


@dataclass(frozen=True, slots=True)
class Way:
    """A link to another document, or to an original."""

    url: str
    text: str


@dataclass(frozen=True, slots=True)
class CutNotice:
    """What is said; ``change_id`` names the cutting or joining that made the document, which can be undone."""

    question: str = ""
    why: str = ""
    made: str = ""
    replaced: str = ""
    change_id: UUID | None = None
    originals: Sequence[Way] = ()
    others: Sequence[Way] = ()


def cut_notice(document: Document, *, can_work: bool) -> CutNotice | None:
    """Give what is to be said; None for a document that nothing was done to and nothing is proposed for.

    One query for a document that was cut or joined, none for any other.
    """
    if document.status == DocumentStatus.REPLACED:
        others = [
            Way(url=reverse("document", args=[one.client_file_id, one.id]), text=title_of(one))
            for one in stand_ins(document)
        ]
        if not others:
            return CutNotice(
                replaced=_("This document was moved to another client’s file. It is kept here, out of sight.")
            )
        return CutNotice(replaced=_("This document was cut or joined, and is kept. In its place:"), others=others)
    question = proposed_text(document) if can_work else ""
    if not document.pieces and not question:
        return None
    return CutNotice(
        question=question,
        why="; ".join(_why(cut) for cut in proposed_cuts(document)[:_MOST_SAID]),
        made=_made_of(document),
        change_id=document.made_by,
        originals=_originals(document) if document.pieces else (),
    )


def _why(cut: Cut) -> str:
    words = {"number": cut.after + 1, "why": reason_text(cut)}
    return _("from page %(number)s on, %(why)s") % words


def _made_of(document: Document) -> str:
    if not document.pieces:
        return ""
    pages = pages_text(document.pieces)
    count = sum(piece["last"] - piece["first"] + 1 for piece in document.pieces)
    text = ngettext("Made of page %(pages)s of what arrived.", "Made of pages %(pages)s of what arrived.", count)
    return text % {"pages": pages}


def _originals(document: Document) -> list[Way]:
    return [
        Way(
            url=reverse("document-piece", args=[document.client_file_id, document.id, number]),
            text=_("See the original %(name)s") % {"name": original.filename or str(number)},
        )
        for number, original in enumerate(originals_of(document), start=1)
    ]
