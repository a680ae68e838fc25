"""A list of clients in a real browser: by keyboard, on a phone, read by axe."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import FilePayload, Page, expect

from liasse.worker.main import work
from tests.barriers import barriers
from tests.browser.conftest import OpenPage
from tests.web.firm import Firm, firm

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TABLE: FilePayload = {
    "name": "clients de mars.csv",
    "mimeType": "text/csv",
    "buffer": (
        "Nom;Code cabinet;SIREN;Contact;Email;Téléphone;Inviter par;Couleur\r\n"
        "Boulangerie L’Épi d’Or;BOU001;732829320;Hélène Lemoine;helene@epidor.example;06 12 34 56 78;email;bleu\r\n"
        "Garage du Port;GAR002;;Paul Roux;;;;\r\ngarage du port;GAR003;;;;;;\r\n"
        "Fleurs du Canal;FLE004;123;Ana;ana@;12;pigeon;\r\n;VID005;;;;;;\r\n"
    ).encode("cp1252"),
}


@pytest.fixture
def cabinet(transactional_db: None) -> Firm:
    del transactional_db
    return firm("claire", "hugo")


@pytest.fixture
def worker() -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=work, args=(stop,))
    thread.start()
    yield
    stop.set()
    thread.join()


def check(page: Page, width: int) -> None:
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_list_goes_in_by_keyboard_and_its_clients_are_there(open_page: OpenPage, cabinet: Firm, worker: None) -> None:
    del worker
    page = open_page(cabinet, "hugo")
    page.goto("/clients/")
    page.get_by_role("button", name="Plus", exact=True).press("Enter")
    page.get_by_role("link", name="Importer des clients").press("Enter")
    page.get_by_label("Fichier CSV").set_input_files(TABLE)
    page.get_by_role("button", name="Vérifier la liste").press("Enter")
    expect(page.get_by_text("3 lignes peuvent être créées.")).to_be_visible()
    expect(page.get_by_text("Colonnes non utilisées")).to_contain_text("Couleur")
    page.get_by_role("link", name="Erreurs").press("Enter")
    expect(page.get_by_role("rowheader")).to_have_count(2)
    page.get_by_role("button", name="Créer 3 lignes").press("Enter")
    expect(page.get_by_text("3 lignes créées.")).to_be_visible()
    page.get_by_role("link", name="Boulangerie L’Épi d’Or").press("Enter")
    expect(page.get_by_role("heading", name="Boulangerie L’Épi d’Or").or_(page.locator("h1")).first).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 360])
def test_its_screens_have_no_barrier(
    open_page: OpenPage, cabinet: Firm, theme: Literal["light", "dark"], width: int
) -> None:
    page = open_page(cabinet, color_scheme=theme, viewport={"width": width, "height": 800})
    page.goto("/team/csv/")
    check(page, width)
    page.goto("/clients/csv/")
    page.get_by_role("button", name="Vérifier la liste").click()
    check(page, width)
    page.get_by_label("Fichier CSV").set_input_files(TABLE)
    page.get_by_role("button", name="Vérifier la liste").click()
    check(page, width)
    page.get_by_role("button", name="Créer 3 lignes").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    check(page, width)
    stop = threading.Event()
    thread = threading.Thread(target=work, args=(stop,))
    thread.start()
    try:
        expect(page.get_by_text("3 lignes créées.")).to_be_visible()
    finally:
        stop.set()
        thread.join()
    check(page, width)
