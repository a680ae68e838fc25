"""Reads drawn pages by OCR: each made ready on a copy, read, and its words brought back to the page as shown."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field, replace
from statistics import median
from typing import TYPE_CHECKING, Final

from liasse.reading.papers import separate_papers
from liasse.reading.types import Place, Source, Word
from liasse.reading.words import IDENTITY, Matrix, PageWords, box_round, moved, times

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from liasse.reading.ports import Corners, OcrPage, OcrReader, OcrWord, PageDrawer, PagePicture, PagePreparer
    from liasse.reading.words import Box

SECONDS: Final = 120.0
"""After so long no further page is begun: what was read by then is kept."""

_STRAIGHT: Final = 0.004
"""The slope of lines, up to which a page counts as straight: half a line over its width."""

_LONG: Final = 3.0
_LEAST_SLOPES: Final = 5
_LEAST_LINES: Final = 3
_UNREADABLE: Final = 0.7

UPSIDE_DOWN: Final = "upside_down"
SIDEWAYS: Final = "sideways"
SEVERAL_PAPERS: Final = "several_papers"
UNREADABLE: Final = "unreadable"
PAGES_LEFT_OUT: Final = "pages_left_out"
_TURNS: Final = {90: SIDEWAYS, 180: UPSIDE_DOWN, 270: SIDEWAYS}


_MOST_KEPT: Final = 2
"""So many pages are kept as pictures for a second look: the first and the last, where fields stand."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A page made ready, as OCR read it; `to_dots` takes places on the page made straight to its dots."""

    picture: PagePicture
    to_dots: Matrix

    def corners(self, box: Box) -> Corners:
        """Return where the corners of a box on the page made straight are, in dots."""
        x0, y0, x1, y1 = box
        return [moved(self.to_dots, x, y) for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1))]


@dataclass(frozen=True, slots=True)
class SeenPages:
    """The pages that OCR read, by their numbers, and short codes of what is odd about them.

    `ready` has the pictures of the first that were read; `seconds` says how long all took.
    """

    pages: dict[int, PageWords]
    notes: tuple[str, ...] = ()
    ready: dict[int, Ready] = field(default_factory=dict)
    seconds: float = 0.0


def see_pages(
    path: Path,
    batches: Iterable[Sequence[int]],
    *,
    drawer: PageDrawer,
    preparer: PagePreparer,
    reader: OcrReader,
) -> SeenPages:
    """Read pages of a file, batch by batch, until there are no more or the time is up."""
    began = time.monotonic()
    pages: dict[int, PageWords] = {}
    ready: dict[int, Ready] = {}
    notes: list[str] = []
    for number, picture in (drawn for batch in batches for drawn in drawer.draw(path, pages=batch)):
        if time.monotonic() - began > SECONDS:
            notes.append(PAGES_LEFT_OUT)
            break
        page, odd, kept = see(number, picture, preparer=preparer, reader=reader)
        pages[number] = page
        notes += odd
        if len(ready) < _MOST_KEPT:
            ready[number] = kept
    told = tuple(dict.fromkeys(notes))
    return SeenPages(dict(sorted(pages.items())), told, ready, seconds=time.monotonic() - began)


def by_weight(wanted: Sequence[int]) -> Iterator[Sequence[int]]:
    """Put the pages first that say most, the first and the last, each to be drawn when its turn comes."""
    first_and_last = dict.fromkeys([*wanted[:1], *wanted[-1:]])
    yield from ([number] for number in dict.fromkeys([*first_and_last, *wanted]))


def see(
    number: int, picture: PagePicture, *, preparer: PagePreparer, reader: OcrReader
) -> tuple[PageWords, tuple[str, ...], Ready]:
    """Return the words of one drawn page, codes of what is odd about it, and the page as it was read."""
    ready = preparer.prepare(picture)
    seen = reader.read(ready.picture)
    to_drawn = ready.to_drawn
    notes = [_TURNS[seen.turn]] if seen.words and seen.turn in _TURNS else []
    if seen.lines >= _LEAST_LINES and seen.confidence < _UNREADABLE:
        notes.append(UNREADABLE)
    size = (ready.picture.width, ready.picture.height)
    page, to_dots = _placed(number, seen, size=size, drawn=(picture.width, picture.height), to_drawn=to_drawn)
    papers = separate_papers(page.words, shape=page.shape)
    if len(papers) > 1:
        notes.append(SEVERAL_PAPERS)
        shown = (page.place_shown(Place(number, *box)) for box in papers)
        page = replace(page, papers=tuple((place.x0, place.y0, place.x1, place.y1) for place in shown))
    return page, tuple(notes), Ready(ready.picture, to_dots)


