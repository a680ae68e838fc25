"""Teams, a colleague's files and leaving in a real browser: by keyboard, on a phone, read by axe."""

from __future__ import annotations

import os
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from liasse.clients.people import set_responsible, set_team_access
from liasse.core.access import Level
from liasse.practices.models import Colleague, Team
from liasse.practices.teams import save_team
from liasse.practices.types import ColleagueStatus, Role
from tests.barriers import barriers
from tests.browser.conftest import OpenPage
from tests.web.firm import Firm, firm

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cabinet(transactional_db: None) -> Firm:
    """Hugo leads a team with Léa, who has one of three files; the team has another."""
    del transactional_db
    made = firm()
    files = [made.open(name).client_file for name in ("Boulangerie L’Épi d’Or", "Garage du Port", "Fleurs du Canal")]
    made.grant(files[0], to="lea", level=Level.CODING)
    with made.scope():
        Colleague.objects.filter(id=made.people["hugo"].id).update(role=Role.TEAM_LEAD)
        ids = [made.people[name].id for name in ("hugo", "lea")]
        south = save_team(made.practice, team=None, name="Équipe Sud", colleague_ids=ids, actor=made.actor())
        set_team_access(files[1], team_id=south.id, level=Level.READING, actor=made.actor())
        set_responsible(files[0], colleague_id=made.people["lea"].id, actor=made.actor())
    return made


def check(page: Page, width: int) -> None:
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_files_are_given_by_keyboard_one_by_one_and_many_at_once(open_page: OpenPage, cabinet: Firm) -> None:
    page = open_page(cabinet)
    page.goto(f"/team/{cabinet.people['lea'].id}/files/")
    chosen = page.get_by_label("Accès à Fleurs du Canal")
    chosen.focus()
    page.keyboard.type("Lecture")
    page.keyboard.press("Enter")
    expect(page.get_by_role("row", name="Fleurs du Canal")).to_contain_text("Enregistré")
    expect(chosen).to_be_focused()
    page.get_by_label("Tout choisir").press("Space")
    page.get_by_label("Niveau pour les dossiers cochés").select_option("coding")
    page.get_by_role("button", name="Donner").press("Enter")
    expect(page.get_by_text("2 dossiers modifiés.")).to_be_visible()
    for name in ("Boulangerie L’Épi d’Or", "Garage du Port", "Fleurs du Canal"):
        expect(page.get_by_label(f"Accès à {name}")).to_have_value("coding")


def test_a_team_is_made_in_the_window_and_a_colleague_leaves(open_page: OpenPage, cabinet: Firm) -> None:
    page = open_page(cabinet)
    page.goto("/team/teams/")
    page.get_by_role("button", name="Ajouter une équipe").press("Enter")
    window = page.get_by_role("dialog")
    window.get_by_role("button", name="Enregistrer").press("Enter")
    expect(window.get_by_label("Nom")).to_be_focused()
    window.get_by_label("Nom").fill("Équipe Nord")
    window.get_by_label("Inès Faure").check()
    window.get_by_role("button", name="Enregistrer").press("Enter")
    expect(page.get_by_role("row", name="Équipe Nord")).to_contain_text("Inès Faure")
    page.get_by_role("link", name="Équipe Nord").or_(page.get_by_role("button", name="Équipe Nord")).first.press(
        "Enter"
    )
    window.get_by_role("button", name="Supprimer l’équipe").press("Enter")
    expect(page.get_by_role("row", name="Équipe Nord")).to_have_count(0)
    page.goto("/team/")
    page.locator(f"[popovertarget='manage-{cabinet.people['lea'].id}']").press("Enter")
    page.locator(f"#manage-{cabinet.people['lea'].id}").locator("a, button", has_text="Quitte le cabinet").press(
        "Enter"
    )
    window.get_by_label("Qui reprend").select_option(label="Hugo Perrin")
    window.get_by_role("button", name="Transmettre").press("Enter")
    expect(window).to_have_count(0)
    expect(page.get_by_role("row", name="Léa Martin")).to_have_count(0)
    former = page.locator("#former")
    expect(former.get_by_text("Léa Martin", exact=True)).to_be_hidden()
    former.locator("summary").press("Enter")
    check(page, 1440)
    former.get_by_role("button", name="Ajouter à nouveau Léa Martin").or_(
        former.get_by_role("link", name="Ajouter à nouveau Léa Martin")
    ).press("Enter")
    expect(window.get_by_label("Adresse email")).to_have_value(cabinet.people["lea"].email)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 360])
def test_their_screens_have_no_barrier(
    open_page: OpenPage, cabinet: Firm, theme: Literal["light", "dark"], width: int
) -> None:
    page = open_page(cabinet, color_scheme=theme, viewport={"width": width, "height": 800})
    lea = cabinet.people["lea"]
    with cabinet.scope():
        south = Team.objects.get()
    file = cabinet.open("Bar du Coin").client_file
    with cabinet.scope():
        Colleague.objects.filter(name="Inès Faure").update(status=ColleagueStatus.LEFT)
    for place in (
        "/clients/",
        "/team/",
        "/team/teams/",
        f"/team/teams/{south.id}/",
        f"/team/{lea.id}/files/",
        f"/team/{lea.id}/leave/",
        f"/files/{file.id}/access/",
    ):
        page.goto(place)
        check(page, width)
    page.goto("/clients/")
    if folder := os.environ.get("LIASSE_TEST_PICTURES"):
        page.screenshot(path=f"{folder}/clients-{theme}-{width}.png", full_page=True)
    page.goto("/team/")
    page.locator("#former summary").click()
    check(page, width)
    if folder := os.environ.get("LIASSE_TEST_PICTURES"):
        page.screenshot(path=f"{folder}/team-{theme}-{width}.png", full_page=True)
    page.goto(f"/team/{lea.id}/files/")
    page.get_by_label("Tout choisir").check() if width > 360 else page.get_by_role("checkbox").last.check()
    check(page, width)
