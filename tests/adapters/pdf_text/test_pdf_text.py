from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from liasse.adapters.pdf_text.reader import MAX_PAGES, PdfiumText
from liasse.reading.ports import PdfText
from liasse.reading.types import Place, ProblemCode
from tests.paper import A4, pdf, written

LINES = [(50.0, 100.0, "Total TTC"), (300.0, 100.0, "1 234,56 €")]


def _read(folder: Path, data: bytes) -> PdfText:
    return PdfiumText().read(written(folder, "a.pdf", data))


def _near(place: Place, x: float, y: float) -> bool:
    return abs(place.x0 - x) < 0.01 and place.y0 - 0.005 < y < place.y1 + 0.005


def test_words_stand_where_they_are_shown(tmp_path: Path) -> None:
    found = _read(tmp_path, pdf(LINES))
    assert [word.text for word in found.words] == ["Total", "TTC", "1", "234,56", "€"]
    assert _near(found.words[0].place, 50 / A4[0], 100 / A4[1])
    assert _near(found.words[2].place, 300 / A4[0], 100 / A4[1])


def test_a_turned_page_is_measured_as_it_is_shown(tmp_path: Path) -> None:
    found = _read(tmp_path, pdf(LINES, rotate=90))
    place = found.words[0].place
    assert abs(place.y0 - 50 / A4[0]) < 0.01
    assert place.x0 > 0.8
    assert found.shapes[0].width_per_height == pytest.approx(A4[1] / A4[0])


def test_hidden_words_are_left_out_where_there_are_visible_ones(tmp_path: Path) -> None:
    document = pikepdf.Pdf.open(BytesIO(pdf([(50, 100, "Total 10,00")])))
    hidden = pikepdf.Pdf.open(BytesIO(pdf([(50, 100, "Total 99,00")], mode=3)))
    document.pages[0].contents_add(hidden.pages[0].Contents.read_bytes())
    document.save(tmp_path / "both.pdf")
    found = PdfiumText().read(tmp_path / "both.pdf")
    assert [word.text for word in found.words] == ["Total", "10,00"]
    assert found.has_hidden_text


def test_hidden_words_alone_are_the_text_of_a_scan(tmp_path: Path) -> None:
    found = _read(tmp_path, pdf(LINES, mode=3))
    assert len(found.words) == 5
    assert found.is_all_hidden
    assert not found.has_hidden_text


def test_of_a_long_document_the_first_and_last_pages_are_read(tmp_path: Path) -> None:
    document = pikepdf.new()
    for number in range(MAX_PAGES + 10):
        page = pikepdf.Pdf.open(BytesIO(pdf([(50, 100, f"page{number}")])))
        document.pages.extend(page.pages)
    document.save(tmp_path / "long.pdf")
    found = PdfiumText().read(tmp_path / "long.pdf")
    assert found.page_count == MAX_PAGES + 10
    assert (found.words[0].text, found.words[-1].text) == ("page0", f"page{MAX_PAGES + 9}")
    assert len(found.words) == MAX_PAGES


def test_a_page_without_words_is_no_problem(tmp_path: Path) -> None:
    found = _read(tmp_path, pdf([]))
    assert (found.words, found.page_count, found.problem) == ((), 1, None)


def test_a_password_is_told(tmp_path: Path) -> None:
    document = pikepdf.Pdf.open(BytesIO(pdf(LINES)))
    document.save(tmp_path / "locked.pdf", encryption=pikepdf.Encryption(owner="a", user="b"))
    problem = PdfiumText().read(tmp_path / "locked.pdf").problem
    assert problem is not None
    assert problem.code is ProblemCode.PDF_PASSWORD


def test_a_pdf_that_is_none_is_a_problem(tmp_path: Path) -> None:
    problem = _read(tmp_path, b"%PDF-1.7\nnonsense").problem
    assert problem is not None
    assert problem.code is ProblemCode.PDF_MALFORMED
