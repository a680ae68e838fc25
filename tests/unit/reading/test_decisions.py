"""Whether a document needs nobody: by how sure its fields are, what it is, and what speaks against it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from liasse.practices.types import Strictness
from liasse.reading import calibration
from liasse.reading.calibration import threshold
from liasse.reading.decisions import Reason, ReasonCode, as_known, decide, is_doubtful
from liasse.reading.types import Field, FieldName, Finding, Problem, ProblemCode, ReadingResult, Severity, Source

STEPS = {"careful": {"default": 0.99}, "normal": {"default": 0.97}, "fast": {"default": 0.9, "due_date": 0.95}}
VALUES = {
    FieldName.DOC_TYPE: "invoice",
    FieldName.SUPPLIER_NAME: "Moulin",
    FieldName.INVOICE_NUMBER: "F-1",
    FieldName.ISSUE_DATE: "2026-11-24",
    FieldName.CURRENCY: "EUR",
    FieldName.TOTAL_NET: "100.00",
    FieldName.TOTAL_VAT: "20.00",
    FieldName.TOTAL_GROSS: "120.00",
}


@pytest.fixture(autouse=True)
def steps(monkeypatch: pytest.MonkeyPatch) -> None:
    table = replace(calibration.shipped(), thresholds=STEPS)
    monkeypatch.setattr(calibration, "shipped", lambda: table)


def reading(
    values: dict[FieldName, str | None] | None = None,
    *,
    confidence: float = 1.0,
    source: Source = Source.TEXT,
    **further: object,
) -> ReadingResult:
    told = VALUES | (values or {})
    fields = {name: Field(value, source, confidence) for name, value in told.items() if value is not None}
    return replace(ReadingResult(fields=fields, format="pdf"), **further)  # type: ignore[arg-type]


def codes(result: ReadingResult, strictness: Strictness = Strictness.NORMAL) -> list[str]:
    return [reason.key for reason in decide(result, strictness).reasons]


def test_a_document_read_from_its_text_needs_nobody_when_every_field_is_sure() -> None:
    assert decide(reading()).is_ready


def test_one_field_below_its_threshold_is_the_reason() -> None:
    least = threshold(FieldName.ISSUE_DATE, strictness=Strictness.NORMAL)
    result = reading()
    unsure = Field("2026-11-24", Source.OCR, least - 0.001)
    result = replace(result, fields={**result.fields, FieldName.ISSUE_DATE: unsure})
    assert codes(result) == ["doubt-issue_date"]
    assert is_doubtful(FieldName.ISSUE_DATE, unsure, strictness=Strictness.NORMAL)
    assert not is_doubtful(FieldName.ISSUE_DATE, replace(unsure, confidence=least), strictness=Strictness.NORMAL)


def test_several_doubts_are_one_reason_that_names_them() -> None:
    reasons = decide(reading(confidence=0.1)).reasons
    assert [reason.code for reason in reasons] == [ReasonCode.DOUBT]
    assert set(reasons[0].fields) == set(VALUES)
    assert reasons[0].key == "doubt"


@pytest.mark.parametrize("name", [name for name in VALUES if name not in {FieldName.TOTAL_NET, FieldName.TOTAL_VAT}])
def test_a_core_field_that_is_missing_keeps_an_invoice_waiting(name: FieldName) -> None:
    assert codes(reading({name: None})) == ["missing"]


def test_a_receipt_needs_no_number_and_what_is_read_as_one_is_not_asked() -> None:
    kind: dict[FieldName, str | None] = {FieldName.DOC_TYPE: "receipt", FieldName.INVOICE_NUMBER: None}
    assert decide(reading(kind)).is_ready
    assert FieldName.INVOICE_NUMBER not in decide(reading({FieldName.DOC_TYPE: "receipt"})).asked


def test_a_supplier_is_known_by_its_number_unless_the_name_is_hardly_one() -> None:
    result = reading()
    fields = result.fields | {FieldName.SUPPLIER_VAT: Field("FR11999999998", Source.TEXT, 0.98)}
    named = {sure: fields | {FieldName.SUPPLIER_NAME: Field("Moulin", Source.TEXT, sure)} for sure in (0.8, 0.5)}
    assert decide(replace(result, fields=named[0.8])).is_ready
    assert codes(replace(result, fields=named[0.5])) == ["doubt-supplier_name"]


def test_what_was_read_of_the_due_date_must_be_sure_too() -> None:
    result = reading()
    due = Field("2026-12-24", Source.TEXT, 0.5)
    assert codes(replace(result, fields={**result.fields, FieldName.DUE_DATE: due})) == ["doubt-due_date"]


def test_sums_that_differ_by_more_than_a_cent_keep_it_waiting() -> None:
    assert codes(reading({FieldName.TOTAL_GROSS: "120.02"})) == ["sums_differ"]
    assert decide(reading({FieldName.TOTAL_GROSS: "120.01"})).is_ready
    assert decide(reading({FieldName.TOTAL_NET: None})).is_ready


@pytest.mark.parametrize("kind", ["quote", "statement", "delivery_note", "other"])
def test_what_is_not_booked_is_looked_at(kind: str) -> None:
    assert codes(reading({FieldName.DOC_TYPE: kind})) == ["other_kind"]


def test_a_date_that_can_be_read_two_ways_is_asked_however_sure() -> None:
    result = reading()
    day = Field("2026-04-03", Source.TEXT, 1.0, evidence=("ambiguous",))
    assert codes(replace(result, fields={**result.fields, FieldName.ISSUE_DATE: day})) == ["ambiguous-issue_date"]


def test_problems_and_notes_are_reasons_and_a_scanners_text_is_none() -> None:
    assert codes(reading(problem=Problem(ProblemCode.XML_BAD_VALUE))) == ["xml_bad_value"]
    assert codes(reading(notes=("hidden_text",))) == ["hidden_text"]
    assert decide(reading(notes=("text_of_scan", "ocr", "sideways"))).is_ready
    assert codes(reading(notes=("ocr", "several_papers"))) == ["several_papers"]


def test_a_broken_rule_of_the_standard_is_a_reason_and_a_warning_is_none() -> None:
    assert codes(reading(findings=(Finding("BR-CO-15", Severity.FATAL),))) == ["rules_broken"]
    assert codes(reading(findings=(Finding("PAGE-BT-112", Severity.FATAL),))) == ["page_differs"]
    assert codes(reading(findings=(Finding("BR-DE-15", Severity.FATAL),))) == []
    assert decide(reading(findings=(Finding("BR-DE-21", Severity.WARNING),))).is_ready


def test_what_lacks_in_an_e_invoice_is_told_as_such() -> None:
    assert codes(reading({FieldName.SUPPLIER_NAME: None}, source=Source.XML, format="cii")) == ["incomplete"]


def test_the_stricter_the_practice_the_more_is_asked_of_every_field() -> None:
    careful, normal, fast = (
        {name: threshold(name, strictness=step) for name in VALUES} for step in (Strictness.CAREFUL, "normal", "fast")
    )
    assert all(careful[name] > normal[name] > fast[name] for name in VALUES)
    assert threshold(FieldName.DUE_DATE, strictness="fast") == 0.95
    between = (normal[FieldName.TOTAL_GROSS] + fast[FieldName.TOTAL_GROSS]) / 2
    assert decide(reading(confidence=between), Strictness.FAST).is_ready
    assert not decide(reading(confidence=between), Strictness.NORMAL).is_ready


def test_a_reason_comes_back_from_what_is_kept_of_it() -> None:
    reason = Reason(ReasonCode.DOUBT, (FieldName.ISSUE_DATE, FieldName.CURRENCY))
    assert Reason.from_json(reason.to_json()) == reason


def test_cash_may_be_rounded_by_five_cents_where_the_paper_proves_it() -> None:
    read = reading({FieldName.TOTAL_GROSS: "120.03"})
    assert codes(read) == ["sums_differ"]
    for gross, expected in (("120.03", []), ("120.07", ["sums_differ"])):
        paid = Field(gross, Source.OCR, 1.0, evidence=("label", "paid", "rounded"))
        assert codes(replace(read, fields={**read.fields, FieldName.TOTAL_GROSS: paid})) == expected


@pytest.mark.parametrize(("vat", "expected"), [(0.99, []), (0.5, ["doubt"])])
def test_a_net_amount_that_vat_leaves_is_as_sure_as_the_vat(vat: float, expected: list[str]) -> None:
    fields = reading().fields
    net = replace(fields[FieldName.TOTAL_NET], confidence=0.4, evidence=("derived",), source=Source.RULE)
    told = replace(fields[FieldName.TOTAL_VAT], confidence=vat)
    assert codes(reading()) == []
    read = replace(reading(), fields={**fields, FieldName.TOTAL_NET: net, FieldName.TOTAL_VAT: told})
    assert codes(read) == expected


@pytest.mark.parametrize(
    ("evidence", "number", "ready_at"),
    [
        ((), None, {"fast"}),
        (("learned", "known"), None, {"careful", "normal", "fast"}),
        ((), "FR40303265045", {"careful", "normal", "fast"}),
    ],
)
def test_a_supplier_that_ocr_alone_names_is_looked_at_once(
    evidence: tuple[str, ...], number: str | None, ready_at: set[str]
) -> None:
    result = reading({FieldName.SUPPLIER_VAT: number}, source=Source.OCR)
    name = Field("Moulin", Source.OCR, 1.0, evidence=evidence)
    result = replace(result, fields={**result.fields, FieldName.SUPPLIER_NAME: name})
    assert {strictness.value for strictness in Strictness if decide(result, strictness).is_ready} == ready_at


def test_the_floors_that_were_measured_ask_normal_for_more_than_a_name_and_fast_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.undo()
    fields = {FieldName.SUPPLIER_NAME: Field("Moulin", Source.OCR, 1.0)}
    alone = as_known(FieldName.SUPPLIER_NAME, fields)
    doubtful = {one.value for one in Strictness if is_doubtful(FieldName.SUPPLIER_NAME, alone, strictness=one)}
    assert doubtful == {"careful", "normal"}
