"""The pages of a picture file (JPEG, PNG, TIFF, WebP, HEIC, GIF), upright and as large as the screen. In the sandbox.

The stored original is only read: turning and shrinking happen on the copy.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pi_heif
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from liasse.core.refusals import Refusal

MAX_PIXELS = 50_000_000
# The library for WebP keeps four copies while it reads; a GIF is drawn one frame over the other.
MAX_PIXELS_OF = {"WEBP": 20_000_000, "GIF": 20_000_000}
MAX_FRAMES = 200
MAX_SIDE = 5_000
_FORMATS = ("JPEG", "PNG", "TIFF", "WEBP", "HEIF", "GIF")
_PAGED = frozenset({"TIFF", "GIF"})
_PHOTO_FORMATS = frozenset({"JPEG", "MPO", "HEIF"})
_ORIENTATION = 0x0112
_TURNED_SIDEWAYS = frozenset({5, 6, 7, 8})
_BAND = 256
_SUBFILE_TYPE, _REDUCED_COPY = 254, 1
_SAMPLE_WIDTH = 400
_FLAT_COLOURS = 4_096

# One thread only: each further one would reserve its own share of the job's memory.
pi_heif.options.DECODE_THREADS = 1
pi_heif.register_heif_opener()
# Our own limit, below, is the stricter one, and says so with a code.
warnings.simplefilter("ignore", Image.DecompressionBombWarning)
Image.init()


def describe(input_path: Path, output_dir: Path) -> dict[str, Any]:  # noqa: ARG001 - the shape of every call.
    """Return the pages as shown, in pixels: `{"pages": [{"width", "height"}], "locked": False}`.

    Only a TIFF has several, and a GIF that moves: the further frames of other formats are thumbnails
    and depth maps. Refuses with "empty", "not-a-picture", "damaged", "too-many-pixels" with their
    number, or "too-many-pages".
    """
    with _open(input_path) as picture:
        pages = [_shown_size(frame) for frame in _frames(picture)]
    if not pages:
        raise Refusal("damaged")
    return {"pages": [{"width": width, "height": height} for width, height in pages], "locked": False}


def render(input_path: Path, output_dir: Path, *, first: int, last: int, width: int) -> dict[str, Any]:
    """Write pages `first` to `last`, counted from 1, at most `width` pixels wide, as WebP files in `output_dir`.

    Returns `{"files": [name, …], "damaged": [page, …]}`; damaged pages are cut off and shown as
    far as they go. A small picture is not blown up. Refuses as `describe` does.
    """
    files, damaged = [], []
    with _open(input_path) as picture:
        for page, frame in enumerate(_frames(picture), start=1):
            if page > last:
                break
            if page < first:
                continue
            copy, is_whole = _copy(frame, width)
            if not is_whole:
                damaged.append(page)
            files.append(_save(copy, output_dir, page, is_photo=picture.format in _PHOTO_FORMATS))
    if not files:
        raise Refusal("damaged")
    return {"files": files, "damaged": damaged}


def _open(path: Path) -> Image.Image:
    if path.stat().st_size == 0:
        raise Refusal("empty")
    try:
        return Image.open(path, formats=_FORMATS)
    except UnidentifiedImageError as error:
        raise Refusal("not-a-picture") from error
    except Image.DecompressionBombError as error:
        raise Refusal("too-many-pixels") from error
    except MemoryError:
        raise
    except Exception as error:
        raise Refusal("damaged") from error


def _frames(picture: Image.Image) -> Iterator[Image.Image]:
    """Go through the pages; each is the same object, at its next frame, and unread."""
    number = seen = 0
    while number == 0 or picture.format in _PAGED:
        try:
            picture.seek(number)
        except EOFError:
            return
        except (OSError, SyntaxError, ValueError, KeyError, TypeError, IndexError) as error:
            if number:
                return
            raise Refusal("damaged") from error
        number += 1
        if _is_thumbnail(picture):
            continue
        seen += 1
        if seen > MAX_FRAMES:
            raise Refusal("too-many-pages", f"{MAX_FRAMES}+")
        pixels = picture.width * picture.height
        if pixels > MAX_PIXELS_OF.get(picture.format or "", MAX_PIXELS):
            raise Refusal("too-many-pixels", str(pixels))
        yield picture


def _is_thumbnail(picture: Image.Image) -> bool:
    kind = getattr(picture, "tag_v2", {}).get(_SUBFILE_TYPE, 0)
    return isinstance(kind, int) and bool(kind & _REDUCED_COPY)


def _turn(picture: Image.Image) -> int:
    if picture.format == "TIFF" or (picture.format == "PNG" and "exif" not in picture.info):
        # Pillow turns a TIFF itself, and would read all pixels of a PNG to look behind them.
        return 1
    try:
        turn = picture.getexif().get(_ORIENTATION, 1)
    except Exception:  # noqa: BLE001 - a broken EXIF block says nothing, and the picture is still a picture.
        return 1
    return turn if isinstance(turn, int) else 1


def _shown_size(picture: Image.Image) -> tuple[int, int]:
    width, height = picture.size
    return (height, width) if _turn(picture) in _TURNED_SIDEWAYS else (width, height)


def _copy(frame: Image.Image, width: int) -> tuple[Image.Image, bool]:
    turn = _turn(frame)
    shown = _shown_size(frame)
    scale = min(1.0, width / shown[0], MAX_SIDE / max(shown))
    target = tuple(max(round(side * scale), 1) for side in frame.size)
    # A JPEG can be read at a half, a quarter or an eighth of its size, which saves most of the memory.
    frame.draft("RGB", (target[0], target[1]))
    is_whole = _load(frame)
    small = _reduced(frame, max(min(frame.width // target[0], frame.height // target[1]), 1))
    if small.size != target:
        small = small.resize((target[0], target[1]), Image.Resampling.LANCZOS)
    return _upright(small, turn), is_whole


def _load(frame: Image.Image) -> bool:
    """Read the pixels; False when they break off, which shows what there is."""
    try:
        frame.load()
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - as at opening.
        ImageFile.LOAD_TRUNCATED_IMAGES = True
        try:
            frame.load()
        except MemoryError:
            raise
        except Exception as error:
            raise Refusal("damaged") from error
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = False
        return False
    return True


def _reduced(frame: Image.Image, factor: int) -> Image.Image:
    """Return a plain copy, `factor` times smaller, made band by band: a second whole copy would not fit the memory."""
    size = (-(-frame.width // factor), -(-frame.height // factor))
    copy: Image.Image | None = None
    for top in range(0, frame.height, _BAND * factor):
        band = _plain(frame.crop((0, top, frame.width, min(top + _BAND * factor, frame.height)))).reduce(factor)
        copy = copy or Image.new(band.mode, size)
        copy.paste(band, (0, top // factor))
    if copy is None:
        raise Refusal("damaged")
    return copy


def _plain(picture: Image.Image) -> Image.Image:
    """Return grey or colour without transparency, on white as on paper."""
    if picture.mode.startswith("I;16"):
        return picture.point(lambda value: value / 256).convert("L")
    if picture.mode in {"1", "L"}:
        return picture.convert("L")
    if picture.mode in {"LA", "La", "PA", "RGBA", "RGBa"} or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        paper = Image.new("RGB", layer.size, (255, 255, 255))
        paper.paste(layer, mask=layer.getchannel("A"))
        return paper
    return picture.convert("RGB")


def _upright(picture: Image.Image, turn: int) -> Image.Image:
    picture.getexif()[_ORIENTATION] = turn
    return ImageOps.exif_transpose(picture)


def _save(picture: Image.Image, output_dir: Path, page: int, *, is_photo: bool) -> str:
    name = f"page-{page:04}.webp"
    if not is_photo and _is_flat(picture):
        picture.save(output_dir / name, lossless=True, quality=20, method=1, exif=b"", icc_profile=None)
    else:
        picture.save(output_dir / name, quality=88, method=2, exif=b"", icc_profile=None)
    return name


def _is_flat(picture: Image.Image) -> bool:
    """Tell fax pages and screen shots, which stay exact, from photographs and scans, which would be megabytes."""
    height = max(picture.height * _SAMPLE_WIDTH // picture.width, 1)
    sample = picture.resize((min(_SAMPLE_WIDTH, picture.width), min(height, picture.height)), Image.Resampling.NEAREST)
    return sample.getcolors(_FLAT_COLOURS) is not None
