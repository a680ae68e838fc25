"""Whose part of the page a cell stands in, the seller's or the buyer's, and candidates for what names them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from liasse.reading.page import headings
from liasse.reading.types import Field, Place, Source

if TYPE_CHECKING:
    from liasse.reading.page.layout import Cell, Layout

FORM: Final = re.compile(
    r"(?<![a-z])(?:s\.?a\.?r\.?l\.?|s\.?a\.?s\.?u?\.?|s\.?a\.?|e\.?u\.?r\.?l\.?|s\.?c\.?i\.?|s\.?c\.?p\.?|"
    r"s\.?n\.?c\.?|selarl|selas|scop|gie|e\.?i\.?r\.?l\.?|sprl|srl|gmbh|mbh|ag|kgaa|kg|ohg|gbr|ug|e\.?k\.?|"
    r"e\.?v\.?|eg|"
    r"a\.g\.|ltd\.?|limited|llc|llp|inc\.?|corp\.?|corporation|plc|b\.?v\.?|n\.?v\.?|v\.?o\.?f\.?|s\.?l\.?u?\.?|"
    r"s\.?r\.?l\.?s?\.?|s\.?p\.?a\.?|s\.?n\.?c\.?|s\.?p\.?r\.?l\.?|sdn\.? ?bhd\.?|pte\.?|oy|ab|aps|a/s|"
    r"s\.? ?a ?r\.? ?l\.?|earl|gaec|scea|mbb|e\.?u\.|lda\.?|sp\. ?z ?o\.? ?o\.?|scrl|s\.?a\.?u\.?)(?![a-z0-9])"
)
_HEADING: Final = 5
_REACH: Final = 0.22
# Two candidates nearer than this are rivals: either may be right.
_RIVALS: Final = 0.12


@dataclass(frozen=True, slots=True)
class Found:
    """A value that may be a field's: how much speaks for it, where it stands, and what speaks."""

    value: str
    score: float
    place: Place
    cell: Cell
    evidence: tuple[str, ...] = ()


def best_of(found: Iterable[Found]) -> Found | None:
    """Return the likeliest; a value found several times is a little likelier each time."""
    by_value: dict[str, Found] = {}
    for item in found:
        known = by_value.get(item.value)
        if known is None:
            by_value[item.value] = item
            continue
        better = known if known.score >= item.score else item
        codes = better.evidence if "again" in better.evidence else (*better.evidence, "again")
        by_value[item.value] = Found(better.value, better.score + 0.05, better.place, better.cell, codes)
    ranked = sorted(by_value.values(), key=lambda item: -item.score)
    if not ranked:
        return None
    best = ranked[0]
    if len(ranked) > 1 and best.score - ranked[1].score < _RIVALS:
        return Found(best.value, best.score, best.place, best.cell, (*best.evidence, "rivals"))
    return best


def field_of(found: Found, term: str | None) -> Field:
    """Return the field of what was found."""
    return Field(found.value, Source.TEXT, confidence_of(found.score), term, found.place, found.evidence)


def confidence_of(score: float) -> float:
    """Return a score as a confidence: never quite none, never quite certain."""
    return round(min(max(score, 0.05), 0.95), 2)


def party_of(layout: Layout, cell: Cell) -> float:
    """Return how the page's headings speak about a cell: below 0 the buyer's, above 0 the seller's."""
    known: float | None = cell.kept.get("party")
    if known is None:
        known = cell.kept["party"] = _party(layout, cell)
    return known


def _party(layout: Layout, cell: Cell) -> float:
    before = cell.folded
    if headings.SELLER.search(before):
        return 0.25
    if headings.BUYER.search(before) and not FORM.search(before):
        return -0.5
    for other in layout.above(cell, reach=_REACH):
        if headings.SELLER.search(other.folded):
            return 0.25
        if len(other.words) <= _HEADING and headings.BUYER.search(other.folded):
            return -0.45
    return 0.0


def party_codes(layout: Layout, cell: Cell) -> tuple[str, ...]:
    """Return the evidence code of the part of the page that a cell stands in."""
    party = party_of(layout, cell)
    return ("heading",) if party > 0 else ("buyer-part",) if party < 0 else ()


def has_label_near(layout: Layout, cell: Cell, pattern: re.Pattern[str]) -> bool:
    """Tell whether a label stands left of a cell, in its line, or over it."""
    line = [other for other in layout.lines[cell.line] if other.place.x1 <= cell.place.x0]
    over = layout.above(cell, reach=2 * cell.height)
    return any(pattern.search(other.folded) for other in [*line[-1:], *over[:1]])


def depth_of(cell: Cell) -> float:
    """Return how far down a document a cell stands: the first page's top is 0."""
    return cell.place.page - 1 + cell.place.y0
