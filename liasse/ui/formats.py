"""Amounts, dates and sizes as a French or an English reader writes them."""

from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_currency, format_decimal
from django.utils import timezone
from django.utils.translation import get_language

_DATE_PATTERNS = {"fr": "dd/MM/yyyy", "en": "d MMM yyyy"}
_TIME_PATTERN = "HH:mm"
_KILO = 1000
_SIZE_UNITS = {"fr": ("o", "ko", "Mo", "Go", "To"), "en": ("B", "kB", "MB", "GB", "TB")}
# Older than this, a date says more than a count of days.
_AGO_LIMIT_SECONDS = 7 * 24 * 3600
_JUST_NOW_SECONDS = 45
_JUST_NOW = {"fr": "à l’instant", "en": "just now"}
_NARROW_SPACE = "\u202f"
_MINUS = "\u2212"


def active_locale() -> Locale:
    """The Babel locale of the active language; English here means British, the day before the month."""
    return Locale("fr", "FR") if _language() == "fr" else Locale("en", "GB")


def _language() -> str:
    return "fr" if (get_language() or "fr").startswith("fr") else "en"


def format_money(amount: Decimal | str | None, *, currency: str | None = None) -> str:
    """`1 234,56 €` or `€1,234.56`; plain decimals without a currency, nothing without an amount.

    What is not a number comes back as it is: a screen shows what was read, right or wrong.
    """
    number = _decimal(amount)
    if number is None:
        return "" if amount is None else str(amount)
    if not currency:
        text = format_decimal(number, format="#,##0.00######", locale=active_locale())
    else:
        text = format_currency(number, currency, locale=active_locale())
    # A hyphen is narrower than the digits and breaks the column; the sign for minus does not.
    return text.replace("-", _MINUS)


def _decimal(amount: Decimal | str | None) -> Decimal | None:
    if amount is None or amount == "":
        return None
    try:
        number = Decimal(amount)
    except (InvalidOperation, TypeError, ValueError):
        return None
    return number if number.is_finite() else None


def format_count(number: int) -> str:
    """A whole number with the thousands separator of the language."""
    return format_decimal(number, locale=active_locale())


def format_day(value: date | datetime | str | None) -> str:
    """`24/11/2026` in French, `24 Nov 2026` in English; ISO text is accepted, other text comes back as it is."""
    if not value:
        return ""
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            return str(value)
    if isinstance(value, datetime):
        value = local(value).date()
    return format_date(value, format=_DATE_PATTERNS[_language()], locale=active_locale())


def format_long_day(value: str) -> str:
    """`3 avril 2026`, `3 April 2026`: an ISO day in which nobody can take the month for the day."""
    return format_date(date.fromisoformat(value), format="d MMMM yyyy", locale=active_locale())


def format_moment(value: datetime | None) -> str:
    """Day and time in the person's time zone (Django's current one): `24/11/2026 09:31`."""
    if value is None:
        return ""
    here = local(value)
    return f"{format_day(here)} {format_datetime(here, format=_TIME_PATTERN, locale=active_locale())}"


def format_ago(value: datetime | None, *, now: datetime | None = None) -> str:
    """`il y a 3 min` within a week, the day afterwards."""
    if value is None:
        return ""
    passed = (now or timezone.now()) - (value if timezone.is_aware(value) else value.replace(tzinfo=UTC))
    seconds = abs(passed.total_seconds())
    if seconds < _JUST_NOW_SECONDS:
        return _JUST_NOW[_language()]
    if seconds > _AGO_LIMIT_SECONDS:
        return format_day(value)
    return format_timedelta(-passed, add_direction=True, format="short", locale=active_locale())


def format_size(size: int | None) -> str:
    """Bytes with decimal units: `1,2 Mo` in French, `1.2 MB` in English."""
    if size is None:
        return ""
    units = _SIZE_UNITS[_language()]
    number, step = Decimal(size), 0
    while number >= _KILO and step < len(units) - 1:
        number, step = number / _KILO, step + 1
    pattern = "0" if step == 0 or number >= 10 else "0.#"  # noqa: PLR2004 — one decimal helps only below ten.
    space = _NARROW_SPACE if _language() == "fr" else " "
    return f"{format_decimal(number, format=pattern, locale=active_locale())}{space}{units[step]}"


def local(value: datetime) -> datetime:
    """The moment in the current time zone; a naive one is UTC, as in the database."""
    aware = value if timezone.is_aware(value) else value.replace(tzinfo=UTC)
    return timezone.localtime(aware)
