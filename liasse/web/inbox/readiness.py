"""What documents lack to be ready, in sentences: asked on a document's page, told of several chosen in a list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from liasse.documents.models import Document
from liasse.documents.rules import is_blank, lacks_of
from liasse.documents.types import DocumentStatus, Lack, Marked
from liasse.ui.formats import format_count

_NAMES: Final[dict[Lack, Promise]] = {
    Lack.SUPPLIER: gettext_lazy("the supplier"),
    Lack.DATE: gettext_lazy("the date"),
    Lack.GROSS: gettext_lazy("the total"),
}


@dataclass(frozen=True, slots=True)
class Question:
    """What a person is asked who marks one document as ready; ``is_refused`` leaves no second way."""

    text: str
    is_refused: bool


def question_of(document: Document) -> Question | None:
    """Give what is to be asked before a document is marked as ready; None when nothing is."""
    lacks = lacks_of(document)
    if not lacks or document.status != DocumentStatus.TO_REVIEW:
        return None
    if is_blank(lacks):
        text = _("Not marked as ready: without supplier, date and total there is nothing to book. Enter them first.")
        return Question(text=text, is_refused=True)
    return Question(text=f"{_('Not marked as ready yet.')} {lacks_text(lacks)}", is_refused=False)


def lacks_text(lacks: Iterable[Lack]) -> str:
    """Say in one or two sentences what a document lacks."""
    found = set(lacks)
    sentences = []
    if names := _named(found):
        sentences.append(_("Missing: %(names)s.") % {"names": names})
    if Lack.SUMS in found:
        sentences.append(_("Net and VAT do not add up to the total: check the amounts."))
    return " ".join(sentences)


def marked_text(marked: Marked) -> str:
    """Say how many documents are ready, how many were left, and what those lack."""
    lacks = {lack for found in marked.left.values() for lack in found}
    what = _("they lack %(names)s") % {"names": names} if (names := _named(lacks)) else ""
    if Lack.SUMS in lacks:
        sums = _("net and VAT do not add up to the total")
        what = _("%(first)s; %(second)s") % {"first": what, "second": sums} if what else sums
    left = len(marked.left)
    ready = ngettext("%(count)s document ready", "%(count)s documents ready", marked.ready)
    kept = ngettext("%(count)s left", "%(count)s left", left)
    return _("%(ready)s, %(left)s: %(what)s.") % {
        "ready": ready % {"count": format_count(marked.ready)},
        "left": kept % {"count": format_count(left)},
        "what": what,
    }


def _named(lacks: set[Lack]) -> str:
    return ", ".join(str(name) for lack, name in _NAMES.items() if lack in lacks)
