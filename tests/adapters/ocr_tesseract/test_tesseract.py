from pathlib import Path

import pytest

from liasse.adapters.ocr_tesseract.reader import Tesseract, is_installed
from tests.papers_drawn import drawn, turned

pytestmark = pytest.mark.skipif(not is_installed(), reason="Tesseract is not installed on this machine")


def test_words_are_read(tmp_path: Path) -> None:
    texts = [word.text for word in Tesseract().read(drawn(tmp_path)).words]
    assert {"FA-2026-0417", "14/10/2026", "205,76"} <= set(texts)


def test_a_page_upside_down_is_turned_and_its_words_stand_as_it_is_shown(tmp_path: Path) -> None:
    page = turned(drawn(tmp_path), 2)
    seen = Tesseract().read(page)
    assert seen.turn == 180
    (word,) = [word for word in seen.words if word.text == "FA-2026-0417"]
    assert min(y for _, y in word.corners) > page.height * 0.75
