"""One correction, and the next ten documents of that layout need none: from PDFs that come in to their fields."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pypdfium2
import pytest
from django.conf import LazySettings
from django.utils import timezone
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from liasse.config.readers import OCR_CALL, ocr_adapters
from liasse.core.access import Actor
from liasse.documents.models import Document
from liasse.documents.services import move, read_again
from liasse.documents.types import DocumentStatus
from liasse.pipeline import copies
from liasse.reading.models import Reading
from liasse.reading.services import correct
from liasse.reading.types import FieldName
from liasse.suppliers.lessons import forget
from liasse.suppliers.models import Lesson
from tests.flows.conftest import Ground
from tests.unit.suppliers.papers import Layout

WorkOff = Callable[[], int]
type Paper = Callable[[Layout, int], tuple[bytes, dict[FieldName, str]]]
pytestmark = pytest.mark.django_db(transaction=True)
CLAIRE = Actor(kind="colleague", name="Claire")
TEN = 10


def pdf(layout: Layout, number: int) -> tuple[bytes, dict[FieldName, str]]:
    """Print a paper of a layout."""
    words, truth = layout.paper(number)
    out, (width, height) = BytesIO(), A4
    canvas = Canvas(out, pagesize=A4)
    canvas.setFont("Courier", 9.4)
    for word in words:
        canvas.drawString(word.place.x0 * width, height - word.place.y1 * height, word.text.replace("\u202f", "\xa0"))
    canvas.save()
    return out.getvalue(), truth


def read(
    ground: Ground, work_off: WorkOff, layout: Layout, number: int, *, paper: Paper = pdf
) -> tuple[Document, dict[str, str]]:
    """Let a paper come in, and give what differs in it from the truth, with what is true."""
    content, truth = paper(layout, number)
    kind = "pdf" if paper is pdf else "png"
    ground.hand_in(content, filename=f"{layout.seed}-{number}.{kind}", key=f"{layout.seed}-{number}")
    work_off()
    document = Document.objects.order_by("-id")[0]
    fields = Reading.objects.get(document=document).fields
    wanted = truth | {
        FieldName.SUPPLIER_NAME: layout.name,
        FieldName.DOC_TYPE: "invoice",
        FieldName.CURRENCY: "EUR",
    }
    wrong = {name.value: value for name, value in wanted.items() if (fields.get(name) or {}).get("value") != value}
    return document, wrong


def put_right(document: Document, values: dict[str, str]) -> None:
    """Correct fields as the screen does."""
    correct(document, actor=CLAIRE, version=document.version, values=values)
    copies.look_now(document.id)


@pytest.mark.parametrize("seed", [7, 23])
def test_after_one_correction_the_next_ten_need_none(ground: Ground, work_off: WorkOff, seed: int) -> None:
    # No paper is so old that somebody must look for that.
    layout = Layout(seed, first_day=timezone.localdate() - timedelta(days=310))
    first, wrong = read(ground, work_off, layout, 0)
    assert wrong, "the rules read all of it: the test exercises nothing"
    put_right(first, wrong)
    move([first.id], actor=CLAIRE, client_file=ground.client_file, to=DocumentStatus.READY)
    left: dict[str, dict[str, str]] = {}
    ready = 0
    for number in range(1, TEN + 1):
        document, still = read(ground, work_off, layout, number)
        left |= {f"{number}": still} if still else {}
        fields = Reading.objects.get(document=document).fields
        learned = {name: field for name, field in fields.items() if "learned" in field["evidence"]}
        assert {learned[name]["source"] for name in wrong} == {"rule"}
        assert min(field["confidence"] for field in learned.values()) >= 0.99
        ready += document.status == DocumentStatus.READY
    assert (left, ready) == ({}, TEN)
    assert Lesson.objects.get(field=next(iter(wrong))).count_used >= TEN


def test_what_was_learned_is_of_its_layout_and_its_file_alone_and_can_be_forgotten(
    ground: Ground, work_off: WorkOff
) -> None:
    layout, other = Layout(7), Layout(8)
    first, wrong = read(ground, work_off, layout, 0)
    put_right(first, wrong)
    stranger, _differs = read(ground, work_off, other, 1)
    assert not any("learned" in field["evidence"] for field in Reading.objects.get(document=stranger).fields.values())
    next_one, still = read(ground, work_off, layout, 1)
    assert still == {}
    for lesson in Lesson.objects.all():
        forget(ground.client_file, lesson_id=lesson.id, actor=CLAIRE)
    # The same correction does not teach again what was forgotten.
    copies.look_now(first.id)
    read_again(Document.objects.get(id=next_one.id), actor=CLAIRE)
    work_off()
    fields = Reading.objects.get(document=next_one).fields
    assert not any("learned" in field["evidence"] for field in fields.values())


def picture(layout: Layout, number: int) -> tuple[bytes, dict[FieldName, str]]:
    """Photograph a paper of a layout, a little askew."""
    content, truth = pdf(layout, number)
    page = pypdfium2.PdfDocument(content)[0].render(scale=2.2).to_pil().convert("L")
    askew = page.rotate(0.4 * (number % 3 - 1), Image.Resampling.BICUBIC, expand=True, fillcolor=250)
    out = BytesIO()
    askew.save(out, "PNG")
    return out.getvalue(), truth


def test_what_one_scan_taught_is_found_by_ocr_on_the_next(
    ground: Ground, work_off: WorkOff, settings: LazySettings
) -> None:
    settings.LIASSE_OCR_ADAPTERS = ocr_adapters("rapidocr")
    settings.LIASSE_CALLS = settings.LIASSE_CALLS | {"read_by_ocr": OCR_CALL}
    layout = Layout(7)
    first, wrong = read(ground, work_off, layout, 0, paper=picture)
    put_right(first, wrong)
    assert [read(ground, work_off, layout, number, paper=picture)[1] for number in (1, 2)] == [{}, {}]
    fields = Reading.objects.order_by("-id")[0].fields
    learned = [field for field in fields.values() if "label" in field["evidence"] and "learned" in field["evidence"]]
    assert learned
    assert all(field["place"] for field in learned)
