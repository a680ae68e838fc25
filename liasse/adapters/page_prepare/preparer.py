"""A photo of a paper made a page: the paper found and laid flat, shadows and faint print evened out. On a copy."""

from __future__ import annotations

import importlib
from typing import Any, Final

import numpy as np

from liasse.reading.ports import PagePicture, PreparedPage

cv2: Any = importlib.import_module("cv2")
cv2.setNumThreads(1)

_SMALL: Final = 600
_LEAST_PAPER: Final = 0.12
_MOST_PAPER: Final = 0.96
_BRIGHTER: Final = 30
_BESIDE: Final = 0.1
_FULL: Final = 0.9
_ROUND: Final = 0.02
_ROOM: Final = 0.01
_EDGE: Final = 2
_UNEVEN: Final = 70
_FAINT: Final = 70
_DARKEST: Final = 0.1
_WHITE: Final = 245.0
_IDENTITY: Final = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)

type _Pixels = Any


class CvPreparer:
    """Does as little as a page needs: a clean scan comes back as it was."""

    def prepare(self, picture: PagePicture) -> PreparedPage:
        """Return the page, and the mapping of its dots to those of the picture that came in."""
        pixels = np.frombuffer(picture.dots, dtype=np.uint8).reshape(picture.height, picture.width, 3)
        corners = _paper(pixels)
        matrix: tuple[float, ...] = _IDENTITY
        changed = pixels
        if corners is not None:
            changed, matrix = _flat(pixels, corners)
        changed = _even(changed)
        if changed is pixels:
            return PreparedPage(picture=picture, to_drawn=_IDENTITY)
        height, width = changed.shape[:2]
        return PreparedPage(picture=PagePicture(width, height, changed.tobytes()), to_drawn=matrix)


def _paper(pixels: _Pixels) -> _Pixels | None:
    """Return the corners of a bright paper on a dark ground, from the top left clockwise; None where there is none."""
    height, width = pixels.shape[:2]
    scale = min(_SMALL / max(width, height), 1.0)
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    grey = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), (5, 5), 0)
    _, mask = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    # Print is closed over, so that the paper is one spot.
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8))
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not contours:
        return None
    largest, *others = sorted(contours, key=cv2.contourArea, reverse=True)
    if sum(map(cv2.contourArea, others)) > _BESIDE * cv2.contourArea(largest):
        # Several papers lie there, and none may be lost.
        return None
    share = cv2.contourArea(largest) / mask.size
    if not _LEAST_PAPER < share < _MOST_PAPER or not _stands_out(grey, largest):
        return None
    hull = cv2.convexHull(largest)
    around = cv2.approxPolyDP(hull, _ROUND * cv2.arcLength(hull, closed=True), closed=True).reshape(-1, 2)
    if len(around) != 4 or cv2.contourArea(largest) < _FULL * cv2.contourArea(around):  # noqa: PLR2004 - corners
        return None
    if _cut_off(around, grey.shape):
        return None
    return _in_order(around.astype(np.float32) / np.float32(scale))


def _stands_out(grey: _Pixels, contour: _Pixels) -> bool:
    inside = np.zeros(grey.shape, np.uint8)
    cv2.drawContours(inside, [contour], -1, 255, cv2.FILLED)
    outside = cv2.bitwise_not(cv2.dilate(inside, np.ones((9, 9), np.uint8)))
    if not cv2.countNonZero(outside):
        return False
    paper, ground = (float(np.median(grey[part > 0])) for part in (inside, outside))
    return paper - ground > _BRIGHTER


def _cut_off(corners: _Pixels, shape: tuple[int, ...]) -> bool:
    """Tell whether two corners or more are the picture's own edges: such a paper goes on outside of it."""
    height, width = shape
    near = (
        (corners[:, 0] <= _EDGE)
        | (corners[:, 1] <= _EDGE)
        | (corners[:, 0] >= width - 1 - _EDGE)
        | (corners[:, 1] >= height - 1 - _EDGE)
    )
    return int(near.sum()) > 1


def _in_order(corners: _Pixels) -> _Pixels:
    total, difference = corners.sum(axis=1), corners[:, 1] - corners[:, 0]
    picked = [total.argmin(), difference.argmin(), total.argmax(), difference.argmax()]
    return corners[picked] if len(set(map(int, picked))) == len(picked) else cv2.boxPoints(cv2.minAreaRect(corners))


def _flat(pixels: _Pixels, corners: _Pixels) -> tuple[_Pixels, tuple[float, ...]]:
    middle = corners.mean(axis=0)
    corners = (middle + (corners - middle) * (1 + 2 * _ROOM)).astype(np.float32)
    across = (np.linalg.norm(corners[1] - corners[0]) + np.linalg.norm(corners[2] - corners[3])) / 2
    down = (np.linalg.norm(corners[3] - corners[0]) + np.linalg.norm(corners[2] - corners[1])) / 2
    width, height = max(int(across), 1), max(int(down), 1)
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(corners, target)
    flat = cv2.warpPerspective(pixels, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE, flags=cv2.INTER_CUBIC)
    back = np.linalg.inv(matrix)
    return flat, tuple(float(value) for value in back.reshape(-1))


def _even(pixels: _Pixels) -> _Pixels:
    """Return the page on even white where shadows lie on it or the print is faint, else the page as it is."""
    height, width = pixels.shape[:2]
    scale = min(_SMALL / max(width, height), 1.0)
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    # What is brightest round a spot is paper; letters are small enough to vanish.
    ground = cv2.medianBlur(cv2.dilate(small, np.ones((9, 9), np.uint8)), 31)
    grey = cv2.cvtColor(ground, cv2.COLOR_BGR2GRAY)
    dark, bright = np.percentile(grey, (5, 95))
    ink = float(bright - np.percentile(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), _DARKEST))
    if bright - dark < _UNEVEN and ink > _FAINT:
        return pixels
    ground = cv2.resize(np.maximum(ground, 40), (width, height), interpolation=cv2.INTER_LINEAR)
    return cv2.divide(pixels, ground, scale=_WHITE)
