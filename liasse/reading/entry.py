"""What a person types into a field, made canonical."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from liasse.core.errors import InvalidError
from liasse.lib.dates import printed_dates
from liasse.lib.money import canonical_amount, parse_printed_amount
from liasse.reading.types import DocType, FieldName

_AMOUNTS: Final = frozenset({FieldName.TOTAL_NET, FieldName.TOTAL_VAT, FieldName.TOTAL_GROSS, FieldName.AMOUNT_DUE})
_DATES: Final = frozenset({FieldName.ISSUE_DATE, FieldName.DUE_DATE, FieldName.DELIVERY_DATE})
_LONGEST: Final = 200


def entered_value(name: FieldName, text: str) -> str | None:
    """Give the canonical form of what was typed, None when blank; raise InvalidError."""
    typed = " ".join(text.split())
    if not typed:
        return None
    if name in _AMOUNTS:
        return _amount(name, typed)
    if name in _DATES:
        return _day(name, typed)
    if name is FieldName.CURRENCY:
        return _currency(name, typed)
    if name is FieldName.DOC_TYPE and typed not in set(DocType):
        raise InvalidError({name: _("Choose one of the kinds in the list.")})
    if len(typed) > _LONGEST:
        raise InvalidError({name: _("At most 200 characters.")})
    return typed


def _amount(name: FieldName, typed: str) -> str:
    amount = parse_printed_amount(re.sub(r"[€$£]", "", typed).strip())
    if amount is None:
        raise InvalidError({name: _("Type an amount, such as 1 234,56.")})
    return canonical_amount(amount)


def _day(name: FieldName, typed: str) -> str:
    try:
        return date.fromisoformat(typed).isoformat()
    except ValueError:
        found = next(iter(printed_dates(typed.casefold())), None)
    if found is None:
        raise InvalidError({name: _("Type a date, such as 24/11/2026.")})
    return found.day


def _currency(name: FieldName, typed: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{3}", typed):
        raise InvalidError({name: _("Type the three letters of a currency, such as EUR.")})
    return typed.upper()
