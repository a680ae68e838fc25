"""Codes on pages are found however they lie, and nothing else is taken for one."""

from __future__ import annotations

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from liasse.adapters.page_codes.finder import ZxingFinder
from liasse.cutting.ports import GreyPage, PageCodes
from tests.batch import SHEET, invoice, pictures

_INCH = 121
_PATCH_T, _PATCH_2, _PATCH_3, _PATCH_4 = "NWNW", "WNNW", "WNWN", "NWWN"


def seen(picture: Image.Image) -> PageCodes:
    small = picture.resize((1000, round(picture.height * 1000 / picture.width)))
    return ZxingFinder().find(GreyPage(small.width, small.height, small.tobytes()))


def patch(bars: str) -> Image.Image:
    """Give an A4 page with a patch code across its upper edge, in its true size."""
    page = Image.new("L", (1000, 1414), 250)
    draw, down = ImageDraw.Draw(page), 60.0
    for bar in bars:
        high = _INCH * (0.2 if bar == "W" else 0.08)
        draw.rectangle((300, down, 700, down + high), fill=20)
        down += high + _INCH * 0.08
    return page


def test_our_own_sheet_is_read_and_is_hardly_written_on() -> None:
    [sheet] = pictures(SHEET.read_bytes())
    for degrees in (0, 3, 90, 180):
        found = seen(sheet.rotate(degrees, expand=degrees == 90, fillcolor=255))
        assert [code.text for code in found.codes] == ["LIASSE-SEPARATOR"]
        assert (found.codes[0].span > 0.3, found.writing < 0.15) == (True, True)


@pytest.mark.parametrize("bars", [_PATCH_T, _PATCH_2, _PATCH_3])
@pytest.mark.parametrize("degrees", [0, 1.5, 90, 180, 270])
def test_patch_codes_that_part_documents_are_found_on_each_edge(bars: str, degrees: float) -> None:
    page = patch(bars).rotate(degrees, expand=degrees % 90 == 0, fillcolor=250)
    assert 0.25 < seen(page).patch < 0.6


def test_other_patch_codes_and_invoices_part_nothing() -> None:
    [paper] = pictures(invoice("F-2026-101"))
    assert [seen(page).patch for page in (patch(_PATCH_4), paper)] == [0, 0]


@pytest.mark.parametrize("kind", [zxingcpp.BarcodeFormat.Code128, zxingcpp.BarcodeFormat.Code39])
def test_bars_are_read_at_low_resolution(kind: zxingcpp.BarcodeFormat) -> None:
    page = Image.new("L", (1000, 1414), 255)
    page.paste(Image.fromarray(zxingcpp.create_barcode("PATCHT", kind).to_image(scale=3)).convert("L"), (200, 300))
    assert [code.text for code in seen(page).codes] == ["PATCHT"]
