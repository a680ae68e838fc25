"""A document's page in a real browser: boxes, words into fields, Tab through what is doubtful, the next one at once."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from liasse.documents.models import Document
from liasse.documents.types import DocumentStatus
from liasse.reading.decisions import Reason, ReasonCode
from liasse.reading.models import Reading
from liasse.reading.types import Field, FieldName, Place, Source
from tests.barriers import barriers
from tests.paper import pdf
from tests.web.office import COMPLETE, Office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

A4 = {"width": 595, "height": 842}
AT: dict[FieldName, Place] = {
    FieldName.INVOICE_NUMBER: Place(1, 0.6, 0.1, 0.7, 0.12),
    FieldName.ISSUE_DATE: Place(1, 0.6, 0.14, 0.7, 0.16),
    FieldName.TOTAL_GROSS: Place(1, 0.7, 0.8, 0.8, 0.82),
}
WORDS: list[list[Any]] = [
    ["Facture", 0.1, 0.05, 0.2, 0.07],
    ["N°", 0.5, 0.1, 0.53, 0.12],
    ["F-2026-07", 0.6, 0.1, 0.7, 0.12],
    ["12", 0.6, 0.14, 0.62, 0.16],
    ["mars", 0.625, 0.14, 0.66, 0.16],
    ["2026", 0.665, 0.14, 0.7, 0.16],
    ["Moulin", 0.1, 0.2, 0.16, 0.22],
    ["du", 0.165, 0.2, 0.185, 0.22],
    ["Pré", 0.19, 0.2, 0.22, 0.22],
    ["1", 0.7, 0.8, 0.71, 0.82],
    ["234,56", 0.715, 0.8, 0.77, 0.82],
    ["€", 0.775, 0.8, 0.785, 0.82],
]


def read(value: str, name: FieldName, confidence: float = 0.99, *evidence: str) -> Field:
    return Field(value, Source.OCR, confidence, place=AT.get(name), evidence=evidence)


def doubtful() -> dict[FieldName, Field]:
    """Give a reading with a number in doubt, a date that can be two, and no supplier."""
    return {
        FieldName.DOC_TYPE: read("invoice", FieldName.DOC_TYPE),
        FieldName.INVOICE_NUMBER: read("F-2026-O7", FieldName.INVOICE_NUMBER, 0.4, "rivals"),
        FieldName.ISSUE_DATE: read("2026-04-03", FieldName.ISSUE_DATE, 0.9, "label", "ambiguous"),
        FieldName.CURRENCY: read("EUR", FieldName.CURRENCY),
        FieldName.TOTAL_GROSS: read("99.00", FieldName.TOTAL_GROSS, 0.9999, "label", "sums"),
    }


def waiting(office: Office, fields: dict[FieldName, Field] | None = None, **more: Any) -> Document:  # noqa: ANN401 - any column
    document = office.document(content=pdf([(50, 50, "Facture")]), pages=[A4], fields={}, **more)
    with office.scope():
        Reading.objects.filter(document=document).update(
            format="image",
            fields={name.value: field.to_json() for name, field in (fields or doubtful()).items()},
            reasons=[Reason(ReasonCode.MISSING, (FieldName.SUPPLIER_NAME,), "missing").to_json()],
        )
    return document


def at(office: Office, document: Document) -> str:
    return f"/files/{office.file.id}/documents/{document.id}/"


def words(page: Page) -> None:
    """Give the page words as OCR would."""
    body = json.dumps({"page": 1, "words": WORDS})
    page.route("**/words/?page=1", lambda route: route.fulfill(body=body, content_type="application/json"))


def opened(page: Page, office: Office, document: Document) -> Page:
    words(page)
    page.add_init_script("document.addEventListener('document-ahead', () => { window.isAhead = true; })")
    page.goto(at(office, document))
    page.wait_for_load_state("networkidle")
    return page


def field(page: Page, name: str) -> Locator:
    return page.locator(f"#id_{name}_field")


def click_word(page: Page, number: int, **how: Any) -> None:  # noqa: ANN401 - a click's own options
    sheet = page.locator("#page-1 .sheet-turn")
    box = sheet.bounding_box()
    assert box is not None
    _text, x0, y0, x1, y1 = WORDS[number]
    page.mouse.move(0, 0)
    sheet.click(position={"x": (x0 + x1) / 2 * box["width"], "y": (y0 + y1) / 2 * box["height"]}, **how)


def stored(office: Office, document: Document) -> dict[str, Any]:
    with office.scope():
        return dict(Reading.objects.get(document=document).fields)


def test_a_field_lights_its_box_and_a_box_lights_its_field(page: Page, office: Office) -> None:
    opened(page, office, waiting(office))
    field(page, "total_gross").hover()
    expect(page.locator("#page-1 .place")).to_be_in_viewport()
    page.locator("[data-spot=issue_date]").hover()
    expect(field(page, "issue_date")).to_have_class(re.compile("is-lit"))
    page.locator("[data-spot=issue_date]").click()
    expect(page.locator("#id_issue_date")).to_be_focused()


def test_a_click_on_a_word_takes_the_whole_date_into_the_field(page: Page, office: Office) -> None:
    document = waiting(office)
    opened(page, office, document)
    page.locator("#id_due_date").focus()
    click_word(page, 4)
    expect(page.locator("#id_due_date")).to_have_value("12/03/2026")
    expect(field(page, "due_date")).to_contain_text("Enregistré")
    kept = stored(office, document)["due_date"]
    assert kept["source"] == "person"
    assert kept["place"]["x0"] == pytest.approx(0.6)
    assert kept["place"]["x1"] == pytest.approx(0.7)


def test_an_amount_of_two_words_and_a_name_of_three(page: Page, office: Office) -> None:
    opened(page, office, waiting(office))
    page.locator("#id_total_gross").focus()
    click_word(page, 10)
    expect(page.locator("#id_total_gross")).to_have_value("1\u202f234,56")
    page.locator("#id_supplier_name").focus()
    click_word(page, 6)
    expect(page.locator("#id_supplier_name")).to_have_value("Moulin")
    click_word(page, 7, modifiers=["Shift"])
    click_word(page, 8, modifiers=["Shift"])
    expect(page.locator("#id_supplier_name")).to_have_value("Moulin du Pré")


def test_a_word_is_taken_by_keyboard_alone(page: Page, office: Office) -> None:
    opened(page, office, waiting(office))
    page.locator("#id_invoice_number").focus()
    page.keyboard.press("Alt+w")
    expect(page.locator(".word-mark.is-walk")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("#id_invoice_number")).to_have_value("F-2026-07")
    expect(field(page, "invoice_number")).to_contain_text("Enregistré")


def test_dragging_takes_every_word_it_crosses(page: Page, office: Office) -> None:
    opened(page, office, waiting(office))
    page.locator("#id_supplier_name").focus()
    box = page.locator("#page-1 .sheet-turn").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.11 * box["width"], box["y"] + 0.21 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.15 * box["width"], box["y"] + 0.21 * box["height"], steps=3)
    page.mouse.move(box["x"] + 0.21 * box["width"], box["y"] + 0.212 * box["height"], steps=3)
    expect(page.locator(".word-mark.is-here")).to_have_count(3)
    page.mouse.up()
    expect(page.locator("#id_supplier_name")).to_have_value("Moulin du Pré")


def focused(page: Page) -> str:
    return str(
        page.evaluate("document.activeElement.id || document.activeElement.dataset.primary !== undefined && 'ready'")
    )


def test_tab_goes_through_the_doubtful_fields_only_and_back(page: Page, office: Office) -> None:
    opened(page, office, waiting(office))
    expect(page.locator("#doubts-title")).to_contain_text("À vérifier (3)")
    seen = []
    for key in ("Tab", "Tab", "Tab", "Shift+Tab", "Tab", "Tab"):
        page.keyboard.press(key)
        seen.append(focused(page))
    doubted = ["id_supplier_name", "id_invoice_number", "id_issue_date"]
    assert seen[:3] == doubted
    assert seen[3:5] == doubted[1:]
    expect(page.locator("[data-primary]")).to_be_focused()


def test_tab_can_go_to_every_field_and_that_is_remembered(page: Page, office: Office) -> None:
    document = waiting(office)
    opened(page, office, document)
    page.keyboard.press("t")
    page.reload()
    expect(page.locator("[data-tab-mode]")).to_contain_text("tous les champs")
    page.locator("#id_supplier_name").focus()
    page.keyboard.press("Tab")
    expect(page.locator("#id_doc_type")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("#id_issue_date")).to_be_focused()


def test_enter_says_that_a_value_is_right_and_goes_on(page: Page, office: Office) -> None:
    document = waiting(office)
    opened(page, office, document)
    page.locator("#id_invoice_number").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#id_issue_date")).to_be_focused()
    expect(page.locator("#doubts-title")).to_contain_text("À vérifier (2)")
    kept = stored(office, document)["invoice_number"]
    assert (kept["value"], kept["source"], kept["place"]["page"]) == ("F-2026-O7", "person", 1)


def test_an_ambiguous_date_is_asked_with_both_days(page: Page, office: Office) -> None:
    document = waiting(office)
    opened(page, office, document)
    expect(page.locator("#doubts")).to_contain_text("03/04/2026 ou 04/03/2026")
    page.get_by_role("button", name="4 mars 2026").click()
    expect(page.locator("#id_issue_date")).to_have_value("04/03/2026")
    expect(page.get_by_role("button", name="4 mars 2026")).to_have_count(0)
    assert stored(office, document)["issue_date"]["value"] == "2026-03-04"


def test_the_last_change_is_taken_back(page: Page, office: Office) -> None:
    document = waiting(office)
    opened(page, office, document)
    page.locator("#id_invoice_number").fill("X-1")
    page.keyboard.press("Escape")
    expect(field(page, "invoice_number")).to_contain_text("Enregistré")
    page.keyboard.press("u")
    expect(page.locator("#id_invoice_number")).to_have_value("F-2026-O7")
    assert stored(office, document)["invoice_number"]["source"] == "ocr"


def suggest(page: Page) -> None:
    values = [
        {"value": "Moulin du Pré", "also": {"supplier_vat": "FR40303265045", "supplier_siren": "303265045"}},
        {"value": "Moulinex", "also": {}},
    ]
    body = json.dumps({"values": values})
    page.route("**/suggest/?*", lambda route: route.fulfill(body=body, content_type="application/json"))


def test_a_supplier_is_chosen_with_its_numbers_and_taken_back_as_one(page: Page, office: Office) -> None:
    document = waiting(office)
    suggest(page)
    opened(page, office, document)
    page.locator("#id_supplier_name").click()
    page.keyboard.type("mou")
    box = page.get_by_role("combobox", name="Fournisseur")
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option", name="Moulin du Pré")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.locator("#id_supplier_siren")).to_have_value("303\u202f265\u202f045")
    expect(page.locator("#id_supplier_name")).to_have_value("Moulin du Pré")
    page.keyboard.press("Alt+u")
    expect(page.locator("#id_supplier_siren")).to_have_value("")
    assert "supplier_siren" not in stored(office, document)


def ahead(page: Page) -> None:
    """Wait until the next document was fetched."""
    page.wait_for_function("window.isAhead")


def test_ready_shows_the_next_document_at_once_though_the_server_is_slow(page: Page, office: Office) -> None:
    second = waiting(office, supplier_name="Garage", number="G-2", **COMPLETE)
    first = waiting(office, supplier_name="Moulin", number="M-1", **COMPLETE)
    opened(page, office, first)
    ahead(page)
    held: list[Route] = []
    page.route("**/move/", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks what it calls.
    took = page.evaluate(
        """() => new Promise((done) => {
             const start = performance.now();
             const shown = () => requestAnimationFrame(() => done(performance.now() - start));
             document.addEventListener("document-shown", shown);
             document.querySelector("[data-primary]").click();
           })"""
    )
    expect(page.locator("#doc-name")).to_contain_text("Garage")
    assert page.url.endswith(at(office, second))
    assert took < 100
    held[0].continue_()
    expect(page.locator(".toast")).to_contain_text("Prêt")
    with office.scope():
        assert Document.objects.get(id=first.id).status == DocumentStatus.READY
    # The page that came works like one that was opened.
    page.locator("#id_invoice_number").fill("G-3")
    page.keyboard.press("Enter")
    expect(field(page, "invoice_number")).to_contain_text("Enregistré")
    assert stored(office, second)["invoice_number"]["value"] == "G-3"


def test_what_was_marked_as_ready_comes_back_with_u(page: Page, office: Office) -> None:
    waiting(office, **COMPLETE)
    first = waiting(office, supplier_name="Moulin", **COMPLETE)
    opened(page, office, first)
    ahead(page)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".toast")).to_contain_text("Annuler (u)")
    page.keyboard.press("u")
    page.wait_for_url(f"**{at(office, first)}")
    expect(page.locator("#doc-name")).to_contain_text("Moulin")
    with office.scope():
        assert Document.objects.get(id=first.id).status == DocumentStatus.TO_REVIEW


def test_the_end_of_the_list_is_said(page: Page, office: Office) -> None:
    opened(page, office, waiting(office, **COMPLETE))
    page.keyboard.press("Control+Enter")
    expect(page.locator(".toast")).to_contain_text("dernière de la liste")


def test_a_vat_row_is_put_right_and_its_sums_are_checked_at_once(page: Page, office: Office) -> None:
    fields = doubtful() | {
        FieldName.TOTAL_NET: read("100.00", FieldName.TOTAL_NET),
        FieldName.TOTAL_VAT: read("20.00", FieldName.TOTAL_VAT),
    }
    document = waiting(office, fields)
    opened(page, office, document)
    page.get_by_text("TVA par taux").click()
    page.get_by_label("Taux, ligne 1").fill("20")
    page.get_by_label("Base HT, ligne 1").fill("100")
    page.get_by_label("TVA, ligne 1", exact=True).fill("21")
    page.keyboard.press("Tab")
    expect(page.locator("#vat-table")).to_contain_text("La TVA fait 21,00")
    page.get_by_label("TVA, ligne 1", exact=True).fill("20")
    page.keyboard.press("Tab")
    expect(page.locator("#vat-table")).to_contain_text("concordent")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 360])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(
    page: Page,
    office: Office,
    width: int,
    scheme: Any,  # noqa: ANN401 - one of Playwright's words
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    suggest(page)
    opened(page, office, waiting(office))
    page.locator("#id_supplier_name").click()
    page.keyboard.type("mou")
    expect(page.get_by_role("listbox")).to_be_visible()
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_on_a_phone_a_word_is_taken_from_the_other_pane(page: Page, office: Office) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    opened(page, office, waiting(office))
    expect(page.locator("#page-1")).to_be_hidden()
    page.locator("#id_supplier_name").click()
    page.get_by_text("Page", exact=True).click()
    expect(page.locator("[data-tap-line]")).to_contain_text("Fournisseur")
    click_word(page, 6)
    expect(page.locator("#id_supplier_name")).to_have_value("Moulin")
    expect(page.locator("#id_supplier_name")).to_be_visible()


def test_the_window_of_keys_has_those_of_the_fields(page: Page, office: Office) -> None:
    opened(page, office, waiting(office))
    page.keyboard.press("?")
    for text in ("Champ à vérifier suivant", "Prendre un mot sur la page", "Annuler le dernier changement", "Archiver"):
        expect(page.locator("#keys").get_by_text(text)).to_be_visible()


def test_a_word_goes_into_a_cell_of_the_vat_table_too(page: Page, office: Office) -> None:
    document = waiting(office)
    opened(page, office, document)
    page.get_by_text("TVA par taux").click()
    page.get_by_label("Base HT, ligne 1").focus()
    click_word(page, 10)
    page.locator("#id_doc_type").focus()
    expect(page.get_by_label("Base HT, ligne 1")).to_have_value("1\u202f234,56")


def test_whoever_left_the_field_changes_nothing_by_a_click_on_the_page(page: Page, office: Office) -> None:
    document = waiting(office)
    opened(page, office, document)
    page.locator("#id_due_date").focus()
    page.keyboard.press("Escape")
    page.wait_for_timeout(50)
    click_word(page, 10)
    expect(page.locator("#id_total_gross")).to_be_focused()
    expect(page.locator("#id_due_date")).to_have_value("")
    assert stored(office, document).get("due_date") is None


def test_what_an_e_invoice_says_lights_up_where_its_page_prints_it(page: Page, office: Office) -> None:
    told = {FieldName.ISSUE_DATE: "2026-03-12", FieldName.TOTAL_GROSS: "1234.56", FieldName.INVOICE_NUMBER: "F-2026-07"}
    fields = {name: Field(value, Source.XML, 1.0, "BT-1") for name, value in told.items()}
    opened(page, office, waiting(office, fields))
    field(page, "total_gross").hover()
    expect(page.locator("#page-1 .place")).to_be_in_viewport()
    expect(page.locator("[data-spot=invoice_number]")).to_have_count(1)
