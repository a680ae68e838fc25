"""Lays blocks out on A4 pages, with text that can be read back.

Nothing is fetched; the same letter gives the same bytes.
"""

from __future__ import annotations

import binascii
import io
import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path

from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from liasse.adapters.letter_pdf.blocks import Block, Line, Picture, Row, Rule

_WIDTH, _HEIGHT = A4
_MARGIN = 48.0
_INNER = _WIDTH - 2 * _MARGIN
_SIZE, _HEADING, _SMALL = 9.5, 13.0, 8.0
_LEADING = 1.35
_GAP = 10.0
_MAX_PAGES = 60
_MAX_PIXELS = 30_000_000
_LARGEST_SIDE = 1_400
# Smaller ones count readers.
_SMALLEST_SIDE = 4
_MOST_PICTURES = 20
_GREY, _BLACK = 0.4, 0.0
_SYSTEM_FONTS = Path("/usr/share/fonts/truetype/dejavu")
# Beyond the plane that the fonts cover, and what has no shape at all.
_UNDRAWN = re.compile(
    "[\U00010000-\U0010ffff\x00-\x08\x0b-\x1f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe0e\ufe0f\ufeff]"
)
_DATA = re.compile(r"data:image/[a-z0-9.+-]+;base64,(.+)", re.IGNORECASE | re.DOTALL)


class PagesFullError(Exception):
    """The letter goes beyond the pages that are written."""


class Pages:
    """A PDF being written from its top to its end."""

    def __init__(self, path: Path, *, title: str, pictures: Mapping[str, str]) -> None:
        """Begin the first page."""
        _register_fonts()
        self._canvas = Canvas(str(path), pagesize=A4, invariant=1, pageCompression=1)
        self._canvas.setTitle(title)
        self._y = _HEIGHT - _MARGIN
        self._pages = 1
        self._pictures = pictures
        self._picture_count = 0

    def write(self, blocks: Sequence[Block]) -> None:
        """Write blocks one below the other; rows of one table share their columns. Raises PagesFullError."""
        for key, group in groupby(blocks, key=lambda block: block.table if isinstance(block, Row) else None):
            if key is not None:
                self._table([block for block in group if isinstance(block, Row)])
                continue
            for block in group:
                if isinstance(block, Line):
                    self.line(block)
                elif isinstance(block, Picture):
                    self._picture(block)
                elif isinstance(block, Rule):
                    self.rule()

    def line(self, line: Line, *, grey: bool = False) -> None:
        """Write a paragraph."""
        size = _HEADING if line.is_heading else _SMALL if grey else _SIZE
        font = "Letter-Bold" if line.is_bold or line.is_heading else "Letter"
        text = _drawable(line.text)
        for piece in _wrapped(text, font, size, _INNER) or [""]:
            self._room(size * _LEADING)
            self._draw(_MARGIN, piece, font, size, _GREY if grey else _BLACK)
        self._y -= size * 0.3

    def rule(self) -> None:
        """Draw a line across the page."""
        self._room(_GAP)
        self._canvas.setStrokeGray(0.75)
        self._canvas.setLineWidth(0.5)
        self._canvas.line(_MARGIN, self._y + _GAP / 2, _WIDTH - _MARGIN, self._y + _GAP / 2)

    def finish(self) -> None:
        """Write the file."""
        self._canvas.showPage()
        self._canvas.save()

    def _room(self, height: float) -> None:
        if self._y - height < _MARGIN:
            if self._pages >= _MAX_PAGES:
                raise PagesFullError
            self._canvas.showPage()
            self._pages += 1
            self._y = _HEIGHT - _MARGIN
        self._y -= height

    def _draw(self, x: float, text: str, font: str, size: float, gray: float = _BLACK) -> None:
        self._canvas.setFont(font, size)
        self._canvas.setFillGray(gray)
        self._canvas.drawString(x, self._y + size * 0.3, text)

    def _table(self, rows: list[Row]) -> None:
        widths = _columns(rows)
        for row in rows:
            font = "Letter-Bold" if row.is_bold else "Letter"
            cells = [
                _wrapped(_drawable(cell), font, _SIZE, width - _GAP)
                for cell, width in zip(row.cells, widths, strict=False)
            ]
            for at in range(max((len(cell) for cell in cells), default=0)):
                self._room(_SIZE * _LEADING)
                x = _MARGIN
                for cell, width in zip(cells, widths, strict=False):
                    if at < len(cell):
                        right = x + width - _GAP - _width(cell[at], font, _SIZE)
                        self._draw(right if _is_number(cell[at]) else x, cell[at], font, _SIZE)
                    x += width
            self._y -= _SIZE * 0.2

    def _picture(self, picture: Picture) -> None:
        image = self._load(picture.source) if self._picture_count < _MOST_PICTURES else None
        if image is None:
            if picture.alt.strip():
                self.line(Line(f"[{picture.alt.strip()}]"), grey=True)
            return
        self._picture_count += 1
        scale = min(0.75, _INNER / image.width, (_HEIGHT - 3 * _MARGIN) / image.height)
        width, height = image.width * scale, image.height * scale
        self._room(height + _GAP / 2)
        self._canvas.drawImage(ImageReader(image), _MARGIN, self._y + _GAP / 4, width, height)

    def _load(self, source: str) -> Image.Image | None:
        """Give a picture that came with the mail; one that would have to be fetched is none."""
        found = _DATA.match(source)
        coded = found.group(1) if found else self._pictures.get(source[len("cid:") :].strip("<>").lower(), "")
        if not coded or not (found or source.lower().startswith("cid:")):
            return None
        try:
            with Image.open(io.BytesIO(binascii.a2b_base64(coded))) as image:
                if image.width * image.height > _MAX_PIXELS or min(image.size) < _SMALLEST_SIDE:
                    return None
                image.thumbnail((_LARGEST_SIDE, _LARGEST_SIDE))
                flat = Image.new("RGB", image.size, "white")
                clear = image.convert("RGBA")
                flat.paste(clear, mask=clear.getchannel("A"))
                return flat
        except Exception:  # noqa: BLE001 - Pillow raises whatever the bytes lead it to; the letter does without.
            return None