def _placed(
    number: int, seen: OcrPage, *, size: tuple[int, int], drawn: tuple[int, int], to_drawn: tuple[float, ...]
) -> tuple[PageWords, Matrix]:
    """Give each word its place on the page as shown and on the page made straight, and how the latter lies in dots."""
    to_upright, (width, height) = _upright(seen.turn, size)
    slope = _slope(seen.words, to_upright)
    is_bent = bool(seen.turn) or to_drawn != IDENTITY or abs(slope) > _STRAIGHT
    to_shown = times(_scaled(1 / drawn[0], 1 / drawn[1]), to_drawn)
    shown = [box_round(moved(to_shown, x, y) for x, y in word.corners) for word in seen.words]
    if not is_bent:
        words = tuple(_word(word, number, box) for word, box in zip(seen.words, shown, strict=True))
        return PageWords(number, drawn[0] / drawn[1], Source.OCR, words), _scaled(*size)
    levelled = times(_turned(-math.atan(slope), width / 2, height / 2), to_upright)
    to_straight = times(_scaled(1 / width, 1 / height), levelled)
    words = tuple(
        _word(word, number, box_round(moved(to_straight, x, y) for x, y in word.corners)) for word in seen.words
    )
    to_dots = _inverse(to_straight)
    page = PageWords(
        page=number,
        shape=width / height,
        source=Source.OCR,
        words=words,
        shown=tuple(shown),
        to_shown=times(to_shown, to_dots),
        turn=seen.turn,
    )
    return page, to_dots


def _word(word: OcrWord, number: int, box: Box) -> Word:
    return Word(word.text, Place(number, *box), word.confidence)


def _upright(turn: int, size: tuple[int, int]) -> tuple[Matrix, tuple[int, int]]:
    """Return the mapping that turns a picture against the clock, and its size then."""
    width, height = size
    if turn == 90:  # noqa: PLR2004 - a quarter
        return (0.0, 1.0, 0.0, -1.0, 0.0, float(width), 0.0, 0.0, 1.0), (height, width)
    if turn == 180:  # noqa: PLR2004 - a half
        return (-1.0, 0.0, float(width), 0.0, -1.0, float(height), 0.0, 0.0, 1.0), size
    if turn == 270:  # noqa: PLR2004 - three quarters
        return (0.0, -1.0, float(height), 1.0, 0.0, 0.0, 0.0, 0.0, 1.0), (height, width)
    return IDENTITY, size


def _slope(words: Sequence[OcrWord], to_upright: Matrix) -> float:
    """Return by how much lines fall on their way to the right, 0 where too few are long enough to tell."""
    slopes = []
    for word in words:
        (x0, y0), (x1, y1), _, (x3, y3) = (moved(to_upright, x, y) for x, y in word.corners)
        across, down = x1 - x0, math.hypot(x3 - x0, y3 - y0)
        if across > _LONG * down:
            slopes.append((y1 - y0) / across)
    return median(slopes) if len(slopes) >= _LEAST_SLOPES else 0.0


def _scaled(across: float, down: float) -> Matrix:
    return (across, 0.0, 0.0, 0.0, down, 0.0, 0.0, 0.0, 1.0)


def _turned(angle: float, x: float, y: float) -> Matrix:
    """Return a turn about a point."""
    cosine, sine = math.cos(angle), math.sin(angle)
    return (cosine, -sine, x - cosine * x + sine * y, sine, cosine, y - sine * x - cosine * y, 0.0, 0.0, 1.0)


def _inverse(affine: Matrix) -> Matrix:
    """Return the mapping back of one without perspective."""
    a, b, c, d, e, f = affine[:6]
    area = a * e - b * d
    return (
        e / area, -b / area, (b * f - c * e) / area,
        -d / area, a / area, (c * d - a * f) / area,
        0.0, 0.0, 1.0,
    )  # fmt: skip
