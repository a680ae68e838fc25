"""Office files become PDFs where LibreOffice is, without the network, and none where it is not."""

import shutil
from pathlib import Path

import openpyxl
import pypdfium2
import pytest

from liasse.adapters.office_libreoffice import LibreOfficeRenderer

needs_it = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed here")
pytestmark = pytest.mark.house


@needs_it
def test_a_sheet_becomes_a_pdf_with_its_words(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Facture", "F-12", 42.5])  # type: ignore[union-attr]
    book.save(tmp_path / "in")
    (tmp_path / "out").mkdir()
    found = LibreOfficeRenderer().to_pdf(tmp_path / "in", tmp_path / "out", filename="a.xlsx")
    assert found is not None
    assert "F-12" in pypdfium2.PdfDocument(found)[0].get_textpage().get_text_range()


def test_takes_nothing_where_the_program_is_not(tmp_path: Path) -> None:
    renderer = LibreOfficeRenderer(program=str(tmp_path / "no-such-program"))
    assert not renderer.takes("a.docx")


def test_a_program_that_fails_leaves_no_pdf(tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(b"x")
    (tmp_path / "out").mkdir()
    assert LibreOfficeRenderer(program="false").to_pdf(tmp_path / "in", tmp_path / "out", filename="a.docx") is None
