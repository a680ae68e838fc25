"""The bench of reading: compares as the corpus says, keeps halves apart, promises no more than was seen, and runs."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from liasse.reading.types import Field, FieldName, ReadingResult, Source, VatLine
from tests.paper import ubl

pytestmark = pytest.mark.usefixtures("bench")
BENCH = Path(__file__).resolve().parents[3] / "bench"


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCH))


def module(name: str) -> ModuleType:
    return __import__(name)


def item(truth: dict[str, object], name: str = "a.pdf") -> object:
    return module("reading_corpus").Item("pdf-plain", Path(name), truth, group=name)


def read(values: dict[FieldName, str], vat: tuple[VatLine, ...] = (), confidence: float = 0.9) -> ReadingResult:
    fields = {name: Field(value, Source.TEXT, confidence) for name, value in values.items()}
    return ReadingResult(fields=fields, vat_breakdown=vat, format="pdf")


@pytest.mark.parametrize(
    ("truth", "value", "verdict"),
    [
        ({"supplier_name": "L'Atelier & Fils SAS"}, "ATELIER & FILS", "wrong"),
        ({"supplier_name": "L'Atelier & Fils SAS"}, "l’atelier et fils", "wrong"),
        ({"supplier_name": "L'Atelier & Fils SAS"}, "L’ATELIER  & FILS", "right"),
        ({"supplier_name": "ALDI", "doc_type": "receipt"}, "ALDI SÜD", "right"),
        ({"supplier_name": "ALDI", "doc_type": "invoice"}, "ALDI SÜD", "wrong"),
    ],
)
def test_names_are_compared_without_case_blanks_and_legal_form(
    truth: dict[str, object], value: str, verdict: str
) -> None:
    found = module("reading_compare").verdicts(item(truth), read({FieldName.SUPPLIER_NAME: value}))
    assert found["supplier_name"] == verdict


def test_what_the_truth_does_not_say_is_not_asked_and_a_credit_note_has_no_sign() -> None:
    truth: dict[str, object] = {
        "doc_type": "credit_note",
        "total_gross": "12.00",
        "total_net": None,
        "due_date": "2026-01-31",
    }
    found = module("reading_compare").verdicts(item(truth), read({FieldName.TOTAL_GROSS: "-12.00"}))
    assert found == {"doc_type": "empty", "total_gross": "right", "due_date": "empty"}
    plain = truth | {"doc_type": "invoice"}
    assert (
        module("reading_compare").verdicts(item(plain), read({FieldName.TOTAL_GROSS: "-12.00"}))["total_gross"]
        == "wrong"
    )


def test_a_vat_table_is_compared_row_by_row_in_any_order() -> None:
    rows = [{"rate": "20", "base": "10.00", "vat": "2.00"}, {"rate": "5.5", "base": "100", "vat": "5.50"}]
    compare = module("reading_compare")
    both = (VatLine("5.50", "100.00", "5.50"), VatLine("20", "10.00", "2.00"))
    assert compare.verdicts(item({"vat_breakdown": rows}), read({}, both))["vat_breakdown"] == "right"
    assert compare.verdicts(item({"vat_breakdown": rows}), read({}, both[:1]))["vat_breakdown"] == "wrong"


def test_files_of_one_invoice_are_on_one_side_and_both_sides_have_files(tmp_path: Path) -> None:
    for name, kind in (("pdf-plain", "pdf"), ("scan-sim", "jpg")):
        lines = [{"file": f"files/{n}.{kind}", "group": f"g{n}"} for n in range(40)]
        (tmp_path / name).mkdir()
        (tmp_path / name / "truth.jsonl").write_text("\n".join(map(json.dumps, lines)))
    corpus = module("reading_corpus")
    items = corpus.load(tmp_path, names=["pdf-plain", "scan-sim"])
    sides: dict[str, set[str]] = {}
    for one in items:
        sides.setdefault(one.path.stem, set()).add(one.split)
    assert all(len(found) == 1 for found in sides.values())
    assert {one.split for one in items} == {"learning", "judged"}
    alone = corpus.load(tmp_path, names=["scan-sim"])
    assert [one.split for one in alone] == [one.split for one in items if one.set == "scan-sim"]


def test_steps_rise_and_promise_less_than_was_seen() -> None:
    fit = module("reading_fit")

    def row(is_right: object) -> object:
        return fit.Row({}, is_right, 1.0, 1.0, 0, "a.pdf", FieldName.TOTAL_GROSS)

    scored = [(n / 1000, row(n % 10 != 0 or n >= 500)) for n in range(1000)]
    promised = [probability for _, probability in fit._steps(scored)]
    assert promised == sorted(promised)
    assert promised[0] < 0.9
    assert 0.98 < promised[-1] < 1.0


def test_papers_of_one_firm_count_together_no_more_than_a_few() -> None:
    fit, run = module("reading_fit"), module("reading_run").Run
    names = ["Moulin SAS"] * 10 + ["B"]
    truths: list[dict[str, object]] = [{"supplier_name": name, "total_gross": "1.00"} for name in names]
    runs = [run(item(truth, f"{n}.pdf"), read({FieldName.TOTAL_GROSS: "1.00"})) for n, truth in enumerate(truths)]
    rows = list(fit.rows_of(runs))
    assert sum(row.weight for row in rows[:10]) == pytest.approx(4.0)
    assert rows[10].weight == 1.0
    assert len({row.fold for row in rows[:10]}) == 1


def test_a_threshold_is_as_low_as_the_wrong_ones_allow() -> None:
    lowest = module("reading_fit")._lowest
    ranked = [(0.99, False)] * 60 + [(0.98, True)] + [(0.97, False)] * 60 + [(0.96, True)] * 5
    assert lowest(ranked, 0.0) == 0.99
    assert lowest(ranked, 0.01) == 0.97
    assert lowest(ranked, 0.03) == 0.96


def test_a_tiny_folder_is_read_compared_and_told(tmp_path: Path) -> None:
    (tmp_path / "invoice.xml").write_bytes(ubl())
    truth = {"file": "invoice.xml", "invoice_number": "F-2026-001", "total_gross": "1.00", "currency": "EUR"}
    (tmp_path / "truth.jsonl").write_text(json.dumps(truth))
    command = [sys.executable, str(BENCH / "reading.py"), str(tmp_path), "--keep", str(tmp_path / "kept")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    told = [line.split() for line in done.stdout.splitlines()]
    assert ["currency", "1", "/", "0", "/", "0", "100.0%"] in told
    assert ["total_gross", "0", "/", "1", "/", "0", "0.0%"] in told
    assert "holds   XML, seconds p95" in done.stdout or "MISSED  XML, seconds p95" in done.stdout


def test_a_worn_copy_counts_less_where_scores_become_probabilities_and_a_missed_line_little_everywhere() -> None:
    fit, run = module("reading_fit"), module("reading_run").Run
    truth: dict[str, object] = {"supplier_name": "B", "total_gross": "1.00"}
    clean = run(item(truth, "a.jpg"), read({FieldName.TOTAL_GROSS: "1.00"}))
    worn = replace(clean, item=replace(clean.item, set=module("reading_worn").WORN))
    missed = replace(clean, result=read({FieldName.TOTAL_GROSS: "7.00"}))
    one, copy, other = fit.rows_of([clean, worn], blind=[(missed, FieldName.TOTAL_GROSS)])
    assert (one.weight, one.counts) == (1.0, 1.0)
    assert (copy.weight, copy.counts) == (1.0, 0.25)
    assert (other.weight, other.is_right) == (other.counts, False)
    assert other.counts < 0.1
