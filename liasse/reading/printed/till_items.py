"""What was bought, by the lines of a till's paper: kept only where they come to its total."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from liasse.lib.money import canonical_amount, canonical_number
from liasse.reading.printed.receipts import Row, is_no_item, rows_of
from liasse.reading.types import InvoiceLine

if TYPE_CHECKING:
    from liasse.reading.page.layout import Layout

_TIMES = re.compile(r"(?<![\d.,])(\d{1,3})(?:[.,]0+)? ?(?:x|\*|\u00d7|stk\.?|@) ?")
_LETTERS = re.compile(r"[a-z]{2}")
_LEAST: Final = 2
_LONGEST: Final = 120
_TOLERANCE: Final = Decimal("0.01")


def read_till_items(layout: Layout, gross: Decimal) -> tuple[InvoiceLine, ...]:
    """Return the lines over the total that come to it within a cent; none where they do not."""
    lines: list[InvoiceLine] = []
    total = Decimal()
    waiting = ""
    for row in rows_of(layout):
        amount = row.last
        if amount is None:
            waiting = row.text if _LETTERS.search(row.text) else waiting
            continue
        if is_no_item(row.text):
            if lines and abs(total - gross) <= _TOLERANCE:
                return tuple(lines)
            continue
        if not _LETTERS.search(_TIMES.sub("", row.text)) and len(row.amounts) == 1 and _TIMES.search(row.text):
            # "2 x 0,75" alone says how the next line, or the one before, came about.
            continue
        name = _name_of(row) or waiting
        waiting = ""
        lines.append(_line(row, name, amount.value))
        total += amount.value
        if abs(total - gross) <= _TOLERANCE and len(lines) >= _LEAST:
            return tuple(lines)
    return tuple(lines) if lines and abs(total - gross) <= _TOLERANCE else ()


def _name_of(row: Row) -> str:
    """Return the words of a line before its first amount."""
    words = [word.text for cell in row.cells for word in cell.words]
    kept: list[str] = []
    for word in words:
        if re.search(r"\d[.,]\d{2}", word):
            break
        kept.append(word)
    name = " ".join(kept)
    return name[:_LONGEST] if _LETTERS.search(name.casefold()) else ""


def _line(row: Row, name: str, amount: Decimal) -> InvoiceLine:
    times = _TIMES.search(row.text)
    price = row.amounts[0].value if len(row.amounts) > 1 else None
    quantity = Decimal(times[1]) if times else None
    if price is not None and quantity is None and price and amount % price == 0:
        quantity = amount / price
    return InvoiceLine(
        id=None,
        name=name or None,
        quantity=None if quantity is None else canonical_number(quantity),
        unit=None,
        price=None if price is None else canonical_amount(price),
        rate=None,
        net=canonical_amount(amount),
    )
