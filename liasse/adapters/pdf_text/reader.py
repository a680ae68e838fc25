"""The words of a PDF with their places, by PDFium."""

from __future__ import annotations

import ctypes
import importlib
import unicodedata
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
_MEANINGLESS: Final = frozenset({"Cc", "Co", "Cn", "Cs"})
# PDFium's own marks for a line's end and for a hyphen there.
_BREAKS: Final = frozenset({0x02, 0x09, 0x0A, 0x0D, 0xFFFE})
_REPLACEMENT: Final = 0xFFFD
# A page with so many words is text, whatever pictures are on it.
_FEW_WORDS: Final = 60
_MOST_SHAPES: Final = 500
_DEPTH: Final = 4
_DRAWN: Final = (pdfium_c.FPDF_PAGEOBJ_IMAGE, pdfium_c.FPDF_PAGEOBJ_PATH, pdfium_c.FPDF_PAGEOBJ_SHADING)


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
    """Reads the text layer; hidden words count only on pages where there are no others."""

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
    words: list[Word] = []
    shapes: list[PageShape] = []
    for index in _pages_worth_reading(count, most=most_pages):
        try:
            page = document[index]
        except pdfium.PdfiumError:
            # One broken page does not make the others unreadable.
            continue
        found, shape = _read_page(page, index + 1)
        words += found
        shapes.append(shape)
        page.close()
    with_words = [shape for shape in shapes if shape.words or shape.hidden]
    return PdfText(
        words=tuple(words),
        page_count=count,
        shapes=tuple(shapes),
        has_hidden_text=any(shape.words and shape.hidden for shape in shapes),
        is_all_hidden=bool(with_words) and not any(shape.words for shape in shapes),
        problem=None if count else Problem(ProblemCode.PDF_MALFORMED, "no pages"),
    )


def _read_page(page: _Handle, number: int) -> tuple[list[Word], PageShape]:
    text_page = page.get_textpage()
    try:
        found = list(_words_of(page, text_page, number))
        garbage = _garbage(text_page)
    finally:
        text_page.close()
    hidden = sum(item.is_hidden for item in found)
    seen = len(found) - hidden
    width, height = page.get_size()
    pictures, strokes = _drawn(page) if seen < _FEW_WORDS else (0.0, 0)
    shape = PageShape(
        page=number,
        width_per_height=width / (height or 1.0),
        words=seen,
        hidden=hidden,
        garbage=garbage,
        pictures=pictures,
        strokes=strokes,
    )
    return [item.word for item in found if not seen or not item.is_hidden], shape


def _garbage(text_page: _Handle) -> int:
    """Count the characters that no text has: of private use, replacements, controls."""
    count = min(text_page.count_chars(), MAX_CHARACTERS)
    codes = (pdfium_c.FPDFText_GetUnicode(text_page.raw, index) for index in range(count))
    return sum(_is_garbage(code) for code in codes)


def _is_garbage(code: int) -> bool:
    return (unicodedata.category(chr(code)) in _MEANINGLESS and code not in _BREAKS) or code == _REPLACEMENT


def _drawn(page: _Handle) -> tuple[float, int]:
    """Return the share of the page that its pictures cover, and how many other shapes are drawn on it."""
    try:
        left, bottom, right, top = page.get_bbox()
        shapes = list(zip(page.get_objects(filter=_DRAWN, max_depth=_DEPTH), range(_MOST_SHAPES), strict=False))
        boxes = [shape.get_bounds() for shape, _ in shapes if shape.type == pdfium_c.FPDF_PAGEOBJ_IMAGE]
    except (pdfium.PdfiumError, ValueError):
        return 1.0, 0
    # Scanners also write a page as many strips.
    covered = sum(
        max(min(x1, right) - max(x0, left), 0.0) * max(min(y1, top) - max(y0, bottom), 0.0) for x0, y0, x1, y1 in boxes
    )
    area = abs((right - left) * (top - bottom)) or 1.0
    return min(covered / area, 1.0), len(shapes) - len(boxes)


def _pages_worth_reading(count: int, *, most: int) -> list[int]:
    if count <= most:
        return list(range(count))
    half = most // 2
    return [*range(half), *range(count - half, count)]


def _words_of(page: _Handle, text_page: _Handle, number: int) -> Iterator[_Found]:
    to_place = _Placer(page, number)
    for text, box, first in _runs(text_page):
        place = to_place(box)
        if place is not None:
            yield _Found(Word(text=text, place=place), _is_hidden(text_page, first))


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
