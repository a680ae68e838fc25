"""Receipts as one file's stream: a person puts right what needs a look, and the shop's name is known from then on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from reading_measure import Judged, judge
from reading_run import Run

from liasse.reading.calibration import calibrated
from liasse.reading.types import FieldName, ReadingResult, Source
from liasse.suppliers.alike import with_known_name

_NUMBERS = (FieldName.SUPPLIER_VAT, FieldName.SUPPLIER_SIREN)


def stream(runs: Sequence[Run], *, known: set[str]) -> list[Judged]:
    """Judge runs one after the other as one file's; `known` holds the names of its shops, and gets those seen."""
    return list(_judged(runs, known))


def _judged(runs: Sequence[Run], known: set[str]) -> Iterator[Judged]:
    for run in runs:
        one = judge(replace(run, result=_named(calibrated(run.result), known)))
        right = run.item.truth.get("supplier_name")
        if right and not one.decision.is_ready:
            known.add(right)
        yield one


def _named(result: ReadingResult, known: set[str]) -> ReadingResult:
    """Return the result as `suppliers.naming` gives it in a file that knows these names."""
    name = result.fields.get(FieldName.SUPPLIER_NAME)
    has_number = any(result.value(number) for number in _NUMBERS)
    if name is None or name.source is not Source.OCR or has_number:
        return result
    return with_known_name(result, sorted(known))
