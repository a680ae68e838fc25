"""How sure a value really is: from what the rules say of it to a probability, by a table that was measured.

The table (`calibration.json`) is made by `make bench-reading ARGS=--fit` on the learning half of the corpus and ships
with the program; docs/mechanisms/reading.md says how. It has weights (a logistic model of few features), steps (which
probability a score of that model stands for) and thresholds. No Django, no numpy: the sandbox's child imports this.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from liasse.reading.second import OTHERWISE, TWICE, UNSTEADY
from liasse.reading.types import DocType, Field, FieldName, ReadingResult, Source

# What is exact, or was said by a person, needs no table.
_EXACT: Final = frozenset({Source.XML, Source.PERSON})
# What was learned of this supplier's layout brings its own confidence (suppliers).
LEARNED: Final = "learned"
_RAW: Final = "raw:"
_FLOOR, _CEILING = 0.02, 0.98
_AGAINST: Final = frozenset({"rivals", "dim", "pale"})
# What a second look saw (`reading.second`): what it says of a name, it says of a name alone.
_SEEN: Final = frozenset({TWICE, UNSTEADY, OTHERWISE})
# What was given for it, less the change, is the total.
_ROUNDING: Final = "rounding"
_PAID: Final = frozenset({"paid", "given", _ROUNDING})
# What a receipt names its shop and its total by is chosen among many lines without labels.
_CHOSEN: Final = frozenset({FieldName.SUPPLIER_NAME, FieldName.TOTAL_GROSS})
# No other date stands on the paper.
_ONLY: Final = "only"
_UNKNOWN_THRESHOLD: Final = 0.99


@dataclass(frozen=True, slots=True)
class Table:
    """What was measured: weights by feature, and at some scores the probability that they stand for."""

    weights: Mapping[str, float]
    scores: tuple[float, ...]
    probabilities: tuple[float, ...]
    thresholds: Mapping[str, Mapping[str, float]]
    measured: Mapping[str, Mapping[str, tuple[int, int, int]]]
    """By strictness and kind of paper: how many of the judged documents needed nobody, of how many, and how many of
    those were wrong."""

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Table:
        """Return the table that the bench wrote."""
        steps = data["steps"]
        return cls(
            weights=data["weights"],
            scores=tuple(score for score, _ in steps),
            probabilities=tuple(probability for _, probability in steps),
            thresholds=data["thresholds"],
            measured={
                strictness: {kind: (counts[0], counts[1], counts[2]) for kind, counts in kinds.items()}
                for strictness, kinds in data.get("measured", {}).items()
            },
        )

    def probability(self, score: float) -> float:
        """Return the probability that a score stands for: on the line between its neighbours, flat at both ends."""
        at = bisect_right(self.scores, score)
        if at in {0, len(self.scores)}:
            return self.probabilities[min(at, len(self.scores) - 1)]
        (low, high), (least, most) = self.scores[at - 1 : at + 1], self.probabilities[at - 1 : at + 1]
        return least + (most - least) * (score - low) / (high - low)

    def score(self, features: Mapping[str, float]) -> float:
        """Return the sum of the weights of features that are known."""
        return sum(self.weights.get(name, 0.0) * value for name, value in features.items())


@cache
def shipped() -> Table:
    """Return the table that came with the program."""
    return Table.from_json(json.loads(Path(__file__).with_name("calibration.json").read_text(encoding="utf-8")))


def calibrated(result: ReadingResult, *, table: Table | None = None) -> ReadingResult:
    """Return the result with the confidence of each field as a probability; what is one already stays as it is.

    What the rules had said is kept among the evidence ("raw:0.95"). Exact data and what a person or a learned
    layout said keep their confidence.
    """
    known = table or shipped()
    fields = {}
    for name, field in result.fields.items():
        if not is_measured(field) or _raw_of(field) is not None:
            fields[name] = field
            continue
        score = known.score(dict(features(name, field, result)))
        evidence = (*field.evidence, f"{_RAW}{field.confidence:g}")
        fields[name] = replace(field, confidence=round(known.probability(score), 4), evidence=evidence)
    return replace(result, fields=fields)


def uncalibrated(result: ReadingResult) -> ReadingResult:
    """Return the result as the rules gave it, so that another table can be tried on it."""
    fields = {
        name: replace(
            field,
            confidence=raw_confidence(field),
            evidence=tuple(code for code in field.evidence if not code.startswith(_RAW)),
        )
        for name, field in result.fields.items()
    }
    return replace(result, fields=fields)


def is_measured(field: Field) -> bool:
    """Tell whether the table says how sure a field is."""
    return field.source not in _EXACT and LEARNED not in field.evidence


def raw_confidence(field: Field) -> float:
    """Return what the rules said, whether or not the field is calibrated."""
    raw = _raw_of(field)
    return field.confidence if raw is None else raw


def _raw_of(field: Field) -> float | None:
    return next((float(code.removeprefix(_RAW)) for code in field.evidence if code.startswith(_RAW)), None)


def features(name: FieldName, field: Field, result: ReadingResult) -> Iterator[tuple[str, float]]:
    """Yield what the model looks at: the rules' confidence, the source, the field, what speaks against the value, and
    what a second look saw of it.

    What else speaks for it is in the rules' confidence already: more features fit the learning half better, and papers
    that were not seen worse (`bench/reading_fit.py`).
    """
    raw = min(max(raw_confidence(field), _FLOOR), _CEILING)
    yield "one", 1.0
    yield "raw", math.log(raw / (1 - raw))
    if name in _CHOSEN and result.value(FieldName.DOC_TYPE) == DocType.RECEIPT:
        yield f"receipt's {name}", 1.0
        yield f"receipt's {name} raw", math.log(raw / (1 - raw))
        if name is FieldName.TOTAL_GROSS:
            yield from ((code, 1.0) for code in _of_till(field))
    yield f"source {_seen_by(result)}", 1.0
    yield f"field {name}", 1.0
    for code in field.evidence:
        if code in _AGAINST:
            yield f"evidence {code}", 1.0
        elif code == _ONLY and name is FieldName.ISSUE_DATE:
            yield f"{name} {code}", 1.0
        elif code in _SEEN:
            yield f"{FieldName.SUPPLIER_NAME if name is FieldName.SUPPLIER_NAME else 'other'} {code}", 1.0


def _of_till(field: Field) -> Iterator[str]:
    """Yield what tells a till's total from a sum before rounding, or of something else."""
    if _PAID.isdisjoint(field.evidence):
        yield f"receipt's {FieldName.TOTAL_GROSS} unpaid"
    if _ROUNDING in field.evidence:
        yield f"receipt's {FieldName.TOTAL_GROSS} {_ROUNDING}"


def _seen_by(result: ReadingResult) -> str:
    """Return "ocr" where any field was seen by OCR: what was derived from such fields is no surer."""
    return Source.OCR if any(field.source is Source.OCR for field in result.fields.values()) else Source.TEXT


def threshold(name: FieldName, *, strictness: str) -> float:
    """Return how probable a value must be to need nobody, at one of the practice's three strictnesses."""
    known = shipped().thresholds.get(strictness, {})
    return known.get(name, known.get("default", _UNKNOWN_THRESHOLD))
