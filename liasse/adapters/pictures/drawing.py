"""The pages of a picture file as pictures for OCR, turned as they are shown. Runs in the sandbox."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from PIL import Image

from liasse.adapters.pictures.pages import _copy, _frames, _open, _shown_size
from liasse.core.refusals import Refusal
from liasse.reading.ports import PagePicture

_MOST_DOTS: Final = 5_000_000


class PillowDrawer:
    """Opens pictures upright by their EXIF data, and no larger than OCR has use for."""

    def draw(self, path: Path, *, pages: Sequence[int]) -> Iterator[tuple[int, PagePicture]]:
        """Draw pages counted from 1; nothing behind one that does not open."""
        try:
            with _open(path) as picture:
                for number, frame in enumerate(_frames(picture), start=1):
                    if number > max(pages, default=0):
                        return
                    if number in pages:
                        yield number, _drawn(frame)
        except Refusal:
            return


def _drawn(frame: Image.Image) -> PagePicture:
    width, height = _shown_size(frame)
    scale = min((_MOST_DOTS / (width * height)) ** 0.5, 1.0)
    copy = _copy(frame, max(int(width * scale), 1))[0].convert("RGB")
    # OCR's models have learned blue, green, red.
    return PagePicture(copy.width, copy.height, copy.tobytes("raw", "BGR"))
