"""Why a document waits for a person, in a sentence each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from liasse.documents.models import Document
from liasse.lib import media_types
from liasse.reading.decisions import Reason
from liasse.reading.errors import SENTENCES
from liasse.reading.reasons import sentence_of, sentence_of_key
from liasse.reading.types import ProblemCode
from liasse.suppliers.sentences import TITLES

# What is no fault of the file: reading found less than it needs, or its pages cannot be drawn.
_REASONS: Final[dict[str, Promise]] = {
    "picture": _("A picture: enter its fields by hand."),
    "incomplete": _("The e-invoice left something out: check the fields, then mark it as ready."),
    "unsure": _("Read from the page’s text: check the fields, then mark it as ready."),
    "no_text": _("No text could be made out on it: enter its fields by hand."),
    "text_of_scan": _("A scan whose text was recognised by the scanner: check every field."),
    "hidden_text": _("Some of the PDF’s text cannot be seen on its pages: check the fields against the page."),
    "several_papers": _("Several papers lie on this page: make one document of each, or enter the fields of one."),
    "sums_differ": _("Net and VAT do not add up to the total: check the amounts."),
    "locked": _("The PDF asks for a password: ask the sender for one without."),
    "damaged": _("The file is damaged and its pages cannot be shown: ask the sender for a new one."),
    "empty": _("The file is empty: ask the sender for it again."),
    "not-a-pdf": _("Named PDF, but it is not one: ask the sender for it again."),
    "not-a-picture": _("Named a picture, but it is not one: ask the sender for it again."),
    "too-many-pages": _("It has too many pages to be shown: download the original."),
    "too-many-pixels": _("The picture is too large to be shown: download the original."),
}
# An XML file that cannot be read has nothing else; a PDF still has its pages.
_DAMAGED: Final = _("The e-invoice inside this PDF is damaged and was left aside: check the fields against the page.")
_REFUSED: Final = _(
    "The e-invoice inside this PDF was refused for safety and left aside: check the fields against the page."
)
_INSIDE: Final[dict[str, Promise]] = {
    ProblemCode.XML_MALFORMED: _DAMAGED,
    ProblemCode.XML_DOCTYPE: _REFUSED,
    ProblemCode.XML_TOO_DEEP: _REFUSED,
    ProblemCode.TOO_LARGE: _REFUSED,
}
# Something was read, so that it can be said what was not.
_IN_PART: Final = frozenset(
    {"incomplete", "missing", "unsure", "sums_differ", "hidden_text", "text_of_scan", ProblemCode.XML_BAD_VALUE}
)
_UNKNOWN: Final = _("Its pages could not be shown or read: download the original and enter the fields by hand.")


_NAMES: Final[dict[str, Promise]] = {
    "supplier_name": _("the supplier"),
    "number": _("the number"),
    "issue_date": _("the date"),
    "currency": _("the currency"),
    "total_gross": _("the total"),
}


def reason_of(document: Document, *, reasons: Sequence[Reason] = ()) -> str:
    """Say why a document waits, as fits what it is; blank when nothing is wrong with it.

    With the reasons of its reading all of them are said, else the weightiest. What it still lacks is named
    as it is now, not as it was when it was read.
    """
    code = document.problem
    if not code:
        return ""
    # An XML file has no page whose text could have been read.
    if code == "unsure" and document.media_type == media_types.XML:
        code = "incomplete"
    is_inside = document.media_type == media_types.PDF and code in _INSIDE
    sentence = str(_INSIDE[code]) if is_inside else _sentence_of(code)
    if reasons:
        sentence = _all_of(sentence if reasons[0].key == document.problem else "", reasons)
    missing = [str(name) for column, name in _NAMES.items() if getattr(document, column) in {"", None}]
    if not missing or not (is_inside or code in _IN_PART):
        return sentence
    return f"{sentence} {gettext('Missing: %(names)s.') % {'names': ', '.join(missing)}}"


def _all_of(sentence: str, reasons: Sequence[Reason]) -> str:
    """Say the weightiest reason, by its own sentence where there is one, and behind it the others once each."""
    first, *others = [sentence_of(reason) or _sentence_of(reason.key) for reason in reasons]
    first = sentence_of(reasons[0]) or sentence or first
    return " ".join(dict.fromkeys([first, *others]))


def _sentence_of(code: str) -> str:
    if told := sentence_of_key(code):
        return told
    if code in set(ProblemCode):
        return gettext(SENTENCES[ProblemCode(code)])
    if code in TITLES:
        return gettext("Something is odd: %(alarm)s.") % {"alarm": TITLES[code]}
    return str(_REASONS.get(code, _UNKNOWN))
