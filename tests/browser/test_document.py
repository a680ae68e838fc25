"""The document's page in a real browser: what is typed early is saved, the keys it names work, its pages are sharp."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from liasse.documents.models import Document
from liasse.documents.types import DocumentStatus
from liasse.lib.media_types import XML
from liasse.pipeline import flow
from liasse.reading.types import FieldName
from tests.paper import pdf, ubl
from tests.web.office import Office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FIELDS = {FieldName.SUPPLIER_NAME: "Moulin", FieldName.TOTAL_GROSS: "1200.00", FieldName.CURRENCY: "EUR"}
A4 = {"width": 595, "height": 842}


def at(office: Office, document: Document) -> str:
    return f"/files/{office.file.id}/documents/{document.id}/"


def stored(office: Office, document: Document) -> Document:
    with office.scope():
        return Document.objects.get(id=document.id)


def keys_shown(page: Page) -> list[str]:
    """Open the window of keys and read it: one text for each line, its keys joined."""
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    shown = page.locator("#keys dt:visible")
    texts = [" ".join(line.locator("kbd").all_inner_texts()) for line in shown.all()]
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    return texts


def hold_htmx(page: Page) -> list[Route]:
    """Keep htmx on its way, as a slow line does."""
    held: list[Route] = []
    page.route("**/htmx-2.min.js*", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks what it calls.
    return held


@pytest.mark.parametrize("name", ["supplier_name", "note"])
def test_a_text_left_before_the_script_is_ready_is_saved(page: Page, office: Office, name: str) -> None:
    document = office.document(fields=FIELDS)
    held = hold_htmx(page)
    page.goto(at(office, document), wait_until="commit")
    page.locator(f"#id_{name}").click()
    page.keyboard.press("Control+A")
    page.keyboard.type("Early")
    page.keyboard.press("Tab")
    held[0].continue_()
    expect(page.locator(f"#id_{name}_field")).to_contain_text("Enregistré")
    assert getattr(stored(office, document), name) == "Early"


def test_a_choice_made_before_the_script_is_ready_is_saved_though_its_field_has_the_focus(
    page: Page, office: Office
) -> None:
    document = office.document(fields=FIELDS)
    held = hold_htmx(page)
    page.goto(at(office, document), wait_until="commit")
    page.locator("#id_doc_type").focus()
    page.locator("#id_doc_type").select_option("credit_note")
    held[0].continue_()
    expect(page.locator("#id_doc_type_field")).to_contain_text("Enregistré")
    assert stored(office, document).kind == "credit_note"


def test_nothing_is_saved_that_nobody_typed(page: Page, office: Office) -> None:
    document = office.document(fields=FIELDS)
    for _visit in range(2):
        page.goto(at(office, document))
    page.reload()
    page.wait_for_load_state("networkidle")
    assert stored(office, document).version == document.version


def test_the_keys_of_a_list_are_those_that_work_there(page: Page, office: Office) -> None:
    office.document()
    page.goto(f"/files/{office.file.id}/inbox/")
    assert keys_shown(page) == ["j k", "Enter", "x", "/", "?"]
    # Each of them is driven in test_inbox.py.


def test_the_keys_of_a_document_are_those_that_work_there(page: Page, office: Office) -> None:
    office.document()
    middle = office.document(fields=FIELDS, pages=[A4, A4])
    office.document()
    page.goto(at(office, middle))
    assert keys_shown(page) == [
        *("j", "k", "Ctrl Enter", "Échap"),
        *("Tab Maj Tab", "t", "Alt ↓ ↑", "Enter", "Alt w", "Alt u", "a"),
        *("+ -", "0", "r", "n p", "?"),
    ]


def test_a_lone_document_without_pages_names_fewer_keys(page: Page, office: Office) -> None:
    page.goto(at(office, office.document(fields=FIELDS)))
    assert keys_shown(page) == ["Ctrl Enter", "Échap", "Tab Maj Tab", "t", "Alt ↓ ↑", "Enter", "Alt u", "a", "?"]
    # Those of the fields are driven in test_reading_screen.py.


def zoom(page: Page) -> Locator:
    return page.locator("[data-viewer-zoom]")


def test_the_keys_of_the_pages_zoom_fit_turn_and_leaf(page: Page, office: Office) -> None:
    page.goto(at(office, office.document(pages=[A4, A4, A4])))
    for key, shown in [("+", "125 %"), ("-", "100 %"), ("-", "80 %")]:
        page.keyboard.press(key)
        expect(zoom(page)).to_have_text(shown)
    page.keyboard.press("r")
    expect(page.locator("#page-1")).to_have_attribute("data-turn", "90")
    for key, shown in [("n", "2 / 3"), ("n", "3 / 3"), ("p", "2 / 3")]:
        page.keyboard.press(key)
        expect(page.locator("[data-viewer-count]")).to_have_text(shown)
    page.keyboard.press("+")
    page.keyboard.press("+")
    page.keyboard.press("0")
    expect(zoom(page)).not_to_have_text("125 %")


@pytest.mark.parametrize(("key", "to"), [("j", 0), ("k", 2)])
def test_j_and_k_open_the_documents_around(page: Page, office: Office, key: str, to: int) -> None:
    made = [office.document(), office.document(), office.document()]
    page.goto(at(office, made[1]))
    page.keyboard.press(key)
    page.wait_for_url(f"**{at(office, made[to])}*")


def test_relire_reads_the_document_again_and_the_page_follows(page: Page, office: Office) -> None:
    document = office.document(content=ubl(number="F-77"), media_type=XML, filename="f.xml", problem="child_failed")
    page.goto(at(office, document))
    page.get_by_role("button", name="Autres actions").click()
    page.get_by_role("button", name="Relire").click()
    expect(page.locator(".toast, .notice").first).to_contain_text("en cours de relecture")
    with office.scope():
        flow.advance(document.id)
        flow.advance(document.id)
    expect(page.locator("#id_invoice_number")).to_have_value("F-77")
    expect(page.locator("#history")).to_contain_text("Nouvelle lecture demandée")


def test_a_document_leaves_the_archive_to_where_it_was(page: Page, office: Office) -> None:
    document = office.document(status=DocumentStatus.ARCHIVED, status_before_archive=DocumentStatus.READY)
    page.goto(at(office, document))
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/files/{office.file.id}/inbox/**")
    assert stored(office, document).status == DocumentStatus.READY


def images_asked(page: Page) -> list[str]:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/pages/" in request.url else None)
    return asked


def test_a_page_is_sharp_when_one_looks_closer(page: Page, office: Office) -> None:
    document = office.document(content=pdf([(50, 50, "Facture")]), pages=[A4])
    asked = images_asked(page)
    page.goto(at(office, document))
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "size=large" in url]
    for _press in range(6):
        page.keyboard.press("+")
    expect(page.locator("#page-1 img")).to_have_js_property("naturalWidth", 3200)
    assert any("size=large" in url for url in asked)


def test_a_dense_screen_gets_the_sharp_page_at_once(page: Page, office: Office) -> None:
    document = office.document(content=pdf([(50, 50, "Facture")]), pages=[A4])
    screen = {"width": 1440, "height": 900, "deviceScaleFactor": 3, "mobile": False}
    page.context.new_cdp_session(page).send("Emulation.setDeviceMetricsOverride", screen)
    page.goto(at(office, document))
    expect(page.locator("#page-1 img")).to_have_js_property("naturalWidth", 3200)


def test_beside_each_other_the_page_and_its_fields_scroll_and_nothing_else_does(page: Page, office: Office) -> None:
    page.set_viewport_size({"width": 1440, "height": 400})
    page.goto(at(office, office.document(content=pdf([(50, 50, "Facture")]), pages=[A4], fields=FIELDS)))
    assert page.evaluate("document.querySelector('.doc-fields').scrollHeight") > 800
    assert page.evaluate("document.documentElement.scrollHeight") == 400
