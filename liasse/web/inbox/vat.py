"""The VAT table of a document as people put it right: a row for each rate, and whether it adds up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from liasse.lib.money import CENT, parse_decimal
from liasse.reading.selectors import ShownReading
from liasse.reading.types import FieldName, VatLine
from liasse.ui.formats import format_money
from liasse.web.templatetags.inbox import quantity

COLUMNS: Final = ("rate", "base", "vat")
MOST_ROWS: Final = 20

# Each line of an invoice may be rounded by itself, so that base times rate is met to two cents (BR-CO-17).
_TOLERANCE: Final = 2 * CENT


@dataclass(frozen=True, slots=True)
class VatRow:
    """One rate as its template draws it: the texts of the cells, their errors, and what does not add up."""

    number: int
    rate: str = ""
    base: str = ""
    vat: str = ""
    category: str = ""
    problem: str = ""
    is_right: bool = False
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class VatTable:
    """The rows, one blank row behind them, and what their sums come to."""

    rows: list[VatRow]
    base: str = ""
    vat: str = ""
    problems: list[str] = field(default_factory=list)
    is_right: bool = False
    state: str = ""

    @property
    def is_filled(self) -> bool:
        """Tell whether any rate is there."""
        return len(self.rows) > 1


def vat_table(reading: ShownReading, *, state: str = "") -> VatTable:
    """Give the table with its sums, checked against the document's own net and VAT."""
    rows = [_row(number, line) for number, line in enumerate(reading.vat[:MOST_ROWS])]
    base, vat = (_sum(getattr(line, column) for line in reading.vat) for column in ("base", "vat"))
    problems = [
        *_differs(_("The bases come to %(sum)s, the net amount is %(total)s."), base, reading, FieldName.TOTAL_NET),
        *_differs(_("The VAT comes to %(sum)s, the total VAT is %(total)s."), vat, reading, FieldName.TOTAL_VAT),
    ]
    is_compared = None not in {base, vat} and bool(reading.value(FieldName.TOTAL_VAT))
    return VatTable(
        rows=[*rows, VatRow(number=len(rows))],
        base=_money(base),
        vat=_money(vat),
        problems=problems,
        is_right=is_compared and not problems and not any(row.problem for row in rows),
        state=state,
    )


def refused_table(typed: Sequence[Mapping[str, str]], errors: Mapping[str, str]) -> VatTable:
    """Give the table as it was typed, with the sentences about what cannot be understood."""
    rows = [
        VatRow(
            number=number,
            rate=row.get("rate", ""),
            base=row.get("base", ""),
            vat=row.get("vat", ""),
            category=row.get("category", ""),
            errors={column: errors[f"{number}-{column}"] for column in COLUMNS if f"{number}-{column}" in errors},
        )
        for number, row in enumerate(typed)
    ]
    return VatTable(rows=rows, problems=list(dict.fromkeys(errors.values())))


def typed_rows(words: QueryDict) -> list[dict[str, str]]:
    """Read the rows that the table sends."""
    rows = []
    for number in range(MOST_ROWS + 1):
        if f"vat-{number}-base" not in words:
            break
        rows.append({column: words.get(f"vat-{number}-{column}", "")[:40] for column in (*COLUMNS, "category")})
    return rows


def _row(number: int, line: VatLine) -> VatRow:
    rate, base, vat = (parse_decimal(text) for text in (line.rate, line.base, line.vat))
    problem, is_right = "", False
    if rate is not None and base is not None and vat is not None:
        expected = base * rate / 100
        is_right = abs(expected - vat) <= _TOLERANCE
        told = _("Base times rate is %(amount)s.") % {"amount": format_money(expected.quantize(CENT))}
        problem = "" if is_right else told
    return VatRow(
        number=number,
        rate=quantity(line.rate),
        base=_money(base) or (line.base or ""),
        vat=_money(vat) or (line.vat or ""),
        category=line.category or "",
        problem=problem,
        is_right=is_right,
    )


def _sum(texts: Iterable[str | None]) -> Decimal | None:
    numbers = [parse_decimal(text) for text in texts]
    found = [number for number in numbers if number is not None]
    return sum(found, Decimal(0)) if found and len(found) == len(numbers) else None


def _differs(sentence: str, found: Decimal | None, reading: ShownReading, name: FieldName) -> list[str]:
    total = parse_decimal(reading.value(name))
    if found is None or total is None or abs(found - total) <= _TOLERANCE:
        return []
    return [sentence % {"sum": format_money(found), "total": format_money(total)}]


def _money(number: Decimal | None) -> str:
    return "" if number is None else format_money(number)
