"""Dates as machines write them and as people print them, made into YYYY-MM-DD."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

_DASHED = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*|Z|[+-]\d{2}:\d{2})?", re.DOTALL)
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{4,6})?")

FIRST_YEAR: Final = 1970
LAST_YEAR: Final = 2100


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
