"""Codes on drawn pages: QR and bars by zxing-cpp, patch codes by the widths of their bars. Runs in the sandbox."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import zxingcpp
from PIL import Image, ImageDraw

from liasse.cutting.ports import GreyPage, PageCode, PageCodes

_MOST_CODES: Final = 20
_LONGEST: Final = 200
_DARK_BELOW_PAPER: Final = 70
_STEP: Final = 6
_RUNS: Final = re.compile(rb"\x00+|\x01+")
# Two wide and two narrow bars, parted by narrow gaps (Kodak A-61599). Patch 2 is the same from both sides, T is 3 from
# the other; 1, 4 and 6 tell a scanner something about the page and part nothing.
_PARTING: Final = frozenset({"WNNW", "NWNW", "WNWN"})
_BARS: Final = 4
_NARROW: Final = (4.0, 24.0)
_WIDE: Final = (1.7, 3.6)
_EVEN: Final = 0.45
_SLANT: Final = 4
_LEAST_LINES: Final = 8
# A line of writing crosses more strokes than the bars of two patch codes.
_STROKES: Final = 12


class ZxingFinder:
    """Reads codes of every usual kind, and measures bars."""

    def find(self, page: GreyPage) -> PageCodes:
        """Give the codes of a page, and how much of it is written on beside them."""
        picture = Image.frombytes("L", (page.width, page.height), page.dots)
        rest = picture.copy()
        paint = ImageDraw.Draw(rest)
        paper = _paper(picture)
        codes = []
        for code in zxingcpp.read_barcodes(picture)[:_MOST_CODES]:
            side = _paint_over(paint, code.position, paper=paper)
            codes.append(PageCode(code.text[:_LONGEST], round(side / page.width, 3)))
        lines = _lines(rest, paper=paper)
        turned = _lines(rest.transpose(Image.Transpose.TRANSPOSE), paper=paper)
        patch = max(_patched(lines), _patched(turned)) * _STEP / page.width
        written = sum(len(line) > 2 * _STROKES for line in lines)
        return PageCodes(tuple(codes), patch=round(patch, 3), writing=round(written / (len(lines) or 1), 3))


def _paper(picture: Image.Image) -> int:
    counts = picture.histogram()
    return max(range(256), key=counts.__getitem__)


def _paint_over(paint: ImageDraw.ImageDraw, place: zxingcpp.Position, *, paper: int) -> int:
    """Paint over a code; gives its longer side."""
    corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    across, down = [corner.x for corner in corners], [corner.y for corner in corners]
    side = max(max(across) - min(across), max(down) - min(down))
    margin = side // 20
    paint.rectangle((min(across) - margin, min(down) - margin, max(across) + margin, max(down) + margin), fill=paper)
    return side


type _Runs = list[tuple[bool, int, int]]
"""The stretches of a line: whether it is dark, where it begins and how long it is."""


def _lines(picture: Image.Image, *, paper: int) -> list[_Runs]:
    limit = max(paper - _DARK_BELOW_PAPER, 1)
    dots = picture.tobytes().translate(bytes(int(shade < limit) for shade in range(256)))
    rows = range(0, picture.height, _STEP)
    return [_runs(dots[row * picture.width : (row + 1) * picture.width]) for row in rows]


def _runs(line: bytes) -> _Runs:
    return [(line[found.start()] == 1, found.start(), found.end() - found.start()) for found in _RUNS.finditer(line)]


def _patched(lines: list[_Runs]) -> int:
    """Give in how many lines, one behind the other, the same bars stand at the same place; 0 for too few."""
    most = 0
    before: dict[tuple[str, int], int] = {}
    for line in lines:
        now: dict[tuple[str, int], int] = {}
        for kind, start in _patches(line):
            near = (count for (other, at), count in before.items() if other == kind and abs(at - start) <= _SLANT)
            now[kind, start] = 1 + max(near, default=0)
        most = max(most, *now.values()) if now else most
        before = now
    return most if most >= _LEAST_LINES else 0


def _patches(line: _Runs) -> Iterator[tuple[str, int]]:
    darks = [number for number, (is_dark, _start, _length) in enumerate(line) if is_dark]
    for first, last in zip(darks, darks[_BARS - 1 :], strict=False):
        if last - first == 2 * (_BARS - 1):
            kind = _kind([length for _is_dark, _start, length in line[first : last + 1]])
            if kind in _PARTING:
                yield kind, line[first][1]


def _kind(lengths: list[int]) -> str:
    """Name four bars by their widths; blank where they are no patch code."""
    bars, gaps = lengths[::2], lengths[1::2]
    narrow = (sum(sorted(bars)[:2]) + sum(gaps)) / 5
    if not _NARROW[0] <= narrow <= _NARROW[1] or any(abs(gap - narrow) > narrow * _EVEN for gap in gaps):
        return ""
    kinds = [_width(bar / narrow) for bar in bars]
    return "".join(kinds)


def _width(share: float) -> str:
    if abs(share - 1) <= _EVEN:
        return "N"
    return "W" if _WIDE[0] <= share <= _WIDE[1] else "?"
