"""The picture of a page as a small JPEG, which every engine outside understands. In the sandbox."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from PIL import Image, UnidentifiedImageError

from liasse.core.refusals import Refusal

_MOST_DOTS: Final = 60_000_000
_QUALITIES: Final = (85, 70, 55)
_WIDTHS: Final = (1600, 1200, 900, 600)


def page_as_jpeg(input_path: Path, output_dir: Path, *, most_bytes: int) -> dict[str, Any]:
    """Write `page.jpg`, at most `most_bytes` long, without anything but its dots; returns `{"files": ["page.jpg"]}`.

    Refuses with "damaged", and with "too-large" where no size is small enough.
    """
    path = output_dir / "page.jpg"
    for width in _WIDTHS:
        picture = _picture(input_path, width)
        for quality in _QUALITIES:
            picture.save(path, "JPEG", quality=quality, optimize=True)
            if path.stat().st_size <= most_bytes:
                return {"files": [path.name]}
    raise Refusal("too-large")


def _picture(path: Path, width: int) -> Image.Image:
    try:
        with Image.open(path, formats=("WEBP", "PNG", "JPEG")) as picture:
            if picture.width * picture.height > _MOST_DOTS:
                raise Refusal("too-large")
            plain = picture.convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError) as error:
        raise Refusal("damaged") from error
    # A copy made dot by dot has no place for a camera's or a program's own words.
    plain.info = {}
    plain.thumbnail((width, 4 * width))
    return plain
