"""PDFs made of pages of originals, which are only read. Runs in the sandbox.

Pages of a PDF are copied as they are; a JPEG goes in with its own bytes; the pixels of other pictures are packed
without loss, but those of photographs.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pi_heif
import pikepdf
from PIL import Image

from liasse.core.refusals import Refusal
from liasse.lib import media_types

MAX_PIXELS = 50_000_000
MAX_FILES = 200
_POINTS = 72.0
_A4_WIDTH, _A4_HEIGHT = 595.0, 842.0
_USUAL_DOTS = (70.0, 1300.0)
_ORIENTATION = 0x0112
# EXIF's orientations as (mirrored, degrees clockwise).
_TURNS = {1: (False, 0), 2: (True, 0), 3: (False, 180), 4: (True, 180), 5: (True, 270), 6: (False, 90)} | {
    7: (True, 90),
    8: (False, 270),
}
_SUBFILE_TYPE, _REDUCED_COPY = 254, 1
_PHOTOS = frozenset({"HEIF", "WEBP"})
_FORMATS = ("JPEG", "PNG", "TIFF", "WEBP", "HEIF", "GIF")
_PAGED = frozenset({"TIFF", "GIF"})

pi_heif.options.DECODE_THREADS = 1
pi_heif.register_heif_opener()

type _Piece = Mapping[str, Any]


def assemble(
    input_path: Path, output_dir: Path, *, sources: Sequence[Mapping[str, Any]], outputs: Sequence[Sequence[_Piece]]
) -> dict[str, Any]:
    """Make one PDF of each of `outputs`: `{"files": [name, …]}`, the same bytes each time.

    `sources` are the originals, which stand one behind the other in the input: `{"offset", "size", "media_type"}`.
    A piece is `{"source", "first", "last", "turn"}`: pages counted from 1, turned clockwise by so many degrees; with a
    "box" (fractions of the turned page, from its top left corner) only what is inside is seen of them.
    Refuses with "locked", "damaged", "too-many-pixels", "no-such-page" or "too-many-pages".
    """
    if not 0 < len(outputs) <= MAX_FILES:
        raise Refusal("too-many-pages", str(len(outputs)))
    opened = [_Source(input_path, **{name: one[name] for name in ("offset", "size", "media_type")}) for one in sources]
    files = []
    for number, pieces in enumerate(outputs, start=1):
        name = f"cut-{number:04}.pdf"
        whole = opened[pieces[0]["source"]].whole(pieces[0])
        with whole or pikepdf.Pdf.new() as made:
            for piece in pieces[1:] if whole else pieces:
                before = len(made.pages)
                opened[piece["source"]].add(made, first=piece["first"], last=piece["last"], turn=piece.get("turn", 0))
                for page in list(made.pages)[before:] if piece.get("box") else ():
                    _crop(page, piece["box"])
            made.save(output_dir / name, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        files.append(name)
    return {"files": files}


class _Window(io.RawIOBase):
    """The bytes of one original within the input."""

    def __init__(self, path: Path, *, offset: int, size: int) -> None:
        self._file = path.open("rb")
        self._offset, self._size, self._at = offset, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(base + offset, 0)
        return self._at

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - whatever takes bytes
        self._file.seek(self._offset + self._at)
        piece = self._file.read(min(len(buffer), max(self._size - self._at, 0)))
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def close(self) -> None:
        self._file.close()
        super().close()


class _Source:
    """An original, opened when its first page is asked for."""

    def __init__(self, path: Path, *, offset: int, size: int, media_type: str) -> None:
        self._path, self._offset, self._size, self._media_type = path, offset, size, media_type
        self._pdf: pikepdf.Pdf | None = None

    def whole(self, piece: _Piece) -> pikepdf.Pdf | None:
        """Give the original itself, to add pages to, if it is there whole and carries an e-invoice or other files."""
        if self._media_type != media_types.PDF or piece["first"] != 1 or piece.get("turn", 0) or piece.get("box"):
            return None
        pdf = self._opened()
        if piece["last"] != len(pdf.pages) or not pdf.attachments:
            return None
        return pikepdf.open(self._stream())

    def add(self, made: pikepdf.Pdf, *, first: int, last: int, turn: int) -> None:
        if self._media_type == media_types.PDF:
            self._add_pages(made, first=first, last=last, turn=turn)
        else:
            self._add_frames(made, first=first, last=last, turn=turn)

    def _stream(self) -> io.BufferedReader:
        return io.BufferedReader(_Window(self._path, offset=self._offset, size=self._size), buffer_size=1 << 16)

    def _opened(self) -> pikepdf.Pdf:
        if self._pdf is None:
            try:
                self._pdf = pikepdf.open(self._stream())
            except pikepdf.PasswordError as error:
                raise Refusal("locked") from error
            except pikepdf.PdfError as error:
                raise Refusal("damaged") from error
        return self._pdf

    def _add_pages(self, made: pikepdf.Pdf, *, first: int, last: int, turn: int) -> None:
        pdf = self._opened()
        _require_pages(first, last, count=len(pdf.pages))
        for number in range(first - 1, last):
            made.pages.append(pdf.pages[number])
            if turn:
                made.pages[-1].rotate(turn, relative=True)

    def _add_frames(self, made: pikepdf.Pdf, *, first: int, last: int, turn: int) -> None:
        stream = self._stream()
        try:
            picture = Image.open(stream, formats=_FORMATS)
            frames = _frame_numbers(picture)
            _require_pages(first, last, count=len(frames))
            for number in frames[first - 1 : last]:
                picture.seek(number)
                _require_few_pixels(picture)
                _add_picture(made, picture, stream=stream, turn=turn)
        except (Refusal, MemoryError):
            raise
        except Exception as error:
            raise Refusal("damaged") from error


def _crop(page: pikepdf.Page, box: Sequence[float]) -> None:
    """Let only a part of a page be seen. What lies outside stays in the copy, as the original's page has it."""
    x0, y0, x1, y1 = box
    # From the page as it is shown to the page as it is stored.
    for _quarter in range(int(page.obj.get("/Rotate", 0)) // 90 % 4):
        x0, y0, x1, y1 = y0, 1 - x1, y1, 1 - x0
    left, bottom, right, top = (float(side) for side in page.cropbox)
    width, height = right - left, top - bottom
    seen = [left + x0 * width, top - y1 * height, left + x1 * width, top - y0 * height]
    page.mediabox = page.cropbox = pikepdf.Array([round(side, 3) for side in seen])


def _require_pages(first: int, last: int, *, count: int) -> None:
    if not 1 <= first <= last <= count:
        raise Refusal("no-such-page", f"{first}-{last}")


def _require_few_pixels(picture: Image.Image) -> None:
    if picture.width * picture.height > MAX_PIXELS:
        raise Refusal("too-many-pixels", str(picture.width * picture.height))


def _frame_numbers(picture: Image.Image) -> list[int]:
    """Give the frames that are pages: of a TIFF all but thumbnails, of a GIF all, of anything else the first."""
    if picture.format not in _PAGED:
        return [0]
    numbers, number = [], 0
    while number < MAX_FILES * 2:
        try:
            picture.seek(number)
        except EOFError:
            break
        kind = getattr(picture, "tag_v2", {}).get(_SUBFILE_TYPE, 0)
        if not (isinstance(kind, int) and kind & _REDUCED_COPY):
            numbers.append(number)
        number += 1
    return numbers


def _add_picture(made: pikepdf.Pdf, picture: Image.Image, *, stream: io.BufferedReader, turn: int) -> None:
    mirrored, upright = (False, 0) if picture.format in _PAGED else _orientation(picture)
    if picture.format == "JPEG" and picture.mode in {"L", "RGB"} and not mirrored:
        stream.seek(0)
        image = pikepdf.Stream(made, stream.read())
        image.Filter = pikepdf.Name.DCTDecode
        space, bits, size = picture.mode, 8, picture.size
    else:
        plain = _plain(picture)
        if mirrored:
            plain = plain.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        image = _packed(made, plain, is_photo=picture.format in _PHOTOS)
        space, bits, size = plain.mode, 1 if plain.mode == "1" else 8, plain.size
    image.Type, image.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    image.Width, image.Height, image.BitsPerComponent = size[0], size[1], bits
    image.ColorSpace = pikepdf.Name.DeviceRGB if space == "RGB" else pikepdf.Name.DeviceGray
    width, height = _page_size(picture, size)
    page = made.add_blank_page(page_size=(width, height))
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=image))
    page.Contents = pikepdf.Stream(made, f"q {width:.3f} 0 0 {height:.3f} 0 0 cm /Im0 Do Q".encode())
    if (upright + turn) % 360:
        page.rotate((upright + turn) % 360, relative=False)


