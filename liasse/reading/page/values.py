"""Amounts, rates, dates and numbers inside a cell, each with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from liasse.lib.dates import printed_dates
from liasse.lib.money import parse_decimal, parse_printed_amount

if TYPE_CHECKING:
    from collections.abc import Iterator

    from liasse.reading.page.layout import Cell
    from liasse.reading.types import Place

CURRENCY_SIGNS: Final = {
    "\u20ac": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "$": "USD", "us$": "USD", "usd": "USD",
    "\u00a3": "GBP", "gbp": "GBP", "chf": "CHF", "cad": "CAD", "dkk": "DKK", "sek": "SEK", "nok": "NOK",
    "pln": "PLN", "czk": "CZK", "rm": "MYR", "myr": "MYR", "sgd": "SGD", "aud": "AUD", "hkd": "HKD", "jpy": "JPY",
    "\u00a5": "JPY", "inr": "INR", "huf": "HUF", "ron": "RON", "s$": "SGD", "a$": "AUD", "c$": "CAD",
}  # fmt: skip
_SIGN: Final = (
    r"(?:\u20ac|us\$|[sac]\$|\$|\u00a3|\u00a5|euros?|eur|usd|gbp|chf|cad|dkk|sek|nok|pln|czk|rm|myr|sgd|aud|hkd|"
    r"jpy|inr|huf|ron)"
)
_BLANK: Final = r"[ \u00a0\u202f\u2009]"
_NUMBER: Final = rf"\d{{1,3}}(?:{_BLANK}\d{{3}})+[.,]\d{{2}}|\d{{1,3}}(?:[.,'\u2019]\d{{3}})+[.,]\d{{2}}|\d+[.,]\d{{2}}"
_WHOLE: Final = rf"\d{{1,3}}(?:{_BLANK}\d{{3}}|[.,']\d{{3}})+|\d{{1,9}}"
_AMOUNT = re.compile(
    rf"(?P<open>\()?(?P<minus>-{_BLANK}?)?(?:(?<![a-z])(?P<before>{_SIGN}){_BLANK}?)?(?P<inner>-{_BLANK}?)?"
    rf"(?<![\d.,/])(?P<number>{_NUMBER}|(?:{_WHOLE})(?={_BLANK}?{_SIGN}(?![a-z])))(?![\d/]|[.,]\d)"
    rf"(?P<after>{_BLANK}?{_SIGN}(?![a-z]))?(?P<trailing>-(?![\w]))?(?P<close>\))?(?!{_BLANK}?%)"
)
_BEFORE_WHOLE = re.compile(
    rf"(?P<minus>-{_BLANK}?)?(?<![a-z])(?P<before>{_SIGN}){_BLANK}?(?P<number>{_WHOLE})(?![\d/]|[.,]\d|\w)"
)
# No VAT rate is higher, in Europe or beyond; the highest is 27 %.
_HIGHEST_RATE: Final = 30
_RATE = re.compile(r"(?<![\d.,])(\d{1,2}(?:[.,]\d{1,4})?) ?%")
_BARE_RATE = re.compile(r"(?<![\d.,])(\d{1,2}(?:[.,]\d{1,2})?)(?![\d.,%])")


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount as printed, its currency where a sign stands beside it, and its place."""

    value: Decimal
    currency: str | None
    place: Place
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Day:
    """A date as printed, and its place."""

    value: str
    place: Place
    start: int
    end: int
    is_ambiguous: bool = False


def amounts(cell: Cell) -> list[Amount]:
    """Return the amounts of a cell from left to right; percentages and dates are none."""
    known: list[Amount] | None = cell.kept.get("amounts")
    if known is None:
        known = cell.kept["amounts"] = _amounts(cell)
    return known


def _amounts(cell: Cell) -> list[Amount]:
    taken = [(day.start, day.end) for day in printed_dates(cell.figures)]
    found: list[Amount] = []
    for pattern in (_AMOUNT, _BEFORE_WHOLE):
        for match in pattern.finditer(cell.figures):
            start, end = match.span()
            if any(start < last and end > first for first, last in taken):
                continue
            amount = _amount(match, cell)
            if amount is not None:
                taken.append((start, end))
                found.append(amount)
    return sorted(found, key=lambda amount: amount.start)


def _amount(match: re.Match[str], cell: Cell) -> Amount | None:
    parts = match.groupdict()
    value = parse_printed_amount(parts["number"])
    if value is None:
        return None
    is_negative = bool(
        parts.get("minus") or parts.get("inner") or parts.get("trailing") or (parts.get("open") and parts.get("close"))
    )
    sign = (parts.get("before") or parts.get("after") or "").strip("\u00a0\u202f\u2009 ")
    return Amount(
        value=-value if is_negative else value,
        currency=CURRENCY_SIGNS.get(sign),
        place=cell.place_of(match.start("number"), match.end("number")),
        start=match.start(),
        end=match.end(),
    )


def rates(cell: Cell) -> list[Decimal]:
    """Return the percentages of a cell."""
    return [rate for text in _RATE.findall(cell.figures) if (rate := _rate(text)) is not None]


def bare_rates(cell: Cell) -> list[Decimal]:
    """Return numbers of a cell that could be percentages without their sign, as in tables."""
    return [rate for text in _BARE_RATE.findall(cell.figures) if (rate := _rate(text)) is not None]


def _rate(text: str) -> Decimal | None:
    rate = parse_decimal(text.replace(",", "."))
    return rate if rate is not None and rate <= _HIGHEST_RATE else None


def days(cell: Cell, *, month_first: bool) -> Iterator[Day]:
    """Yield the dates of a cell from left to right."""
    for found in printed_dates(cell.figures, month_first=month_first):
        yield Day(found.day, cell.place_of(found.start, found.end), found.start, found.end, found.is_ambiguous)
