"""Pictures that were sent as the pages of one document become one document, whose originals are kept."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
from PIL import Image, ImageDraw

from liasse.cli.verify import examine
from liasse.documents.lineage import originals_of
from liasse.documents.models import Document
from liasse.documents.types import DocumentStatus
from liasse.intake.types import Cutting, Door, Wish
from liasse.pipeline import child
from tests.flows.conftest import Ground

WorkOff = Callable[[], int]
pytestmark = pytest.mark.django_db(transaction=True)


def picture(number: int, *, kind: str = "JPEG") -> bytes:
    made = Image.new("RGB", (600, 850), "white")
    ImageDraw.Draw(made).text((60, 60), f"Page {number}", fill="black", font_size=40)
    out = io.BytesIO()
    made.save(out, kind)
    return out.getvalue()


def bundle(*files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number, content in enumerate(files, start=1):
            archive.writestr(f"{number:02}.jpg", content)
    return out.getvalue()


def send(ground: Ground, *files: bytes) -> None:
    wish = Wish(cutting=Cutting.JOINED, note="Bail")
    ground.hand_in(bundle(*files), filename="Bail 24-11.zip", door=Door.PHONE, wish=wish)


def shown() -> list[Document]:
    return list(Document.objects.exclude(status=DocumentStatus.REPLACED).order_by("id"))


def test_pages_become_one_document_in_their_order(ground: Ground, work_off: WorkOff) -> None:
    pages = [picture(number) for number in range(1, 13)]
    send(ground, *pages)
    work_off()
    [one] = shown()
    assert (one.filename, one.note, one.media_type, len(one.pages)) == ("Bail 24-11.pdf", "Bail", "application/pdf", 12)
    kept = [child.blobs().path(original.sha256).read_bytes() for original in originals_of(one)]
    assert kept == pages
    assert examine(child.blobs()).defects == []


def test_a_page_that_cannot_be_opened_stands_beside_the_others(ground: Ground, work_off: WorkOff) -> None:
    send(ground, picture(1), b"\xff\xd8\xff\xe0" + b"no picture" * 50, picture(3))
    work_off()
    joined, left = sorted(shown(), key=lambda one: one.media_type)
    assert (len(joined.pages), left.filename, left.status) == (2, "02.jpg", DocumentStatus.TO_REVIEW)


def test_a_single_page_stays_as_it_is(ground: Ground, work_off: WorkOff) -> None:
    send(ground, picture(1, kind="PNG"))
    work_off()
    [one] = shown()
    assert (one.media_type, one.pieces) == ("image/png", [])
