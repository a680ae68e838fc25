"""Every e-invoice of the corpus against its truth; docs/einvoice-differences.md explains what differs."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from liasse.config.readers import READING_ADAPTERS
from liasse.reading.engine import read_in_child
from liasse.reading.lines import read_file_line

pytestmark = [pytest.mark.corpus, pytest.mark.house]

FIELDS = [
    "doc_type",
    "supplier_name",
    "supplier_vat",
    "supplier_siren",
    "customer_name",
    "invoice_number",
    "issue_date",
    "due_date",
    "currency",
    "total_net",
    "total_vat",
    "total_gross",
    "amount_due",
    "vat_breakdown",
    "lines",
    "type_code",
    "format",
    "profile",
    "embedded_name",
    "siren_source",
]
DIFFERENCES = Path(__file__).resolve().parents[2] / "docs" / "einvoice-differences.md"

Pair = tuple[Path, dict[str, Any], dict[str, Any]]


def _line(path: Path) -> dict[str, Any]:
    return read_file_line(path, run=lambda file: read_in_child(file, file.parent, adapters=READING_ADAPTERS))


@pytest.fixture(scope="module")
def pairs(corpus: Path) -> list[Pair]:
    return list(_pairs(corpus))


def _pairs(corpus: Path) -> Iterator[Pair]:
    for truths in sorted(corpus.glob("einvoice-*/truth.jsonl")):
        for text in truths.read_text().splitlines():
            truth = json.loads(text)
            path = truths.parent / truth["file"]
            yield path, truth, _line(path)


def _differing(pairs: list[Pair]) -> Iterator[tuple[Path, str, Any, Any]]:
    for path, truth, line in pairs:
        if truth.get("error"):
            continue
        for field in FIELDS:
            if truth.get(field) != line[field]:
                yield path, field, truth.get(field), line[field]


def test_every_file_gets_a_line_and_every_valid_one_is_read(pairs: list[Pair]) -> None:
    valid = [(path, line) for path, truth, line in pairs if truth["expect"] == "valid"]
    print(f"{len(pairs)} files, {len(valid)} of them valid")
    assert len(pairs) >= 400
    assert len(valid) >= 170
    assert [path.name for path, line in valid if "error" in line or not line["invoice_number"]] == []


def test_what_no_parser_can_read_is_refused_with_a_sentence(pairs: list[Pair]) -> None:
    refused = [line for _, truth, line in pairs if truth.get("error")]
    assert len(refused) >= 4
    assert all(line["error"] for line in refused)


def test_of_what_the_truth_says_all_but_one_in_two_hundred_is_equal(pairs: list[Pair]) -> None:
    said = sum(truth.get(field) is not None for _, truth, _ in pairs for field in FIELDS if not truth.get("error"))
    wrong = Counter(field for _, field, truth, _ in _differing(pairs) if truth is not None)
    print(f"{said} values said by the truth, {wrong.total()} read otherwise: {dict(wrong)}")
    assert said > 6000
    assert wrong.total() <= said * 0.005


def test_valid_ones_are_read_as_their_truth_says(pairs: list[Pair]) -> None:
    valid = [pair for pair in pairs if pair[1]["expect"] == "valid"]
    said = sum(truth.get(field) is not None for _, truth, _ in valid for field in FIELDS)
    wrong = [(path.name, field) for path, field, truth, _ in _differing(valid) if truth is not None]
    print(f"{len(valid)} valid ones, {said} values said by the truth, {len(wrong)} read otherwise: {wrong}")
    assert len(wrong) <= said * 0.001


def test_every_difference_is_explained(pairs: list[Pair]) -> None:
    explained = DIFFERENCES.read_text()
    differing = list(_differing(pairs))
    print(f"{len(differing)} differences, {sum(truth is None for *_, truth, _ in differing)} where the truth is silent")
    assert {path.name for path, *_ in differing if path.name not in explained} == set()


def test_fragments_of_rule_tests_crash_nothing(corpus: Path) -> None:
    files = sorted((corpus / "einvoice-en16931-unit" / "files").iterdir())
    lines = [_line(path) for path in files]
    print(f"{len(lines)} fragments, {sum('error' in line for line in lines)} refused")
    assert len(lines) >= 160
