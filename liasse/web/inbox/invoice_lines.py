"""The lines of an invoice as people put them right, and whether they come to its net amount."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from liasse.lib.money import CENT, canonical_amount, parse_decimal
from liasse.reading.entry_lines import CELLS, MOST_LINES, LineEdit
from liasse.reading.selectors import ShownReading
from liasse.reading.types import AdjustmentKind, FieldName, InvoiceLine
from liasse.ui.formats import format_money
from liasse.web.templatetags.inbox import quantity

_LONGEST: Final = 600
# Each line of an invoice may be rounded by itself.
_TOLERANCE: Final = 2 * CENT
_SIGNS: Final = {AdjustmentKind.ALLOWANCE: -1, AdjustmentKind.CHARGE: 1}
_SHOWN: Final[Mapping[str, Callable[[str | None], str]]] = {
    "name": lambda text: text or "",
    "unit": lambda text: text or "",
    "quantity": quantity,
    "rate": quantity,
    "price": format_money,
    "net": format_money,
}


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line as its template draws it: the texts of its cells, their errors, and which stored line it is."""

    number: int
    at: str = ""
    name: str = ""
    quantity: str = ""
    unit: str = ""
    price: str = ""
    rate: str = ""
    net: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, cells: Mapping[str, str], *, number: int, at: str) -> LineRow:
        """Give the line of some texts by cell."""
        name, amount, unit, price, rate, net = (cells[cell] for cell in CELLS)
        return cls(number, at, name, amount, unit, price, rate, net)


@dataclass(frozen=True, slots=True)
class LineTable:
    """The lines, a blank one behind them, and what they come to."""

    rows: list[LineRow]
    sum: str = ""
    told: str = ""
    is_right: bool = False
    problems: list[str] = field(default_factory=list)
    state: str = ""
    count_more: int = 0
    """So many lines beyond those that can be put right: such a document is shown only."""

    @property
    def is_filled(self) -> bool:
        """Tell whether any line is there."""
        return len(self.rows) > 1


def line_table(reading: ShownReading, *, state: str = "") -> LineTable:
    """Give the lines with their sum, compared with the document's own net amount."""
    rows = [_row(number, line) for number, line in enumerate(reading.lines[:MOST_LINES])]
    total = _sum(line.net for line in reading.lines)
    told, is_right = _compared(reading, total)
    return LineTable(
        rows=[*rows, LineRow(number=len(rows))],
        sum="" if total is None else format_money(total),
        told=told,
        is_right=is_right,
        state=state,
        count_more=max(len(reading.lines) - MOST_LINES, 0),
    )


def refused_lines(typed: Sequence[LineRow], errors: Mapping[str, str]) -> LineTable:
    """Give the lines as they were typed, with the sentences about what cannot be understood."""
    rows = [
        replace(row, errors={cell: errors[f"{number}-{cell}"] for cell in CELLS if f"{number}-{cell}" in errors})
        for number, row in enumerate(typed)
    ]
    return LineTable(rows=rows, problems=list(dict.fromkeys(errors.values())))


def typed_lines(words: QueryDict) -> list[LineRow]:
    """Read the lines that the page sends; those that are blank in every cell are none, but for the last."""
    rows = []
    for number in range(MOST_LINES + 1):
        if f"line-{number}-name" not in words:
            break
        cells = {cell: words.get(f"line-{number}-{cell}", "")[:_LONGEST] for cell in CELLS}
        rows.append(LineRow.of(cells, number=number, at=words.get(f"line-{number}-at", "")[:5]))
    return rows


def edits_of(rows: Iterable[LineRow], *, reading: ShownReading) -> list[LineEdit]:
    """Give what was changed in each line: what still reads as it was shown keeps its stored value."""
    edits = []
    for row in rows:
        at = int(row.at) if row.at.isdecimal() and int(row.at) < len(reading.lines) else None
        shown = LineRow(number=row.number) if at is None else _row(row.number, reading.lines[at])
        changed = {cell: getattr(row, cell) for cell in CELLS if getattr(row, cell) != getattr(shown, cell)}
        is_blank = not any(getattr(row, cell).strip() for cell in CELLS)
        edits.append(LineEdit() if is_blank else LineEdit(at, changed))
    return edits


def _row(number: int, line: InvoiceLine) -> LineRow:
    return LineRow.of({cell: _SHOWN[cell](getattr(line, cell)) for cell in CELLS}, number=number, at=str(number))


def _sum(texts: Iterable[str | None]) -> Decimal | None:
    numbers = [parse_decimal(text) for text in texts]
    found = [number for number in numbers if number is not None]
    return sum(found, Decimal(0)) if found and len(found) == len(numbers) else None


def _compared(reading: ShownReading, total: Decimal | None) -> tuple[str, bool]:
    """Say what the lines come to beside the net amount, and whether that is right; nothing where one is missing.

    What is taken off or added for the whole document counts too (BR-CO-13). A till's lines have their VAT in them.
    """
    net, gross = (parse_decimal(reading.value(name)) for name in (FieldName.TOTAL_NET, FieldName.TOTAL_GROSS))
    if total is None or (net is None and gross is None):
        return "", False
    others = [(_SIGNS[row.kind], parse_decimal(row.amount)) for row in reading.adjustments if row.kind in _SIGNS]
    whole = total + sum(sign * amount for sign, amount in others if amount is not None)
    if net is not None and abs(whole - net) <= _TOLERANCE:
        return _("The lines come to the net amount."), True
    if gross is not None and abs(whole - gross) <= _TOLERANCE:
        return _("The lines come to the total with VAT."), True
    if net is None:
        return "", False
    words = {"sum": format_money(canonical_amount(whole)), "total": format_money(net)}
    return _("The lines come to %(sum)s, the net amount is %(total)s.") % words, False
