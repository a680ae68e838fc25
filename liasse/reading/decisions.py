"""Pure decisions about a reading: is it sure enough, and what lists show of it."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Final

from liasse.documents.types import DocumentKind, Summary
from liasse.lib.money import parse_decimal
from liasse.reading.types import FieldName, ReadingResult, Source

_CORE: Final = (
    FieldName.DOC_TYPE,
    FieldName.SUPPLIER_NAME,
    FieldName.INVOICE_NUMBER,
    FieldName.ISSUE_DATE,
    FieldName.CURRENCY,
    FieldName.TOTAL_GROSS,
)
_CENT: Final = Decimal("0.01")
_LARGEST: Final = Decimal(10) ** 16


def is_sure_enough(result: ReadingResult) -> bool:
    """Tell whether nobody needs to look: exact data, all core fields there, and the sums right.

    Only structured data is exact (product principle 4). Net + VAT = gross is EN 16931's
    BR-CO-15, to the cent; it is not asked where the document gives no net or no VAT.
    """
    if result.problem is not None or result.notes:
        return False
    fields = [result.fields.get(name) for name in _CORE]
    if any(field is None or not field.value or field.source is not Source.XML for field in fields):
        return False
    return _sums_hold(result)


def _sums_hold(result: ReadingResult) -> bool:
    net, vat, gross = (
        parse_decimal(result.value(name)) for name in (FieldName.TOTAL_NET, FieldName.TOTAL_VAT, FieldName.TOTAL_GROSS)
    )
    if net is None or vat is None or gross is None:
        return True
    return abs(net + vat - gross) <= _CENT


def summary_of(values: dict[FieldName, str]) -> Summary:
    """Give what lists show from the canonical values of a reading's fields."""
    return Summary(
        kind=_kind(values.get(FieldName.DOC_TYPE, "")),
        supplier_name=values.get(FieldName.SUPPLIER_NAME, ""),
        number=values.get(FieldName.INVOICE_NUMBER, ""),
        issue_date=_day(values.get(FieldName.ISSUE_DATE, "")),
        due_date=_day(values.get(FieldName.DUE_DATE, "")),
        currency=values.get(FieldName.CURRENCY, ""),
        total_net=_amount(values.get(FieldName.TOTAL_NET, "")),
        total_vat=_amount(values.get(FieldName.TOTAL_VAT, "")),
        total_gross=_amount(values.get(FieldName.TOTAL_GROSS, "")),
    )


def _kind(text: str) -> DocumentKind | None:
    with suppress(ValueError):
        return DocumentKind(text)
    return None


def _day(text: str) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(text)
    return None


def _amount(text: str) -> Decimal | None:
    """Give an amount to the cent, as lists show it; the exact text stays with the reading."""
    amount = parse_decimal(text)
    if amount is None or not amount.is_finite() or abs(amount) >= _LARGEST:
        return None
    return amount.quantize(_CENT)
