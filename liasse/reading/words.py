"""The words of a document page by page, as `words.json` holds them: for the rules, the screen, later readings.

A page that lies crooked, sideways or in perspective has two places for a word: the one on the page as shown, and
the one on the page made straight, in whose lines and columns the rules find their way.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from liasse.reading.types import Field, FieldName, Place, Source, Word

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

type Matrix = tuple[float, ...]
"""A mapping of points in the plane that keeps lines straight: nine numbers, row by row."""

type Box = tuple[float, float, float, float]

IDENTITY: Matrix = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
_DIGITS = 5


def times(after: Matrix, before: Matrix) -> Matrix:
    """Return the mapping that does `before` and then `after`."""
    return tuple(
        sum(after[3 * row + step] * before[3 * step + column] for step in range(3))
        for row in range(3)
        for column in range(3)
    )


def moved(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    """Return where a mapping takes a point."""
    depth = matrix[6] * x + matrix[7] * y + matrix[8]
    depth = depth if abs(depth) > 1e-9 else 1e-9  # noqa: PLR2004 - a point at infinity stays a number
    return (
        (matrix[0] * x + matrix[1] * y + matrix[2]) / depth,
        (matrix[3] * x + matrix[4] * y + matrix[5]) / depth,
    )


def box_round(points: Iterable[tuple[float, float]]) -> Box:
    """Return the upright box round points, cut to the page."""
    xs, ys = zip(*points, strict=True)
    x0, y0, x1, y1 = (min(max(value, 0.0), 1.0) for value in (min(xs), min(ys), max(xs), max(ys)))
    return x0, y0, x1, y1


@dataclass(frozen=True, slots=True)
class Again:
    """What a line of words, by the box round them on the page made straight, was read as at a second look."""

    box: Box
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PageWords:
    """The words of one page, at their places on the page made straight.

    `shape` is the straight page's width for its height. `shown` has the boxes on the page as shown, in the same order,
    and `to_shown` the mapping between both; without them the two are the same. `turn` is how far the shown page has
    to be turned against the clock to be upright. `papers` are the separate papers on it, in boxes of the page as shown;
    `again` is what a second look saw.
    """

    page: int
    shape: float
    source: Source
    words: tuple[Word, ...] = ()
    shown: tuple[Box, ...] | None = None
    to_shown: Matrix | None = None
    turn: int = 0
    papers: tuple[Box, ...] = ()
    again: tuple[Again, ...] = ()

    def place_shown(self, place: Place) -> Place:
        """Return where a place on the straight page is on the page as shown."""
        if self.to_shown is None:
            return place
        corners = ((place.x0, place.y0), (place.x1, place.y0), (place.x1, place.y1), (place.x0, place.y1))
        return Place(place.page, *box_round(moved(self.to_shown, x, y) for x, y in corners))

    def words_shown(self) -> tuple[Word, ...]:
        """Return the words at their places on the page as shown."""
        if self.shown is None:
            return self.words
        return tuple(
            replace(word, place=Place(self.page, *box)) for word, box in zip(self.words, self.shown, strict=True)
        )

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON types: `words` on the page as shown, `straight` only where it differs."""
        straight = [_box(word.place) for word in self.words]
        shown = straight if self.shown is None else list(self.shown)
        data: dict[str, Any] = {
            "page": self.page,
            "shape": round(self.shape, _DIGITS),
            "source": self.source.value,
            "words": [
                [word.text, *_rounded(box), round(word.confidence, 3)]
                for word, box in zip(self.words, shown, strict=True)
            ],
        }
        if self.to_shown is not None:
            data |= {"straight": [_rounded(box) for box in straight], "to_shown": list(self.to_shown)}
        if self.turn:
            data["turn"] = self.turn
        if self.papers:
            data["papers"] = [_rounded(box) for box in self.papers]
        if self.again:
            data["again"] = [[_rounded(one.box), list(one.texts)] for one in self.again]
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> PageWords:
        """Return the page that `to_json` was called on."""
        shown: list[Box] = [(row[1], row[2], row[3], row[4]) for row in data["words"]]
        straight = [tuple(box) for box in data.get("straight", shown)]
        is_bent = "to_shown" in data
        return cls(
            page=data["page"],
            shape=data["shape"],
            source=Source(data["source"]),
            words=tuple(
                Word(row[0], Place(data["page"], *box), row[5] if len(row) > 5 else 1.0)  # noqa: PLR2004
                for row, box in zip(data["words"], straight, strict=True)
            ),
            shown=tuple(shown) if is_bent else None,
            to_shown=tuple(data["to_shown"]) if is_bent else None,
            turn=data.get("turn", 0),
            papers=tuple((box[0], box[1], box[2], box[3]) for box in data.get("papers", ())),
            again=tuple(Again(tuple(box), tuple(texts)) for box, texts in data.get("again", ())),
        )


def words_to_json(pages: Iterable[PageWords]) -> dict[str, Any]:
    """Return what `words.json` holds."""
    return {"pages": [page.to_json() for page in pages]}


def words_from_json(data: Mapping[str, Any]) -> tuple[PageWords, ...]:
    """Return the pages of `words.json`."""
    return tuple(PageWords.from_json(page) for page in data["pages"])


def fields_shown(fields: Mapping[FieldName, Field], pages: Iterable[PageWords]) -> dict[FieldName, Field]:
    """Return the fields with their places on the pages as shown."""
    by_number = {page.page: page for page in pages if page.to_shown is not None}
    return {
        name: replace(field, place=by_number[field.place.page].place_shown(field.place))
        if field.place is not None and field.place.page in by_number
        else field
        for name, field in fields.items()
    }


def _box(place: Place) -> Box:
    return place.x0, place.y0, place.x1, place.y1


def box_rounded(box: Box) -> Box:
    """Return a box as `words.json` has it."""
    x0, y0, x1, y1 = _rounded(box)
    return x0, y0, x1, y1


def _rounded(box: Box) -> list[float]:
    return [round(value, _DIGITS) for value in box]
