"""What the scripts promise, in a browser on the style page."""

import pytest
from playwright.sync_api import Page, Route, expect

pytestmark = pytest.mark.browser


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))


def test_the_window_opens_on_its_heading_and_gives_the_focus_back(page: Page) -> None:
    page.goto("/list/")
    page.click("#add-client")
    expect(page.locator("dialog#dialog-window")).to_be_visible()
    assert focused(page) == "dialog-title"
    page.keyboard.press("Escape")
    expect(page.locator("dialog#dialog-window")).to_be_hidden()
    expect(page.locator("#dialog")).to_be_empty()
    assert focused(page) == "add-client"


def test_the_wizard_stays_open_through_error_next_and_back(page: Page) -> None:
    page.goto("/list/")
    page.click("#add-client")
    page.get_by_role("button", name="Suivant").click()
    expect(page.locator(".field-error")).to_be_visible()
    assert focused(page) == "id_name"
    page.keyboard.type("Épi d’Or")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Qui suit ce dossier ?")).to_be_focused()
    page.get_by_role("button", name="Retour").click()
    expect(page.get_by_text("Étape 1 sur 5")).to_be_visible()
    page.get_by_role("button", name="Fermer").click()
    expect(page.locator("dialog#dialog-window")).to_be_hidden()


def test_the_server_closes_the_window_and_says_a_sentence(page: Page) -> None:
    page.goto("/list/")
    page.click("#add-client")
    page.fill("#id_name", "Épi d’Or")
    page.get_by_role("button", name="Suivant").click()
    page.get_by_text("Tous les collaborateurs").click()
    page.get_by_role("button", name="Suivant").click()
    expect(page.locator("dialog#dialog-window")).to_be_hidden()
    expect(page.locator("#toasts[aria-live=polite] [data-toast]")).to_contain_text("Le dossier est ouvert.")


def test_a_refusal_inside_the_window_is_said_inside_it(page: Page) -> None:
    page.goto("/list/")
    page.click("[popovertarget=c0-menu]")
    page.locator("#c0-menu").get_by_text("Désactiver").click()
    page.locator("[data-submit]").click()
    expect(page.locator("dialog [data-toast]")).to_contain_text("Le disque est plein.")
    expect(page.locator("dialog [data-live]")).to_have_text("Le disque est plein.")
    page.locator("dialog [data-toast-close]").click()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.getAttribute('popovertarget')") == "c0-menu"
    expect(page.locator("body > #toasts")).to_have_count(1)


