"""How the pages of a picture file look from afar. Runs in the sandbox."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from PIL import Image

from liasse.adapters.pictures.pages import _copy, _frames, _open
from liasse.core.refusals import Refusal
from liasse.cutting.ports import GreyPage, PageLook

_WIDTH: Final = 200
_DARK: Final = 190
_EDGE: Final = 0.03


class PillowLooker:
    """Makes each page small and counts what is not paper."""

    def look(self, path: Path, *, most: int) -> list[PageLook]:
        """Give the look of the first pages; nothing for a file that does not open, or of one page only."""
        looks: list[PageLook] = []
        try:
            with _open(path) as picture:
                for frame in _frames(picture):
                    if len(looks) >= most:
                        break
                    small, _is_whole = _copy(frame, _WIDTH)
                    looks.append(PageLook(ink=_ink(small.convert("L")), shape=small.width / small.height))
        except Refusal:
            return []
        return looks

    def draw(self, path: Path, *, pages: Sequence[int], width: int) -> Iterator[tuple[int, GreyPage]]:
        """Draw some pages in their order; nothing behind one that does not open."""
        try:
            with _open(path) as picture:
                for number, frame in enumerate(_frames(picture), start=1):
                    if number > max(pages, default=0):
                        return
                    if number in pages:
                        grey = _copy(frame, width)[0].convert("L")
                        yield number, GreyPage(grey.width, grey.height, grey.tobytes())
        except Refusal:
            return


def _ink(picture: Image.Image) -> float:
    across, down = int(picture.width * _EDGE), int(picture.height * _EDGE)
    inner = picture.crop((across, down, picture.width - across, picture.height - down))
    counts = inner.histogram()
    # Paper is what most of a page is: a grey scan has grey paper.
    paper = max(range(256), key=counts.__getitem__)
    return sum(counts[: max(min(_DARK, paper - 30), 0)]) / (inner.width * inner.height or 1)
