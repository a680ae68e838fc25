"""Decisions about whole files: facts in, answer out. No database, no clock, no words for people."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final
from unicodedata import category

from liasse.lib.text import fold

RETENTION_YEARS: Final = 10
"""Books and vouchers are kept for ten years from the close of the financial year (Code de commerce,
art. L123-22). It holds the six years of tax law (Livre des procédures fiscales, art. L102 B)."""

ASKS_BY_PERSON: Final = 10
"""How many addresses a person of a client may type in an hour (``clients.rules.CHECK_WINDOW``)."""

ASKS_BY_INSTANCE: Final = 300
"""The same for everybody together, so that many accounts guess no faster."""

REQUEST_HOLDS: Final = timedelta(days=14)
"""How long a practice's request for a file can be answered, and how long a refusal keeps it from asking again."""

REQUEST_WINDOW: Final = timedelta(days=1)
REQUESTS_BY_PERSON: Final = 10
REQUESTS_BY_PRACTICE: Final = 30
"""How many requests a colleague, and a practice, may write within ``REQUEST_WINDOW``."""

REQUESTS_TO_ADDRESS: Final = 3
"""How many a practice may write to one address within ``REQUEST_HOLDS``, the withdrawn ones included."""

LONGEST_MESSAGE: Final = 500

_LONGEST_LEAD: Final = timedelta(days=366)


def last_piece(*, received: date | None, issued: date | None) -> date | None:
    """Give the day of a file's newest piece: of its arrival, or the later one written on it.

    A day written more than a year after the last arrival was misread and does not count.
    """
    if received is None:
        return None
    return max(received, issued) if issued is not None and issued - received <= _LONGEST_LEAD else received


def kept_until(piece: date) -> date:
    """Give the last day on which a piece of this day must be kept.

    The file does not say when its years close. The latest close of a year of twelve months that
    holds the day is twelve months less a day later, so no piece is let go too early.
    """
    after = piece.year + 1 + RETENTION_YEARS
    try:
        return piece.replace(year=after) - timedelta(days=1)
    except ValueError:
        return date(after, 2, 28)


def is_limited(*, by_person: int, by_instance: int) -> bool:
    """Tell whether no further address is taken within the hour."""
    return by_person >= ASKS_BY_PERSON or by_instance >= ASKS_BY_INSTANCE


def is_request_limited(*, by_person: int, by_practice: int) -> bool:
    """Tell whether no further request for a file may be written within the day."""
    return by_person >= REQUESTS_BY_PERSON or by_practice >= REQUESTS_BY_PRACTICE


def clean_message(text: str) -> str:
    """Give a message as it is kept: lines and words, without signs that show nothing or turn the text round."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return "".join(sign for sign in lines if sign == "\n" or not category(sign).startswith("C"))


def is_name(typed: str, *, name: str) -> bool:
    """Tell whether somebody typed a file's name: accents, capitals and the form of apostrophes aside."""
    return _plain(typed) == _plain(name)


def _plain(text: str) -> str:
    return " ".join(fold(text).split())
