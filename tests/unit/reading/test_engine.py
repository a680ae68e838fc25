import json
from io import BytesIO
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image

from liasse.config.readers import OCR_ADAPTERS, READING_ADAPTERS
from liasse.reading.call import WANTS_OCR
from liasse.reading.engine import read_in_child
from liasse.reading.types import FieldName, ProblemCode, ReadingResult, Source
from liasse.reading.words import PageWords, words_from_json
from tests.paper import A4, pdf, ubl, written
from tests.papers_drawn import drawn, pixels

PAGE = [(50.0, 100.0, "Facture N° 77"), (50.0, 130.0, "Total TTC"), (300.0, 130.0, "12,00 €")]


def _read(folder: Path, data: bytes, name: str = "a.bin", media_type: str = "") -> ReadingResult:
    path = written(folder, name, data)
    return ReadingResult.from_json(read_in_child(path, folder, media_type=media_type, adapters=READING_ADAPTERS))


def test_an_e_invoice_inside_a_pdf_goes_before_the_page_s_text(tmp_path: Path) -> None:
    result = _read(tmp_path, pdf(PAGE, attachments={"factur-x.xml": ubl()}))
    assert (result.format, result.embedded_name) == ("pdf+ubl-invoice", "factur-x.xml")
    assert result.value(FieldName.INVOICE_NUMBER) == "F-1"


def test_the_words_beside_exact_data_are_kept_for_the_screen(tmp_path: Path) -> None:
    _read(tmp_path, pdf(PAGE, attachments={"factur-x.xml": ubl()}))
    (page,) = words_from_json(json.loads((tmp_path / "words.json").read_text(encoding="utf-8")))
    assert (page.source, page.words[0].text) == (Source.TEXT, "Facture")


def test_of_several_attachments_the_known_name_goes_first(tmp_path: Path) -> None:
    result = _read(tmp_path, pdf(PAGE, attachments={"a.xml": ubl(number="A"), "ZUGFeRD-invoice.xml": ubl(number="Z")}))
    assert result.value(FieldName.INVOICE_NUMBER) == "Z"


def test_an_attachment_that_is_no_invoice_leaves_the_text_to_be_read(tmp_path: Path) -> None:
    result = _read(tmp_path, pdf(PAGE, attachments={"data.xml": b"<data/>"}))
    assert (result.format, result.problem) == ("pdf", None)
    assert result.value(FieldName.INVOICE_NUMBER) == "77"


def test_a_damaged_e_invoice_is_told_and_the_text_read(tmp_path: Path) -> None:
    result = _read(tmp_path, pdf(PAGE, attachments={"factur-x.xml": ubl()[:-20]}))
    assert result.problem is not None
    assert result.problem.code is ProblemCode.XML_MALFORMED
    assert result.value(FieldName.TOTAL_GROSS) == "12.00"


def test_a_pdf_without_text_waits_for_a_person(tmp_path: Path) -> None:
    result = _read(tmp_path, pdf([]))
    assert result == ReadingResult(format="pdf", notes=("no_text",))


@pytest.mark.parametrize("head", [b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"II*\x00"])
def test_a_picture_waits_for_a_person(tmp_path: Path, head: bytes) -> None:
    assert _read(tmp_path, head) == ReadingResult(format="image")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", ProblemCode.EMPTY),
        (b" \n" * 50, ProblemCode.EMPTY),
        (b"hello", ProblemCode.NOT_SUPPORTED),
        (b"PK\x03\x04", ProblemCode.NOT_SUPPORTED),
        (b"%PDF-1.7", ProblemCode.PDF_MALFORMED),
        (b"<?xml", ProblemCode.XML_MALFORMED),
    ],
)
def test_what_cannot_be_read_is_a_problem(tmp_path: Path, data: bytes, code: ProblemCode) -> None:
    problem = _read(tmp_path, data).problem
    assert problem is not None
    assert problem.code is code


def test_sums_that_do_not_hold_are_noted(tmp_path: Path) -> None:
    assert _read(tmp_path, ubl()).notes == ()
    wrong = ubl().replace(b">120.00</cbc:TaxInclusive", b">121.00</cbc:TaxInclusive")
    assert _read(tmp_path, wrong).notes == ("sums_differ",)


def test_a_scanner_s_own_text_is_trusted_less(tmp_path: Path) -> None:
    seen, hidden = _read(tmp_path, pdf(PAGE)), _read(tmp_path, pdf(PAGE, mode=3))
    name = FieldName.INVOICE_NUMBER
    assert hidden.notes == ("text_of_scan",)
    assert hidden.value(name) == seen.value(name) == "77"
    assert hidden.fields[name].confidence < seen.fields[name].confidence


def test_the_caller_s_media_type_is_believed(tmp_path: Path) -> None:
    assert _read(tmp_path, ubl(), media_type="image/png").format == "image"


def test_xml_far_larger_than_any_invoice_is_refused_without_being_read_whole(tmp_path: Path) -> None:
    path = written(tmp_path, "big.xml", ubl())
    with path.open("r+b") as stream:
        stream.truncate(4 * 1024**3)
    answer = read_in_child(path, tmp_path, adapters=READING_ADAPTERS)
    assert answer["problem"]["code"] == "too_large"


