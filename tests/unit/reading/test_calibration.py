"""How sure a value is: a probability by the measured table, once and for good."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from liasse.practices.types import Strictness
from liasse.reading import calibration
from liasse.reading.calibration import Table, calibrated, raw_confidence, uncalibrated
from liasse.reading.types import Field, FieldName, ReadingResult, Source

TABLE = Table.from_json(
    {
        "weights": {"raw": 1.0, "source ocr": -2.0, "evidence dim": -2.0},
        "steps": [[-2.0, 0.5], [0.0, 0.8], [2.0, 0.99]],
        "thresholds": {},
    }
)
GROSS = FieldName.TOTAL_GROSS


def one(confidence: float, *, source: Source = Source.TEXT, evidence: tuple[str, ...] = ()) -> Field:
    result = ReadingResult(fields={GROSS: Field("1.00", source, confidence, evidence=evidence)})
    return calibrated(result, table=TABLE).fields[GROSS]


def test_what_the_rules_said_becomes_a_probability_and_is_kept_beside_it() -> None:
    field = one(0.95)
    assert field.confidence == 0.99
    assert raw_confidence(field) == 0.95
    assert one(0.5).confidence == 0.8
    assert one(0.05).confidence == 0.5
    assert 0.8 < one(0.7).confidence < 0.99


def test_the_source_and_what_speaks_against_a_value_count() -> None:
    assert one(0.95, source=Source.OCR).confidence < 0.99
    assert one(0.95, evidence=("dim",)).confidence < 0.99
    assert one(0.95, evidence=("label", "sums")).confidence == 0.99


def test_doing_it_twice_changes_nothing() -> None:
    once = calibrated(ReadingResult(fields={GROSS: Field("1.00", Source.TEXT, 0.7)}), table=TABLE)
    assert calibrated(once, table=TABLE) == once


def test_what_was_doubted_after_it_was_calibrated_stays_doubted() -> None:
    once = calibrated(ReadingResult(fields={GROSS: Field("1.00", Source.TEXT, 0.95)}), table=TABLE)
    doubted = replace(once, fields={GROSS: replace(once.fields[GROSS], confidence=0.4)})
    assert calibrated(doubted, table=TABLE) == doubted


def test_what_the_rules_gave_comes_back() -> None:
    given = ReadingResult(fields={GROSS: Field("1.00", Source.TEXT, 0.95, evidence=("label",))})
    assert uncalibrated(calibrated(given, table=TABLE)) == given


def test_what_is_exact_or_a_persons_or_learned_keeps_its_confidence() -> None:
    assert one(1.0, source=Source.XML) == Field("1.00", Source.XML, 1.0)
    assert one(1.0, source=Source.PERSON).confidence == 1.0
    assert one(0.97, evidence=("learned",)).confidence == 0.97


def test_a_value_derived_from_what_ocr_saw_is_no_surer_than_that() -> None:
    fields = {GROSS: Field("1.00", Source.RULE, 0.95), FieldName.TOTAL_NET: Field("1.00", Source.OCR, 0.95)}
    assert calibrated(ReadingResult(fields=fields), table=TABLE).fields[GROSS].confidence < 0.99


def test_the_shipped_table_rises_and_knows_the_three_strictnesses() -> None:
    shipped = calibration.shipped()
    assert list(shipped.scores) == sorted(shipped.scores)
    assert list(shipped.probabilities) == sorted(shipped.probabilities)
    assert all(0 < probability < 1 for probability in shipped.probabilities)
    assert set(shipped.thresholds) == set(Strictness)


def test_an_unknown_field_of_a_table_asks_for_ninety_nine_in_a_hundred() -> None:
    assert calibration.threshold(FieldName.TIP, strictness="unheard-of") == 0.99


def test_the_table_lies_beside_the_module_so_that_the_sandbox_may_read_it() -> None:
    path = Path(calibration.__file__).with_name("calibration.json")
    assert replace(Table.from_json(json.loads(path.read_text())), measured={}).weights


def _receipt(name: FieldName, *evidence: str, kind: str = "receipt") -> float:
    fields = {
        FieldName.DOC_TYPE: Field(kind, Source.RULE, 0.9, evidence=("till",)),
        name: Field("1.00", Source.OCR, 0.9, evidence=evidence),
    }
    return calibrated(ReadingResult(fields=fields)).fields[name].confidence


def test_a_shop_s_name_that_a_second_look_read_otherwise_needs_somebody() -> None:
    shop = FieldName.SUPPLIER_NAME
    assert _receipt(shop, "top", "seen_twice") > _receipt(shop, "top", "seen_otherwise") + 0.1
    assert _receipt(shop, "top", "seen_otherwise") < shipped_threshold(shop)


def test_a_till_s_total_that_was_given_is_surer_than_one_that_is_only_called_so() -> None:
    assert _receipt(GROSS, "label", "paid") > _receipt(GROSS, "label")
    assert _receipt(GROSS, "label", "paid", kind="invoice") == _receipt(GROSS, "label", kind="invoice")


def shipped_threshold(name: FieldName) -> float:
    return calibration.threshold(name, strictness=Strictness.FAST)
