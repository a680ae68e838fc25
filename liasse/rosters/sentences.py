"""Why a list cannot be read, as people read it."""

from __future__ import annotations

from babel.numbers import format_decimal
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from liasse.lib.csv_text import CELL_LIMIT, LINE_LIMIT, CsvError


def table_sentence(error: CsvError, *, most: int) -> str:
    """Say why a table cannot be read, and what to do."""
    sentences = {
        "workbook": _("This is a workbook. Save it as CSV in your spreadsheet program, then choose that file."),
        "binary": _("This is not a text file. Save the list as CSV in your spreadsheet program."),
        "empty": _("There is no line in this file."),
        "too-many": _("This list is too long: at most %(limit)s lines. Cut it into several files.")
        % {"limit": format_decimal(most, locale=get_language() or "fr")},
        "long-line": _("Line %(line)d is longer than %(limit)d characters."),
        "long-cell": _("A cell of line %(line)d is longer than %(limit)d characters."),
        "quotes": _("Line %(line)d begins a quotation that does not end: close its quotation mark, or take it out."),
    }
    limit = LINE_LIMIT if error.code == "long-line" else CELL_LIMIT
    sentence = sentences[error.code]
    return sentence % {"line": error.line, "limit": limit} if "%(line)d" in sentence else sentence
