"""How pages look: a hash by which the same paper is found again, and whether two pages are the same. In the sandbox.

A picture becomes ink on white, upright, cut to what is written and of one size: what is left is the same for a scan, a
copy, a darker or a slightly turned one. The hash is of its lowest frequencies; two pages are the same when nearly every
spot with ink on one has the same ink on the other, moved by a few pixels at most. Two invoices of one form differ in
the spots that differ.
"""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageChops, ImageFilter, ImageStat, UnidentifiedImageError

from liasse.core.refusals import Refusal

_WIDTH: Final = 800
_PAPER_BLUR: Final = 14
_INK_STEP, _INK_GAIN = 14, 5
_DARKER: Final = [min(max(step - _INK_STEP, 0) * _INK_GAIN, 255) for step in range(256)]
_SMALL_WIDTH: Final = 400
_HALF_DEGREES: Final = range(-8, 9)
_TENTHS: Final = range(-4, 5)
# So much of the ink lies outside of what is cut out on each side: dust, and the edge of the scanner.
_OUTSIDE: Final = 0.012
_SIZE: Final = (480, 640)
_LEAST_INK: Final = 0.004
_HASH_SIDE: Final = 32
_LOWEST: Final = 11
_BITS: Final = 64
_SPOTS: Final = (12, 20)
_BLUR: Final = 1.2
_REACH: Final = 7
_LEAST_IN_SPOT: Final = 6
_LEAST_SPOTS: Final = 12
_COSINES: Final = [
    [math.cos(math.pi * (2 * place + 1) * wave / (2 * _HASH_SIDE)) for place in range(_HASH_SIDE)]
    for wave in range(_LOWEST + 1)
]
_WAVES: Final = [(row, column) for row in range(12) for column in range(12) if 0 < row + column <= _LOWEST][:_BITS]


def look_at_page(input_path: Path, output_dir: Path) -> dict[str, Any]:  # noqa: ARG001 - the shape of every call.
    """Return `{"look": 16 hexadecimal digits}` for the picture of a page, "" when too little is on it to tell.

    Looks of the same paper differ in few of their 64 bits, those of different ones in half.
    """
    page = _page(input_path.read_bytes())
    return {"look": "" if page is None else f"{_hash(page):016x}"}


def compare_pages(input_path: Path, output_dir: Path, *, places: Sequence[Mapping[str, int]]) -> dict[str, Any]:  # noqa: ARG001
    """Compare the first of the pictures in one file with each of the others.

    `places` says where in the file each begins (`offset`) and how long it is (`size`). Returns
    `{"unlike": [[mean, standing_out], …]}`: how much the spots with ink differ on average, from 0 to 1, and by how much
    the third worst is beyond twice the middle one. A copy differs a little everywhere, another invoice of the same form
    much in a few spots. Both are 1 where there is too little ink to tell.
    """
    content = input_path.read_bytes()
    pages = [_page(content[place["offset"] : place["offset"] + place["size"]]) for place in places]
    return {"unlike": [_unlike(pages[0], page) for page in pages[1:]]}


def _page(content: bytes) -> Image.Image | None:
    """Give what is written on a page, white on black and in one size; None for an empty one."""
    try:
        with Image.open(io.BytesIO(content), formats=("WEBP",)) as picture:
            grey = picture.convert("L")
    except (UnidentifiedImageError, OSError, ValueError) as error:
        raise Refusal("damaged") from error
    if grey.width > _WIDTH:
        grey = grey.resize((_WIDTH, max(round(grey.height * _WIDTH / grey.width), 1)), Image.Resampling.BOX)
    # Paper is what stands round a spot: shadows and a grey scan are none the darker for it.
    paper = grey.filter(ImageFilter.BoxBlur(_PAPER_BLUR))
    ink = ImageChops.subtract(paper, grey).point(_DARKER)
    if ImageStat.Stat(ink).mean[0] < 255 * _LEAST_INK:
        return None
    ink = ink.rotate(_slant(ink), Image.Resampling.BICUBIC)
    left, right = _span(_profile(ink, (ink.width, 1)))
    top, bottom = _span(_profile(ink, (1, ink.height)))
    return ink.crop((left, top, right, bottom)).resize(_SIZE, Image.Resampling.BILINEAR)


