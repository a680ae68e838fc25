"""What a person types into the lines of an invoice, made canonical."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, Literal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from liasse.core.errors import InvalidError
from liasse.lib.money import BLANKS, canonical_amount, canonical_number, parse_printed_amount
from liasse.reading.types import InvoiceLine

MOST_LINES: Final = 300
"""So many lines can be put right; a document with more keeps what its data say."""

CELLS: Final = ("name", "quantity", "unit", "price", "rate", "net")
"""The cells of a line that a person can change, in their order on the page."""

_LONGEST: Final[Mapping[str, int]] = {"name": 500, "unit": 20}
_MOST_PERCENT: Final = 100
_MOST_TOLD: Final = 2_000


@dataclass(frozen=True, slots=True)
class LineEdit:
    """One line as a person left it: which one of the stored lines it was, and the cells that were changed.

    `at` is None for a new line. A cell that nobody touched keeps what was read, to the last decimal.
    """

    at: int | None = None
    changed: Mapping[str, str] = field(default_factory=dict)


def entered_lines(edits: Iterable[LineEdit], *, before: Sequence[Mapping[str, Any]]) -> list[InvoiceLine]:
    """Give the lines that come of some edits of stored ones, in the order of the edits; a line left blank is none.

    Raises InvalidError with a sentence by "<row>-<cell>", rows counted from 0.
    """
    entered: list[InvoiceLine] = []
    problems: dict[str, str] = {}
    for number, edit in enumerate(edits):
        if number >= MOST_LINES:
            raise InvalidError({f"{number}-name": _("At most %(count)d lines.") % {"count": MOST_LINES}})
        line = _stored(edit, before=before)
        for cell, text in edit.changed.items():
            value = _entered(cell, " ".join(text.split()))
            if value is False:
                problems[f"{number}-{cell}"] = _problem(cell)
            else:
                line[cell] = value
        if any(line[cell] for cell in CELLS):
            entered.append(InvoiceLine(**line))
    if problems:
        raise InvalidError(problems)
    return entered


def _stored(edit: LineEdit, *, before: Sequence[Mapping[str, Any]]) -> dict[str, str | None]:
    if edit.at is None:
        return dict.fromkeys(("id", *CELLS))
    if not 0 <= edit.at < len(before):
        raise InvalidError({}, _("This page is out of date: reload it."))
    return {name: before[edit.at].get(name) for name in ("id", *CELLS)}


def _entered(cell: str, typed: str) -> str | Literal[False] | None:
    """Give a cell in canonical form, None where nothing was typed, False where it cannot be taken."""
    if not typed:
        return None
    if cell in _LONGEST:
        return typed if len(typed) <= _LONGEST[cell] else False
    plain = re.sub(r"[€$£%]", "", typed).strip()
    number = parse_printed_amount(plain) if cell in {"rate", "net"} else _exact(plain)
    if number is None or (cell == "rate" and not 0 <= number <= _MOST_PERCENT):
        return False
    return canonical_amount(number) if cell == "net" else canonical_number(number)


def _exact(typed: str) -> Decimal | None:
    """Give a quantity or a price: any number of digits behind the decimal sign of the reader's language."""
    sign = "," if (get_language() or "fr").startswith("fr") else "."
    bare = re.sub(f"[{BLANKS}]", "", typed)
    if re.fullmatch(rf"\d{{1,12}}[{sign}]\d{{1,8}}", bare, re.ASCII):
        return Decimal(bare.replace(",", "."))
    return parse_printed_amount(typed)


def _problem(cell: str) -> str:
    if cell in _LONGEST:
        return _("At most %(count)d characters.") % {"count": _LONGEST[cell]}
    if cell == "rate":
        return _("Type a rate, such as 5,5.")
    if cell == "quantity":
        return _("Type a quantity, such as 2 or 1,5.")
    return _("Type an amount, such as 1 234,56.")


def lines_told(
    before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]
) -> tuple[dict[str, str], dict[str, str]]:
    """Give what changed between lines, before and after, as the history tells it: without what stayed around it."""
    was, now = [_told(line) for line in before], [_told(line) for line in after]
    while was and now and was[0] == now[0]:
        del was[0], now[0]
    while was and now and was[-1] == now[-1]:
        del was[-1], now[-1]
    return {"value": "; ".join(was)[:_MOST_TOLD]}, {"value": "; ".join(now)[:_MOST_TOLD]}


def _told(line: Mapping[str, Any]) -> str:
    return " ".join(str(line.get(cell) or "–") for cell in CELLS)