@cache
def _register_fonts() -> None:
    # The system's DejaVu covers all of Europe; the font that the library brings covers the west of it.
    for name, system, own in (("Letter", "DejaVuSans", "Vera"), ("Letter-Bold", "DejaVuSans-Bold", "VeraBd")):
        path = _SYSTEM_FONTS / f"{system}.ttf"
        pdfmetrics.registerFont(TTFont(name, str(path) if path.is_file() else f"{own}.ttf"))


def _drawable(text: str) -> str:
    return _UNDRAWN.sub("", text.replace("\t", "    "))


def _width(text: str, font: str, size: float) -> float:
    return float(pdfmetrics.stringWidth(text, font, size))


def _wrapped(text: str, font: str, size: float, width: float) -> list[str]:
    """Break a text into lines; a word that is longer than a line is cut."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        current = ""
        for word in paragraph.split(" "):
            longer = f"{current} {word}" if current else word
            if _width(longer, font, size) <= width:
                current = longer
                continue
            if current:
                lines.append(current)
            pieces = _cut(word, font, size, width)
            lines += pieces[:-1]
            current = pieces[-1]
        lines.append(current)
    return lines


def _cut(word: str, font: str, size: float, width: float) -> list[str]:
    if _width(word, font, size) <= width:
        return [word]
    step = max(int(width / (size * 0.7)), 1)
    return [word[start : start + step] for start in range(0, len(word), step)]


def _columns(rows: list[Row]) -> list[float]:
    """Share the page among the columns, by what the widest cell of each asks for."""
    count = max(len(row.cells) for row in rows)
    wanted = [_GAP + 8.0] * count
    for row in rows:
        for at, cell in enumerate(row.cells):
            widest = max((_width(_drawable(line)[:200], "Letter-Bold", _SIZE) for line in cell.split("\n")), default=0)
            wanted[at] = max(wanted[at], widest + _GAP)
    total = sum(wanted)
    if total <= _INNER:
        # What is left goes to the first column, which names the things.
        return [wanted[0] + _INNER - total, *wanted[1:]]
    even = _INNER / count
    narrow = sum(width for width in wanted if width <= even)
    wide = sum(width for width in wanted if width > even)
    return [width if width <= even else width * (_INNER - narrow) / wide for width in wanted]


def _is_number(text: str) -> bool:
    return re.fullmatch(r"(?:[€$£]|EUR|USD|GBP|CHF)?\s?-?[\d][\d  .,'’]*\s?(?:[€$£%]|[A-Z]{3})?", text) is not None
