"""Worn copies of the learning half's receipts: smaller, paler, blurred, grainy. The same truth, more that is misread.

The rules were made on those receipts as they are, so that hardly anything is wrong with them; how sure a value is when
it is looked at twice cannot be learned where nothing is wrong. Which wear a copy has is chosen by its name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from PIL import Image, ImageChops, ImageEnhance, ImageFilter
from reading_corpus import LEARNING, RECEIPTS, Item, load

WORN: Final = "worn-receipts"


def worn_copies(corpus: Path, *, keep: Path) -> list[Item]:
    """Give a worn copy of every receipt of the learning half; those that are there already stay as they are."""
    folder = keep / WORN
    folder.mkdir(parents=True, exist_ok=True)
    items = [item for item in load(corpus, names=list(RECEIPTS)) if item.split == LEARNING]
    return [replace(item, set=WORN, path=_worn(item.path, folder)) for item in items]


def _worn(path: Path, folder: Path) -> Path:
    copy = folder / f"{path.stem}.jpg"
    if not copy.exists():
        with Image.open(path) as picture:
            wear = _WEARS[hashlib.sha256(path.name.encode()).digest()[1] % len(_WEARS)]
            wear(picture.convert("L")).save(copy, quality=60)
    return copy


def _smaller(picture: Image.Image) -> Image.Image:
    """Give it as a telephone sends it: two thirds of its width, hard pressed."""
    scale = max(0.62, min(1.0, 420 / picture.width))
    return picture.resize((int(picture.width * scale), int(picture.height * scale)), Image.Resampling.BILINEAR)


def _paler(picture: Image.Image) -> Image.Image:
    """Give it as heat paper looks after a year in a wallet."""
    pale = ImageEnhance.Contrast(ImageEnhance.Brightness(picture).enhance(1.2)).enhance(0.4)
    return _grained(pale, spread=14.0)


def _blurred(picture: Image.Image) -> Image.Image:
    """Give it as a hand that shook took it, a little askew."""
    soft = picture.filter(ImageFilter.GaussianBlur(picture.width / 500))
    return soft.rotate(0.8, resample=Image.Resampling.BICUBIC, fillcolor=235)


def _grainy(picture: Image.Image) -> Image.Image:
    """Give it as taken in a dark room."""
    return _grained(ImageEnhance.Brightness(picture).enhance(0.7), spread=45.0)


def _grained(picture: Image.Image, *, spread: float) -> Image.Image:
    # The grain is another each time; the copies are made once and kept.
    return ImageChops.add(picture, Image.effect_noise(picture.size, spread), scale=1.0, offset=-128)


_WEARS: Final[tuple[Callable[[Image.Image], Image.Image], ...]] = (_smaller, _paler, _blurred, _grainy)
