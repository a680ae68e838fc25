"""Words of suppliers and alarms, as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liasse.suppliers.types import AlarmCode

TITLES: Final[dict[str, Promise]] = {
    AlarmCode.IBAN_CHANGED: gettext_lazy("The account to pay changed"),
    AlarmCode.OTHER_BUYER: gettext_lazy("Another buyer than this client"),
    AlarmCode.BOOKED: gettext_lazy("There already"),
    AlarmCode.WRONG_VAT: gettext_lazy("Wrong VAT number"),
    AlarmCode.WRONG_SIREN: gettext_lazy("Wrong SIREN"),
    AlarmCode.WRONG_SIRET: gettext_lazy("Wrong SIRET"),
    AlarmCode.FUTURE: gettext_lazy("Dated in the future"),
    AlarmCode.OLD: gettext_lazy("Over a year old"),
    AlarmCode.TOTAL: gettext_lazy("Unusual total"),
}
_SENTENCES: Final[dict[str, Promise]] = {
    AlarmCode.IBAN_CHANGED: gettext_lazy("%(supplier)s was paid to %(old)s so far. This document asks for %(new)s."),
    AlarmCode.BOOKED: gettext_lazy("The invoice %(number)s of the same supplier is in this file already."),
    AlarmCode.WRONG_VAT: gettext_lazy("%(number)s is no VAT number: its check digits are wrong."),
    AlarmCode.WRONG_SIREN: gettext_lazy("%(number)s is no SIREN: its check digit is wrong."),
    AlarmCode.WRONG_SIRET: gettext_lazy("%(number)s is no SIRET: its check digits are wrong."),
    AlarmCode.FUTURE: gettext_lazy("The document is dated %(day)s, which is still to come."),
    AlarmCode.OLD: gettext_lazy("The document is dated %(day)s."),
    AlarmCode.TOTAL: gettext_lazy("%(total)s, where %(supplier)s usually asks for about %(usual)s."),
}
ADVICE: Final[dict[str, Promise]] = {
    AlarmCode.IBAN_CHANGED: gettext_lazy(
        "Call the supplier at a number that you know before anything is paid: a changed account is the usual fraud."
    ),
    AlarmCode.OTHER_BUYER: gettext_lazy(
        "Move it to the right file, or say that this is the client under another name."
    ),
    AlarmCode.BOOKED: gettext_lazy("Look at both, and set one aside if it is the same."),
    AlarmCode.WRONG_VAT: gettext_lazy(
        "Compare it with the page and correct it; if it is printed so, ask the supplier: VAT on it may not be deducted."
    ),
    AlarmCode.WRONG_SIREN: gettext_lazy(
        "Compare it with the page and correct it; if it is printed so, ask the supplier."
    ),
    AlarmCode.WRONG_SIRET: gettext_lazy(
        "Compare it with the page and correct it; if it is printed so, ask the supplier."
    ),
    AlarmCode.FUTURE: gettext_lazy("Compare the date with the page, day and month above all."),
    AlarmCode.OLD: gettext_lazy("Compare the date with the page, and look whether the year is still open."),
    AlarmCode.TOTAL: gettext_lazy("Compare the amounts with the page."),
}
FINE: Final[dict[str, Promise]] = {
    AlarmCode.IBAN_CHANGED: gettext_lazy("The new account is right"),
    AlarmCode.OTHER_BUYER: gettext_lazy("This is the client"),
    AlarmCode.BOOKED: gettext_lazy("It is another invoice"),
}
"""What a person says who dismisses an alarm; `fine_of` has the rest."""


def sentence_of(code: str, facts: Mapping[str, str]) -> str:
    """Say what is odd, in the language of this moment; ``facts`` are as they are to be shown."""
    if code == AlarmCode.OTHER_BUYER:
        return _other_buyer(facts)
    return str(_SENTENCES[code]) % facts if code in _SENTENCES else ""


def _other_buyer(facts: Mapping[str, str]) -> str:
    name, siren = facts.get("name", ""), facts.get("siren", "")
    if name and siren:
        return _("The document is made out to %(name)s (SIREN %(siren)s).") % facts
    if siren:
        return _("The document is made out to the SIREN %(siren)s.") % facts
    return _("The document is made out to %(name)s.") % facts


def fine_of(code: str) -> str:
    """Give what a person says who dismisses an alarm."""
    return str(FINE[code]) if code in FINE else _("It is right so")
