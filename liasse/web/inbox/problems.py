"""Why a document waits for a person, in a sentence each."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from liasse.reading.errors import SENTENCES
from liasse.reading.types import ProblemCode

# What is no fault of the file: reading found less than it needs, or its pages cannot be drawn.
_REASONS: Final[dict[str, Promise]] = {
    "picture": _("A picture: enter its fields by hand."),
    "unsure": _("Read from the page’s text: check the fields, then mark it as ready."),
    "no_text": _("This PDF holds only pictures of pages: enter its fields by hand."),
    "text_of_scan": _("A scan whose text was recognised by the scanner: check every field."),
    "hidden_text": _("Some of the PDF’s text cannot be seen on its pages: check the fields against the page."),
    "sums_differ": _("Net and VAT do not add up to the total: check the amounts."),
    "locked": _("The PDF asks for a password: ask the sender for one without."),
    "damaged": _("The file is damaged and its pages cannot be shown: ask the sender for a new one."),
    "empty": _("The file is empty: ask the sender for it again."),
    "not-a-pdf": _("Named PDF, but it is not one: ask the sender for it again."),
    "not-a-picture": _("Named a picture, but it is not one: ask the sender for it again."),
    "too-many-pages": _("It has too many pages to be shown: download the original."),
    "too-many-pixels": _("The picture is too large to be shown: download the original."),
}
_UNKNOWN: Final = _("Its pages could not be shown or read: download the original and enter the fields by hand.")


def sentence_of(code: str) -> str:
    """Give the sentence of a problem's code in the language of this moment; blank for none."""
    if not code:
        return ""
    if code in set(ProblemCode):
        return gettext(SENTENCES[ProblemCode(code)])
    return str(_REASONS.get(code, _UNKNOWN))
