"""What follows the opening of a file: the lists, Gérer, settings, users; by keyboard alone; read by axe."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from liasse.clients.models import ClientFile, Member
from liasse.clients.types import MemberStatus
from liasse.core.scope import instance_scope
from tests.barriers import barriers
from tests.browser.conftest import OpenPage
from tests.browser.labels import LABELS
from tests.browser.test_founding_flow import Flow
from tests.web.firm import Firm, firm, invitee

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
both_languages = pytest.mark.parametrize("language", ["fr", "en"])


@pytest.fixture
def alone(transactional_db: None) -> Firm:
    del transactional_db
    return firm("claire")


@pytest.fixture
def office(transactional_db: None) -> Firm:
    del transactional_db
    return firm()


def switcher(page: Page, account: str) -> None:
    page.get_by_role("button", name=account).click()


@both_languages
def test_a_new_file_is_in_both_lists_without_reload_with_its_address(
    open_page: OpenPage, alone: Firm, language: str
) -> None:
    words = LABELS[language]
    flow = Flow(open_page(alone, language=language), words)
    flow.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    flow.start()
    flow.page.evaluate("window.stayed = true")
    flow.name("L'Épi d'Or")
    flow.press(words.skip)
    flow.press(words.create)
    flow.window.get_by_role("button", name=words.copy).click()
    address = flow.page.evaluate("navigator.clipboard.readText()")
    assert address.startswith("epi-or.")
    flow.press(words.done)
    expect(flow.row("L'Épi d'Or")).to_be_visible()
    switcher(flow.page, "Cabinet Delmas")
    panel = flow.page.get_by_role("dialog", name=words.files)
    expect(panel.get_by_role("link", name="L'Épi d'Or")).to_be_visible()
    assert flow.page.evaluate("window.stayed") is True
    panel.get_by_role("link", name=words.add_or_manage).click()
    flow.page.wait_for_url("**/clients/")


def test_the_switcher_is_searched(open_page: OpenPage, alone: Firm) -> None:
    for name in ("L'Épi d'Or", "Garage du Port"):
        alone.open(name)
    page = open_page(alone)
    page.goto("/clients/")
    switcher(page, "Cabinet Delmas")
    panel = page.get_by_role("dialog", name="Liste des dossiers")
    panel.get_by_role("searchbox").fill("epi")
    expect(panel.get_by_role("link", name="Garage du Port")).to_have_count(0)
    expect(panel.get_by_role("link", name="L'Épi d'Or")).to_be_visible()


@both_languages
def test_manage_leads_to_settings_that_are_saved_when_left(open_page: OpenPage, alone: Firm, language: str) -> None:
    words = LABELS[language]
    file = alone.open("L'Épi d'Or").client_file
    page = open_page(alone, language=language)
    page.goto("/clients/")
    page.get_by_role("button", name=words.manage).click()
    page.get_by_role("link", name=words.edit_settings).click()
    page.get_by_label(words.company).fill("Le Nouvel Épi")
    page.keyboard.press("Tab")
    field = page.locator("[data-autosave]").filter(has=page.get_by_label(words.company))
    expect(field).to_contain_text(words.saved)
    expect(page.locator("#history")).to_contain_text("Le Nouvel Épi")
    currency = page.locator("#id_currency_field")
    expect(currency).to_contain_text(words.inherited)
    currency.get_by_role("combobox").select_option("CHF")
    expect(currency).to_contain_text(words.customised)
    page.get_by_role("button", name=words.reapply, exact=True).click()
    expect(currency).to_contain_text(words.inherited)
    saved = alone.reload(file)
    assert (saved.name, saved.currency, saved.customised) == ("Le Nouvel Épi", "EUR", [])


def test_two_people_in_the_same_settings_do_not_overwrite_each_other(open_page: OpenPage, office: Firm) -> None:
    file = office.open("Avant", by="hugo").client_file
    pages = [open_page(office, who) for who in ("claire", "hugo")]
    for page in pages:
        page.goto(f"/files/{file.id}/settings/")
    for page, name in zip(pages, ("Premier", "Second"), strict=True):
        page.get_by_label("Nom de l'entreprise").fill(name)
        page.keyboard.press("Tab")
        page.wait_for_timeout(400)
    expect(pages[1].locator("#toasts")).to_contain_text("entre-temps")
    assert office.reload(file).name == "Premier"


def test_counts_and_new_files_appear_by_themselves(open_page: OpenPage, office: Firm) -> None:
    file = office.open("L'Épi d'Or").client_file
    page = open_page(office)
    page.goto("/clients/")
    with instance_scope():
        ClientFile.objects.filter(id=file.id).update(activity=5, count_to_review=7)
    expect(page.locator(f"#review-{file.id}")).to_have_text("7", timeout=12_000)
    office.open("Garage du Port", by="hugo")
    expect(page.get_by_role("link", name="Garage du Port")).to_be_visible(timeout=12_000)


def test_a_server_that_is_away_is_no_news(open_page: OpenPage, alone: Firm) -> None:
    alone.open("L'Épi d'Or")
    page = open_page(alone)
    page.goto("/clients/")
    page.route("**/clients/news/", lambda route: route.abort())
    with page.expect_event("requestfailed", timeout=12_000):
        page.evaluate("window.stayed = true")
    page.wait_for_timeout(300)
    expect(page.locator("[data-toast]")).to_have_count(0)


def test_sorting_searching_and_more(open_page: OpenPage, alone: Firm) -> None:
    for index in range(55):
        alone.open(f"Client {index:02}")
    page = open_page(alone)
    page.goto("/clients/")
    rows = page.locator("tbody tr[data-href]")
    expect(rows).to_have_count(50)
    page.get_by_role("link", name="Afficher la suite").click()
    expect(rows).to_have_count(55)
    page.get_by_role("columnheader", name="Client").get_by_role("link").click()
    expect(rows.first).to_contain_text("Client 54")
    expect(page.get_by_role("columnheader", name="Client")).to_have_attribute("aria-sort", "descending")
    page.get_by_role("searchbox", name="Rechercher un client").fill("client 07")
    expect(rows).to_have_count(1)


def test_a_skipped_client_is_invited_later_from_manage(open_page: OpenPage, alone: Firm) -> None:
    opened = alone.open("L'Épi d'Or")
    page = open_page(alone)
    page.goto("/clients/")
    page.get_by_role("button", name="Gérer").click()
    page.get_by_role("link", name="Utilisateurs du dossier").click()
    page.get_by_role("button", name="Inviter").click()
    window = page.get_by_role("dialog")
    window.get_by_label("Nom", exact=True).fill("Paul Lépi")
    window.get_by_label("Adresse email").fill("paul@lepi.example")
    window.get_by_role("button", name="Inviter").click()
    expect(window).to_have_count(0)
    expect(page.get_by_role("button", name="Renvoyer")).to_be_visible()
    page.get_by_role("button", name="Copier le lien").click()
    expect(window.locator("code")).to_contain_text("/invitations/")
    with instance_scope():
        member = Member.objects.get()
    assert (member.id, member.status) == (opened.member.id, MemberStatus.INVITED)


def test_archiving_takes_the_file_out_of_the_list_and_back(open_page: OpenPage, alone: Firm) -> None:
    alone.open("L'Épi d'Or")
    page = open_page(alone)
    page.goto("/clients/")
    page.get_by_role("button", name="Gérer").click()
    page.get_by_role("link", name="Archiver (désactiver)").click()
    page.get_by_role("dialog").get_by_role("button", name="Archiver").click()
    expect(page.get_by_text("Aucun client pour l’instant")).to_be_visible()
    page.get_by_role("link", name="Archivés").click()
    page.get_by_role("button", name="Gérer").click()
    page.get_by_role("link", name="Réactiver").click()
    page.get_by_role("dialog").get_by_role("button", name="Réactiver").click()
    expect(page.get_by_text("Aucun dossier archivé")).to_be_visible()


def test_the_whole_flow_by_keyboard_alone(open_page: OpenPage, office: Firm) -> None:
    page = open_page(office)
    keys = page.keyboard
    page.goto("/clients/")
    page.get_by_role("button", name="Ajouter un client").focus()
    keys.press("Enter")
    expect(page.get_by_label("Nom de l'entreprise")).to_be_focused()
    keys.type("L'Épi d'Or")
    keys.press("Enter")
    expect(page.get_by_label("Tous les collaborateurs")).to_be_focused()
    keys.press("Space")
    keys.press("Enter")
    expect(page.get_by_label("Nom", exact=True)).to_be_focused()
    keys.type("Paul Lépi")
    keys.press("Tab")
    keys.type("paul@lepi.example")
    keys.press("Enter")
    expect(page.get_by_label("Numéro de téléphone")).to_be_focused()
    keys.press("Enter")
    expect(page.locator("#dialog-title")).to_be_focused()
    inside = "document.activeElement.closest('dialog') !== null || document.activeElement === document.body"
    for _stop in range(8):
        keys.press("Tab")
        assert page.evaluate(inside)
    page.get_by_role("button", name="Inviter", exact=True).focus()
    keys.press("Enter")
    expect(page.get_by_role("button", name="Copier")).to_be_visible()
    keys.press("Escape")
    expect(page.get_by_role("button", name="Ajouter un client")).to_be_focused()
    expect(page.get_by_role("link", name="L'Épi d'Or")).to_be_visible()
    with instance_scope():
        assert ClientFile.objects.get().count_colleagues == 4


def check(page: Page, width: int) -> None:
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 360])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(
    open_page: OpenPage, office: Firm, theme: Literal["light", "dark"], width: int
) -> None:
    file = office.open("L'Épi d'Or", sector="bakery", invitee=invitee()).client_file
    office.open("x" * 200)
    page = open_page(office, color_scheme=theme, viewport={"width": width, "height": 800})
    for rest in ("", "?show=archived", "?q=nothing", "new/"):
        page.goto(f"/clients/{rest}")
        check(page, width)
    for rest in ("settings/", "access/", "members/", "archive/", "members/new/"):
        page.goto(f"/files/{file.id}/{rest}")
        check(page, width)
    flow = Flow(page, LABELS["fr"])
    flow.start()
    flow.name(" ")
    expect(flow.window.locator("[aria-invalid=true]")).to_be_visible()
    check(page, width)
    flow.name("L'Épi d'Or")
    expect(flow.window).to_contain_text("Qui suit")
    check(page, width)
    flow.press("Suivant")
    expect(flow.window).to_contain_text("Inviter le client")
    check(page, width)
    flow.invite("Paul", "paul@lepi.example")
    expect(flow.window).to_contain_text("Comment inviter")
    check(page, width)
    flow.press("Suivant")
    expect(flow.window.get_by_role("alert")).to_be_visible()
    check(page, width)
    flow.press("Inviter")
    expect(flow.window.get_by_role("button", name="Copier")).to_be_visible()
    check(page, width)
    flow.press("Terminer")
    page.get_by_role("button", name="Gérer").first.click()
    check(page, width)


@pytest.mark.parametrize("place", ["settings", "trail"])
def test_on_a_phone_the_tab_that_is_open_is_in_view(open_page: OpenPage, alone: Firm, place: str) -> None:
    file = alone.open("Garage").client_file
    page = open_page(alone, viewport={"width": 360, "height": 740})
    page.goto(f"/files/{file.id}/{place}/")
    tabs = page.get_by_role("navigation", name="Paramètres", exact=True)
    assert tabs.evaluate("tabs => tabs.scrollWidth > tabs.clientWidth")
    expect(tabs.locator("[aria-current]")).to_be_in_viewport(ratio=0.99)
