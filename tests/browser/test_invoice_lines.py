"""The lines of an invoice in a real browser: typed, added, removed, taken back, by keyboard alone and on a phone."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from liasse.documents.models import Document
from liasse.reading.models import Reading
from liasse.reading.types import FieldName
from tests.barriers import barriers
from tests.browser.test_reading_screen import click_word, doubtful, opened, read, waiting
from tests.web.office import Office
from tests.web.test_invoice_lines import FLOUR, SALT

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def with_lines(office: Office, *lines: dict[str, Any]) -> Document:
    document = waiting(office, doubtful() | {FieldName.TOTAL_NET: read("100.00", FieldName.TOTAL_NET)})
    with office.scope():
        Reading.objects.filter(document=document).update(lines=list(lines))
    return document


def names(office: Office, document: Document) -> list[str]:
    with office.scope():
        return [line["name"] for line in Reading.objects.get(document=document).lines]


def cell(page: Page, name: str, line: int) -> Locator:
    return page.get_by_label(f"{name}, ligne {line}", exact=True)


def saved(page: Page) -> None:
    expect(page.locator("#line-table")).to_contain_text("Enregistré")
    page.wait_for_load_state("networkidle")


def test_lines_are_typed_one_after_the_other_by_keyboard_alone(page: Page, office: Office) -> None:
    document = with_lines(office)
    opened(page, office, document)
    page.keyboard.press("t")
    page.get_by_text("Lignes", exact=True).click()
    cell(page, "Désignation", 1).focus()
    for keys in ("Farine", "2", "kg", "45", "5,5", "90"):
        page.keyboard.type(keys)
        page.keyboard.press("Tab")
    saved(page)
    expect(page.locator("#line-table")).to_contain_text("La somme des lignes est de 90,00")
    cell(page, "Désignation", 2).focus()
    page.keyboard.type("Sel")
    page.keyboard.press("Shift+Tab")
    cell(page, "HT", 2).focus()
    page.keyboard.type("10")
    page.keyboard.press("Enter")
    expect(cell(page, "Désignation", 3)).to_be_focused()
    expect(page.locator("#line-table")).to_contain_text("La somme des lignes est le HT.")
    assert names(office, document) == ["Farine", "Sel"]


def test_what_is_typed_in_the_next_line_while_one_is_saved_is_saved_too(page: Page, office: Office) -> None:
    document = with_lines(office, FLOUR, SALT)
    opened(page, office, document)
    held: list[Any] = []
    page.route("**/lines/", lambda route: held.append(route) if not held else route.continue_())
    cell(page, "Désignation", 1).fill("Farine complète")
    cell(page, "Désignation", 2).fill("Gros sel")
    cell(page, "Désignation", 3).fill("Levure")
    page.locator("#id_invoice_number").focus()
    held[0].continue_()
    saved(page)
    expect(cell(page, "Désignation", 4)).to_be_visible()
    assert names(office, document) == ["Farine complète", "Gros sel", "Levure"]


def test_a_line_is_removed_and_comes_back_with_u(page: Page, office: Office) -> None:
    document = with_lines(office, FLOUR, SALT)
    opened(page, office, document)
    page.get_by_role("button", name="Retirer la ligne 1").press("Enter")
    expect(cell(page, "Désignation", 1)).to_have_value("Sel")
    expect(cell(page, "Désignation", 1)).to_be_focused()
    assert names(office, document) == ["Sel"]
    with page.expect_response("**/lines/"):
        page.keyboard.press("Alt+u")
    expect(cell(page, "Désignation", 2)).to_have_value("Sel")
    expect(cell(page, "Désignation", 1)).to_have_value("Farine T65")
    saved(page)
    assert names(office, document) == ["Farine T65", "Sel"]
    expect(cell(page, "Désignation", 1)).to_have_attribute("value", "Farine T65")


def test_a_line_that_was_changed_goes_back_to_what_it_was(page: Page, office: Office) -> None:
    document = with_lines(office, FLOUR, SALT)
    opened(page, office, document)
    cell(page, "Désignation", 2).fill("Gros sel")
    page.keyboard.press("Escape")
    saved(page)
    with page.expect_response("**/lines/"):
        page.keyboard.press("u")
    expect(cell(page, "Désignation", 2)).to_have_value("Sel")
    assert names(office, document) == ["Farine T65", "Sel"]


def test_words_of_the_page_go_into_a_line(page: Page, office: Office) -> None:
    document = with_lines(office, FLOUR)
    opened(page, office, document)
    cell(page, "Désignation", 1).focus()
    click_word(page, 6)
    click_word(page, 7, modifiers=["Shift"])
    expect(cell(page, "Désignation", 1)).to_have_value("Moulin du")
    cell(page, "HT", 1).focus()
    click_word(page, 10)
    expect(cell(page, "HT", 1)).to_have_value("1 234,56")
    page.locator("#id_invoice_number").focus()
    saved(page)
    assert names(office, document) == ["Moulin du"]


def test_a_refused_line_keeps_what_was_typed(page: Page, office: Office) -> None:
    document = with_lines(office, FLOUR, SALT)
    opened(page, office, document)
    cell(page, "HT", 1).fill("dix")
    cell(page, "HT", 2).fill("11")
    page.locator("#id_invoice_number").focus()
    expect(page.locator("#line-checks")).to_contain_text("Saisissez un montant")
    expect(cell(page, "HT", 1)).to_have_value("dix")
    expect(cell(page, "HT", 2)).to_have_value("11")
    cell(page, "HT", 1).fill("10")
    page.locator("#id_invoice_number").focus()
    saved(page)


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
    opened(page, office, with_lines(office, FLOUR | {"name": "Farine de blé " * 20}, SALT))
    cell(page, "HT", 1).fill("dix")
    cell(page, "HT", 2).focus()
    expect(page.locator("#line-checks")).to_contain_text("Saisissez un montant")
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
