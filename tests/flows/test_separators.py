"""Separator sheets between scanned papers part them, are in no document, and stay in what was sent."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest

from liasse.cli.verify import examine
from liasse.documents.models import Document
from liasse.documents.types import DocumentStatus
from liasse.intake.models import ReceiptPart
from liasse.intake.types import Cutting
from liasse.pipeline import arranging, child
from tests.batch import SHEET, invoice, joined, pictures, scanned
from tests.flows.conftest import Ground
from tests.flows.test_cutting import CLAIRE, send, shown
from tests.paper import pdf

WorkOff = Callable[[], int]
pytestmark = pytest.mark.django_db(transaction=True)

SHEETS = SHEET.read_bytes()
BLANK = pdf([])
ONE, TWO = invoice("F-2026-101", pages=2), invoice("K77-0042", supplier=1)


def pages() -> list[int]:
    return [len(document.pages) for document in shown()]


def left_out() -> list[int]:
    return [page for part in ReceiptPart.objects.all() for page in part.left_out]


@pytest.mark.parametrize("turned", [0.0, 2.0])
def test_a_scanned_pile_is_cut_at_its_sheets(ground: Ground, work_off: WorkOff, turned: float) -> None:
    pile = scanned(joined(SHEETS, ONE, SHEETS, BLANK, TWO, SHEETS), turned=turned)
    send(ground, pile, name="pile.pdf")
    work_off()
    assert [(one.filename, len(one.pages)) for one in shown()] == [("pile p. 2-3.pdf", 2), ("pile p. 6.pdf", 1)]
    assert left_out() == [1, 4, 5, 7]
    [whole] = Document.objects.filter(status=DocumentStatus.REPLACED)
    assert child.blobs().path(whole.sha256).read_bytes() == pile
    assert not examine(child.blobs()).defects


def test_one_step_puts_the_sheets_back(ground: Ground, work_off: WorkOff) -> None:
    send(ground, scanned(joined(ONE, SHEETS, TWO)), name="pile.pdf")
    work_off()
    change_id = shown()[0].made_by
    assert change_id
    assert left_out() == [3]
    arranging.undo(ground.client_file, change_id=change_id, actor=CLAIRE)
    work_off()
    assert (pages(), left_out()) == ([4], [])


def test_a_fax_and_a_pdf_with_text_are_cut_too(ground: Ground, work_off: WorkOff) -> None:
    out = BytesIO()
    first, *others = pictures(joined(ONE, SHEETS, TWO), dots=200)
    first.save(out, "TIFF", save_all=True, append_images=others)
    send(ground, out.getvalue(), name="fax.tif")
    send(ground, joined(invoice("G-3300-9", supplier=2), SHEETS, TWO), name="texte.pdf")
    work_off()
    assert sorted(pages()) == [1, 1, 1, 2]
    assert sorted(left_out()) == [2, 3]


def test_each_page_as_wished_but_no_sheet(ground: Ground, work_off: WorkOff) -> None:
    send(ground, scanned(joined(ONE, SHEETS, TWO)), name="pile.pdf", cutting=Cutting.PAGES)
    work_off()
    assert (pages(), left_out()) == ([1, 1, 1], [3])


def test_whole_as_wished_and_sheets_alone_stay(ground: Ground, work_off: WorkOff) -> None:
    send(ground, scanned(joined(ONE, SHEETS, TWO)), name="pile.pdf", cutting=Cutting.WHOLE)
    send(ground, scanned(joined(SHEETS, SHEETS)), name="feuilles.pdf")
    work_off()
    assert (sorted(pages()), left_out()) == ([2, 4], [])


def test_a_code_stuck_on_an_invoice_cuts_and_keeps_the_page(ground: Ground, work_off: WorkOff) -> None:
    papers = pictures(joined(ONE, TWO))
    [sheet] = pictures(SHEETS)
    side = sheet.width // 6
    papers[2].paste(sheet.crop((300, 550, 950, 1200)).resize((side, side)), (900, 1500))
    out = BytesIO()
    papers[0].save(out, "PDF", save_all=True, append_images=papers[1:], resolution=150)
    send(ground, out.getvalue(), name="pile.pdf")
    work_off()
    [document] = shown()
    assert ([cut["reason"] for cut in document.cuts], left_out()) == (["separator"], [])
