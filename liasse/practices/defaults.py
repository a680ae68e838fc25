"""The values that a practice's defaults may have, and what is wrong with others."""

from __future__ import annotations

from functools import cache
from typing import Any, Final
from zoneinfo import available_timezones

from babel import Locale
from babel.numbers import get_territory_currencies
from django.conf import settings
from django.utils.translation import gettext as _

from liasse.core.errors import InvalidError
from liasse.lib.people import clean_name
from liasse.practices.sentences import practice_name_sentence
from liasse.practices.types import ArchiveRule, Chart, PaidStatus, Strictness, Switch, VatScheme

DUE_DAYS_LIMIT: Final = 365
FACTOR_DAYS_LIMIT: Final = 90
_NO_COUNTRIES: Final = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}
_WORDS: Final = {
    "vat_scheme": VatScheme,
    "chart": Chart,
    "paid_status": PaidStatus,
    "archive_rule": ArchiveRule,
    "strictness": Strictness,
    "shares_suppliers": Switch,
    "answers_mail": Switch,
}


def clean_default(field: str, value: str) -> Any:  # noqa: ANN401 - a text, or a number of days
    """Give a default in the form that is kept; raise InvalidError with the field's sentence."""
    if field == "name":
        name = clean_name(value)
        if sentence := practice_name_sentence(name):
            raise InvalidError({field: sentence})
        return name
    if field == "due_days":
        return _days(value, field=field, limit=DUE_DAYS_LIMIT)
    if field == "factor_days":
        return _days(value, field=field, limit=FACTOR_DAYS_LIMIT)
    if value not in _known(field):
        raise InvalidError({field: _("Choose a value of the list.")})
    return value


def _days(value: str, *, field: str, limit: int) -> int:
    days = value.strip()
    if not (days.isascii() and days.isdigit() and len(days) <= len(str(limit))) or int(days) > limit:
        raise InvalidError({field: _("Type a number of days from 0 to %(limit)d.") % {"limit": limit}})
    return int(days)


def _known(field: str) -> frozenset[str]:
    if field in _WORDS:
        return frozenset(_WORDS[field])
    if field == "language":
        return frozenset(code for code, _label in settings.LANGUAGES)
    return {"country": _countries, "currency": _currencies, "time_zone": _time_zones}[field]()


@cache
def _countries() -> frozenset[str]:
    codes = map(str, Locale.parse("en").territories)
    return frozenset(code for code in codes if code.isalpha() and len(code) == 2) - _NO_COUNTRIES  # noqa: PLR2004 - ISO 3166-1 alpha-2


@cache
def _currencies() -> frozenset[str]:
    """Give the currencies that are tender somewhere today."""
    return frozenset(currency for country in _countries() for currency in get_territory_currencies(country))


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())
