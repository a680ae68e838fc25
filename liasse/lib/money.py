"""Amounts: canonical texts, and amounts as people print them."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final

CENT: Final = Decimal("0.01")
# Larger than any invoice; it keeps absurd input from costing time in later arithmetic.
MAX_DIGITS: Final = 18

_PLAIN = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII)
# Every blank that printers use between thousands: plain, no-break, narrow no-break, thin, figure.
BLANKS: Final = " \u00a0\u202f\u2009\u2007\u2005"
_APOSTROPHES: Final = "'\u2019\u02bc"
_MINUS: Final = "-\u2212\u2013\u2010\u2011"
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+", re.ASCII)
_BODY = re.compile(r"[\d.,]*\d[\d.,]*", re.ASCII)
_WHOLE = re.compile(r"\d*|\d{1,3}(?:[.,]\d{3})+", re.ASCII)


def parse_decimal(text: str | None) -> Decimal | None:
    """Return the number of a machine-written decimal ("1810.80"), None for anything else.

    Exponents, thousands separators and commas are refused: XML Schema's decimal has none.
    """
    if text is None:
        return None
    stripped = text.strip()
    if len(stripped) > 2 * MAX_DIGITS or not _PLAIN.fullmatch(stripped):
        return None
    number = Decimal(stripped)
    return number if abs(number) < Decimal(10) ** MAX_DIGITS else None


def canonical_amount(number: Decimal) -> str:
    """Return an amount with two decimals, rounded half up (away from zero), never "-0.00"."""
    rounded = number.quantize(CENT, rounding=ROUND_HALF_UP)
    return f"{abs(rounded) if rounded == 0 else rounded:f}"


def canonical_number(number: Decimal) -> str:
    """Return a rate, quantity or price without trailing zeros: "5.5", "20", "0"."""
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def parse_printed_amount(text: str) -> Decimal | None:
    """Return the number of an amount as printed in any of the usual European or English ways.

    The last of "," and "." with one or two digits behind it is the decimal separator; three
    digits behind a lone separator are thousands. A trailing minus and parentheses are negative.
    Currency signs must have been taken off.
    """
    body, is_negative = _unsigned(text.strip(BLANKS))
    for blank in BLANKS + _APOSTROPHES:
        body = body.replace(blank, "")
    if not body or len(body) > MAX_DIGITS + 6 or not _BODY.fullmatch(body):
        return None
    plain = _without_separators(body)
    if plain is None:
        return None
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return None
    return -number if is_negative else number


def _unsigned(text: str) -> tuple[str, bool]:
    if text.startswith("(") and text.endswith(")"):
        return text[1:-1].strip(BLANKS), True
    if text[:1] and text[0] in _MINUS:
        return text[1:].strip(BLANKS), True
    if text[-1:] and text[-1] in _MINUS:
        return text[:-1].strip(BLANKS), True
    return text.removeprefix("+"), False


def _without_separators(body: str) -> str | None:
    """Return the digits with a decimal point, None where the separators make no number."""
    cut = max(body.rfind(","), body.rfind("."))
    if cut == -1:
        return body
    whole, decimals = body[:cut], body[cut + 1 :]
    if not decimals.isdigit():
        return None
    is_grouping = len(decimals) == 3 and whole.strip("0") != ""  # noqa: PLR2004 - thousands
    if is_grouping:
        return body.replace(",", "").replace(".", "") if _GROUPED.fullmatch(body) else None
    if body[cut] in whole:
        return None
    if not _WHOLE.fullmatch(whole):
        return None
    return f"{whole.replace(',', '').replace('.', '') or '0'}.{decimals}"
