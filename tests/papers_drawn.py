"""Pages drawn for OCR: a PDF of the tests as a picture, and the same turned, crooked or photographed."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np

from liasse.adapters.pdf_pages.drawing import PdfiumDrawer
from liasse.reading.ports import PagePicture
from tests.paper import pdf, written

type Pixels = Any

LINES = [
    (60.0, 80.0, "Dupont Menuiserie SARL"),
    (60.0, 100.0, "12 rue des Lilas, 69003 Lyon"),
    (60.0, 160.0, "Facture FA-2026-0417"),
    (60.0, 180.0, "Date de facture : 14/10/2026"),
    (60.0, 300.0, "Total HT"),
    (400.0, 300.0, "1 028,80 EUR"),
    (60.0, 320.0, "TVA 20 %"),
    (400.0, 320.0, "205,76 EUR"),
    (60.0, 340.0, "Total TTC"),
    (400.0, 340.0, "1 234,56 EUR"),
]


def drawn(folder: Path, lines: list[tuple[float, float, str]] | None = None) -> PagePicture:
    """Give a page with these lines as a scanner would see it."""
    path = written(folder, "drawn.pdf", pdf(LINES if lines is None else lines))
    ((_, picture),) = PdfiumDrawer().draw(path, pages=[1])
    return picture


def pixels(picture: PagePicture) -> Pixels:
    """Give the dots of a picture as an array."""
    return np.frombuffer(picture.dots, dtype=np.uint8).reshape(picture.height, picture.width, 3)


def picture(array: Pixels) -> PagePicture:
    """Give an array of dots as a picture."""
    array = np.ascontiguousarray(array)
    return PagePicture(array.shape[1], array.shape[0], array.tobytes())


def turned(page: PagePicture, quarters: int) -> PagePicture:
    """Turn a page with the clock, so that it has to be turned back against it."""
    return picture(np.rot90(pixels(page), k=-quarters))


def photographed(page: PagePicture) -> PagePicture:
    """Lay a page on a dark table and look at it from one side."""
    height, width = page.height, page.width
    corners = np.array([[0.12, 0.08], [0.9, 0.12], [0.95, 0.93], [0.05, 0.88]], dtype=np.float32) * (width, height)
    sheet = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(sheet, corners.astype(np.float32))
    table = np.full((height, width, 3), 60, dtype=np.uint8)
    cv2.warpPerspective(pixels(page), matrix, (width, height), dst=table, borderMode=cv2.BORDER_TRANSPARENT)
    return picture(table)
