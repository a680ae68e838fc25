"""A photo that a client sends: read by OCR, its words kept, its failures said."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from PIL import Image

from liasse.cli.verify import examine
from liasse.config.readers import OCR_CALL, ocr_adapters
from liasse.core.sandbox import Limits
from liasse.core.scope import instance_scope
from liasse.core.slots import slot
from liasse.custody.models import LeftBytes
from liasse.documents.models import Document
from liasse.documents.services import read_again
from liasse.documents.types import Step
from liasse.pipeline import child, flow
from liasse.pipeline.outcomes import Waiting
from liasse.reading.models import Reading
from liasse.reading.selectors import pages_of, words_of
from liasse.reading.types import Source
from tests.flows.conftest import Ground
from tests.flows.test_reading_again import CLAIRE
from tests.papers_drawn import LINES, drawn, pixels

WorkOff = Callable[[], int]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def by_ocr(settings: LazySettings) -> None:
    """The tests leave OCR off, which takes its second a page; here it is what they are about."""
    settings.LIASSE_OCR_ADAPTERS = ocr_adapters("rapidocr")
    settings.LIASSE_CALLS = settings.LIASSE_CALLS | {"read_by_ocr": OCR_CALL}


def photo(folder: Path) -> bytes:
    out = BytesIO()
    Image.fromarray(pixels(drawn(folder))[:, :, ::-1]).save(out, "JPEG", quality=85)
    return out.getvalue()


def test_a_photo_is_read_and_its_words_are_kept(ground: Ground, work_off: WorkOff, tmp_path: Path) -> None:
    ground.hand_in(photo(tmp_path), filename="photo.jpg")
    work_off()
    document, reading = Document.objects.get(), Reading.objects.get()
    assert (document.number, document.step) == ("FA-2026-0417", Step.DONE)
    assert reading.fields["total_gross"]["source"] == Source.OCR
    assert child.blobs().verify(reading.words_sha256)
    (word,) = [word for word in words_of(document, page=1) if word.text == "FA-2026-0417"]
    assert 0.15 < word.place.y0 < 0.2
    assert words_of(document, page=2) == ()


def test_a_photo_that_takes_too_long_says_so(
    ground: Ground, work_off: WorkOff, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "OCR_LIMITS", Limits(memory=1280 * 1024**2, wall_seconds=0.1))
    ground.hand_in(photo(tmp_path), filename="photo.jpg")
    work_off()
    reading = Reading.objects.get()
    assert (reading.problem, reading.notes) == ("too_demanding", ["ocr_failed"])
    assert pages_of(Document.objects.get()) == ()


def test_a_photo_for_which_no_processor_is_free_waits_and_fails_nothing(
    ground: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    receipt = ground.hand_in(photo(tmp_path), filename="photo.jpg")
    flow.open_receipt(receipt.id)
    document = Document.objects.get()
    monkeypatch.setattr(child, "slot", partial(slot, count=1, seconds=0.0))
    with slot(settings.LIASSE_DATA / "tmp", "ocr", count=1):
        assert isinstance(flow.advance(document.id), Waiting)
    document.refresh_from_db()
    assert document.step == Step.READ


def test_words_that_a_new_reading_replaces_are_let_go(ground: Ground, work_off: WorkOff, tmp_path: Path) -> None:
    ground.hand_in(photo(tmp_path), filename="photo.jpg")
    work_off()
    old = child.blobs().put(b"what an older version saw").sha256
    Reading.objects.update(words_sha256=old)
    read_again(Document.objects.get(), actor=CLAIRE)
    work_off()
    assert Reading.objects.get().words_sha256 not in {"", old}
    assert old in {*LeftBytes.objects.values_list("sha256", flat=True)} or not child.blobs().exists(old)


def test_where_ocr_is_off_a_photo_waits_for_a_person(
    ground: Ground, work_off: WorkOff, tmp_path: Path, settings: LazySettings
) -> None:
    settings.LIASSE_OCR_ADAPTERS = ocr_adapters("none")
    ground.hand_in(photo(tmp_path), filename="photo.jpg")
    work_off()
    assert Reading.objects.get().fields == {}
    assert Document.objects.get().step == Step.DONE


def _scans(*lines: list[tuple[float, float, str]], folder: Path) -> bytes:
    """Give a PDF of scanned pages, one for each list of lines."""
    pages = [Image.fromarray(pixels(drawn(folder, page))[:, :, ::-1]) for page in lines]
    out = BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=200)
    return out.getvalue()


def test_two_scanned_invoices_in_one_file_are_asked_about_and_never_cut(
    ground: Ground, work_off: WorkOff, tmp_path: Path
) -> None:
    other = [
        (60.0, 80.0, "Martin Plomberie SAS"),
        (60.0, 160.0, "Facture MP-99817"),
        (60.0, 180.0, "Date de facture : 02/11/2026"),
        (60.0, 300.0, "Total HT"),
        (400.0, 300.0, "200,00 EUR"),
        (60.0, 320.0, "TVA 20 %"),
        (400.0, 320.0, "40,00 EUR"),
        (60.0, 340.0, "Total TTC"),
        (400.0, 340.0, "240,00 EUR"),
    ]
    ground.hand_in(_scans(LINES, other, folder=tmp_path), filename="scan.pdf")
    work_off()
    document = Document.objects.get()
    assert [cut["after"] for cut in document.cuts] == [1]


def test_one_scanned_invoice_of_two_pages_is_not_asked_about(ground: Ground, work_off: WorkOff, tmp_path: Path) -> None:
    second = [(60.0, 80.0, "Facture FA-2026-0417"), (60.0, 100.0, "Conditions de paiement : 30 jours net")]
    ground.hand_in(_scans(LINES, second, folder=tmp_path), filename="scan.pdf")
    work_off()
    assert Document.objects.get().cuts == []


def test_words_that_are_lost_from_the_store_are_found_by_verify(
    ground: Ground, work_off: WorkOff, tmp_path: Path
) -> None:
    ground.hand_in(photo(tmp_path), filename="photo.jpg")
    work_off()
    with instance_scope():
        before = examine(child.blobs()).defects
        name = Reading.objects.get().words_sha256
        child.blobs().path(name).unlink()
        defects = examine(child.blobs()).defects
    assert (before, len(defects)) == ([], 1)
    assert defects[0].endswith(f"its bytes {name} are missing")
