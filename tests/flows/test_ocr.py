"""A photo that a client sends: read by OCR, its words kept, its failures said."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from PIL import Image

from liasse.config.readers import OCR_CALL, ocr_adapters
from liasse.core.sandbox import Limits
from liasse.custody.models import LeftBytes
from liasse.documents.models import Document
from liasse.documents.services import read_again
from liasse.documents.types import Step
from liasse.pipeline import child
from liasse.reading.models import Reading
from liasse.reading.selectors import pages_of, words_of
from liasse.reading.types import Source
from tests.flows.conftest import Ground
from tests.flows.test_reading_again import CLAIRE
from tests.papers_drawn import drawn, pixels

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
