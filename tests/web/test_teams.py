"""Teams, team leads, a colleague's files and leaving, as the screens do it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from liasse.clients.models import ClientFile, FileAccess, TeamAccess
from liasse.core.access import Level
from liasse.practices.models import Colleague, Team
from liasse.practices.teams import save_team
from liasse.practices.types import ColleagueStatus, Role
from tests.queries import asked
from tests.web.firm import Firm, firm

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def cabinet() -> Firm:
    """Hugo leads a team with Léa."""
    made = firm()
    with made.scope():
        Colleague.objects.filter(id=made.people["hugo"].id).update(role=Role.TEAM_LEAD)
        ids = [made.people[name].id for name in ("hugo", "lea")]
        save_team(made.practice, team=None, name="Équipe Sud", colleague_ids=ids, actor=made.actor())
    return made


def text(response: Any) -> str:  # noqa: ANN401 - a test response
    return re.sub(r"\s+", " ", str(response.content.decode()))


def team(office: Firm) -> Team:
    with office.scope():
        return Team.objects.get()


def test_the_role_and_both_rights_are_chosen_in_the_window(cabinet: Firm) -> None:
    lea = cabinet.people["lea"]
    typed = {"name": lea.name, "role": "team-lead", "can_see_progress": "on"}
    assert cabinet.browser().post(f"/team/{lea.id}/", typed, headers=HTMX).status_code == 200
    with cabinet.scope():
        saved = Colleague.objects.get(id=lea.id)
    assert (saved.role, saved.can_see_progress, saved.can_add_clients) == (Role.TEAM_LEAD, True, False)


def test_the_last_administrator_is_told_why_the_right_stays(cabinet: Firm) -> None:
    claire = cabinet.people["claire"]
    answer = cabinet.browser().post(f"/team/{claire.id}/", {"name": claire.name, "role": "team-lead"}, headers=HTMX)
    assert answer.status_code == 422
    assert "Claire Delmas est le dernier administrateur actif" in text(answer)
    with cabinet.scope():
        assert Colleague.objects.get(id=claire.id).is_administrator


def test_a_team_is_made_changed_and_removed(cabinet: Firm) -> None:
    browser, lea = cabinet.browser(), cabinet.people["lea"]
    assert browser.post("/team/teams/new/", {"name": " "}, headers=HTMX).status_code == 422
    assert (
        browser.post("/team/teams/new/", {"name": "Nord", "colleague": [str(lea.id)]}, headers=HTMX).status_code == 200
    )
    page = text(browser.get("/team/teams/"))
    assert "Nord" in page
    assert 'Hugo Perrin</span> <small class="muted">(chef d’équipe)' in page
    assert "Équipe Sud, Nord" in text(browser.get("/team/")) or "Nord, Équipe Sud" in text(browser.get("/team/"))
    south = next(one for one in all_teams(cabinet) if one.name == "Équipe Sud")
    assert browser.post(f"/team/teams/{south.id}/remove/", headers=HTMX).status_code == 200
    assert [one.name for one in all_teams(cabinet)] == ["Nord"]


def all_teams(office: Firm) -> list[Team]:
    with office.scope():
        return list(Team.objects.order_by("name"))


def test_a_lead_sees_the_team_s_people_and_nothing_to_manage_them(cabinet: Firm) -> None:
    page = text(cabinet.browser("hugo").get("/team/"))
    assert "Léa Martin" in page
    assert "Inès Faure" not in page
    assert "add-colleague" not in page
    assert "Suspendre" not in page
    assert cabinet.browser("lea").get("/team/").status_code == 403


def test_files_are_given_from_the_colleague_one_by_one_and_many_at_once(cabinet: Firm) -> None:
    files = [cabinet.open(f"Client {n}").client_file for n in range(3)]
    browser, here = cabinet.browser(), f"/team/{cabinet.people['lea'].id}/files/"
    row = browser.post(f"{here}{files[0].id}/", {f"level-{files[0].id}": "coding"}, headers=HTMX)
    assert "Enregistré" in text(row)
    posted = {"file": [str(file.id) for file in files], "given": "reading", "back": f"{here}?q=Client"}
    assert browser.post(f"{here}set/", posted).headers["Location"] == f"{here}?q=Client"
    assert level_of(cabinet, "lea") == {f"Client {n}": "reading" for n in range(3)}
    assert browser.post(f"{here}set/", posted | {"given": "none", "back": "//evil.example"}).headers["Location"] == here
    assert level_of(cabinet, "lea") == {}


def level_of(office: Firm, name: str) -> dict[str, str]:
    with office.scope():
        grants = FileAccess.objects.filter(colleague=office.people[name])
        return dict(grants.values_list("client_file__name", "level"))


def test_the_files_of_a_colleague_are_searched_and_cost_the_same(cabinet: Firm) -> None:
    browser, here = cabinet.browser(), f"/team/{cabinet.people['lea'].id}/files/"
    counts, page = [], ""
    for number in (1, 20):
        for n in range(number):
            cabinet.grant(cabinet.open(f"Client {number}-{n}").client_file, to="lea", level=Level.READING)
        with asked() as statements:
            page = text(browser.get(here))
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 14
    assert "Client 20-7" in page
    found = text(browser.get(f"{here}?q=20-7", headers=HTMX))
    assert ("Client 20-7" in found, "Client 20-8" in found) == (True, False)


def test_a_lead_changes_only_what_the_team_has(cabinet: Firm) -> None:
    theirs, other = cabinet.open("Garage").client_file, cabinet.open("Fleurs").client_file
    cabinet.grant(theirs, to="lea", level=Level.READING)
    browser, lea, ines = cabinet.browser("hugo"), cabinet.people["lea"], cabinet.people["ines"]
    page = text(browser.get(f"/team/{lea.id}/files/"))
    assert ("Garage" in page, "Fleurs" in page) == (True, False)
    assert browser.get(f"/team/{ines.id}/files/").status_code == 404
    assert browser.post(f"/team/{lea.id}/files/{other.id}/", {f"level-{other.id}": "full"}).status_code == 404
    assert browser.post(f"/team/{ines.id}/files/{theirs.id}/", {f"level-{theirs.id}": "full"}).status_code == 404
    assert browser.post(f"/team/{lea.id}/leave/").status_code == 403


def test_a_file_is_given_to_a_team_and_somebody_answers_for_it(cabinet: Firm) -> None:
    file, browser, lea = cabinet.open("Garage").client_file, cabinet.browser(), cabinet.people["lea"]
    here = f"/files/{file.id}/access/"
    assert "Équipe Sud" in text(browser.get(here))
    row = browser.post(f"{here}teams/{team(cabinet).id}/", {"level": "coding"}, headers=HTMX)
    assert "Enregistré" in text(row)
    assert browser.post(f"{here}responsible/", {"responsible": str(lea.id)}, headers=HTMX).status_code == 200
    with cabinet.scope():
        assert TeamAccess.objects.get().level == Level.CODING
        assert ClientFile.objects.get().responsible_id == lea.id
    assert '<span class="responsible" dir="auto">Léa Martin</span>' in text(browser.get("/clients/"))
    assert "Garage" in text(cabinet.browser("lea").get("/clients/"))


@pytest.mark.parametrize("typed", ["nobody", "00000000-0000-7000-8000-000000000000"])
def test_nobody_unknown_answers_for_a_file(cabinet: Firm, typed: str) -> None:
    file = cabinet.open("Garage").client_file
    answer = cabinet.browser().post(f"/files/{file.id}/access/responsible/", {"responsible": typed}, headers=HTMX)
    assert answer.status_code == 404


def test_a_leaving_colleague_hands_on_in_the_window(cabinet: Firm) -> None:
    cabinet.grant(cabinet.open("Garage").client_file, to="lea", level=Level.CODING)
    browser, lea = cabinet.browser(), cabinet.people["lea"]
    here = f"/team/{lea.id}/leave/"
    assert "Qui reprend" in text(browser.get(here, headers=HTMX))
    assert browser.post(here, {"successor": ""}, headers=HTMX).status_code == 422
    assert browser.post(here, {"successor": str(cabinet.people["hugo"].id)}, headers=HTMX).status_code == 200
    assert level_of(cabinet, "hugo") == {"Garage": "coding"}
    assert "Léa Martin" not in text(browser.get("/team/")).split("<details")[0]
    with cabinet.scope():
        assert Colleague.objects.get(id=lea.id).status == ColleagueStatus.LEFT


def test_a_team_of_another_practice_is_not_there(cabinet: Firm) -> None:
    other: Client = firm("claire", called="Voisin").browser()
    south = team(cabinet)
    assert other.get(f"/team/teams/{south.id}/").status_code == 404
    assert other.post(f"/team/teams/{south.id}/remove/").status_code == 404
