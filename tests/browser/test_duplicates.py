"""Two pictures of one paper meet in a real browser: found by how they look, seen side by side, decided by keys."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from liasse.documents.models import Document
from liasse.documents.types import Step
from liasse.lib import media_types
from liasse.pipeline import copies, flow
from tests.barriers import barriers
from tests.web.office import Office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LINES = ("Boulangerie Martin", "12 rue des Lilas", "Ticket 4711", "Baguette 1,20", "Croissant 2,40", "Total 3,60")


OTHERS = (
    "Boulangerie Martin",
    "12 rue des Lilas",
    "Ticket 4980",
    "Éclair 3,10",
    "Tarte aux poires 18,00",
    "Total 21,10",
)


def photo(*, degrees: float = 0.0, ink: int = 20, lines: tuple[str, ...] = LINES) -> bytes:
    """Give a receipt as a JPEG."""
    paper = Image.new("L", (900, 1300), 245)
    pen = ImageDraw.Draw(paper)
    for number in range(4):
        for place, line in enumerate(lines):
            pen.text((80, 60 + 300 * number + 48 * place), line, fill=ink, font_size=38)
    target = io.BytesIO()
    paper.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=245).save(target, "JPEG", quality=70)
    return target.getvalue()


def arrived(office: Office, content: bytes) -> Document:
    """Give a picture that went through its last steps."""
    document = office.document(
        content=content,
        media_type=media_types.JPEG,
        filename="ticket.jpg",
        supplier_name="",
        number="",
        step=Step.PAGES,
    )
    with office.scope():
        flow.advance(document.id)
        copies.find(document.id)
        document.refresh_from_db()
    return document


def twins(office: Office) -> tuple[Document, Document]:
    return arrived(office, photo()), arrived(office, photo(degrees=1.4, ink=70))


def statuses(office: Office) -> list[str]:
    with office.scope():
        return list(Document.objects.order_by("id").values_list("status", flat=True))


def test_by_keys_alone_from_the_list_to_the_duplicate_and_back(page: Page, office: Office) -> None:
    twins(office)
    page.goto(f"/files/{office.file.id}/inbox/?tab=to-review")
    expect(page.locator("table .chip-ask")).to_have_text(["Doublon possible"] * 2)
    page.goto(f"/files/{office.file.id}/inbox/?tab=to-review&doubt=1")
    page.locator("table .row-link").first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Voir côte à côte").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("une autre image du même papier")).to_be_visible()
    page.wait_for_load_state("networkidle")
    page.keyboard.press("d")
    expect(page.get_by_text("est le doublon")).to_be_visible()
    assert statuses(office) == ["to-review", "duplicate"]
    page.keyboard.press("u")
    expect(page.get_by_role("button", name="Garder les deux")).to_be_visible()
    assert statuses(office) == ["to-review", "to-review"]
    page.keyboard.press("g")
    expect(page.get_by_text("Les deux sont gardées")).to_be_visible()
    assert statuses(office) == ["to-review", "to-review"]


def test_another_receipt_of_the_same_shop_is_no_duplicate(office: Office) -> None:
    arrived(office, photo())
    assert arrived(office, photo(degrees=-1.2, lines=OTHERS)).doubts == 0


@pytest.mark.parametrize("width", [360, 1440])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(page: Page, office: Office, width: int) -> None:
    _first, second = twins(office)
    page.set_viewport_size({"width": width, "height": 800})
    for at in (
        f"documents/{second.id}/copies/",
        f"documents/{second.id}/",
        "inbox/?tab=to-review&doubt=1",
        "reception/",
    ):
        page.goto(f"/files/{office.file.id}/{at}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert barriers(page) == []
    page.goto(f"/files/{office.file.id}/documents/{second.id}/copies/")
    page.get_by_role("button", name="Celle-ci est le doublon").click()
    page.goto(f"/files/{office.file.id}/inbox/?tab=duplicate")
    assert barriers(page) == []


def test_many_are_set_aside_at_once(page: Page, office: Office) -> None:
    twins(office)
    page.goto(f"/files/{office.file.id}/inbox/?tab=to-review&doubt=1")
    page.locator("[data-tick-all]").check()
    page.get_by_role("button", name="Ranger comme doublons").click()
    expect(page.get_by_role("link", name="Doublons")).to_be_visible()
    assert sorted(statuses(office)) == ["duplicate", "to-review"]
