"""Suivi in a real browser: by keyboard, on a phone, read by axe."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any, Literal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from liasse.clients.models import ClientFile
from liasse.clients.people import set_responsible, set_team_access
from liasse.core.access import Level
from liasse.practices.teams import save_team
from tests.barriers import barriers
from tests.browser.conftest import OpenPage
from tests.web.firm import Firm, firm

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cabinet(transactional_db: None) -> Firm:
    """Five files, of which two are late, one of these on both sides; Léa is responsible for one."""
    del transactional_db
    made, now = firm(), timezone.now()
    facts: dict[str, dict[str, Any]] = {
        "Boulangerie L’Épi d’Or": {"count_to_review": 14, "waiting_since": now - timedelta(days=12)},
        "Garage du Port": {"count_ready": 3, "count_processing": 1, "practice_code": "GAR01"},
        "Fleurs du Canal": {"last_arrival_at": now - timedelta(days=2), "count_failed": 2},
        "Société de menuiserie et d’ébénisterie Lecointre-Beauchamp et fils": {
            "count_to_review": 1240,
            "waiting_since": now - timedelta(days=48),
            "last_arrival_at": now - timedelta(days=45),
        },
        "Bar du Coin": {},
    }
    for name, values in facts.items():
        file = made.open(name).client_file
        with made.scope():
            ClientFile.objects.filter(id=file.id).update(**({"last_arrival_at": now} | values))
    with made.scope():
        bakery = ClientFile.objects.get(name__startswith="Boulangerie")
        set_responsible(bakery, colleague_id=made.people["lea"].id, actor=made.actor())
        ids = [made.people["hugo"].id]
        north = save_team(made.practice, team=None, name="Équipe Nord", colleague_ids=ids, actor=made.actor())
        garage = ClientFile.objects.get(name__startswith="Garage")
        set_team_access(garage, team_id=north.id, level=Level.READING, actor=made.actor())
    return made


def check(page: Page, width: int) -> None:
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_it_is_narrowed_sorted_and_opened_by_keyboard(open_page: OpenPage, cabinet: Firm) -> None:
    page = open_page(cabinet)
    page.goto("/clients/")
    page.get_by_role("link", name="Suivi").press("Enter")
    names = page.locator("tbody th .row-link")
    expect(names.first).to_have_text("Boulangerie L’Épi d’Or")
    page.get_by_role("link", name="En retard").press("Enter")
    expect(names).to_have_count(2)
    checked = page.get_by_role("columnheader", name="À vérifier")
    for order in ("ascending", "descending"):
        checked.get_by_role("link").press("Enter")
        expect(checked).to_have_attribute("aria-sort", order)
    expect(names.first).to_contain_text("Lecointre")
    page.get_by_label("Responsable", exact=True).focus()
    page.keyboard.type("Léa")
    expect(names).to_have_text(["Boulangerie L’Épi d’Or"])
    expect(checked).to_have_attribute("aria-sort", "descending")
    page.get_by_label("Responsable", exact=True).select_option("")
    names.first.focus()
    page.keyboard.press("/")
    page.keyboard.type("lecointre")
    expect(names).to_have_count(1)
    names.first.press("Enter")
    page.wait_for_url("**/inbox/**")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 360])
def test_it_has_no_barrier(open_page: OpenPage, cabinet: Firm, theme: Literal["light", "dark"], width: int) -> None:
    page = open_page(cabinet, color_scheme=theme, viewport={"width": width, "height": 800})
    for place in ("/follow-up/", "/follow-up/?late=1", "/follow-up/?q=zzzz"):
        page.goto(place)
        check(page, width)
    if folder := os.environ.get("LIASSE_TEST_PICTURES"):
        page.goto("/follow-up/")
        page.screenshot(path=f"{folder}/follow-{theme}-{width}.png", full_page=True)
