"""Several papers on one page, as when four receipts lie on the scanner together: told by the gaps between them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from liasse.lib.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from liasse.reading.types import Word
    from liasse.reading.words import Box

_GAP: Final = 0.03
"""The width of a gap between two papers, as a share of the page's larger side."""

_WIDEST: Final = 0.6
"""Only narrow papers lie together; columns and blocks of one invoice are wider. A share of the page's width."""

_LEAST_WORDS: Final = 8
_MOST_PAPERS: Final = 12
_TOTAL: Final = re.compile(r"total|summe|betrag|montant|a payer|zu zahlen|importe|totale|totaal|te betalen|net a")
_AMOUNT: Final = re.compile(r"^\D{0,3}\d{1,3}(?:[., ]?\d{3})*[.,]\d{2}\D{0,3}$")
_DATE: Final = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}")


@dataclass(frozen=True, slots=True)
class _Spot:
    """A word where it stands, in shares of the page's larger side."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float


def separate_papers(words: Sequence[Word], *, shape: float) -> tuple[Box, ...]:
    """Return the boxes of the papers on a page, in fractions of it; one or none where it is one paper.

    A page is cut along gaps that go right through it, and only where each part by itself is narrow and has a date and
    a total with its amount: the columns of one invoice have not.
    """
    across, down = (min(shape, 1.0), min(1.0, 1 / shape)) if shape > 0 else (1.0, 1.0)
    spots = [
        _Spot(word.text, p.x0 * across, p.y0 * down, p.x1 * across, p.y1 * down)
        for word in words
        for p in (word.place,)
    ]
    parts = list(_parts(spots)) if len(spots) >= 2 * _LEAST_WORDS else []
    if not 1 < len(parts) <= _MOST_PAPERS or any(_width(part) > _WIDEST * across for part in parts):
        return ()
    return tuple(
        (
            min(spot.x0 for spot in part) / across,
            min(spot.y0 for spot in part) / down,
            max(spot.x1 for spot in part) / across,
            max(spot.y1 for spot in part) / down,
        )
        for part in parts
    )


def _parts(spots: list[_Spot]) -> Iterator[list[_Spot]]:
    """Cut along gaps, sideways and downwards in turn, for as long as every part is a paper by itself."""
    for start, end in ((_left, _right), (_top, _bottom)):
        pieces = _cut(spots, start, end)
        whole = _joined(pieces)
        if len(whole) > 1:
            for piece in whole:
                yield from _parts(piece)
            return
    yield spots


def _joined(pieces: list[list[_Spot]]) -> list[list[_Spot]]:
    """Put what is no paper by itself to the one before it; nothing is cut where that leaves one only.

    A till also prints the card's slip, with the same total, on the same paper.
    """
    whole: list[list[_Spot]] = []
    rest: list[_Spot] = []
    for piece in pieces:
        rest = [*rest, *piece]
        if _is_paper(rest) and not (whole and _totals(rest) & _totals(whole[-1])):
            whole.append(rest)
            rest = []
    if rest and whole:
        whole[-1] = [*whole[-1], *rest]
    return whole


def _cut(spots: list[_Spot], start: Callable[[_Spot], float], end: Callable[[_Spot], float]) -> list[list[_Spot]]:
    pieces: list[list[_Spot]] = []
    reach = -1.0
    for spot in sorted(spots, key=start):
        if not pieces or start(spot) - reach > _GAP:
            pieces.append([])
        pieces[-1].append(spot)
        reach = max(reach, end(spot))
    return pieces


def _is_paper(spots: list[_Spot]) -> bool:
    return len(spots) >= _LEAST_WORDS and bool(_totals(spots)) and any(_DATE.search(spot.text) for spot in spots)


def _totals(spots: list[_Spot]) -> set[str]:
    """Return the digits of the amounts in the lines of totals."""
    amounts = [spot for spot in spots if _AMOUNT.match(spot.text)]
    totals = [spot for spot in spots if _TOTAL.search(fold(spot.text))]
    found = {amount.text for total in totals for amount in amounts if amount.y0 < total.y1 and total.y0 < amount.y1}
    return {digits for text in found if (digits := re.sub(r"\D", "", text).lstrip("0"))}


def _width(spots: list[_Spot]) -> float:
    return max(spot.x1 for spot in spots) - min(spot.x0 for spot in spots)


def _left(spot: _Spot) -> float:
    return spot.x0


def _right(spot: _Spot) -> float:
    return spot.x1


def _top(spot: _Spot) -> float:
    return spot.y0


def _bottom(spot: _Spot) -> float:
    return spot.y1
