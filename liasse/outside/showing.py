"""Which pages of a document an engine is shown, and their words in lines as they stand on the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from liasse.outside.types import Sends
from liasse.reading.types import Source
from liasse.reading.words import PageWords

MOST_PICTURES: Final = 4
MOST_TEXTS: Final = 12
_LEAST_WORDS: Final = 5
_LONGEST: Final = 16_000
"""Characters of one page."""
_GAP: Final = 1.5
"""A gap as wide as so many letters parts two columns."""


def chosen(count: int, *, most: int) -> list[int]:
    """Give the pages to show of so many, counted from 1: those at the beginning, and the last."""
    return list(range(1, count + 1)) if count <= most else [*range(1, most), count]


def is_shown_as_words(page: PageWords | None, sends: Sends) -> bool:
    """Tell whether a page is shown by its words: it has real text, or pictures never leave."""
    if page is None or not page.words or sends is Sends.PICTURES:
        return False
    return sends is Sends.WORDS or (page.source is Source.TEXT and len(page.words) >= _LEAST_WORDS)


def by_number(pages: Sequence[PageWords]) -> Mapping[int, PageWords]:
    """Give pages by their number."""
    return {page.page: page for page in pages}


def text_of(page: PageWords) -> str:
    """Give the words of a page in its lines, two blanks between columns."""
    lines: list[str] = []
    last = None
    for word in page.words:
        place = word.place
        letter = (place.x1 - place.x0) / max(len(word.text), 1)
        is_below = last is not None and abs((place.y0 + place.y1) - (last.y0 + last.y1)) >= place.y1 - place.y0
        if last is None or is_below or place.x0 < last.x0:
            lines.append(word.text)
        else:
            lines[-1] += ("  " if place.x0 - last.x1 > _GAP * letter else " ") + word.text
        last = place
    return "\n".join(lines)[:_LONGEST]
