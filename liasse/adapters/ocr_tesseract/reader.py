"""The words of a picture by Tesseract, where the machine has it: through its C interface, for jobs start no program.

Reference: tesseract/include/tesseract/capi.h, stable since version 4.
"""

from __future__ import annotations

import ctypes
import os
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from liasse.core.errors import TransientError
from liasse.reading.ports import OcrPage, OcrWord, PagePicture

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liasse.reading.ports import Corners

_LIBRARIES: Final = ("libtesseract.so.5", "libtesseract.so.4", "libtesseract.5.dylib")
_LANGUAGES: Final = ("fra+eng+deu", "fra+eng", "fra", "eng")
_SPARSE: Final = 11
"""Page segmentation mode: text wherever it stands. Measured best of 3, 4, 6 and 11 on invoices."""

_DOTS_PER_INCH: Final = 200
_WORD_ROW: Final = "5"
_COLUMNS: Final = 12
_SURE: Final = 0.6
_TURNS: Final = (0, 180, 90, 270)
_LEAST_WORDS: Final = 5


class Tesseract:
    """Reads a page as it lies, and turned only when its text makes no sense."""

    name = "tesseract"

    def warm(self) -> None:
        """Load the language data; raises TransientError where Tesseract or its data are not installed."""
        _api()

    def read(self, picture: PagePicture) -> OcrPage:
        """Return the words with their corners in the picture's own dots, and the turn that makes it upright."""
        pixels = np.frombuffer(picture.dots, dtype=np.uint8).reshape(picture.height, picture.width, 3)
        best = OcrPage()
        for turn in _TURNS:
            page = _read(pixels, turn)
            if page.confidence > best.confidence:
                best = page
            if best.confidence >= _SURE and len(best.words) >= _LEAST_WORDS:
                break
        return best

    def look_again(self, _picture: PagePicture, lines: Sequence[Corners]) -> list[tuple[str, ...]]:
        """Return no texts: Tesseract has one way to read a line."""
        return [() for _ in lines]


def is_installed() -> bool:
    """Tell whether this machine has Tesseract's library and the data of a language."""
    try:
        _api()
    except TransientError:
        return False
    return True


@cache
def _api() -> tuple[Any, ctypes.c_void_p]:
    library = _library()
    library.TessBaseAPICreate.restype = ctypes.c_void_p
    library.TessBaseAPIGetTsvText.restype = ctypes.c_void_p
    for name in ("Init3", "SetPageSegMode", "SetImage", "SetSourceResolution", "GetTsvText", "Clear"):
        getattr(library, f"TessBaseAPI{name}").argtypes = None
    handle = ctypes.c_void_p(library.TessBaseAPICreate())
    library.TessBaseAPISetVariable(handle, b"debug_file", os.devnull.encode())
    for languages in _LANGUAGES:
        if library.TessBaseAPIInit3(handle, None, languages.encode()) == 0:
            library.TessBaseAPISetPageSegMode(handle, _SPARSE)
            return library, handle
    raise TransientError(code="no-tesseract")


def _library() -> Any:  # noqa: ANN401 - ctypes
    for name in _LIBRARIES:
        with suppress(OSError):
            return ctypes.CDLL(name)
    raise TransientError(code="no-tesseract")


def _read(pixels: Any, turn: int) -> OcrPage:  # noqa: ANN401 - an array
    library, handle = _api()
    turned = np.ascontiguousarray(np.rot90(pixels, k=turn // 90)[:, :, ::-1])
    height, width = turned.shape[:2]
    library.TessBaseAPISetImage(handle, turned.tobytes(), width, height, 3, 3 * width)
    library.TessBaseAPISetSourceResolution(handle, _DOTS_PER_INCH)
    pointer = library.TessBaseAPIGetTsvText(handle, 0)
    if not pointer:
        return OcrPage()
    rows = ctypes.string_at(pointer).decode("utf-8", "replace").splitlines()
    library.TessDeleteText(ctypes.c_void_p(pointer))
    library.TessBaseAPIClear(handle)
    words = tuple(word for row in rows if (word := _word(row.split("\t"), turn, pixels.shape)) is not None)
    certain = [word.confidence for word in words]
    return OcrPage(words, turn, len(words), sum(certain) / len(certain) if certain else 0.0)


def _word(row: list[str], turn: int, shape: tuple[int, ...]) -> OcrWord | None:
    if len(row) != _COLUMNS or row[0] != _WORD_ROW or not row[-1].strip():
        return None
    left, top, width, height = map(float, row[6:10])
    points = ((left, top), (left + width, top), (left + width, top + height), (left, top + height))
    corners = tuple(_back(x, y, turn, shape) for x, y in points)
    return OcrWord(row[-1].strip(), corners, round(max(float(row[10]), 0.0) / 100, 3))


def _back(x: float, y: float, turn: int, shape: tuple[int, ...]) -> tuple[float, float]:
    height, width = shape[:2]
    if turn == 90:  # noqa: PLR2004 - a quarter
        return width - y, x
    if turn == 180:  # noqa: PLR2004 - a half
        return width - x, height - y
    return (y, height - x) if turn else (x, y)
