"""What documents need from outside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import BinaryIO, Protocol

type Cell = str | Decimal | date | datetime | None
"""A value of a sheet. Moments are naive, as the reader's clock shows them."""


class SheetWriter(Protocol):
    """Writes one table as a workbook that spreadsheet programs open."""

    media_type: str
    extension: str

    def write(self, target: BinaryIO, *, title: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
        """Write the workbook to an open file, row by row; memory does not grow with the rows.

        Amounts are numbers, dates are dates, and a text is a text whatever it begins with.
        """
        ...
