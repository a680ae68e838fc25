"""What a person types or clicks on the page, made canonical."""

from __future__ import annotations

import pytest

from liasse.core.errors import InvalidError
from liasse.reading.entry import entered_value, entered_vat
from liasse.reading.types import FieldName, VatLine


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        (FieldName.TIP, "2,50 €", "2.50"),
        (FieldName.PERIOD_START, "1er août 2026", "2026-08-01"),
        (FieldName.ISSUE_DATE, "12 AOÛT 2026", "2026-08-12"),
        (FieldName.CURRENCY, "€", "EUR"),
        (FieldName.CURRENCY, "usd", "USD"),
        (FieldName.SUPPLIER_SIRET, "303 265 045 00017", "30326504500017"),
        (FieldName.SUPPLIER_VAT, "FR 40 303.265.045", "FR40303265045"),
        (FieldName.IBAN, "fr76\u202f3000 6000", "FR7630006000"),
        (FieldName.CARD_LAST4, "**** 1234", "1234"),
        (FieldName.PAYMENT_METHOD, "card", "card"),
        (FieldName.SUPPLIER_NAME, "  Moulin \n du  Pré ", "Moulin du Pré"),
        (FieldName.TOTAL_GROSS, " ", None),
    ],
)
def test_a_field_is_kept_in_its_form(name: FieldName, typed: str, kept: str | None) -> None:
    assert entered_value(name, typed) == kept


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        (FieldName.PERIOD_END, "soon"),
        (FieldName.TIP, "much"),
        (FieldName.CARD_LAST4, "12"),
        (FieldName.PAYMENT_METHOD, "barter"),
        (FieldName.CURRENCY, "euros"),
        (FieldName.SUPPLIER_NAME, "x" * 201),
        (FieldName.IBAN, "1" * 201),
    ],
)
def test_what_has_no_such_form_is_refused_with_a_sentence(name: FieldName, typed: str) -> None:
    with pytest.raises(InvalidError) as error:
        entered_value(name, typed)
    assert error.value.fields[name]


def test_rows_left_blank_are_no_rates() -> None:
    rows = [{"rate": "5,5 %", "base": "1 000", "vat": "55,00 €", "category": "S"}, {"rate": " "}]
    assert entered_vat(rows) == [VatLine("5.5", "1000.00", "55.00", "S")]
