"""The values that a file's settings may have, and what they are called in the language of the moment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from babel import Locale
from babel.dates import get_timezone_location
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from liasse.clients import sentences
from liasse.clients.sectors import SECTORS, sector_label
from liasse.practices.sentences import STRICTNESSES, SWITCHES

CURRENCIES: Final = (
    "EUR", "CHF", "GBP", "USD", "XPF", "CAD", "MAD", "TND", "DZD", "XOF", "XAF", "MGA", "MUR", "AUD", "BGN",
    "BRL", "CNY", "CZK", "DKK", "HKD", "HUF", "ILS", "INR", "JPY", "NOK", "NZD", "PLN", "RON", "SEK", "SGD",
    "TRY", "ZAR",
)  # fmt: skip
COUNTRIES: Final = (
    "FR", "GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "WF", "PF", "NC", "MC", "AD", "AT", "BE", "BG", "CH",
    "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "GB", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT", "LU", "LV",
    "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK", "DZ", "MA", "TN", "SN", "CI", "MG", "MU", "CA", "US",
)  # fmt: skip
TIME_ZONES: Final = (
    "Europe/Paris", "America/Guadeloupe", "America/Martinique", "America/Cayenne", "America/Miquelon",
    "America/St_Barthelemy", "America/Marigot", "Indian/Reunion", "Indian/Mayotte", "Pacific/Noumea",
    "Pacific/Tahiti", "Pacific/Wallis", "Europe/Monaco", "Europe/Brussels", "Europe/Luxembourg", "Europe/Zurich",
    "Europe/London", "Europe/Dublin", "Europe/Lisbon", "Europe/Madrid", "Europe/Rome", "Europe/Berlin",
    "Europe/Amsterdam", "Europe/Vienna", "Europe/Warsaw", "Europe/Athens", "Africa/Casablanca", "Africa/Tunis",
    "Africa/Algiers", "Africa/Dakar", "Africa/Abidjan", "Indian/Antananarivo", "Indian/Mauritius",
    "America/Montreal", "America/New_York",
)  # fmt: skip
LANGUAGES: Final[dict[str, str | Promise]] = {"fr": _("French"), "en": _("English")}

Choices = list[tuple[str, str]]


def choices_of(field: str) -> Choices:
    """Give the values that a field may have, with their names; nothing for a field that is typed."""
    tables: dict[str, Mapping[str, str | Promise]] = {
        "sector": SECTORS,
        "accounting_basis": sentences.BASES,
        "vat_scheme": sentences.VAT_SCHEMES,
        "chart": sentences.CHARTS,
        "paid_status": sentences.PAID_STATUSES,
        "archive_rule": sentences.ARCHIVE_RULES,
        "language": LANGUAGES,
        "strictness": STRICTNESSES,
        "shares_suppliers": SWITCHES,
        "answers_mail": SWITCHES,
    }
    if field in tables:
        return [(value, str(label)) for value, label in tables[field].items()]
    codes = {"currency": CURRENCIES, "country": COUNTRIES, "time_zone": TIME_ZONES}.get(field, ())
    return [(code, label_of(field, code)) for code in codes]


def label_of(field: str, value: str) -> str:
    """Give what a value of a field is called; the value itself where it speaks for itself."""
    if not value:
        return ""
    locale = Locale.parse("fr" if (get_language() or "fr").startswith("fr") else "en")
    if field == "currency":
        return f"{value} – {locale.currencies.get(value, value)}"
    if field == "country":
        return str(locale.territories.get(value, value))
    if field == "time_zone":
        return str(get_timezone_location(value, locale=locale, return_city=True)) if value in TIME_ZONES else value
    if field == "sector":
        return sector_label(value)
    return next((label for known, label in choices_of(field) if known == value), value)