def _profile(picture: Image.Image, size: tuple[int, int]) -> bytes:
    return picture.resize(size, Image.Resampling.BOX).tobytes()


def _slant(ink: Image.Image) -> float:
    """Give by how many degrees to turn a page for its lines to be level: then they stand out most from the gaps."""
    small = ink.resize((_SMALL_WIDTH, max(ink.height * _SMALL_WIDTH // ink.width, 1)), Image.Resampling.BOX)

    def contrast(degrees: float) -> int:
        lines = _profile(small.rotate(degrees, Image.Resampling.BILINEAR), (1, small.height))
        return sum((above - below) ** 2 for above, below in pairwise(lines))

    about = max((half / 2 for half in _HALF_DEGREES), key=contrast)
    return max((about + tenth / 10 for tenth in _TENTHS), key=contrast)


def _span(profile: bytes) -> tuple[int, int]:
    """Give where what is written begins and ends."""
    outside = sum(profile) * _OUTSIDE
    first = _beyond(profile, outside)
    last = len(profile) - _beyond(profile[::-1], outside)
    return first, max(last, first + 1)


def _beyond(profile: bytes, outside: float) -> int:
    seen = 0
    for place, ink in enumerate(profile):
        seen += ink
        if seen >= outside:
            return place
    return 0


def _hash(page: Image.Image) -> int:
    """Give a bit for each of the lowest frequencies (DCT): whether it is stronger than the middle one."""
    side = _HASH_SIDE
    points = page.resize((side, side), Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(0.7)).tobytes()
    lines = [points[start : start + side] for start in range(0, side * side, side)]
    across = [[sum(map(float.__mul__, wave, map(float, line))) for wave in _COSINES] for line in lines]
    waves = [sum(across[line][column] * _COSINES[row][line] for line in range(side)) for row, column in _WAVES]
    middle = sorted(waves)[len(waves) // 2]
    return sum(1 << place for place, wave in enumerate(waves) if wave > middle)


def _unlike(one: Image.Image | None, other: Image.Image | None) -> list[float]:
    if one is None or other is None:
        return [1.0, 1.0]
    one, other = (page.filter(ImageFilter.GaussianBlur(_BLUR)) for page in (one, other))
    width, height = _SIZE[0] // _SPOTS[0], _SIZE[1] // _SPOTS[1]
    found = []
    for top in range(0, height * _SPOTS[1], height):
        for left in range(0, width * _SPOTS[0], width):
            box = (left, top, left + width, top + height)
            spot, there = one.crop(box), _ink(other.crop(box))
            if max(_ink(spot), there) >= width * height * _LEAST_IN_SPOT:
                found.append(_best(spot, other, left=left, top=top))
    if len(found) < _LEAST_SPOTS:
        return [1.0, 1.0]
    found.sort()
    return [round(sum(found) / len(found), 3), round(found[-3] - 2 * found[len(found) // 2], 3)]


def _best(spot: Image.Image, page: Image.Image, *, left: int, top: int) -> float:
    """Give how much a spot differs from the most similar one near its place."""
    own = _ink(spot)

    def at(across: int, down: int) -> float:
        box = (left + across, top + down, left + across + spot.width, top + down + spot.height)
        there = page.crop(box)
        return _ink(ImageChops.difference(spot, there)) / max(own + _ink(there), 1.0)

    steps = range(-_REACH, _REACH + 1, 2)
    about, across, down = min((at(across, down), across, down) for across in steps for down in steps)
    near = [at(across + right, down + under) for right in (-1, 0, 1) for under in (-1, 0, 1) if right or under]
    return min(about, *near)


def _ink(picture: Image.Image) -> float:
    return float(ImageStat.Stat(picture).sum[0])