def _orientation(picture: Image.Image) -> tuple[bool, int]:
    try:
        return _TURNS.get(picture.getexif().get(_ORIENTATION, 1), (False, 0))
    except Exception:  # noqa: BLE001 - a broken EXIF block says nothing, and the picture is still a picture.
        return False, 0


def _plain(picture: Image.Image) -> Image.Image:
    """Give black and white, grey or colour without transparency, on white as on paper."""
    if picture.mode in {"1", "L", "RGB"}:
        picture.load()
        return picture
    if picture.mode.startswith("I;16"):
        return picture.point(lambda value: value / 256).convert("L")
    if picture.mode in {"LA", "La", "PA", "RGBA", "RGBa"} or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        paper = Image.new("RGB", layer.size, (255, 255, 255))
        paper.paste(layer, mask=layer.getchannel("A"))
        return paper
    return picture.convert("RGB")


def _packed(made: pikepdf.Pdf, picture: Image.Image, *, is_photo: bool) -> pikepdf.Stream:
    if is_photo and picture.mode != "1":
        packed = io.BytesIO()
        picture.save(packed, "JPEG", quality=92)
        image = pikepdf.Stream(made, packed.getvalue())
        image.Filter = pikepdf.Name.DCTDecode
        return image
    image = pikepdf.Stream(made, zlib.compress(picture.tobytes(), 6))
    image.Filter = pikepdf.Name.FlateDecode
    return image


def _page_size(picture: Image.Image, size: tuple[int, int]) -> tuple[float, float]:
    """Give the size of the page in points: by the picture's own dots an inch where they can be true, else as A4."""
    dots = picture.info.get("dpi", (0, 0))
    try:
        across, down = float(dots[0]), float(dots[1])
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        across = down = 0.0
    least, most = _USUAL_DOTS
    if least < across < most and least < down < most:
        return size[0] * _POINTS / across, size[1] * _POINTS / down
    scale = min(_A4_WIDTH / size[0], _A4_HEIGHT / size[1])
    return size[0] * scale, size[1] * scale
