import json

import pytest

from liasse.reading.errors import SENTENCES, problem_of_child
from liasse.reading.types import (
    Adjustment,
    AdjustmentKind,
    Field,
    FieldName,
    InvoiceLine,
    Place,
    Problem,
    ProblemCode,
    ReadingResult,
    Source,
    VatLine,
)

FULL = ReadingResult(
    fields={
        FieldName.TOTAL_NET: Field("100.00", Source.XML, 1.0, "BT-109"),
        FieldName.DUE_DATE: Field("2026-02-14", Source.TEXT, 0.8, "BT-9", Place(1, 0.1, 0.2, 0.3, 0.4)),
    },
    vat_breakdown=(VatLine("20", "100.00", "20.00", "S"),),
    lines=(InvoiceLine("1", "Pain", "2", "C62", "50", "20", "100.00"),),
    adjustments=(Adjustment(AdjustmentKind.CHARGE, "5.00", reason="Port", rate="20"),),
    format="pdf+cii",
    profile="urn:factur-x.eu:1p0:minimum",
    type_code="380",
    embedded_name="factur-x.xml",
    problem=Problem(ProblemCode.XML_BAD_VALUE, "BT-2: soon"),
    notes=("hidden_text",),
)


@pytest.mark.parametrize("result", [FULL, ReadingResult()])
def test_a_result_comes_back_whole_from_json(result: ReadingResult) -> None:
    assert ReadingResult.from_json(json.loads(json.dumps(result.to_json()))) == result


def test_a_field_that_was_not_read_has_no_value() -> None:
    assert FULL.value(FieldName.TOTAL_NET) == "100.00"
    assert FULL.value(FieldName.IBAN) is None


def test_every_problem_has_a_sentence_that_says_what_to_do() -> None:
    assert set(SENTENCES) == set(ProblemCode)
    assert all(sentence.endswith(".") and ":" in sentence for sentence in SENTENCES.values())


@pytest.mark.parametrize(
    ("code", "problem"), [("timeout", ProblemCode.TOO_DEMANDING), ("crashed", ProblemCode.CHILD_FAILED)]
)
def test_a_child_without_an_answer_is_a_problem_of_its_document(code: str, problem: ProblemCode) -> None:
    assert problem_of_child(code) == Problem(problem, code)
