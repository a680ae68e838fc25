from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liasse.lib.money import canonical_amount, canonical_number, parse_decimal, parse_printed_amount

_AMOUNTS = st.decimals(min_value=-9_999_999, max_value=9_999_999, places=2, allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("printed", "amount"),
    [
        ("1 234,56", "1234.56"),
        ("1\u202f234,56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1'234.56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("12,5", "12.5"),
        ("1.234", "1234"),
        ("0.234", "0.234"),
        ("1.234.567", "1234567"),
        ("120,00-", "-120.00"),
        ("(120.00)", "-120.00"),
        ("\u2212120,00", "-120.00"),
    ],
)
def test_amounts_as_people_print_them(printed: str, amount: str) -> None:
    assert parse_printed_amount(printed) == Decimal(amount)


@pytest.mark.parametrize(
    "text", ["", "-", ",", "12,34,56", "1.2.3", "1.234.56", "12a", "1,23.456,7", "9" * 80, "NaN", "1e5", "١٢"]
)
def test_what_is_no_amount_gives_none(text: str) -> None:
    assert parse_printed_amount(text) is None


@pytest.mark.parametrize("text", [None, "", "NaN", "Infinity", "1e3", "1,5", "0x10", "9" * 80, "--1", "1 000"])
def test_what_is_no_machine_decimal_gives_none(text: str | None) -> None:
    assert parse_decimal(text) is None


@given(_AMOUNTS)
def test_every_amount_survives_french_printing(amount: Decimal) -> None:
    printed = f"{amount:,.2f}".replace(",", "\u202f").replace(".", ",")
    assert parse_printed_amount(printed) == amount


@given(_AMOUNTS)
def test_every_amount_survives_german_and_english_printing(amount: Decimal) -> None:
    english = f"{amount:,.2f}"
    german = english.translate(str.maketrans(",.", ".,"))
    assert parse_printed_amount(english) == parse_printed_amount(german) == amount


@given(st.text(max_size=60))
def test_no_text_raises(text: str) -> None:
    parse_printed_amount(text)
    parse_decimal(text)


@given(_AMOUNTS)
def test_the_canonical_text_reads_back(amount: Decimal) -> None:
    assert parse_decimal(canonical_amount(amount)) == amount


@pytest.mark.parametrize(
    ("number", "text"), [("0.005", "0.01"), ("-0.005", "-0.01"), ("-0.001", "0.00"), ("1E+3", "1000.00"), ("2", "2.00")]
)
def test_amounts_are_rounded_half_away_from_zero(number: str, text: str) -> None:
    assert canonical_amount(Decimal(number)) == text


@pytest.mark.parametrize(
    ("number", "text"), [("20.00", "20"), ("5.50", "5.5"), ("0.00", "0"), ("-0", "0"), ("100", "100")]
)
def test_rates_lose_their_zeros_only(number: str, text: str) -> None:
    assert canonical_number(Decimal(number)) == text
