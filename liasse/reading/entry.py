"""What a person types into a field, made canonical."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Final, Literal

from django.utils.translation import gettext as _

from liasse.core.errors import InvalidError
from liasse.lib.dates import printed_dates
from liasse.lib.identifiers import compact
from liasse.lib.money import canonical_amount, canonical_number, parse_printed_amount
from liasse.lib.text import fold
from liasse.reading.types import DocType, FieldName, PaymentMethod, VatLine

AMOUNTS: Final = frozenset(
    {FieldName.TOTAL_NET, FieldName.TOTAL_VAT, FieldName.TOTAL_GROSS, FieldName.AMOUNT_DUE, FieldName.TIP}
)
"""The fields that hold an amount."""

DATES: Final = frozenset(
    {
        FieldName.ISSUE_DATE,
        FieldName.DUE_DATE,
        FieldName.DELIVERY_DATE,
        FieldName.PERIOD_START,
        FieldName.PERIOD_END,
    }
)
"""The fields that hold a day."""

_NUMBERS: Final = frozenset(
    {
        FieldName.SUPPLIER_VAT,
        FieldName.SUPPLIER_SIREN,
        FieldName.SUPPLIER_SIRET,
        FieldName.CUSTOMER_VAT,
        FieldName.CUSTOMER_SIREN,
        FieldName.IBAN,
    }
)
_KINDS: Final = {FieldName.DOC_TYPE: DocType, FieldName.PAYMENT_METHOD: PaymentMethod}
_SIGNS: Final = {"€": "EUR", "$": "USD", "£": "GBP"}
_LONGEST: Final = 200
_LONGEST_ADDRESS: Final = 500
_MOST_ROWS: Final = 20
_MOST_PERCENT: Final = 100


def entered_value(name: FieldName, text: str) -> str | None:
    """Give the canonical form of what was typed, None when blank; raise InvalidError."""
    typed = " ".join(text.split())
    if not typed:
        return None
    if name in _KINDS and typed not in set(_KINDS[name]):
        raise InvalidError({name: _("Choose one of the kinds in the list.")})
    if form := _FORMS.get(name):
        return form(name, typed)
    longest = _LONGEST_ADDRESS if name in {FieldName.SUPPLIER_ADDRESS, FieldName.CUSTOMER_ADDRESS} else _LONGEST
    if len(typed) > longest:
        raise InvalidError({name: _("At most %(count)d characters.") % {"count": longest}})
    return typed


def entered_vat(rows: Iterable[Mapping[str, str]]) -> list[VatLine]:
    """Give the rows of a VAT table as typed (rate, base, vat), canonical; rows left blank are none.

    Raises InvalidError with a sentence by "<row>-<column>", rows counted from 0.
    """
    entered: list[VatLine] = []
    problems: dict[str, str] = {}
    for number, row in enumerate(rows):
        cells = {column: _cell(column, " ".join(row.get(column, "").split())) for column in ("rate", "base", "vat")}
        if number >= _MOST_ROWS:
            raise InvalidError({f"{number}-rate": _("At most %(count)d rates.") % {"count": _MOST_ROWS}})
        problems |= {f"{number}-{column}": _cell_problem(column) for column, cell in cells.items() if cell is False}
        if any(cells.values()):
            entered.append(
                VatLine(
                    **{column: cell or None for column, cell in cells.items()}, category=row.get("category") or None
                )
            )
    if problems:
        raise InvalidError(problems)
    return entered


def _cell(column: str, typed: str) -> str | Literal[False]:
    """Give a cell in canonical form, blank where nothing was typed, False where it is no number."""
    if not typed:
        return ""
    number = parse_printed_amount(re.sub(r"[€$£%]", "", typed).strip())
    if number is None or (column == "rate" and not 0 <= number <= _MOST_PERCENT):
        return False
    return canonical_number(number) if column == "rate" else canonical_amount(number)


def _cell_problem(column: str) -> str:
    return _("Type a rate, such as 5,5.") if column == "rate" else _("Type an amount, such as 1 234,56.")


def _amount(name: FieldName, typed: str) -> str:
    amount = parse_printed_amount(re.sub(r"[€$£]", "", typed).strip())
    if amount is None:
        raise InvalidError({name: _("Type an amount, such as 1 234,56.")})
    return canonical_amount(amount)


def _day(name: FieldName, typed: str) -> str:
    try:
        return date.fromisoformat(typed).isoformat()
    except ValueError:
        found = next(iter(printed_dates(fold(typed))), None)
    if found is None:
        raise InvalidError({name: _("Type a date, such as 24/11/2026.")})
    return found.day


def _currency(name: FieldName, typed: str) -> str:
    code = _SIGNS.get(typed, typed.upper())
    if not re.fullmatch(r"[A-Z]{3}", code, re.ASCII):
        raise InvalidError({name: _("Type the three letters of a currency, such as EUR.")})
    return code


def _number(name: FieldName, typed: str) -> str:
    """Give an identifier without its blanks; whether its key is right is not asked of somebody who copies it."""
    if len(typed) > _LONGEST:
        raise InvalidError({name: _("At most %(count)d characters.") % {"count": _LONGEST}})
    return compact(typed)


def _card(name: FieldName, typed: str) -> str:
    found = re.search(r"(\d{4})$", typed, re.ASCII)
    if found is None:
        raise InvalidError({name: _("Type the last four digits of the card.")})
    return found[1]


_FORMS: Final[dict[FieldName, Callable[[FieldName, str], str]]] = {
    **dict.fromkeys(AMOUNTS, _amount),
    **dict.fromkeys(DATES, _day),
    **dict.fromkeys(_NUMBERS, _number),
    FieldName.CURRENCY: _currency,
    FieldName.CARD_LAST4: _card,
}
