"""Fits the table of `liasse.reading.calibration` on the learning half: a small model, then steps that promise little.

The model is logistic with a penalty, so that what was seen a few times weighs little. Its scores come from models
that did not see any paper of the same firm (five folds); steps are made of those by merging neighbours until what
they promise rises (isotonic), and each promises the lower end of what its counts allow (Wilson, one in four).
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from reading_compare import Verdict, verdicts
from reading_measure import judge
from reading_run import Run
from reading_worn import WORN

from liasse.lib.text import name_key
from liasse.reading import calibration
from liasse.reading.calibration import features, is_measured
from liasse.reading.types import FieldName

_FOLDS: Final = 5
_PENALTY: Final = 1.0
# What the rules say counts as they say it, unless much speaks against it.
_PRIORS: Final = {"raw": 1.0}
_PENALTIES: Final = {"one": 0.0, "raw": 30.0}
_LEAST_SEEN: Final = 8
_ROUNDS: Final = 400
_MOST_OF_FIRM: Final = 4
# How many documents that need nobody may be wrong, by strictness: half of one and of three in a hundred, since the
# rules were made on the learning half, which flatters them.
_MOST_WRONG: Final = {"normal": 0.005, "fast": 0.015}
# Whatever the folds say, what is said to be less sure than this needs somebody.
_LEAST: Final = {"normal": 0.93, "fast": 0.89}
# A worn copy is of a paper that is counted already, and worse than most.
_WORN_COUNTS: Final = 0.25
# So often, on papers that were never seen, the line that counts is missed: the names wrong on such were 6 to 10 in 100.
_MISSED: Final = 0.08
_LEAST_IN_STEP: Final = 40
# Three times in four the true share is above.
_Z: Final = 0.674


@dataclass(frozen=True, slots=True)
class Row:
    """One value: what the model sees of it, whether it is right, how much it counts, its fold, document and field.

    `counts` is its weight where scores become probabilities.
    """

    features: Mapping[str, float]
    is_right: bool
    weight: float
    counts: float
    fold: int
    document: str
    name: FieldName


def rows_of(runs: Sequence[Run], *, blind: Sequence[tuple[Run, FieldName]] = ()) -> Iterator[Row]:
    """Yield the values that the truth can judge; those of exact data need no model. `blind` are those of
    `reading_blind`.

    The papers of a firm are alike, so that they are in one fold (what is promised is for layouts that were not
    seen), and together count no more than a few.
    """
    printed = [run for run in runs if not run.result.is_structured]
    papers = Counter(_firm(run) for run in printed)
    for run in printed:
        weight = min(1.0, _MOST_OF_FIRM / papers[_firm(run)])
        for name, verdict in verdicts(run.item, run.result).items():
            if name in set(FieldName):
                counts = weight * (_WORN_COUNTS if run.item.set == WORN else 1.0)
                yield from _row(run, FieldName(name), verdict, weight=weight, counts=counts)
    for run, field_name in blind:
        counts = _MISSED * min(1.0, _MOST_OF_FIRM / papers[_firm(run)])
        verdict = verdicts(run.item, run.result)[field_name]
        yield from _row(run, field_name, verdict, weight=counts, counts=counts, document=f"blind {field_name}")


def _row(
    run: Run, name: FieldName, verdict: Verdict, *, weight: float, counts: float, document: str = ""
) -> Iterator[Row]:
    field = run.result.fields.get(name)
    if field is not None and verdict is not Verdict.EMPTY and is_measured(field):
        fold = hashlib.sha256(_firm(run).encode()).digest()[0] % _FOLDS
        seen = dict(features(name, field, run.result))
        yield Row(seen, verdict is Verdict.RIGHT, weight, counts, fold, f"{document}{run.item.path}", name)


def _firm(run: Run) -> str:
    return f"{name_key(run.item.truth.get('supplier_name') or run.item.group)} {run.item.is_receipt}"


def write(runs: Sequence[Run], *, blind: Sequence[tuple[Run, FieldName]] = ()) -> None:
    """Make the shipped table anew from the learning half; what was measured is written once it is."""
    found = json.dumps(fit(runs, blind=blind), indent=1, ensure_ascii=False)
    Path(calibration.__file__).with_name("calibration.json").write_text(found + "\n", encoding="utf-8")
    calibration.shipped.cache_clear()


def write_measured(measured: Mapping[str, Mapping[str, Sequence[int]]]) -> None:
    """Write beside the table what the judged half came to; the practice's settings tell it."""
    path = Path(calibration.__file__).with_name("calibration.json")
    table = json.loads(path.read_text(encoding="utf-8")) | {"measured": measured}
    path.write_text(json.dumps(table, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    calibration.shipped.cache_clear()


def fit(runs: Sequence[Run], *, blind: Sequence[tuple[Run, FieldName]] = ()) -> dict[str, Any]:
    """Return the weights, the steps and the thresholds, as `calibration.json` has them."""
    rows = list(rows_of(runs, blind=blind))
    unseen: list[tuple[float, Row]] = []
    for fold in range(_FOLDS):
        weights = _weights([row for row in rows if row.fold != fold])
        unseen += [(_score(weights, row), row) for row in rows if row.fold == fold]
    unseen.sort(key=lambda pair: pair[0])
    weights = _weights(rows)
    found: dict[str, Any] = {
        "values": len(rows),
        "right": sum(row.is_right for row in rows),
        "weights": {name: round(weight, 3) for name, weight in sorted(weights.items())},
        "steps": _steps(unseen),
        "thresholds": {},
    }
    sure = {(row.document, row.name): score for score, row in unseen}
    found["thresholds"] = _thresholds(runs, sure, calibration.Table.from_json(found))
    return found


def _thresholds(
    runs: Sequence[Run], sure: Mapping[tuple[str, FieldName], float], table: calibration.Table
) -> dict[str, dict[str, float]]:
    """Return the lowest confidence of every field at which so many documents that OCR saw are wrong, worn ones too.

    Confidences are those of models that did not see the firm's papers. There are too few documents to measure fewer
    than one wrong in a hundred: the strictest asks for half the doubt of the one before it.
    """
    judged = []
    for run in runs:
        fields = {
            name: replace(field, confidence=table.probability(sure[str(run.item.path), name]))
            if (str(run.item.path), name) in sure
            else field
            for name, field in calibration.calibrated(run.result, table=table).fields.items()
        }
        judged.append(judge(replace(run, result=replace(run.result, fields=fields))))
    # What is read from text is hardly ever wrong, and would let more pass of what OCR saw.
    seen = [one for one in judged if one.run.is_ocr and one.score]
    ranked = sorted(((one.score, one.is_wrong) for one in seen), reverse=True)
    found = {step: round(max(_lowest(ranked, most), _LEAST[step]), 4) for step, most in _MOST_WRONG.items()}
    careful = round(1 - (1 - found["normal"]) / 2, 4)
    return {step: {"default": least} for step, least in {"careful": careful, **found}.items()}


def _lowest(ranked: Sequence[tuple[float, bool]], most: float) -> float:
    lowest, wrong = 1.0, 0
    for count, (score, is_wrong) in enumerate(ranked, start=1):
        wrong += is_wrong
        if wrong <= most * count:
            lowest = score
    return lowest


def _score(weights: Mapping[str, float], row: Row) -> float:
    return sum(weights.get(name, 0.0) * value for name, value in row.features.items())


def _weights(rows: Sequence[Row]) -> dict[str, float]:
    """Fit by coordinate-wise Newton steps: few features, a few thousand rows, no library."""
    seen = Counter(name for row in rows for name in row.features)
    names = [name for name, count in seen.items() if count >= _LEAST_SEEN]
    having = {name: [(i, row.features[name]) for i, row in enumerate(rows) if name in row.features] for name in names}
    weights = {name: _PRIORS.get(name, 0.0) for name in names}
    scores = [_score(weights, row) for row in rows]
    for _ in range(_ROUNDS):
        largest = 0.0
        for name in names:
            penalty = _PENALTIES.get(name, _PENALTY)
            slope, curve = penalty * (weights[name] - _PRIORS.get(name, 0.0)), penalty + 1e-6
            for i, value in having[name]:
                probability = 1 / (1 + math.exp(-scores[i]))
                slope += (probability - rows[i].is_right) * value * rows[i].weight
                curve += max(probability * (1 - probability), 1e-4) * value * value * rows[i].weight
            step = max(min(-slope / curve, 1.0), -1.0)
            weights[name] += step
            largest = max(largest, abs(step))
            for i, value in having[name]:
                scores[i] += step * value
        if largest < 0.002:
            break
    return weights


def _steps(scored: Sequence[tuple[float, Row]]) -> list[list[float]]:
    """Merge neighbours until what each promises rises; each stands at the middle of its scores."""
    blocks: list[tuple[float, float, float]] = []
    for at in range(0, len(scored), _LEAST_IN_STEP):
        part = scored[at : at + _LEAST_IN_STEP]
        total = sum(row.counts for _, row in part)
        right = sum(row.counts for _, row in part if row.is_right)
        blocks.append((sum(score * row.counts for score, row in part), right, total))
        while len(blocks) > 1 and _lower(*blocks[-2][1:]) >= _lower(*blocks[-1][1:]):
            (scores, right, total), (more, also, rest) = blocks[-2:]
            blocks[-2:] = [(scores + more, right + also, total + rest)]
    return [[round(scores / total, 3), round(_lower(right, total), 4)] for scores, right, total in blocks]


def _lower(right: float, total: float) -> float:
    """Return the lower end of the Wilson interval of a share."""
    share, spread = right / total, _Z * _Z / total
    middle = share + spread / 2
    return (middle - _Z * math.sqrt(share * (1 - share) / total + spread / (4 * total))) / (1 + spread)
