"""The history and Qui voit ce dossier ? as people use them; read by axe, on a wide screen and on a phone."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from liasse.clients.models import ClientFile
from liasse.clients.people import set_access
from liasse.clients.types import MemberRole
from liasse.core.access import Level
from tests import factories
from tests.barriers import barriers
from tests.browser.conftest import WIDE, OpenPage
from tests.web.firm import Firm, firm

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
type Theme = Literal["light", "dark"]
SIZES = ((WIDE, "light"), ({"width": 360, "height": 800}, "dark"))


@pytest.fixture
def people(transactional_db: None) -> Firm:
    del transactional_db
    return firm()


@pytest.fixture
def file(people: Firm) -> ClientFile:
    """Give a file that one colleague lost and another has, with two users of the client."""
    made = people.open().client_file
    with people.scope():
        for name, level in (("lea", Level.READING), ("lea", Level.FULL), ("hugo", Level.CODING), ("hugo", "")):
            set_access(made, colleague_id=people.people[name].id, level=level, actor=people.actor())
    factories.member(made, "Paul Lépi")
    factories.member(made, "Une personne au nom vraiment très long de la boulangerie", role=MemberRole.STANDARD)
    return made


def look(page: Page, name: str) -> None:
    """Keep a picture where one was asked for, and find the page readable and no wider than its window."""
    if folder := os.environ.get("LIASSE_TEST_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]


@pytest.mark.parametrize(("size", "theme"), SIZES)
def test_the_history_is_narrowed_while_one_chooses(
    people: Firm, file: ClientFile, open_page: OpenPage, size: dict[str, int], theme: Theme
) -> None:
    page = open_page(people, viewport=size, color_scheme=theme)
    page.goto("/practice/trail/")
    expect(page.get_by_text("Claire Delmas a ouvert le dossier")).to_be_visible()
    look(page, f"trail-{theme}")
    page.get_by_label("Ce qui a été fait").select_option(label="Personnes et accès")
    expect(page.get_by_text("a ouvert le dossier")).to_have_count(0)
    expect(page.get_by_text("Claire Delmas a retiré à Hugo Perrin l’accès à")).to_be_visible()
    assert "kind=people" in page.url
    page.get_by_role("searchbox", name="Dossier", exact=True).fill("garage")
    expect(page.get_by_text("Rien de ce genre")).to_be_visible()
    page.get_by_role("link", name="Effacer le filtre").click()
    page.get_by_role("link", name=file.name).first.click()
    expect(page.get_by_role("heading", name="Historique")).to_be_visible()
    look(page, f"trail-of-file-{theme}")
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger en CSV").click()
    assert download.value.suggested_filename.startswith("historique-boulangerie")


@pytest.mark.parametrize(("size", "theme"), SIZES)
def test_the_access_is_taken_away_in_a_click(
    people: Firm, file: ClientFile, open_page: OpenPage, size: dict[str, int], theme: Theme
) -> None:
    page = open_page(people, viewport=size, color_scheme=theme)
    page.goto(f"/files/{file.id}/sight/")
    expect(page.get_by_text("Le cabinet a donné l’accès complet")).to_be_visible()
    look(page, f"sight-{theme}")
    page.get_by_role("button", name="Retirer Léa Martin").click()
    expect(page.get_by_text("Léa Martin ne voit plus ce dossier.")).to_be_visible()
    expect(page.get_by_role("button", name="Retirer Léa Martin")).to_have_count(0)
    page.get_by_role("button", name="Retirer Paul Lépi").click()
    expect(page.get_by_role("dialog")).to_contain_text("prend fin aussitôt")
    look(page, f"sight-window-{theme}")
    page.get_by_role("dialog").get_by_role("button", name="Retirer l’accès").click()
    expect(page.get_by_role("button", name="Retirer Paul Lépi")).to_have_count(0)
