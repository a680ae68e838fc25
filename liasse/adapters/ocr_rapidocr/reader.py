"""The words of a picture by PP-OCR's models on onnxruntime, as rapidocr's wheel brings them: no system package."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from liasse.adapters.ocr_rapidocr.again import read_again
from liasse.adapters.ocr_rapidocr.recognition import Pixels, Quad, cut, cv2, engine, recognised
from liasse.reading.ports import OcrPage, OcrWord, PagePicture

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from liasse.reading.ports import Corners

_DET_DOTS: Final = 1_900_000
"""Lines are looked for on a copy of so many dots: beyond it costs time and memory and finds no more."""

_DET_LEAST_SIDE: Final = 736
_DET_LARGEST_SCALE: Final = 2.0
_SURE: Final = 0.9
"""The sense that upright text makes: upside down the mean confidence is about 0.7, upright above 0.95."""

_SAMPLE: Final = 8
_LEAST_CONTRAST: Final = 12
_LEAST_LINE: Final = 0.5
_NO_MEMORY: Final = ("bad_alloc", "allocate memory", "Failed to allocate", "Insufficient memory")
_TALL: Final = 1.5


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of text: where it stands, and what the recogniser says of its words."""

    quad: Quad
    text: str
    score: float
    info: Any


class RapidOcr:
    """Finds the lines of a page, turns the page where its text makes no sense, and reads the lines."""

    name = "rapidocr"

    def warm(self) -> None:
        """Load the models."""
        engine()

    def read(self, picture: PagePicture) -> OcrPage:
        """Return the words with their corners in the picture's own dots, and the turn that makes it upright."""
        with _memory_told():
            return self._read(picture)

    def look_again(self, picture: PagePicture, lines: Sequence[Corners]) -> list[tuple[str, ...]]:
        """Return for each line, by its corners in the picture's dots, what it is read as when made ready otherwise."""
        with _memory_told():
            return read_again(_pixels_of(picture), lines)

    def _read(self, picture: PagePicture) -> OcrPage:
        pixels = _pixels_of(picture)
        quads = np.zeros((0, 4, 2)) if _is_blank(pixels) else _lines_of(pixels)
        if not len(quads):
            return OcrPage()
        turn = _turn_of(pixels, quads)
        if turn:
            quads = _turned_quads(quads, pixels.shape, turn)
            pixels = np.ascontiguousarray(np.rot90(pixels, k=turn // 90))
        lines = _read(pixels, quads)
        seen = [line for line in lines if line.score >= _LEAST_LINE]
        back = _Back(picture.width, picture.height, turn)
        words = tuple(word for line in seen for word in _words_of(line, back))
        return OcrPage(
            words=words, turn=turn, lines=len(quads), confidence=_mean([line.score for line in lines if line.text])
        )


@contextmanager
def _memory_told() -> Iterator[None]:
    """Turn onnxruntime's own error for memory that it did not get into Python's."""
    try:
        yield
    except Exception as error:
        if any(word in str(error) for word in _NO_MEMORY):
            raise MemoryError from error
        raise


def _pixels_of(picture: PagePicture) -> Pixels:
    return np.frombuffer(picture.dots, dtype=np.uint8).reshape(picture.height, picture.width, 3)


def _is_blank(pixels: Pixels) -> bool:
    return int(np.ptp(pixels[::3, ::3])) < _LEAST_CONTRAST


def _lines_of(pixels: Pixels) -> Quad:
    """Return the corners of the lines of text, each clockwise from its top left."""
    height, width = pixels.shape[:2]
    scale = min((_DET_DOTS / (width * height)) ** 0.5, max(1.0, _DET_LEAST_SIDE / min(width, height)))
    scale = min(scale, _DET_LARGEST_SCALE)
    smooth = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    small = pixels if scale == 1 else cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=smooth)
    found = engine().text_det(small)
    if found.boxes is None:
        return np.zeros((0, 4, 2), dtype=np.float32)
    return np.asarray(found.boxes, dtype=np.float32) / np.float32(scale)


def _turn_of(pixels: Pixels, quads: Quad) -> int:
    """Return how far the page is to be turned, against the clock, to be upright: 0, 90, 180 or 270 degrees.

    Most lines of an upright page are wider than high. Whether they stand on their head is only asked
    when a few of them, read as they are, make no sense.
    """
    widths, heights = _sides(quads)
    long = widths > _TALL * heights
    tall = heights > _TALL * widths
    is_sideways = widths[long].sum() < heights[tall].sum()
    first = 90 if is_sideways else 0
    tries = (first, (first + 180) % 360)
    longest = np.argsort(-np.maximum(widths, heights))
    # Very long ones cost most and tell no more than others.
    picked = quads[longest[len(longest) // 6 :][:_SAMPLE]]
    best, best_score = first, -1.0
    for turn in tries:
        turned = np.ascontiguousarray(np.rot90(pixels, k=turn // 90)) if turn else pixels
        lines = _read(turned, _turned_quads(picked, pixels.shape, turn) if turn else picked)
        score = _mean([line.score for line in lines])
        if score > best_score:
            best, best_score = turn, score
        if score >= _SURE:
            break
    return best


def _sides(quads: Quad) -> tuple[Pixels, Pixels]:
    return np.linalg.norm(quads[:, 1] - quads[:, 0], axis=1), np.linalg.norm(quads[:, 3] - quads[:, 0], axis=1)


def _turned_quads(quads: Quad, shape: Sequence[int], turn: int) -> Quad:
    """Return where the quads are once the picture is turned against the clock, each again from its top left."""
    height, width = shape[:2]
    x, y = quads[..., 0], quads[..., 1]
    if turn == 90:  # noqa: PLR2004 - a quarter
        turned, first = np.stack([y, width - x], axis=-1), 1
    elif turn == 180:  # noqa: PLR2004 - a half
        turned, first = np.stack([width - x, height - y], axis=-1), 2
    else:
        turned, first = np.stack([height - y, x], axis=-1), 3
    return np.roll(turned, -first, axis=1).astype(np.float32)


def _read(pixels: Pixels, quads: Quad) -> list[_Line]:
    widths, heights = _sides(quads)
    usual = float(np.median(heights)) if len(heights) else 0.0
    crops = []
    for quad, width, height in zip(quads, widths, heights, strict=True):
        crop = cut(pixels, quad, max(int(width), 1), max(int(height), 1))
        # A tall box is text that runs upwards, unless it is one narrow character.
        is_upward = height > _TALL * width and height > _TALL * usual
        crops.append(np.rot90(crop) if is_upward else crop)
    if not crops:
        return []
    found = recognised(crops)
    return [
        _Line(quad=quad, text=str(text).strip(), score=float(score), info=info)
        for quad, text, score, info in zip(quads, found.txts, found.scores, found.word_results, strict=True)
    ]


def _words_of(line: _Line, back: _Back) -> Iterator[OcrWord]:
    """Split a line into words by the columns in which the recogniser saw their characters."""
    info, total = line.info, float(line.info.line_txt_len or 0)
    if not line.text or total <= 0:
        return
    spans = [(cols[0] + 0.5, cols[-1] + 0.5, len(cols)) for cols in info.word_cols]
    usual = sum(last - first for first, last, _ in spans) / max(sum(count - 1 for *_, count in spans), 1) or 2.0
    confs = iter([conf for char, conf in zip(_as_read(info, line), info.confs, strict=False) if not char.isspace()])
    for place, (letters, (first, last, _)) in enumerate(zip(info.words, spans, strict=True)):
        scores = [score for score, _ in zip(confs, letters, strict=False)]
        left = (spans[place - 1][1] + first) / 2 if place else 0.0
        right = (last + spans[place + 1][0]) / 2 if place + 1 < len(spans) else total
        x0, x1 = max(first - usual / 2, left, 0.0) / total, min(last + usual / 2, right, total) / total
        yield OcrWord(
            text="".join(letters),
            corners=back(_between(line.quad, x0, x1)),
            confidence=round(min(scores, default=line.score), 3),
        )


def _as_read(info: Any, line: _Line) -> str:  # noqa: ANN401 - untyped
    """Return the line with its blanks: there is a confidence for each character, blanks too."""
    letters = "".join("".join(word) for word in info.words)
    return letters if len(info.confs) == len(letters) else line.text.rjust(len(info.confs))


def _between(quad: Quad, x0: float, x1: float) -> Quad:
    top, bottom = quad[1] - quad[0], quad[2] - quad[3]
    return np.array([quad[0] + top * x0, quad[0] + top * x1, quad[3] + bottom * x1, quad[3] + bottom * x0])


@dataclass(frozen=True, slots=True)
class _Back:
    """Turns dots of the turned picture into dots of the picture as it came."""

    width: int
    height: int
    turn: int

    def __call__(self, quad: Quad) -> tuple[tuple[float, float], ...]:
        return tuple(self._point(float(x), float(y)) for x, y in quad)

    def _point(self, x: float, y: float) -> tuple[float, float]:
        if self.turn == 90:  # noqa: PLR2004 - a quarter
            return self.width - y, x
        if self.turn == 180:  # noqa: PLR2004 - a half
            return self.width - x, self.height - y
        if self.turn:
            return y, self.height - x
        return x, y


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
