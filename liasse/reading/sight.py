"""How clearly the words of a value were seen: evidence from OCR's own confidence, for the calibration."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from liasse.reading.types import Field, Place, ReadingResult, Word

DIM: Final = "dim"
"""The worst seen word of the value is likely misread."""
PALE: Final = "pale"
"""It is not as clear as print on paper is."""

_DIM_BELOW, _PALE_BELOW = 0.8, 0.95


def with_sight(result: ReadingResult, words: Sequence[Word]) -> ReadingResult:
    """Return the result with "dim" or "pale" among the evidence of what OCR did not see clearly."""
    if all(word.confidence >= _PALE_BELOW for word in words):
        return result
    return replace(result, fields={name: _seen(field, words) for name, field in result.fields.items()})


def _seen(field: Field, words: Iterable[Word]) -> Field:
    place = field.place
    if place is None:
        return field
    worst = min((word.confidence for word in words if is_in(word.place, place)), default=1.0)
    if worst >= _PALE_BELOW:
        return field
    return replace(field, evidence=(*field.evidence, DIM if worst < _DIM_BELOW else PALE))


def is_in(word: Place, place: Place) -> bool:
    """Tell whether a word lies in a place: its middle line does, and some of its width."""
    middle = (word.y0 + word.y1) / 2
    return word.page == place.page and place.y0 <= middle <= place.y1 and word.x0 < place.x1 and word.x1 > place.x0
