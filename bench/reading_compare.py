"""Whether what was read is what is true, as the corpus says that the two are to be compared."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Final

from reading_corpus import Item

from liasse.lib.text import fold, name_key
from liasse.reading.lines import read_file_line
from liasse.reading.types import FieldName, ReadingResult

BREAKDOWN: Final = "vat_breakdown"
AMOUNTS: Final = frozenset({"total_net", "total_vat", "total_gross", "amount_due"})
CODES: Final = frozenset({"supplier_vat", "supplier_siren", "invoice_number"})
ASKED: Final = (
    "doc_type",
    "supplier_name",
    "supplier_vat",
    "supplier_siren",
    "invoice_number",
    "issue_date",
    "due_date",
    "currency",
    "total_net",
    "total_vat",
    "total_gross",
    "amount_due",
    BREAKDOWN,
)
"""What is compared, where the truth says it."""

EXACT: Final = (*ASKED, "customer_name", "lines", "type_code", "format", "profile", "embedded_name", "siren_source")
"""What is asked of an e-invoice: what it says, letter by letter."""

# A shop's sign of fewer letters would be found in many a name.
_LEAST_SIGN: Final = 3
_FOREIGN_FORMS: Final = re.compile(r"sdnbhd|bhd|sdn|bv$|gmbhcokg|gmbh")


class Verdict(StrEnum):
    """How a value stands against the truth."""

    RIGHT = "right"
    WRONG = "wrong"
    EMPTY = "empty"


def verdicts(item: Item, result: ReadingResult) -> dict[str, Verdict]:
    """Judge every field that the truth says."""
    found: dict[str, Verdict] = {}
    for name in ASKED:
        truth = item.truth.get(name)
        if truth is None or (name == BREAKDOWN and not truth):
            continue
        found[name] = _verdict(name, truth, _read(name, result), item=item)
    return found


def exact(item: Item, result: ReadingResult) -> tuple[int, int]:
    """Give how many of the values that the truth of an e-invoice says are read letter by letter, and of how many."""
    line = read_file_line(item.path, run=lambda _path: result.to_json())
    asked = [name for name in EXACT if item.truth.get(name) is not None]
    return sum(item.truth[name] == line[name] for name in asked), len(asked)


def _read(name: str, result: ReadingResult) -> Any:  # noqa: ANN401 - a text, or the rows of a table
    if name == BREAKDOWN:
        return [{"rate": row.rate, "base": row.base, "vat": row.vat} for row in result.vat_breakdown]
    return result.value(FieldName(name))


def _verdict(name: str, truth: Any, read: Any, *, item: Item) -> Verdict:  # noqa: ANN401 - as above
    if read in (None, "", []):
        return Verdict.EMPTY
    is_credit = item.truth.get("doc_type") == "credit_note"
    if name == BREAKDOWN:
        is_right = _same_table(truth, read, is_absolute=is_credit)
    elif name in AMOUNTS:
        is_right = _same_amount(truth, read, is_absolute=is_credit)
    elif name == "supplier_name":
        is_right = same_name(truth, read, is_sign=item.is_receipt)
    else:
        plain: Callable[[str], str] = _code if name in CODES else _text
        is_right = plain(truth) == plain(read)
    return Verdict.RIGHT if is_right else Verdict.WRONG


def same_name(truth: str, read: str, *, is_sign: bool) -> bool:
    """Compare names without case, blanks and legal form; of a receipt the shop's sign may be part of the name."""
    one, other = (_FOREIGN_FORMS.sub("", name_key(name)) or name_key(name) for name in (truth, read))
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    return is_sign and len(short) >= _LEAST_SIGN and short in long


def _same_amount(truth: str, read: str, *, is_absolute: bool) -> bool:
    one, other = _decimal(truth), _decimal(read)
    if one is None or other is None:
        return False
    return abs(one) == abs(other) if is_absolute else one == other


def _same_table(truth: list[dict[str, Any]], read: list[dict[str, Any]], *, is_absolute: bool) -> bool:
    """Compare tables row by row in any order; where the truth leaves a cell out, it is not asked."""
    cells = [key for key in ("rate", "base", "vat") if all(row.get(key) is not None for row in truth)]

    def rows(table: list[dict[str, Any]]) -> Counter[tuple[Decimal | None, ...]]:
        amounts = ([_decimal(row.get(cell)) for cell in cells] for row in table)
        return Counter(tuple(abs(one) if one is not None and is_absolute else one for one in row) for row in amounts)

    return rows(truth) == rows(read)


def _decimal(text: str | None) -> Decimal | None:
    try:
        return None if text is None else Decimal(text)
    except InvalidOperation:
        return None


def _code(text: str) -> str:
    return re.sub(r"[\s.]", "", fold(text))


def _text(text: str) -> str:
    return " ".join(fold(text).split())
