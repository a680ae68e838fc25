"""The words of a PDF with their places, by PDFium."""

from __future__ import annotations

import ctypes
import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from liasse.reading.ports import PageShape, PdfText
from liasse.reading.types import Place, Problem, ProblemCode, Word

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# The binding has no types: what comes back from it is checked here, value by value.
type _Handle = Any
pdfium: Any = importlib.import_module("pypdfium2")
pdfium_c: Any = importlib.import_module("pypdfium2.raw")

# What is worth reading of a long document stands at its beginning and at its end.
MAX_PAGES: Final = 24
MAX_CHARACTERS: Final = 60_000
# PDFium answers in whole pixels of an imagined picture; this many make rounding invisible.
_DEVICE: Final = 1_000_000
_INVISIBLE: Final = 3


@dataclass(slots=True)
class _Box:
    left: float
    bottom: float
    right: float
    top: float

    def add(self, other: _Box) -> None:
        self.left = min(self.left, other.left)
        self.bottom = min(self.bottom, other.bottom)
        self.right = max(self.right, other.right)
        self.top = max(self.top, other.top)


@dataclass(frozen=True, slots=True)
class _Found:
    word: Word
    is_hidden: bool


class PdfiumText:
    """Reads the text layer; hidden words count only where there are no others."""

    def read(self, path: Path, *, most_pages: int = MAX_PAGES) -> PdfText:
        """Return the words; a PDF that will not open gives a problem."""
        try:
            document = pdfium.PdfDocument(path)
        except pdfium.PdfiumError as error:
            return PdfText(problem=_problem_of(error))
        try:
            return _read(document, most_pages=most_pages)
        finally:
            document.close()


def _problem_of(error: Exception) -> Problem:
    if getattr(error, "err_code", None) == pdfium_c.FPDF_ERR_PASSWORD:
        return Problem(ProblemCode.PDF_PASSWORD)
    return Problem(ProblemCode.PDF_MALFORMED, str(error)[:200])


def _read(document: _Handle, *, most_pages: int) -> PdfText:
    count = len(document)
    found: list[_Found] = []
    shapes: list[PageShape] = []
    for index in _pages_worth_reading(count, most=most_pages):
        try:
            page = document[index]
        except pdfium.PdfiumError:
            # One broken page does not make the others unreadable.
            continue
        found.extend(_words_of(page, index + 1))
        width, height = page.get_size()
        shapes.append(PageShape(page=index + 1, width_per_height=width / (height or 1.0)))
        page.close()
    hidden = sum(item.is_hidden for item in found)
    is_all_hidden = 0 < hidden == len(found)
    words = tuple(item.word for item in found if is_all_hidden or not item.is_hidden)
    return PdfText(
        words=words,
        page_count=count,
        shapes=tuple(shapes),
        has_hidden_text=0 < hidden < len(found),
        is_all_hidden=is_all_hidden,
        problem=None if count else Problem(ProblemCode.PDF_MALFORMED, "no pages"),
    )


def _pages_worth_reading(count: int, *, most: int) -> list[int]:
    if count <= most:
        return list(range(count))
    half = most // 2
    return [*range(half), *range(count - half, count)]


def _words_of(page: _Handle, number: int) -> Iterator[_Found]:
    text_page = page.get_textpage()
    try:
        to_place = _Placer(page, number)
        for text, box, first in _runs(text_page):
            place = to_place(box)
            if place is not None:
                yield _Found(Word(text=text, place=place), _is_hidden(text_page, first))
    finally:
        text_page.close()


def _runs(text_page: _Handle) -> Iterator[tuple[str, _Box, int]]:
    """Yield runs of characters without a blank: text, box in page units, first index."""
    text, box, first = "", None, 0
    for index in range(min(text_page.count_chars(), MAX_CHARACTERS)):
        character = chr(pdfium_c.FPDFText_GetUnicode(text_page.raw, index))
        here = None if character.isspace() else _character_box(text_page.raw, index)
        if box is not None and (here is None or _is_apart(box, here)):
            yield text, box, first
            text, box = "", None
        if here is None or not character.isprintable():
            continue
        if box is None:
            box, first = here, index
        else:
            box.add(here)
        text += character
    if box is not None:
        yield text, box, first


def _is_apart(word: _Box, character: _Box) -> bool:
    """Tell whether a character is so far from the word that another cell has begun."""
    height = max(word.top - word.bottom, 1.0)
    return character.left - word.right > height or character.left < word.left - height


_RECT = pdfium_c.FS_RECTF()


def _character_box(raw: _Handle, index: int) -> _Box:
    """Return the box that the font gives the character: even, so that lines can be told by it."""
    pdfium_c.FPDFText_GetLooseCharBox(raw, index, _RECT)
    return _Box(_RECT.left, _RECT.bottom, _RECT.right, _RECT.top)


def _is_hidden(text_page: _Handle, index: int) -> bool:
    shape = pdfium_c.FPDFText_GetTextObject(text_page.raw, index)
    return bool(shape) and pdfium_c.FPDFTextObj_GetTextRenderMode(shape) == _INVISIBLE


class _Placer:
    """Turns page units into fractions of the page as shown, with its turn and its crop."""

    def __init__(self, page: _Handle, number: int) -> None:
        self._raw = page.raw
        self._number = number

    def __call__(self, box: _Box) -> Place | None:
        x0, y0 = self._point(box.left, box.top)
        x1, y1 = self._point(box.right, box.bottom)
        x0, x1 = sorted((x0, x1))
        y0, y1 = sorted((y0, y1))
        if x1 <= 0 or y1 <= 0 or x0 >= 1 or y0 >= 1:
            return None
        return Place(self._number, max(x0, 0.0), max(y0, 0.0), min(x1, 1.0), min(y1, 1.0))

    def _point(self, x: float, y: float) -> tuple[float, float]:
        device_x, device_y = ctypes.c_int(), ctypes.c_int()
        pdfium_c.FPDF_PageToDevice(self._raw, 0, 0, _DEVICE, _DEVICE, 0, x, y, device_x, device_y)
        return device_x.value / _DEVICE, device_y.value / _DEVICE
