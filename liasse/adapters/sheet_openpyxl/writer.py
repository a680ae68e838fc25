"""Workbooks written row by row, with typed cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from liasse.documents.ports import Cell

_LONGEST_TITLE: Final = 31
_LONGEST_TEXT: Final = 32_767
_NOT_IN_TITLES: Final = re.compile(r"[\[\]:*?/\\]")
_FORMATS: Final = {Decimal: "#,##0.00", datetime: "dd/mm/yyyy hh:mm", date: "dd/mm/yyyy"}
_WIDTH: Final = 16


class OpenpyxlSheetWriter:
    """A ``SheetWriter`` that makes XLSX."""

    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    extension = "xlsx"

    def write(self, target: BinaryIO, *, title: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
        """Write a bold, fixed first row with filters, then the rows as they come."""
        book = Workbook(write_only=True)
        sheet = book.create_sheet(_NOT_IN_TITLES.sub(" ", title)[:_LONGEST_TITLE].strip() or "1")
        sheet.freeze_panes = "A2"
        for number, heading in enumerate(headings, start=1):
            sheet.column_dimensions[get_column_letter(number)].width = max(_WIDTH, len(heading) + 4)
        sheet.append([_cell(sheet, heading, is_bold=True) for heading in headings])
        count = 1
        for row in rows:
            sheet.append([_cell(sheet, value) for value in row])
            count += 1
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(headings))}{count}"
        book.save(target)


def _cell(sheet: Any, value: Cell, *, is_bold: bool = False) -> Any:  # noqa: ANN401 - a write-only sheet has no static type.
    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub(" ", value)[:_LONGEST_TEXT])
        # A text that begins with "=" would otherwise be taken for a formula.
        cell.data_type = "s"
        if is_bold:
            cell.font = Font(bold=True)
        return cell
    plain: Any = value
    cell = WriteOnlyCell(sheet, plain)
    if value is not None:
        cell.number_format = next(form for kind, form in _FORMATS.items() if isinstance(value, kind))
    return cell
