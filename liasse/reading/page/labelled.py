"""From a label to its value: the cells that hold labels, and where their values may stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from liasse.reading.page.labels import Label
    from liasse.reading.page.layout import Cell, Layout

# How many characters may stand before a label that still begins its cell: a bullet, a bracket.
LEADING: Final = 2
_BESIDE: Final = 0.95
_BELOW: Final = 0.85


@dataclass(frozen=True, slots=True)
class Match:
    """A label in a cell: what follows it begins at `end`."""

    cell: Cell
    start: int
    end: int
    weight: float


def matches(layout: Layout, table: tuple[Label, ...]) -> Iterator[Match]:
    """Yield the surest label of every cell; one in the middle of a sentence weighs less."""
    for cell in layout.cells:
        best: Match | None = None
        for label in table:
            found = label.pattern.search(cell.label)
            if found is None:
                continue
            weight = label.weight * (1.0 if found.start() <= LEADING else 0.75)
            if best is None or weight > best.weight or (weight == best.weight and found.end() > best.end):
                best = Match(cell, found.start(), found.end(), weight)
        if best is not None:
            yield best


def ways(layout: Layout, match: Match) -> Iterator[tuple[float, Cell, int, str]]:
    """Yield where a label's value may stand, the likeliest first, and the code of it: behind, beside, below."""
    yield 1.0, match.cell, match.end, "behind"
    for other in layout.right_of(match.cell)[:2]:
        yield _BESIDE, other, 0, "beside"
    for other in layout.below(match.cell)[:2]:
        yield _BELOW, other, 0, "below"


def confidence(score: float) -> float:
    """Return a score of labels as a confidence: never quite none, never quite certain."""
    return round(min(max(score * 0.95, 0.05), 0.95), 2)