def test_rows_are_walked_ticked_and_opened_by_keys(page: Page) -> None:
    page.goto("/list/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert focused(page) == "SARL Martin Plomberie"
    page.keyboard.press("x")
    expect(page.locator("[data-selection-count]")).to_have_text("1 choisi")
    assert focused(page) == "SARL Martin Plomberie"
    page.keyboard.press("k")
    page.keyboard.press("Space")
    expect(page.locator("[data-selection-count]")).to_have_text("2 choisis")
    page.keyboard.press("Enter")
    page.wait_for_url("**/inbox/")


def test_the_slash_searches_and_letters_typed_there_are_letters(page: Page) -> None:
    page.goto("/list/")
    page.keyboard.press("/")
    page.keyboard.type("jkx")
    assert page.input_value("[data-search]") == "jkx"
    page.wait_for_url("**/list/?q=jkx")


def test_tick_all_is_half_ticked_and_shift_ticks_a_range(page: Page) -> None:
    page.goto("/list/")
    every = page.locator("[data-tick-all]")
    page.locator("[data-tick]").nth(1).click()
    assert every.evaluate("box => box.indeterminate")
    page.locator("[data-tick]").nth(4).click(modifiers=["Shift"])
    expect(page.locator("[data-selection-count]")).to_have_text("4 choisis")
    every.click()
    assert page.locator("[data-tick]:checked").count() == 10
    page.locator("[data-selection-clear]").click()
    expect(page.locator("[data-selection]")).to_be_hidden()


def test_more_rows_take_the_place_of_the_button(page: Page) -> None:
    page.goto("/list/")
    page.get_by_text("Afficher la suite").click()
    expect(page.get_by_text("Boulangerie L’Épi d’Or (suite)")).to_be_visible()
    expect(page.locator("[data-more]")).to_have_count(0)


def test_the_list_of_files_is_loaded_searched_and_walked(page: Page) -> None:
    page.goto("/list/")
    page.click("[popovertarget=files-panel]")
    expect(page.locator("#files-list a")).to_have_count(10)
    page.keyboard.type("nabil")
    expect(page.locator("#files-list a")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    assert "Restaurant Chez Nabil" in focused(page)
    page.keyboard.press("Escape")
    expect(page.locator("#files-panel")).to_be_hidden()


def test_a_field_is_saved_when_left_and_says_so(page: Page) -> None:
    page.goto("/settings/")
    page.fill("#id_name", "Épi d’Or")
    page.keyboard.press("Tab")
    expect(page.locator("#id_name_field .mark-saved")).to_be_visible()
    expect(page.locator("#announcer")).to_have_text("Enregistré")
    expect(page.locator("#id_name")).to_have_value("Épi d’Or")
    assert focused(page) == "id_siren"


def test_a_refused_value_stays_beside_its_error(page: Page) -> None:
    page.goto("/settings/")
    page.fill("#id_siren", "12")
    page.keyboard.press("Tab")
    expect(page.locator("#id_siren_field .field-error")).to_be_visible()
    expect(page.locator("#id_siren")).to_have_value("12")
    expect(page.locator("#announcer")).to_contain_text("Non enregistré")


def test_what_is_typed_while_saving_is_kept(page: Page) -> None:
    page.goto("/settings/")

    def slowly(route: Route) -> None:
        page.wait_for_timeout(300)
        route.continue_()

    page.route("**/save/name/", slowly)
    page.focus("#id_name")
    page.keyboard.press("End")
    page.keyboard.type(" A")
    page.keyboard.press("Enter")
    page.keyboard.type("B")
    expect(page.locator("#id_name_field .mark-saved")).to_be_visible()
    expect(page.locator("#id_name")).to_have_value("Boulangerie L’Épi d’Or AB")


def test_an_address_is_copied_and_said(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/settings/")
    page.get_by_role("button", name="Copier").click()
    expect(page.locator("#announcer")).to_have_text("Copié")
    assert page.evaluate("navigator.clipboard.readText()") == "boulangerie-lepi.k7q2m@recu.delmas.example"


def test_a_fault_of_the_server_becomes_its_sentence(page: Page) -> None:
    page.goto("/parts/")
    page.click("#break")
    expect(page.locator("[data-toast]")).to_contain_text("Le disque est plein.")
    page.context.set_offline(True)
    page.click("#break")
    expect(page.locator("[data-toast]").last).to_contain_text("Le serveur ne répond pas.")


def test_a_page_is_zoomed_turned_and_reached_from_its_thumbnail(page: Page) -> None:
    page.goto("/document/")
    before = page.locator("#page-1").bounding_box()
    page.keyboard.press("+")
    expect(page.locator("[data-viewer-zoom]")).to_have_text("125 %")
    after = page.locator("#page-1").bounding_box()
    assert before
    assert after
    assert after["width"] == pytest.approx(before["width"] * 1.25, abs=2)
    page.keyboard.press("r")
    turned = page.locator("#page-1").bounding_box()
    assert turned
    assert turned["height"] < turned["width"]
    page.locator("[data-thumb='3']").click()
    expect(page.locator("[data-viewer-count]")).to_have_text("3 / 3")


def test_the_place_of_a_field_is_lit_on_its_page(page: Page) -> None:
    page.goto("/document/")
    page.focus("#id_gross")
    sheet, mark = page.locator("#page-1").bounding_box(), page.locator("#page-1 .place").bounding_box()
    assert sheet
    assert mark
    assert (mark["x"] - sheet["x"]) / sheet["width"] == pytest.approx(0.70, abs=0.01)
    assert (mark["y"] - sheet["y"]) / sheet["height"] == pytest.approx(0.62, abs=0.01)
    page.focus("#id_due")
    expect(page.locator(".place")).to_have_count(0)


def test_stacked_rows_keep_their_roles(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/list/")
    # Chromium keeps the roles by itself, other browsers do not: the attributes are what counts.
    assert page.locator("tbody tr[role=row] > th[role=rowheader]").count() == 10
    assert page.locator("thead[role=rowgroup] th[role=columnheader]").count() == 9


def test_a_narrow_screen_opens_the_menu_without_a_script(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/list/")
    expect(page.locator("#side")).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    expect(page.get_by_role("link", name="Équipe")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#side")).to_be_hidden()
