"""The sentences for what reading could not do; each says what to do next.

The texts are msgids of this package's catalogue: translate them where a request's language is
known (`gettext(SENTENCES[code])`). This module must not import Django: the console's `read`
prints them as they are.
"""

from __future__ import annotations

from typing import Final

from liasse.reading.types import Problem, ProblemCode

_LIMITS: Final = frozenset({"timeout", "out-of-memory", "too-much-output"})


def _(sentence: str) -> str:
    """Mark a sentence for the catalogue."""
    return sentence


SENTENCES: Final[dict[ProblemCode, str]] = {
    ProblemCode.EMPTY: _("The file is empty: ask the sender for it again."),
    ProblemCode.TOO_LARGE: _("The invoice data is larger than 10 MB and was not opened: enter the fields by hand."),
    ProblemCode.NOT_SUPPORTED: _("This kind of file cannot be read: ask for a PDF, a picture or an e-invoice."),
    ProblemCode.XML_MALFORMED: _("The XML is damaged and cannot be read: ask the sender for a new file."),
    ProblemCode.XML_DOCTYPE: _(
        "The XML holds declarations that no e-invoice has (DOCTYPE) and was refused for safety: "
        "ask the sender for a proper file."
    ),
    ProblemCode.XML_TOO_DEEP: _("The XML is nested deeper than any invoice and was refused: check who sent it."),
    ProblemCode.XML_UNKNOWN: _("This XML is not an e-invoice that Liasse knows: enter the fields by hand."),
    ProblemCode.XML_BAD_VALUE: _(
        "The e-invoice has something other than a number or a date where there must be one: check its fields."
    ),
    ProblemCode.XML_NOT_AN_INVOICE: _("This XML is a business message, but not an invoice: archive it or file it."),
    ProblemCode.PDF_MALFORMED: _("The PDF is damaged and cannot be opened: ask the sender for a new file."),
    ProblemCode.PDF_PASSWORD: _("The PDF asks for a password: ask the sender for one without."),
    ProblemCode.TOO_DEMANDING: _(
        "This file needs more memory or time than allowed and was not read, but the original is kept: "
        "enter the fields by hand."
    ),
    ProblemCode.CHILD_FAILED: _(
        "Reading failed and gave nothing, but the original is kept: enter the fields by hand, or have it read again."
    ),
}


def problem_of_child(code: str) -> Problem:
    """Return the problem of a document whose child gave no answer, by the sandbox's code for why."""
    return Problem(ProblemCode.TOO_DEMANDING if code in _LIMITS else ProblemCode.CHILD_FAILED, code)
