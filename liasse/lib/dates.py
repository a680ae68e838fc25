"""Dates as machines write them and as people print them, made into YYYY-MM-DD."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

_DASHED = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*|Z|[+-]\d{2}:\d{2})?", re.DOTALL | re.ASCII)
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{4,6})?", re.ASCII)

FIRST_YEAR: Final = 1970
LAST_YEAR: Final = 2099
_CENTURY: Final = 100
_DECEMBER: Final = 12

# Months in French, English, German, Spanish, Italian, Dutch and Portuguese, without accents.
_MONTHS: Final = (
    "janvier janv jan january januar janner enero ene gennaio gen januari janeiro",
    "fevrier fevr fev february feb februar febrero febbraio februari fevereiro",
    "mars mar march marz mrz marzo maart mrt marco",
    "avril avr april apr abril abr aprile",
    "mai may mayo maggio mag mei maio",
    "juin june jun juni junio giugno giu junho",
    "juillet juil july jul juli julio luglio lug julho",
    "aout aou august aug agosto ago augustus",
    "septembre sept sep september septiembre settembre set setembro",
    "octobre oct october oktober okt octubre ottobre ott outubro out",
    "novembre nov november noviembre novembro",
    "decembre dec december dezember dez diciembre dic dicembre dezembro",
)
_MONTH_NUMBERS: Final = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()}
_NAMES: Final = "|".join(sorted(_MONTH_NUMBERS, key=len, reverse=True))

_YEAR = r"(?P<year>(?:19|20)\d{2})"
_PRINTED: Final = (
    # 2026-03-12, 2026/03/12
    re.compile(rf"(?<![\d/.-]){_YEAR}[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{2}}(?=\d{{2}}:\d{{2}})|\d{{1,2}})"
               r"(?![/-])(?!\d(?!\d?:\d{2}))"),
    # 12/03/2026, 12.03.26, 12-03-2026; a time may follow without a blank; which of the first two is the day is
    # decided by the caller
    re.compile(r"(?<![\d/])(?<!\d[.,-])(?P<first>\d{1,2})\s?(?P<sep>[-/.])\s?(?P<second>\d{1,2})\s?(?P=sep)\s?"
               r"(?P<year>\d{2}(?=\d{2}:\d{2})|(?:19|20)\d{2}(?=\d{1,2}[:.-]\d{2})|(?:19|20)\d{2}(?!\d)|\d{2}(?!\d))"
               r"(?![/-](?!\d{1,2}[.:]\d{2})|\.\d|,\d{2}(?!\d))"),
    # 000105/01/2018: a number before it without a blank
    re.compile(r"(?<=\d{4})(?P<first>\d{2})(?P<sep>/)(?P<second>\d{2})/(?P<year>20\d{2})(?![/-])(?!\d(?!\d?[:.-]\d{2}))"),
    # 12,03.2026, as OCR reads a point
    re.compile(r"(?<![\d/])(?<!\d[.,-])(?P<first>\d{2})[-/.,](?P<second>\d{2})[-/.,](?P<year>20\d{2})(?![\d/-]|[.,]\d)"),
    # 12 mars 2026, 1er mars 2026, 7. Mai 2014, 3 de marzo de 2026, 12-mrt-2026, 3rd March 2026
    re.compile(rf"(?<![\d/])(?<!\d[.,-])(?P<day>\d{{1,2}})(?:er|st|nd|rd|th|\.)?[\s/-]*(?:de\s+|of\s+)?"
               rf"(?P<name>{_NAMES})(?![a-z])\.?,?[\s/-]*(?:de\s+|del\s+)?{_YEAR}(?!\d)"),
    # 15 JUN 18, 15-Jun-18: only with blanks or dashes on both sides, no time behind
    re.compile(rf"(?<![\d/])(?<!\d[.,-])(?P<day>\d{{1,2}})(?P<gap>[ /-])(?P<name>{_NAMES})(?P=gap)(?P<year>\d{{2}})"
               rf"(?![\d:.,/h-])"),
    # March 12, 2026
    re.compile(rf"\b(?P<name>{_NAMES})\.?[\s/-]*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s*[,./-]\s*|\s+){_YEAR}(?!\d)"),
    # 20180428/191204, 20180428 19:12
    re.compile(r"(?<![\d/])(?<!\d[.,-])(?P<year>20\d{2})(?P<month>0[1-9]|1[0-2])(?P<day>[0-2]\d|3[01])"
               r"(?=[/ t_-]\d{2}:?\d{2}(?::?\d{2})?(?!\d))"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date found in a text: where, its day, and whether day and month could be the other way."""

    start: int
    end: int
    day: str
    is_ambiguous: bool = False


def iso_date(year: int, month: int, day: int) -> str | None:
    """Return "YYYY-MM-DD", None where the calendar has no such day."""
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def parse_machine_date(text: str | None) -> str | None:
    """Return the day of an ISO 8601 date or time, or of a UNTDID 2379 date (102, 203, 204)."""
    if text is None:
        return None
    stripped = text.strip()
    found = _DASHED.fullmatch(stripped) or _PACKED.fullmatch(stripped)
    return iso_date(*map(int, found.groups())) if found else None


def printed_dates(folded: str, *, month_first: bool = False) -> Iterator[PrintedDate]:
    """Yield the dates in a text that `liasse.lib.text.fold` made plain, from left to right.

    Day before month, unless `month_first`; where only one order makes a date, that one.
    """
    found: dict[int, PrintedDate] = {}
    for pattern in _PRINTED:
        for match in pattern.finditer(folded):
            day, is_ambiguous = _day_of(match, month_first=month_first)
            if day is not None:
                found.setdefault(match.start(), PrintedDate(match.start(), match.end(), day, is_ambiguous))
    end = 0
    for start in sorted(found):
        if start >= end:
            end = found[start].end
            yield found[start]


def _day_of(match: re.Match[str], *, month_first: bool) -> tuple[str | None, bool]:
    parts = match.groupdict()
    year = int(parts["year"])
    if year < _CENTURY:
        year += 2000 if year < FIRST_YEAR % _CENTURY else 1900
    if parts.get("name"):
        return iso_date(year, _MONTH_NUMBERS[parts["name"]], int(parts["day"])), False
    if parts.get("month"):
        return iso_date(year, int(parts["month"]), int(parts["day"])), False
    first, second = int(parts["first"]), int(parts["second"])
    both = first <= _DECEMBER and second <= _DECEMBER
    month, day = (first, second) if (month_first and both) or second > _DECEMBER else (second, first)
    # Points are put between days first wherever they are put at all.
    is_open = both and first != second and parts.get("sep") != "."
    return iso_date(year, month, day), is_open


def month_comes_first(folded: str) -> bool | None:
    """Return what the dates of a text prove about their order, None where they prove nothing."""
    pairs = [(int(m["first"]), int(m["second"])) for m in _PRINTED[1].finditer(folded) if m["sep"] != "."]
    if any(first > _DECEMBER for first, _ in pairs):
        return False
    return True if any(second > _DECEMBER for _, second in pairs) else None
