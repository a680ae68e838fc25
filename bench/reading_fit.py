"""Fits the table of `liasse.reading.calibration` on the learning half: a small model, then steps that promise little.

The model is logistic with a penalty, so that what was seen a few times weighs little. Its scores come from models
that did not see the document (five folds); steps are made of those by merging neighbours until probabilities rise
(isotonic), and each step promises the lower end of what its counts allow (Wilson, one in six).
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from reading_compare import Verdict, verdicts
from reading_run import Run

from liasse.reading import calibration
from liasse.reading.calibration import features, is_measured
from liasse.reading.types import FieldName

_FOLDS: Final = 5
_PENALTY: Final = 1.0
_LEAST_SEEN: Final = 8
_ROUNDS: Final = 400
_LEAST_IN_STEP: Final = 40
# One standard deviation: five times in six the true share is above.
_Z: Final = 1.0


@dataclass(frozen=True, slots=True)
class Row:
    """One value: what the model sees of it, whether it is right, and of which document it is."""

    features: Mapping[str, float]
    is_right: bool
    fold: int


def rows_of(runs: Sequence[Run]) -> Iterator[Row]:
    """Yield the values that the truth can judge; those of exact data need no model."""
    for run in runs:
        fold = hashlib.sha256(run.item.group.encode()).digest()[1] % _FOLDS
        for name, verdict in verdicts(run.item, run.result).items():
            field = run.result.fields.get(FieldName(name)) if name in set(FieldName) else None
            if field is not None and verdict is not Verdict.EMPTY and is_measured(field):
                seen = dict(features(FieldName(name), field, run.result))
                yield Row(seen, verdict is Verdict.RIGHT, fold)


def write(runs: Sequence[Run]) -> None:
    """Make the shipped table anew; the thresholds stay."""
    path = Path(calibration.__file__).with_name("calibration.json")
    kept = json.loads(path.read_text(encoding="utf-8"))
    found = {**fit(runs), "thresholds": kept["thresholds"]}
    path.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    calibration.shipped.cache_clear()


def fit(runs: Sequence[Run]) -> dict[str, Any]:
    """Return the weights and the steps, as `calibration.json` has them."""
    rows = list(rows_of(runs))
    scored = []
    for fold in range(_FOLDS):
        weights = _weights([row for row in rows if row.fold != fold])
        scored += [(_score(weights, row), row.is_right) for row in rows if row.fold == fold]
    weights = _weights(rows)
    return {
        "values": len(rows),
        "right": sum(row.is_right for row in rows),
        "weights": {name: round(weight, 3) for name, weight in sorted(weights.items())},
        "steps": _steps(sorted(scored)),
    }


def _score(weights: Mapping[str, float], row: Row) -> float:
    return sum(weights.get(name, 0.0) * value for name, value in row.features.items())


def _weights(rows: Sequence[Row]) -> dict[str, float]:
    """Fit by coordinate-wise Newton steps: few features, a few thousand rows, no library."""
    seen = Counter(name for row in rows for name in row.features)
    names = [name for name, count in seen.items() if count >= _LEAST_SEEN]
    having = {name: [(i, row.features[name]) for i, row in enumerate(rows) if name in row.features] for name in names}
    weights, scores = dict.fromkeys(names, 0.0), [0.0] * len(rows)
    for _ in range(_ROUNDS):
        largest = 0.0
        for name in names:
            slope, curve = _PENALTY * weights[name] * (name != "one"), _PENALTY * (name != "one") + 1e-6
            for i, value in having[name]:
                probability = 1 / (1 + math.exp(-scores[i]))
                slope += (probability - rows[i].is_right) * value
                curve += max(probability * (1 - probability), 1e-4) * value * value
            step = max(min(-slope / curve, 1.0), -1.0)
            weights[name] += step
            largest = max(largest, abs(step))
            for i, value in having[name]:
                scores[i] += step * value
        if largest < 0.002:
            break
    return weights


def _steps(scored: Sequence[tuple[float, bool]]) -> list[list[float]]:
    """Merge neighbours until each step has enough values and probabilities rise; promise the lower end of each."""
    blocks: list[tuple[float, int, int]] = []
    for at in range(0, len(scored), _LEAST_IN_STEP):
        part = scored[at : at + _LEAST_IN_STEP]
        blocks.append((part[0][0], sum(is_right for _, is_right in part), len(part)))
        while len(blocks) > 1 and blocks[-2][1] / blocks[-2][2] >= blocks[-1][1] / blocks[-1][2]:
            (start, right, total), (_, more, rest) = blocks[-2], blocks[-1]
            blocks[-2:] = [(start, right + more, total + rest)]
    return [[round(start, 3), round(_lower(right, total), 4)] for start, right, total in blocks]


def _lower(right: int, total: int) -> float:
    """Return the lower end of the Wilson interval of a share."""
    share, spread = right / total, _Z * _Z / total
    middle = share + spread / 2
    return (middle - _Z * math.sqrt(share * (1 - share) / total + spread / (4 * total))) / (1 + spread)
