"""Of a long document its beginning and its end are read, and that is noted; nobody has to look because of it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pikepdf

from liasse.config.readers import READING_ADAPTERS
from liasse.practices.types import Strictness
from liasse.reading.call import MIDDLE_UNREAD, MOST_PAGES
from liasse.reading.decisions import decide
from liasse.reading.engine import read_in_child
from liasse.reading.types import FieldName, ReadingResult
from tests.paper import pdf, written

FIRST = [(50.0, 100.0, "Facture N° 77"), (50.0, 130.0, "Total TTC"), (300.0, 130.0, "12,00 €")]


def long(pages: int) -> bytes:
    whole = pikepdf.open(BytesIO(pdf(FIRST)))
    other = pikepdf.open(BytesIO(pdf([(50.0, 100.0, "Conditions de vente")])))
    for _page in range(pages - 1):
        whole.pages.append(other.pages[0])
    out = BytesIO()
    whole.save(out)
    return out.getvalue()


def read(folder: Path, pages: int) -> ReadingResult:
    path = written(folder, "a.pdf", long(pages))
    return ReadingResult.from_json(read_in_child(path, folder, media_type="", adapters=READING_ADAPTERS))


def test_the_middle_of_a_long_document_is_not_read_and_that_is_noted(tmp_path: Path) -> None:
    result = read(tmp_path, MOST_PAGES + 1)
    assert MIDDLE_UNREAD in result.notes
    assert result.value(FieldName.INVOICE_NUMBER) == "77"


def test_what_is_read_whole_has_no_such_note(tmp_path: Path) -> None:
    assert MIDDLE_UNREAD not in read(tmp_path, MOST_PAGES).notes


def test_nothing_waits_for_a_person_because_of_it(tmp_path: Path) -> None:
    result = read(tmp_path, MOST_PAGES + 1)
    told = [reason.detail for reason in decide(result, Strictness.NORMAL).reasons]
    assert MIDDLE_UNREAD not in told
