"""What the words on a page say: labels, values beside or below them, and sums that decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from liasse.reading.types import ReadingResult, Word

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Exclude:
    """What belongs to the client: it stands on every document and never names the supplier."""

    vat: frozenset[str] = frozenset()
    siren: frozenset[str] = frozenset()
    iban: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Exclude:
        """Return the exclusions from lists of texts; unknown keys are ignored."""
        return cls(**{key: frozenset(data.get(key) or ()) for key in ("vat", "siren", "iban", "names")})


def read_text(words: Sequence[Word], *, shapes: Mapping[int, float], exclude: Exclude) -> ReadingResult:
    """Placeholder until the rules are in."""
    return ReadingResult()
