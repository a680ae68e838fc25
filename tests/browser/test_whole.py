"""A whole file leaves and comes back through the screens; by keyboard; read by axe."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from liasse.worker.main import run_next
from tests.barriers import barriers
from tests.browser.conftest import OpenPage
from tests.web.firm import Firm, firm

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NARROW = {"viewport": {"width": 360, "height": 760}}


@pytest.fixture
def office(transactional_db: None) -> Firm:
    del transactional_db
    return firm("claire")


def export_prepared(page: Page) -> None:
    """Ask by keyboard, let the worker work, and see the page notice by itself."""
    page.get_by_role("button", name="Préparer l’export").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("progressbar")).to_be_visible()
    while run_next():
        pass
    expect(page.get_by_role("button", name="Télécharger")).to_be_visible()


def test_from_manage_to_the_downloaded_zip(office: Firm, open_page: OpenPage, tmp_path: Path) -> None:
    office.open("Boulangerie Lépi")
    page = open_page(office)
    page.goto("/clients/")
    page.get_by_role("button", name="Gérer").click()
    page.get_by_role("link", name="Exporter le dossier").click()
    export_prepared(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Télécharger").click()
    kept = tmp_path / "dossier.zip"
    download.value.save_as(kept)
    assert zipfile.ZipFile(kept).testzip() is None


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [{}, NARROW], ids=["wide", "narrow"])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(
    office: Firm, open_page: OpenPage, scheme: str, size: dict[str, Any]
) -> None:
    file = office.open("Boulangerie Lépi").client_file
    page = open_page(office, color_scheme=scheme, **size)
    page.goto(f"/files/{file.id}/export/")
    assert barriers(page) == []
    export_prepared(page)
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_left_comes_back_as_another_file(office: Firm, open_page: OpenPage, tmp_path: Path) -> None:
    file = office.open("Boulangerie Lépi").client_file
    page = open_page(office)
    page.goto(f"/files/{file.id}/export/")
    export_prepared(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Télécharger").click()
    kept = tmp_path / "dossier.zip"
    download.value.save_as(kept)
    page.goto("/clients/")
    page.get_by_role("button", name="Plus").click()
    page.get_by_role("link", name="Importer un dossier").click()
    page.get_by_label("ZIP d’un dossier client").set_input_files(kept)
    page.get_by_role("button", name="Importer").click()
    expect(page.get_by_text("en attente")).to_be_visible()
    while run_next():
        pass
    page.get_by_role("link", name="Ouvrir le dossier").click()
    expect(page).not_to_have_url(re.compile(str(file.id)))
    expect(page.locator("body")).to_contain_text("Boulangerie Lépi")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [{}, NARROW], ids=["wide", "narrow"])
def test_axe_finds_nothing_on_the_import_either(
    office: Firm, open_page: OpenPage, tmp_path: Path, scheme: str, size: dict[str, Any]
) -> None:
    page = open_page(office, color_scheme=scheme, **size)
    page.goto("/clients/import/")
    assert barriers(page) == []
    page.get_by_role("button", name="Importer").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Choisissez le ZIP issu d’un export.")).to_be_visible()
    assert barriers(page) == []
    wrong = tmp_path / "dossier-avec-un-nom-vraiment-tres-long-qui-ne-tient-pas-sur-une-ligne.zip"
    wrong.write_bytes(b"PK\x03\x04 and nothing behind it")
    page.get_by_label("ZIP d’un dossier client").set_input_files(wrong)
    page.get_by_role("button", name="Importer").click()
    while run_next():
        pass
    expect(page.get_by_text("Ce ZIP ne peut pas être lu en entier.")).to_be_visible()
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
