from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone, translation

from liasse.ui import formats

NOW = datetime(2026, 11, 24, 8, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "amount", "currency", "text"),
    [
        ("fr", Decimal("1234.56"), "EUR", "1\u202f234,56\u00a0€"),
        ("en", Decimal("1234.56"), "EUR", "€1,234.56"),
        ("fr", "-86.2", "EUR", "−86,20\u00a0€"),
        ("fr", "1234567.8", "", "1\u202f234\u202f567,80"),
        ("fr", "0.125", None, "0,125"),
        ("fr", None, "EUR", ""),
        ("fr", "", "EUR", ""),
        ("fr", "douze", "EUR", "douze"),
        ("fr", "NaN", "EUR", "NaN"),
        ("en", "1000", "JPY", "JP¥1,000"),
    ],
)
def test_money_is_written_as_its_reader_writes_it(
    language: str, amount: Decimal | str | None, currency: str | None, text: str
) -> None:
    with translation.override(language):
        assert formats.format_money(amount, currency=currency) == text


@pytest.mark.parametrize(
    ("language", "value", "text"),
    [
        ("fr", date(2026, 11, 24), "24/11/2026"),
        ("en", date(2026, 11, 24), "24 Nov 2026"),
        ("fr", "2026-11-24", "24/11/2026"),
        ("fr", "bientôt", "bientôt"),
        ("fr", None, ""),
    ],
)
def test_day(language: str, value: date | str | None, text: str) -> None:
    with translation.override(language):
        assert formats.format_day(value) == text


def test_a_moment_is_told_in_the_persons_time_zone() -> None:
    with translation.override("fr"), timezone.override("Europe/Paris"):
        assert formats.format_moment(NOW) == "24/11/2026 09:31"
        assert formats.format_day(datetime(2026, 11, 24, 23, 30, tzinfo=UTC)) == "25/11/2026"


@pytest.mark.parametrize(
    ("passed", "text"),
    [
        (timedelta(seconds=5), "à l’instant"),
        (timedelta(minutes=3), "il y a 3 min"),
        (timedelta(days=2), "il y a 2 j"),
        (timedelta(days=9), "15/11/2026"),
    ],
)
def test_ago(passed: timedelta, text: str) -> None:
    with translation.override("fr"):
        assert formats.format_ago(NOW - passed, now=NOW).replace("\u00a0", " ") == text


@pytest.mark.parametrize(
    ("language", "size", "text"),
    [("fr", 999, "999\u202fo"), ("fr", 1234567, "1,2\u202fMo"), ("en", 40_000_000, "40 MB"), ("en", None, "")],
)
def test_size(language: str, size: int | None, text: str) -> None:
    with translation.override(language):
        assert formats.format_size(size) == text
