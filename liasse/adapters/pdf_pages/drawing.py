"""The pages of a PDF as pictures for OCR, by PDFium. Runs in the sandbox."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pypdfium2

from liasse.reading.ports import PagePicture

_DOTS_PER_POINT: Final = 200 / 72
_LEAST_WIDTH: Final = 1_000
_MOST_DOTS: Final = 5_000_000
_MOST_SIDE: Final = 4_500


class PdfiumDrawer:
    """Draws pages with 200 dots an inch, small ones larger, very large ones smaller."""

    def draw(self, path: Path, *, pages: Sequence[int]) -> Iterator[tuple[int, PagePicture]]:
        """Draw pages counted from 1; those that PDFium cannot draw are left out."""
        try:
            document = pypdfium2.PdfDocument(path)
        except pypdfium2.PdfiumError:
            return
        if document.get_formtype():
            document.init_forms()
        for number in pages:
            if number <= len(document) and (picture := _drawn(document, number - 1)) is not None:
                yield number, picture
        document.close()


def _drawn(document: pypdfium2.PdfDocument, number: int) -> PagePicture | None:
    try:
        page = document[number]
        width, height = page.get_size()
        if not (width > 0 and height > 0):
            return None
        bitmap = page.render(scale=_scale(width, height))
        dots = np.ascontiguousarray(bitmap.to_numpy()[:, :, :3])
        page.close()
    except (pypdfium2.PdfiumError, ValueError):
        return None
    return PagePicture(width=dots.shape[1], height=dots.shape[0], dots=dots.tobytes())


def _scale(width: float, height: float) -> float:
    wanted: float = max(_DOTS_PER_POINT, _LEAST_WIDTH / min(width, height))
    most: float = (_MOST_DOTS / (width * height)) ** 0.5
    return min(wanted, most, _MOST_SIDE / max(width, height))
