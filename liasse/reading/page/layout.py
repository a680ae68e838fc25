"""Words on pages put into cells and lines, and the ways from a label to its value."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field, replace
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from liasse.lib.text import fold
from liasse.reading.page.mending import closed_up, mended
from liasse.reading.page.spelling import mended_labels
from liasse.reading.types import Place, Word

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

# In heights of the text: a gap wider than this begins another cell.
_GAP: Final = 0.75
_GAP_WIDE: Final = 1.5
_GAP_TITLE: Final = 2.5
_TWO_SINGLES: Final = 3
# How far below a heading its value may stand, in heights of the heading.
_REACH: Final = 4.5
_ON_ONE_LINE: Final = 0.5
_A4: Final = 0.707
# No line of a document has more; one that does is not there to be read.
_MOST_IN_CELL: Final = 60
# Slopes that are tried, both ways; and how much better one must be than none.
_STEP: Final = 0.003
_SLOPES: Final = 14
_CLEARLY: Final = 1.12
_FEWEST_FOR_SLOPE: Final = 12
_MOST_FOR_SLOPE: Final = 600
MAX_WORDS: Final = 12_000


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """Words that belong together, their text, and the same text folded for comparing.

    `figures` is the folded text with its misread figures mended, `label` the same with the misread words of labels
    mended, both character for character. `kept` holds what was
    worked out once, since every label asks the same cells for their amounts.
    """

    words: tuple[Word, ...]
    text: str
    folded: str
    place: Place
    line: int
    figures: str = ""
    label: str = ""
    kept: dict[str, Any] = field(default_factory=dict)

    def place_of(self, start: int, end: int) -> Place:
        """Return where the characters from `start` to `end` stand."""
        inside: list[Word] = []
        offset = 0
        for word in self.words:
            if offset < end and offset + len(word.text) > start:
                inside.append(word)
            offset += len(word.text) + 1
        return around(inside or list(self.words))

    @property
    def height(self) -> float:
        """Return the height in fractions of the page."""
        return self.place.y1 - self.place.y0


def around(words: Sequence[Word]) -> Place:
    """Return the rectangle around words of one page."""
    places = [word.place for word in words]
    return Place(
        page=places[0].page,
        x0=min(place.x0 for place in places),
        y0=min(place.y0 for place in places),
        x1=max(place.x1 for place in places),
        y1=max(place.y1 for place in places),
    )


class Layout:
    """The cells of a document in reading order, line by line, page by page."""

    def __init__(self, words: Sequence[Word], *, shapes: Mapping[int, float], is_ocr: bool = False) -> None:
        self._shapes = shapes
        self.is_ocr = is_ocr
        self.lines: list[list[Cell]] = []
        by_page: dict[int, list[Word]] = defaultdict(list)
        for word in words[:MAX_WORDS]:
            by_page[word.place.page].append(word)
        self._slopes = {page: slope_of(found) for page, found in by_page.items()} if is_ocr else {}
        for page in sorted(by_page):
            for line in _lines([_straight(word, self._slopes.get(page, 0.0)) for word in by_page[page]]):
                self.lines.append(list(self._cells(line, len(self.lines))))
        self.cells = [cell for line in self.lines for cell in line]
        self.folded = "\n".join(cell.folded for cell in self.cells)
        self._tops: dict[int, list[tuple[float, Cell]]] = defaultdict(list)
        for cell in self.cells:
            self._tops[cell.place.page].append((cell.place.y0, cell))
        for tops in self._tops.values():
            tops.sort(key=lambda item: item[0])
        self.last_page = max(by_page, default=1)

    def _cells(self, line: list[Word], number: int) -> Iterator[Cell]:
        run: list[Word] = []
        for word in line:
            if run and (len(run) >= _MOST_IN_CELL or self._is_apart(run[-1], word)):
                yield _cell(run, number, is_ocr=self.is_ocr)
                run = []
            run.append(word)
        if run:
            yield _cell(run, number, is_ocr=self.is_ocr)

    def _is_apart(self, left: Word, right: Word) -> bool:
        shape = self.shape_of(left.place.page)
        height = min(left.place.y1 - left.place.y0, right.place.y1 - right.place.y0)
        # Letters of a print of double width stand apart as words do elsewhere.
        gap = _GAP
        if self.is_ocr and len(left.text) + len(right.text) <= _TWO_SINGLES:
            gap = _GAP_TITLE if left.text.isalpha() and right.text.isalpha() else _GAP_WIDE
        return (right.place.x0 - left.place.x1) * shape > gap * height

    def place_shown(self, place: Place) -> Place:
        """Return where a place of this layout stands on the page: rows that hang are laid straight here."""
        slope = self._slopes.get(place.page, 0.0)
        return _moved(place, slope) if slope else place

    def shape_of(self, page: int) -> float:
        """Return how wide a page is for its height."""
        return self._shapes.get(page) or _A4

    def width_in_letters(self) -> float:
        """Return how wide what is printed on the first page is, in heights of its letters."""
        places = [cell.place for cell in self.cells if cell.place.page == 1]
        if not places:
            return 0.0
        width = max(place.x1 for place in places) - min(place.x0 for place in places)
        return width * self.shape_of(1) / (median(place.y1 - place.y0 for place in places) or 1.0)

    def _between(self, page: int, top: float, bottom: float) -> list[Cell]:
        tops = self._tops[page]
        start = bisect_left(tops, top, key=lambda item: item[0])
        end = bisect_left(tops, bottom, key=lambda item: item[0])
        return [cell for _, cell in tops[start:end]]

    def right_of(self, cell: Cell) -> list[Cell]:
        """Return the cells beside a cell, from left to right."""
        place = cell.place
        beside = [
            other
            for other in self._between(place.page, place.y0 - 2 * cell.height, place.y1)
            if other.place.x0 >= place.x1 and _share(place, other.place) >= _ON_ONE_LINE
        ]
        return sorted(beside, key=lambda other: other.place.x0)

    def below(self, cell: Cell, *, reach: float = _REACH) -> list[Cell]:
        """Return the cells under a cell and in its column, the nearest first."""
        place = cell.place
        slack = cell.height / self.shape_of(place.page)
        return [
            other
            for other in self._between(place.page, place.y0 + cell.height / 2, place.y1 + reach * cell.height)
            if other.place.x0 < place.x1 + slack and other.place.x1 > place.x0 - slack
        ]

    def above(self, cell: Cell, *, reach: float) -> list[Cell]:
        """Return the cells over a cell that begin where it begins or cover it, nearest first."""
        place = cell.place
        slack = 2 * cell.height / self.shape_of(place.page)
        over = [
            other
            for other in self._between(place.page, place.y0 - reach, place.y0 - cell.height / 4)
            if other.place.x0 < place.x0 + slack and other.place.x1 > place.x0 - slack
        ]
        return over[::-1]


def _cell(words: list[Word], line: int, *, is_ocr: bool) -> Cell:
    text = " ".join(word.text for word in words)
    folded = fold(text)
    close = closed_up(folded) if is_ocr else folded
    figures = mended(close, is_ocr=is_ocr)
    label = mended_labels(close) if is_ocr else folded
    return Cell(tuple(words), text, folded, around(words), line, figures, label)


def _share(one: Place, other: Place) -> float:
    """Return how much of the lower of two boxes stands at the height of the other."""
    common = min(one.y1, other.y1) - max(one.y0, other.y0)
    return common / (min(one.y1 - one.y0, other.y1 - other.y0) or 1.0)


def slope_of(words: Sequence[Word]) -> float:
    """Return how far the rows of a page sink for its width: what is left of a page's turn after it was made straight.

    The right slope is the one that gathers the words in the fewest rows; nought where no other is clearly better.
    """
    if len(words) < _FEWEST_FOR_SLOPE:
        return 0.0
    spots = [
        ((word.place.x0 + word.place.x1) / 2, (word.place.y0 + word.place.y1) / 2) for word in words[:_MOST_FOR_SLOPE]
    ]
    size = median(word.place.y1 - word.place.y0 for word in words) / 2 or 0.005
    best, most = 0.0, _rows(spots, 0.0, size) * _CLEARLY
    for step in range(1, _SLOPES + 1):
        for slope in (step * _STEP, -step * _STEP):
            found = _rows(spots, slope, size)
            if found > most:
                best, most = slope, found
    return best


def _rows(spots: Sequence[tuple[float, float]], slope: float, size: float) -> float:
    counts: dict[int, int] = defaultdict(int)
    for x, y in spots:
        counts[int((y - slope * (x - 0.5)) / size)] += 1
    return float(sum(count * count for count in counts.values()))


def _straight(word: Word, slope: float) -> Word:
    return replace(word, place=_moved(word.place, -slope)) if slope else word


def _moved(place: Place, slope: float) -> Place:
    sunk = slope * ((place.x0 + place.x1) / 2 - 0.5)
    return replace(place, y0=min(max(place.y0 + sunk, 0.0), 1.0), y1=min(max(place.y1 + sunk, 0.0), 1.0))


def _lines(words: list[Word]) -> Iterator[list[Word]]:
    """Gather the words of a page by their middles; a line's words come from left to right."""
    line: list[Word] = []
    middle = 0.0
    for word in sorted(words, key=lambda item: item.place.y0 + item.place.y1):
        here = (word.place.y0 + word.place.y1) / 2
        height = word.place.y1 - word.place.y0
        if line and here - middle > height * 0.4:
            yield sorted(line, key=lambda item: item.place.x0)
            line = []
        if not line:
            middle = here
        line.append(word)
    if line:
        yield sorted(line, key=lambda item: item.place.x0)
