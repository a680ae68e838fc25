"""Lines of a page read once more, each made ready in other ways: what is misread once is seldom misread alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from liasse.adapters.ocr_rapidocr.recognition import Pixels, Quad, cut, cv2, recognised

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from liasse.reading.ports import Corners

_LEAST_SIDE: Final = 4
# How much is seen around a line, in heights of it: what stands beside it is not to be read.
_BESIDE, _ABOVE = 0.15, 0.2
_CLOSE: Final = 0.05
_LARGER: Final = 2.0
_SOFT: Final = 3.0
_SHARPER: Final = 1.8


def read_again(pixels: Pixels, lines: Sequence[Corners]) -> list[tuple[str, ...]]:
    """Return for each line, by its corners, what it is read as: four times, nothing for one too small to be read."""
    crops: list[Pixels] = []
    counts: list[int] = []
    for corners in lines:
        ways = list(_ways(pixels, np.array(corners, dtype=np.float32)))
        crops += ways
        counts.append(len(ways))
    texts = iter([str(text).strip() for text in recognised(crops).txts] if crops else [])
    return [tuple(next(texts) for _ in range(count)) for count in counts]


def _ways(pixels: Pixels, quad: Quad) -> Iterator[Pixels]:
    """Yield a line close by, with room and larger, in black and white, sharpened."""
    width, height = (float(np.linalg.norm(quad[corner] - quad[0])) for corner in (1, 3))
    if min(width, height) < _LEAST_SIDE:
        return
    across, down = (quad[1] - quad[0]) / width, (quad[3] - quad[0]) / height
    yield _grown(pixels, quad, across * height * _CLOSE, down * height * _CLOSE, scale=1.0)
    large = _grown(pixels, quad, across * height * _BESIDE, down * height * _ABOVE, scale=_LARGER)
    yield large
    grey = cv2.GaussianBlur(cv2.cvtColor(large, cv2.COLOR_BGR2GRAY), (3, 3), 0)
    _, black = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    yield cv2.cvtColor(black, cv2.COLOR_GRAY2BGR)
    yield cv2.addWeighted(large, _SHARPER, cv2.GaussianBlur(large, (0, 0), _SOFT), 1 - _SHARPER, 0)


def _grown(pixels: Pixels, quad: Quad, beside: Pixels, above: Pixels, *, scale: float) -> Pixels:
    signs = ((-1, -1), (1, -1), (1, 1), (-1, 1))
    grown = np.array(
        [point + across * beside + down * above for point, (across, down) in zip(quad, signs, strict=True)],
        dtype=np.float32,
    )
    width, height = (float(np.linalg.norm(grown[corner] - grown[0])) * scale for corner in (1, 3))
    return cut(pixels, grown, max(int(width), 1), max(int(height), 1))
