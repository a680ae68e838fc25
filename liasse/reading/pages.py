"""Which pages of a PDF are text, and which must be looked at."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from liasse.lib.text import fold
from liasse.reading.types import Field, FieldName, Source
from liasse.reading.words import PageWords

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from liasse.reading.ports import PageShape
    from liasse.reading.types import Word

_FEW: Final = 8
"""Fewer words are a stamp, a page number or the line that a fax machine adds."""

_BESIDE_PICTURES: Final = 60
_COVERED: Final = 0.5
_A_PICTURE: Final = 0.05
_LETTERS: Final = 60
_GARBAGE: Final = 0.05
_SENSE: Final = 0.5
_ENOUGH: Final = 10
_AGREE: Final = 0.5
_WORD: Final = re.compile(
    r"^[(\[\"'«„“]*(?:[^\W_]+(?:[-'’./&+@:,_*#()%°][^\W_]*)*|[-–—+]?[\d.,:/ %€$£-]+)[)\]\"'»”.,:;!?%€$£*-]*$"
)


def is_wanted(shape: PageShape, words: Iterable[Word]) -> bool:
    """Tell whether a page has to be looked at: its text is none, a little beside a picture, a scanner's, or garbage.

    What a scanner's own recognition wrote is not taken: how well it did is not known, and a look says.
    """
    if shape.words < _FEW:
        return shape.hidden > 0 or shape.pictures >= _A_PICTURE or shape.strokes >= _LETTERS
    if shape.words < _BESIDE_PICTURES and shape.pictures >= _COVERED:
        return True
    return is_garbage(shape, [word.text for word in words if word.place.page == shape.page])


def is_garbage(shape: PageShape, texts: Sequence[str]) -> bool:
    """Tell whether the text of a page means nothing, as where a font does not say which letters its shapes are."""
    characters = sum(map(len, texts))
    if shape.garbage > _GARBAGE * (characters + shape.garbage):
        return True
    if len(texts) < _ENOUGH:
        return False
    sensible = sum(bool(_WORD.match(text)) for text in texts)
    return sensible < _SENSE * len(texts)


def text_page(shape: PageShape, words: Iterable[Word]) -> PageWords:
    """Return a page as its text layer has it."""
    own = tuple(word for word in words if word.place.page == shape.page)
    return PageWords(shape.page, shape.width_per_height, Source.TEXT, own)


def agree(text: PageWords, seen: PageWords) -> bool:
    """Tell whether a page's text says what is seen on it; a page on which little is seen says nothing."""
    printed = {fold(word.text) for word in seen.words if len(word.text) > 2}  # noqa: PLR2004 - too short to tell
    if len(printed) < _ENOUGH:
        return True
    told = {fold(word.text) for word in text.words}
    return len(printed & told) >= _AGREE * len(printed)


def source_of(pages: Iterable[PageWords]) -> Source:
    """Return where most of the words come from."""
    counts = {Source.TEXT: 0, Source.OCR: 0}
    for page in pages:
        counts[page.source] += len(page.words)
    return Source.OCR if counts[Source.OCR] > counts[Source.TEXT] else Source.TEXT


def sourced(fields: Mapping[FieldName, Field], pages: Iterable[PageWords]) -> dict[FieldName, Field]:
    """Return the fields with the source of the page that each stands on."""
    by_page = {page.page: page.source for page in pages}
    return {
        name: replace(field, source=by_page.get(field.place.page, field.source))
        if field.place is not None and field.source in {Source.TEXT, Source.OCR}
        else field
        for name, field in fields.items()
    }
