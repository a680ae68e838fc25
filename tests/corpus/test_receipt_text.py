"""Receipts by their known text: the lines that the authors of SROIE transcribed, each with its box, give the fields.

This measures the rules alone, without OCR; the bench measures both together.
"""

import json
from collections import Counter
from decimal import Decimal
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from liasse.lib.text import name_key
from liasse.reading.exclude import Exclude
from liasse.reading.rules import read_text
from liasse.reading.types import FieldName, Place, Source, Word

pytestmark = [pytest.mark.corpus, pytest.mark.house]

_BOX = 8
_ALIKE = 0.85


def _words(csv: Path) -> tuple[list[Word], float]:
    """Give the words of a receipt: a line's box is shared out among them by their letters."""
    rows = [line.split(",", _BOX) for line in csv.read_text(errors="replace").splitlines()]
    lines = [([int(float(value)) for value in row[:_BOX]], row[_BOX]) for row in rows if len(row) > _BOX]
    wide, high = max(max(box[::2]) for box, _ in lines) * 1.05, max(max(box[1::2]) for box, _ in lines) * 1.03
    found = []
    for box, text in lines:
        left, right, at = min(box[::2]), max(box[::2]), 0
        for part in text.split(" "):
            x0, x1 = (left + (right - left) * place / max(len(text), 1) for place in (at, at + len(part)))
            if part:
                found.append(Word(part, Place(1, x0 / wide, min(box[1::2]) / high, x1 / wide, max(box[1::2]) / high)))
            at += len(part) + 1
    return found, wide / high


def _is_right(field: FieldName, truth: str, value: str | None) -> bool:
    if value is None:
        return False
    if field is FieldName.TOTAL_GROSS:
        return Decimal(truth) == Decimal(value)
    if field is FieldName.ISSUE_DATE:
        return truth == value
    one, other = name_key(truth), name_key(value)
    is_part = one in other or (len(other) > 2 and other in one)
    return is_part or SequenceMatcher(None, one, other, autojunk=False).ratio() >= _ALIKE


def test_receipts_give_shop_day_and_total(corpus: Path) -> None:
    folder = corpus / "receipts-sroie"
    asked, right = Counter[str](), Counter[str]()
    for line in (folder / "truth.jsonl").read_text().splitlines():
        truth = json.loads(line)
        words, shape = _words(folder / "boxes" / f"{Path(truth['file']).stem}.csv")
        result = read_text(words, shapes={1: shape}, exclude=Exclude(), source=Source.OCR)
        for field in (FieldName.SUPPLIER_NAME, FieldName.ISSUE_DATE, FieldName.TOTAL_GROSS):
            if truth[field]:
                asked[field] += 1
                right[field] += _is_right(field, truth[field], result.value(field))
    for name, least in (("supplier_name", 0.92), ("issue_date", 0.97), ("total_gross", 0.96)):
        print(f"receipts-sroie {name:14} {right[name]:3} of {asked[name]:3}")
        assert right[name] / asked[name] >= least
