"""Who sent a paper: heads and feet as firms of many countries print them; how many are right, none sure and wrong."""

from pathlib import Path

import pytest

from liasse.adapters.pdf_text.reader import PdfiumText
from liasse.lib.text import name_key
from liasse.reading.calibration import calibrated, threshold
from liasse.reading.exclude import Exclude
from liasse.reading.rules import read_text
from liasse.reading.types import FieldName, ReadingResult
from tests.letterheads import Letterhead, letterheads

_NAMES = {"supplier": FieldName.SUPPLIER_NAME, "customer": FieldName.CUSTOMER_NAME}


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ReadingResult]:
    """Read every letterhead once, as the text of a PDF."""
    folder = tmp_path_factory.mktemp("letterheads")
    return {head.name: _reading(head, folder / f"{head.name}.pdf") for head in letterheads()}


def _reading(head: Letterhead, path: Path) -> ReadingResult:
    path.write_bytes(head.pdf())
    text = PdfiumText().read(path)
    shapes = {shape.page: shape.width_per_height for shape in text.shapes}
    return calibrated(read_text(text.words, shapes=shapes, exclude=Exclude()))


@pytest.mark.parametrize("who", _NAMES)
def test_nineteen_of_twenty_names_are_read(read: dict[str, ReadingResult], who: str) -> None:
    heads = letterheads()
    wrong = [head.name for head in heads if not _is_right(head, who, read[head.name])]
    assert len(heads) >= 79
    assert len(wrong) <= len(heads) / 20, wrong


def test_another_than_the_supplier_is_not_said_to_be_sure(read: dict[str, ReadingResult]) -> None:
    # A shop's sign that is a part of the firm's name is wrong above, but it names nobody else.
    sure = threshold(FieldName.SUPPLIER_NAME, strictness="normal")
    for head in letterheads():
        field = read[head.name].fields.get(FieldName.SUPPLIER_NAME)
        if field is not None and field.confidence >= sure:
            said = name_key(field.value or "")
            assert any(said in name_key(name) for name in head.expected["supplier"]), head.name


def _is_right(head: Letterhead, who: str, result: ReadingResult) -> bool:
    return name_key(result.value(_NAMES[who]) or "") in {name_key(name) for name in head.expected[who]}