def _look(folder: Path, data: bytes, name: str = "a.bin") -> tuple[ReadingResult, tuple[PageWords, ...]]:
    """Read with OCR; gives the words of the pages too."""
    path = written(folder, name, data)
    result = ReadingResult.from_json(read_in_child(path, folder, adapters=OCR_ADAPTERS))
    return result, words_from_json(json.loads((folder / "words.json").read_text(encoding="utf-8")))


def _scan(folder: Path, *, turn: int = 0, kind: str = "JPEG") -> bytes:
    """Give a picture of a page, as a scanner writes it."""
    page = pixels(drawn(folder))[:, :, ::-1]
    out = BytesIO()
    Image.fromarray(np.rot90(page, k=-turn // 90)).save(out, kind, quality=85, dpi=(200, 200))
    return out.getvalue()


def _pages(*documents: bytes) -> bytes:
    whole = pikepdf.new()
    for data in documents:
        with pikepdf.open(BytesIO(data)) as one:
            whole.pages.extend(one.pages)
    out = BytesIO()
    whole.save(out)
    return out.getvalue()


def _as_pdf(picture: bytes) -> bytes:
    out = BytesIO()
    Image.open(BytesIO(picture)).save(out, "PDF", resolution=200)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_a_picture_is_read_by_ocr(tmp_path: Path, kind: str) -> None:
    result, (page,) = _look(tmp_path, _scan(tmp_path, kind=kind))
    assert (result.format, result.notes) == ("image", ("ocr",))
    assert result.value(FieldName.INVOICE_NUMBER) == "FA-2026-0417"
    field = result.fields[FieldName.TOTAL_GROSS]
    assert (field.value, field.source) == ("1234.56", Source.OCR)
    assert field.place is not None
    assert field.place.y0 == pytest.approx(330 / A4[1], abs=0.012)
    assert page.source is Source.OCR


def test_a_page_on_its_head_is_read_and_its_places_are_those_of_the_page_as_shown(tmp_path: Path) -> None:
    result, (page,) = _look(tmp_path, _as_pdf(_scan(tmp_path, turn=180)))
    assert result.notes == ("ocr", "upside_down")
    assert result.value(FieldName.ISSUE_DATE) == "2026-10-14"
    place = result.fields[FieldName.TOTAL_GROSS].place
    assert place is not None
    assert place.y0 == pytest.approx(1 - 342 / A4[1], abs=0.015)
    assert page.turn == 180


def test_all_pages_of_a_tiff_are_read(tmp_path: Path) -> None:
    page = Image.open(BytesIO(_scan(tmp_path, kind="PNG")))
    out = BytesIO()
    page.save(out, "TIFF", save_all=True, append_images=[page.convert("1")], compression="tiff_lzw")
    _, pages = _look(tmp_path, out.getvalue())
    assert [page.page for page in pages] == [1, 2]
    assert all("FA-2026-0417" in {word.text for word in page.words} for page in pages)


def test_of_a_mixed_pdf_only_the_scanned_page_is_looked_at(tmp_path: Path) -> None:
    data = _pages(
        pdf([(50.0, 60.0 + 20 * row, "Conditions de vente, article") for row in range(12)]), _as_pdf(_scan(tmp_path))
    )
    result, pages = _look(tmp_path, data)
    assert [page.source for page in pages] == [Source.TEXT, Source.OCR]
    assert result.format == "pdf"
    assert result.value(FieldName.INVOICE_NUMBER) == "FA-2026-0417"


def test_a_scanner_s_text_that_disagrees_with_the_page_is_not_believed(tmp_path: Path) -> None:
    scan, wrong = (
        pikepdf.open(BytesIO(_as_pdf(_scan(tmp_path)))),
        pikepdf.open(
            BytesIO(pdf([(50.0, 60.0 + 20 * row, "Fakture FA-9999 lorum ipzum") for row in range(10)], mode=3))
        ),
    )
    scan.pages[0].add_underlay(wrong.pages[0], None)
    out = BytesIO()
    scan.save(out)
    result, _ = _look(tmp_path, out.getvalue())
    assert "bad_text" in result.notes
    assert result.value(FieldName.INVOICE_NUMBER) == "FA-2026-0417"


def test_a_photo_without_text_says_so(tmp_path: Path) -> None:
    across, down = np.meshgrid(np.linspace(0, 3, 900), np.linspace(0, 2, 700))
    soft = (127 + 120 * np.sin(across + down**2)).astype(np.uint8)
    out = BytesIO()
    Image.fromarray(np.dstack([soft, soft[::-1], soft])).save(out, "JPEG")
    path = written(tmp_path, "cat.jpg", out.getvalue())
    result = ReadingResult.from_json(read_in_child(path, tmp_path, adapters=OCR_ADAPTERS))
    assert (result.format, result.notes, result.fields) == ("image", ("no_text",), {})


def test_without_ocr_the_answer_says_that_there_would_be_more_to_read(tmp_path: Path) -> None:
    scan, text = written(tmp_path, "a.jpg", _scan(tmp_path)), written(tmp_path, "b.pdf", pdf(PAGE * 3))
    assert read_in_child(scan, tmp_path, adapters=READING_ADAPTERS)[WANTS_OCR] is True
    assert WANTS_OCR not in read_in_child(text, tmp_path, adapters=READING_ADAPTERS)
