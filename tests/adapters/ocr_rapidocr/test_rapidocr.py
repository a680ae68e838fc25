from pathlib import Path

import pytest

from liasse.adapters.ocr_rapidocr.reader import RapidOcr
from liasse.adapters.pdf_text.reader import PdfiumText
from liasse.reading.ports import OcrPage, OcrWord, PagePicture
from tests.paper import A4
from tests.papers_drawn import LINES, drawn, picture, pixels, turned

NEAR = 0.012


@pytest.fixture(scope="module")
def reader() -> RapidOcr:
    reader = RapidOcr()
    reader.warm()
    return reader


def _box(word: OcrWord, page: PagePicture) -> tuple[float, ...]:
    xs, ys = zip(*word.corners, strict=True)
    return min(xs) / page.width, min(ys) / page.height, max(xs) / page.width, max(ys) / page.height


def test_words_are_read_and_stand_where_the_pdf_has_them(reader: RapidOcr, tmp_path: Path) -> None:
    page = drawn(tmp_path)
    seen = {word.text: _box(word, page) for word in reader.read(page).words}
    printed = {word.text: word.place for word in PdfiumText().read(tmp_path / "drawn.pdf").words}
    for text in ("FA-2026-0417", "14/10/2026", "205,76", "Dupont", "Menuiserie", "SARL", "TTC"):
        place = printed[text]
        expected = (place.x0, place.y0, place.x1, place.y1)
        assert all(abs(a - b) < NEAR for a, b in zip(seen[text], expected, strict=True)), (text, seen[text], expected)


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_page_that_lies_wrong_is_turned_and_its_words_stand_as_it_is_shown(
    reader: RapidOcr, tmp_path: Path, quarters: int
) -> None:
    page = turned(drawn(tmp_path), quarters)
    seen = reader.read(page)
    assert seen.turn == quarters * 90
    (word,) = [word for word in seen.words if word.text == "FA-2026-0417"]
    x0, y0, x1, y1 = _box(word, page)
    upright = (100 / A4[0], 1 - 160 / A4[1]) if quarters == 2 else None
    middle = ((x0 + x1) / 2, (y0 + y1) / 2)
    x, y = _middle_upright(middle, quarters)
    assert upright is None or middle[0] > 0.5
    assert 60 / A4[0] < x < 300 / A4[0]
    assert abs(y - 157 / A4[1]) < NEAR


def _middle_upright(middle: tuple[float, float], quarters: int) -> tuple[float, float]:
    x, y = middle
    for _ in range(quarters):
        x, y = y, 1 - x
    return x, y


def test_an_upright_page_is_not_turned(reader: RapidOcr, tmp_path: Path) -> None:
    seen = reader.read(drawn(tmp_path))
    assert seen.turn == 0
    assert seen.confidence > 0.9
    assert all(word.confidence > 0.5 for word in seen.words)
    assert len(seen.words) >= sum(len(text.split()) for *_, text in LINES) - 3


def test_an_empty_page_has_no_words(reader: RapidOcr, tmp_path: Path) -> None:
    assert reader.read(drawn(tmp_path, [])) == OcrPage()


def test_one_narrow_figure_in_a_column_is_read_upright(reader: RapidOcr, tmp_path: Path) -> None:
    lines = [*LINES, *((300.0, 400.0 + 20 * row, str(row + 1)) for row in range(3))]
    texts = [word.text for word in reader.read(drawn(tmp_path, lines)).words]
    assert [text for text in texts if text in {"1", "2", "3"}][-3:] == ["1", "2", "3"]


def test_white_on_dark_is_read_too(reader: RapidOcr, tmp_path: Path) -> None:
    page = picture(255 - pixels(drawn(tmp_path)))
    assert "FA-2026-0417" in [word.text for word in reader.read(page).words]


def test_a_line_is_read_again_in_four_ways_whichever_way_its_page_lies(reader: RapidOcr, tmp_path: Path) -> None:
    page = turned(drawn(tmp_path), 2)
    (word,) = [word for word in reader.read(page).words if word.text == "FA-2026-0417"]
    assert reader.look_again(page, [word.corners]) == [("FA-2026-0417",) * 4]


def test_a_line_of_a_few_dots_is_not_read_again(reader: RapidOcr, tmp_path: Path) -> None:
    speck = ((10.0, 10.0), (12.0, 10.0), (12.0, 12.0), (10.0, 12.0))
    assert reader.look_again(drawn(tmp_path), [speck]) == [()]
