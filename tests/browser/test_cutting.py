"""Documents are cut and joined in a real browser: by click, by drag and by keys, and put back by one key."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from liasse.documents.models import Document
from liasse.documents.types import DocumentStatus
from liasse.lib import media_types
from liasse.pipeline import child
from tests.barriers import barriers
from tests.batch import invoice, joined
from tests.web.office import Office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PROPOSED = [{"after": 2, "confidence": 0.87, "reason": "number", "detail": "k770042"}]


def paper(office: Office, *papers: bytes, pages: int, cuts: list[dict[str, object]] | None = None) -> Document:
    """Give a document with real pages."""
    blob = child.blobs().put(joined(*papers))
    return office.document(
        media_type=media_types.PDF,
        sha256=blob.sha256,
        size=blob.size,
        pages=[{"width": 595, "height": 842}] * pages,
        cuts=cuts or [],
    )


def batch(office: Office) -> Document:
    return paper(office, invoice("F-2026-101", pages=2), invoice("K77-0042", supplier=1), pages=3, cuts=PROPOSED)


def table(office: Office, *documents: Document) -> str:
    words = "&".join(f"document={document.id}" for document in documents)
    return f"/files/{office.file.id}/documents/cutting/?{words}"


def ranges(office: Office) -> list[list[tuple[int, int]]]:
    """Give the pages of what people see now, in the order of their making."""
    with office.scope():
        found = Document.objects.exclude(status=DocumentStatus.REPLACED).order_by("cut_index")
        return [[(piece["first"], piece["last"]) for piece in one.pieces] for one in found]


def count(page: Page) -> str:
    return page.locator("[data-cutting-count]").inner_text()


def test_by_keys_alone_from_the_question_to_the_cut_and_back(page: Page, office: Office) -> None:
    document = batch(office)
    page.goto(f"/files/{office.file.id}/documents/{document.id}/")
    page.get_by_role("link", name="Voir et découper").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-cutting-count]")).to_have_text("2 pièces")
    page.keyboard.press("x")
    expect(page.locator("[data-cutting-count]")).to_have_text("3 pièces")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("j")
    expect(page.locator("[data-cutting-count]")).to_have_text("2 pièces")
    page.keyboard.press("u")
    page.keyboard.press("Control+z")
    expect(page.locator("[data-cutting-count]")).to_have_text("2 pièces")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="2 pièces créées")).to_be_visible()
    assert ranges(office) == [[(1, 2)], [(3, 3)]]
    page.keyboard.press("u")
    expect(page.get_by_text("les pièces sont comme avant")).to_be_visible()
    assert ranges(office) == [[]]


def test_by_click_a_mark_cuts_and_a_page_is_turned(page: Page, office: Office) -> None:
    page.goto(table(office, paper(office, invoice("F-2026-101", pages=3), pages=3)))
    assert count(page) == "1 pièce"
    page.locator(".cutting-mark label").first.click()
    expect(page.locator("[data-cutting-count]")).to_have_text("2 pièces")
    page.locator("[data-cutting=turn]").nth(2).click()
    page.get_by_role("button", name="Appliquer").click()
    expect(page.get_by_role("heading", name="2 pièces créées")).to_be_visible()
    assert ranges(office) == [[(1, 1)], [(2, 2), (3, 3)]]


def test_by_drag_a_page_goes_into_another_document(page: Page, office: Office) -> None:
    page.goto(table(office, batch(office)))
    sheets = page.locator(".cutting-sheet")
    box = sheets.nth(2).bounding_box()
    assert box
    sheets.nth(1).drag_to(sheets.nth(2), target_position={"x": box["width"] - 6, "y": box["height"] / 2})
    expect(page.locator("[data-spot]").nth(2)).to_have_attribute("data-spot", "0.2")
    page.get_by_role("button", name="Appliquer").click()
    expect(page.get_by_role("heading", name="2 pièces créées")).to_be_visible()
    assert ranges(office) == [[(1, 1)], [(3, 3), (2, 2)]]


class Finger:
    """A finger on the screen, as the browser's own protocol moves it."""

    def __init__(self, page: Page) -> None:
        self._browser = page.context.new_cdp_session(page)
        self._browser.send("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 1})
        self._page = page

    def stroke(self, *points: tuple[float, float]) -> None:
        """Touch the first point, go through the others at once, and let go."""
        self._touch("touchStart", points[0])
        self._go(points)

    def carry(self, *points: tuple[float, float]) -> None:
        """Touch the first point until what lies there is picked up, carry it through the others, and let go."""
        self._touch("touchStart", points[0])
        expect(self._page.locator(".is-dragged")).to_have_count(1)
        self._go(points)

    def _go(self, points: Sequence[tuple[float, float]]) -> None:
        for (x, y), (to_x, to_y) in pairwise(points):
            for step in range(1, 9):
                self._touch("touchMove", (x + (to_x - x) * step / 8, y + (to_y - y) * step / 8))
        self._touch("touchEnd")

    def _touch(self, kind: str, *points: tuple[float, float]) -> None:
        self._browser.send(
            "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]}
        )


def middle(page: Page, number: int) -> tuple[float, float, float]:
    """Give the middle of a sheet, and how wide it is."""
    box = page.locator("[data-spot]").nth(number).bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, box["width"]


def at_rest(page: Page) -> None:
    """Wait until the stroke's own scrolling is over: a finger is put where things are then."""
    seen = -1
    while seen != (seen := page.evaluate("scrollY")):
        page.wait_for_timeout(200)


def test_a_finger_that_holds_a_page_moves_it_and_a_quick_stroke_does_not(page: Page, office: Office) -> None:
    page.goto(table(office, batch(office)))
    expect(page.locator("[data-cutting-count]")).to_have_text("2 pièces")
    finger, layout = Finger(page), page.locator("[name=layout]")
    x, y, _width = middle(page, 1)
    finger.stroke((x, y), (x, y - 90))
    expect(layout).to_have_value("0.1,0.2|0.3")
    at_rest(page)
    (x, y, _width), (to_x, to_y, width) = middle(page, 1), middle(page, 2)
    finger.carry((x, y), (to_x, to_y), (to_x + width / 3, to_y))
    expect(layout).to_have_value("0.1|0.3,0.2")
    finger.carry((x, y), (x + 4, y))
    expect(layout).to_have_value("0.1|0.3,0.2")
    page.keyboard.press("u")
    expect(layout).to_have_value("0.1,0.2|0.3")


def test_documents_ticked_in_the_list_are_joined_in_an_order_one_may_change(page: Page, office: Office) -> None:
    for number in ("F-2026-101", "K77-0042"):
        paper(office, invoice(number), pages=1)
    page.goto(f"/files/{office.file.id}/inbox/?tab=to-review")
    page.locator("[data-tick-all]").check()
    page.get_by_role("button", name="Fusionner").click()
    expect(page.get_by_role("heading", name="Fusionner les pièces")).to_be_visible()
    page.wait_for_load_state("networkidle")
    first = page.locator("[data-spot]").first.get_attribute("data-spot")
    page.locator("[data-thumb]").first.focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("[data-spot]").nth(1)).to_have_attribute("data-spot", first or "")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="1 pièce créée")).to_be_visible()
    assert ranges(office) == [[(1, 1), (1, 1)]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(
    page: Page, office: Office, width: int, scheme: str
) -> None:
    document = batch(office)
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": width, "height": 800})
    for address in (table(office, document), f"/files/{office.file.id}/documents/{document.id}/"):
        page.goto(address, wait_until="networkidle")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert barriers(page) == []


def test_what_was_made_is_read_by_axe_too(page: Page, office: Office) -> None:
    page.goto(table(office, batch(office)))
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="2 pièces créées")).to_be_visible()
    assert barriers(page) == []
