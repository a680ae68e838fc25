"""LIASSE_OCR: which OCR reads, and in which process."""

import json
from pathlib import Path

import pytest
from PIL import Image

from liasse.adapters.ocr_tesseract.reader import is_installed
from liasse.config.readers import OCR_CALL, READING_ADAPTERS, READING_CALL, ocr_adapters, ocr_call
from liasse.core import sandbox
from liasse.reading.call import OCR_LIMITS
from tests.papers_drawn import drawn, pixels

pytestmark = pytest.mark.house


def test_none_leaves_pictures_to_people() -> None:
    assert ocr_adapters("none") == {}


def test_auto_is_what_comes_with_liasse() -> None:
    assert ocr_adapters("auto") == ocr_adapters("rapidocr")
    assert ocr_adapters("auto").items() >= READING_ADAPTERS.items()


def test_only_rapidocr_needs_the_process_with_the_models() -> None:
    assert ocr_call(ocr_adapters("rapidocr")) == OCR_CALL
    assert ocr_call(ocr_adapters("tesseract")) == READING_CALL


@pytest.mark.skipif(not is_installed(), reason="Tesseract is not installed on this machine")
def test_tesseract_reads_within_the_walls(tmp_path: Path) -> None:
    picture = tmp_path / "page.png"
    Image.fromarray(pixels(drawn(tmp_path))).save(picture)
    folder = tmp_path / "out"
    folder.mkdir()
    adapters = ocr_adapters("tesseract")
    answer = sandbox.run_large(ocr_call(adapters), picture, folder, limits=OCR_LIMITS, adapters=adapters)
    assert answer["fields"]["invoice_number"]["value"] == "FA-2026-0417"
    assert json.loads((folder / "words.json").read_text(encoding="utf-8"))["pages"][0]["source"] == "ocr"
