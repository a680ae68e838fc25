"""The fields of PDFs with text: rates by field over the sets pdf-plain and invoices-vendor."""

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from liasse.config.readers import READING_ADAPTERS
from liasse.lib.identifiers import compact
from liasse.lib.text import name_key
from liasse.reading.engine import read_in_child

pytestmark = [pytest.mark.corpus, pytest.mark.house]

FIELDS = [
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
]


def _same(field: str, truth: str, value: str | None) -> bool:
    if value is None:
        return False
    if field == "supplier_name":
        one, other = name_key(truth), name_key(value)
        return one in other or (len(other) > 3 and other in one)
    if field in {"total_net", "total_vat", "total_gross", "amount_due"}:
        return abs(Decimal(truth)) == abs(Decimal(value))
    return compact(truth) == compact(value)


def _measured(folder: Path) -> tuple[Counter[str], Counter[str], list[tuple[float, bool]]]:
    asked, right, judged = Counter[str](), Counter[str](), list[tuple[float, bool]]()
    for text in (folder / "truth.jsonl").read_text().splitlines():
        truth = json.loads(text)
        if not truth["file"].endswith(".pdf"):
            continue
        answer = read_in_child(folder / truth["file"], folder, adapters=READING_ADAPTERS)
        if "no_text" in answer["notes"]:
            continue
        for field in FIELDS:
            read: dict[str, Any] = answer["fields"].get(field) or {}
            if truth.get(field) is None:
                continue
            is_right = _same(field, truth[field], read.get("value"))
            asked[field] += 1
            right[field] += is_right
            if read:
                judged.append((read["confidence"], is_right))
    return asked, right, judged


@pytest.mark.parametrize(("name", "least"), [("pdf-plain", 0.98), ("invoices-vendor", 0.95)])
def test_plain_labels_give_the_fields(corpus: Path, name: str, least: float) -> None:
    asked, right, judged = _measured(corpus / name)
    for field in FIELDS:
        print(f"{name:16} {field:16} {right[field]:3} of {asked[field]:3}")
    assert right.total() / asked.total() >= least
    sure = [is_right for confidence, is_right in judged if confidence >= 0.9]
    print(f"{name}: of {len(sure)} values with confidence 0.9 and more {sum(sure)} are right")
    assert sum(sure) / len(sure) >= 0.98
