from pathlib import Path

import pytest

from liasse.config.readers import READING_ADAPTERS
from liasse.reading.engine import read_in_child
from liasse.reading.types import FieldName, ProblemCode, ReadingResult
from tests.paper import pdf, ubl, written

PAGE = [(50.0, 100.0, "Facture N° 77"), (50.0, 130.0, "Total TTC"), (300.0, 130.0, "12,00 €")]


def _read(folder: Path, data: bytes, name: str = "a.bin", media_type: str = "") -> ReadingResult:
    path = written(folder, name, data)
    return ReadingResult.from_json(read_in_child(path, folder, media_type=media_type, adapters=READING_ADAPTERS))


def test_an_e_invoice_inside_a_pdf_goes_before_the_page_s_text(tmp_path: Path) -> None:
    result = _read(tmp_path, pdf(PAGE, attachments={"factur-x.xml": ubl()}))
    assert (result.format, result.embedded_name) == ("pdf+ubl-invoice", "factur-x.xml")
    assert result.value(FieldName.INVOICE_NUMBER) == "F-1"


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
