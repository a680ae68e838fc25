"""How the pages of a PDF look from afar, by PDFium. Runs in the sandbox."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import pypdfium2
from PIL import Image

from liasse.cutting.ports import GreyPage, PageLook

_WIDTH: Final = 200
_MOST_HEIGHT: Final = 1_000
# Pages that nobody had the time to look at count as full.
_SECONDS: Final = 30.0
_DARK: Final = 210
# Scanners leave a dark edge round a white sheet.
_EDGE: Final = 0.03


class PdfiumLooker:
    """Draws each page small and counts what is not paper."""

    def look(self, path: Path, *, most: int) -> list[PageLook]:
        """Give the look of the first pages; nothing for a PDF that does not open."""
        try:
            document = pypdfium2.PdfDocument(path)
        except pypdfium2.PdfiumError:
            return []
        deadline = time.monotonic() + _SECONDS
        looks = [_look(document, number, deadline=deadline) for number in range(min(len(document), most))]
        document.close()
        return looks

    def draw(self, path: Path, *, pages: Sequence[int], width: int) -> Iterator[tuple[int, GreyPage]]:
        """Draw some pages; those that PDFium cannot draw are left out."""
        try:
            document = pypdfium2.PdfDocument(path)
        except pypdfium2.PdfiumError:
            return
        for number in pages:
            picture = _drawn(document, number - 1, width=width)
            if picture is not None:
                yield number, GreyPage(picture.width, picture.height, picture.tobytes())
        document.close()


def _look(document: pypdfium2.PdfDocument, number: int, *, deadline: float) -> PageLook:
    try:
        page = document[number]
        width, height = page.get_size()
        shape = width / (height or 1.0)
        if time.monotonic() > deadline or width <= 0 or height * _WIDTH / width > _MOST_HEIGHT:
            return PageLook(ink=1.0, shape=shape)
        bitmap = page.render(scale=_WIDTH / width, grayscale=True)
    except (pypdfium2.PdfiumError, ValueError):
        return PageLook(ink=1.0, shape=0.0)
    return PageLook(ink=ink_of(bitmap.to_pil()), shape=shape)


def _drawn(document: pypdfium2.PdfDocument, number: int, *, width: int) -> Image.Image | None:
    try:
        page = document[number]
        across, down = page.get_size()
        if across <= 0 or down * width / across > _MOST_HEIGHT / _WIDTH * width:
            return None
        drawn: Image.Image = page.render(scale=width / across, grayscale=True).to_pil().convert("L")
    except (pypdfium2.PdfiumError, ValueError):
        return None
    return drawn


def ink_of(picture: Image.Image) -> float:
    """Give the share of a grey picture that is darker than paper, its edges left out."""
    across, down = int(picture.width * _EDGE), int(picture.height * _EDGE)
    inner = picture.crop((across, down, picture.width - across, picture.height - down))
    counts = inner.convert("L").histogram()
    return sum(counts[:_DARK]) / (inner.width * inner.height or 1)
