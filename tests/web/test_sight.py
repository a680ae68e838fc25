"""Qui voit ce dossier ?: the list is what reach says, and the access ends in a click, whatever is asked next."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from liasse.clients.models import ClientFile, FileAccess, Member
from liasse.clients.people import set_team_access
from liasse.clients.reach import reach_as_member, reach_file, sight_of
from liasse.clients.types import MemberStatus
from liasse.core.access import Level
from liasse.core.models import AuditEvent
from liasse.core.scope import practice_scope
from liasse.custody.models import WholeExport
from liasse.custody.types import ExportState
from liasse.identity.models import User
from liasse.invitations.services import invite_member
from liasse.practices.models import Colleague, Team, TeamMember
from liasse.practices.types import ColleagueStatus
from tests import cast, factories
from tests.cast import Cast
from tests.factories import signed_in
from tests.queries import asked
from tests.tenancy import world as worlds

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def people() -> Cast:
    made = cast.build()
    with practice_scope(made.practice.id):
        # The factories keep no counts, and a count below nothing is refused.
        ClientFile.objects.filter(id=made.file.id).update(count_colleagues=2)
    return made


@pytest.fixture
def browser(people: Cast) -> Client:
    return signed_in(people.administrator)


def page(people: Cast, browser: Client, **words: Any) -> str:  # noqa: ANN401 - any header
    response = browser.get(f"/files/{people.file.id}/sight/", **words)
    assert response.status_code == 200
    return response.content.decode()


def remove(people: Cast, browser: Client, what: str, row: Any) -> Any:  # noqa: ANN401 - any row; a test response
    return browser.post(f"/files/{people.file.id}/sight/{what}/{row.id}/remove/", headers=HTMX)


def test_the_list_is_what_reach_says_of_every_person_of_the_cast(people: Cast) -> None:
    for file in (people.file, people.sibling, people.other_file):
        with practice_scope(file.practice_id):
            sight = sight_of(file)
        listed = {person.user_id: level for person, level in sight.seeing}
        users = User.objects.all()
        assert users.count() >= 8
        for user in users:
            reach = reach_file(user.id, file_id=file.id)
            assert listed.get(user.id) == (reach.level if reach else None), user
            assert (user.id in {one.user_id for one in sight.members}) == bool(
                reach_as_member(user.id, file_id=file.id)
            )


def test_the_list_is_what_reach_says_whatever_status_people_have() -> None:
    world = worlds.build()
    file_id = world.targets[worlds.OWN].file_id
    with practice_scope(world.practice.id):
        sight = sight_of(ClientFile.objects.get(id=file_id))
    users = [user for user in world.users.values() if user]
    seeing = {user.id for user in users if reach_file(user.id, file_id=file_id)}
    members = {user.id for user in users if reach_as_member(user.id, file_id=file_id)}
    assert {person.user_id for person, _level in sight.seeing} == seeing
    assert {person.user_id for person in sight.members} == members
    names = {person.name for person, _level in sight.seeing}
    assert names >= {"administrator", "full", "coding", "reading"}
    assert not names & {"without", "invited", "suspended", "left", "outsider", "other-administrator"}
    assert "former-client" not in {person.name for person in sight.members} >= {"client", "employee"}
    assert {person.name for person, _level in sight.waiting} == {"invited", "suspended"}


def test_who_has_no_login_sees_nothing_whatever_the_status_says(people: Cast) -> None:
    with practice_scope(people.practice.id):
        ghost = Colleague.objects.create(
            practice=people.practice, name="Ghost", email="ghost@example.fr", status=ColleagueStatus.ACTIVE
        )
        FileAccess.objects.create(practice=people.practice, client_file=people.file, colleague=ghost)
        Member.objects.create(
            practice=people.practice, client_file=people.file, name="Shade", status=MemberStatus.ACTIVE
        )
        sight = sight_of(people.file)
    assert "Ghost" not in {person.name for person, _level in sight.seeing}
    assert "Shade" not in {person.name for person in sight.members}


def test_the_page_says_why_and_names_nobody_else(people: Cast, browser: Client) -> None:
    shown = page(people, browser)
    for words in (
        "Les administrateurs du cabinet voient tous les dossiers.",
        "Le cabinet a donné l’accès complet",
        "Utilisateur du dossier, se connecte",
        "Suspendu dans le cabinet",
    ):
        assert words in shown
    for person in (people.administrator, people.colleague, people.client_administrator, people.client_employee):
        assert person.name in shown
    # An administrator's name and the reader's own stand in the menu too; these stand nowhere.
    for stranger in (people.colleague_without, people.other_administrator, people.outsider):
        assert stranger.name not in shown
    assert "Everybody who can see it" in page(people, signed_in(people.administrator, language="en"))


def test_a_colleague_loses_the_file_in_one_click(people: Cast, browser: Client) -> None:
    guest, inbox = signed_in(people.colleague), f"/files/{people.file.id}/inbox/"
    assert guest.get(inbox).status_code == 200
    response = remove(people, browser, "colleagues", people.colleague)
    assert response.status_code == 200
    assert "sight-changed" in response["HX-Trigger-After-Settle"]
    assert guest.get(inbox).status_code == 404
    assert people.colleague.name not in page(people, browser, headers=HTMX)


def test_a_user_of_the_client_loses_the_file_and_keeps_their_place_in_it(people: Cast, browser: Client) -> None:
    employee = people.client_employee
    guest, portal = signed_in(employee), f"/portal/{people.file.id}/"
    assert guest.get(portal).status_code == 200
    window = browser.get(f"/files/{people.file.id}/sight/members/{employee.id}/remove/", headers=HTMX)
    assert "Retirer son accès à Eric Lambert" in window.content.decode()
    assert guest.get(portal).status_code == 200
    assert remove(people, browser, "members", employee).status_code == 200
    assert guest.get(portal).status_code == 404
    with practice_scope(people.practice.id):
        row = Member.objects.get(id=employee.id)
        event = AuditEvent.objects.get(verb="member.login-removed")
    assert (row.user_id, row.status, row.email) == (None, MemberStatus.NO_LOGIN, employee.email)
    assert (event.before["status"], event.after["status"], event.subject_id) == ("active", "no-login", employee.id)
    assert remove(people, browser, "members", employee).status_code == 200
    with practice_scope(people.practice.id):
        assert AuditEvent.objects.filter(verb="member.login-removed").count() == 1


def test_a_pending_invitation_is_listed_and_ended(people: Cast, browser: Client) -> None:
    with practice_scope(people.practice.id):
        waiting = factories.member(people.file, "Nina Roux", status=MemberStatus.NO_LOGIN, email="nina@example.fr")
        invite_member(waiting, actor=people.actor)
    assert "voit le dossier une fois l’invitation acceptée" in page(people, browser).replace("\u00a0", " ")
    assert remove(people, browser, "invitations", waiting).status_code == 200
    assert "Nina Roux" not in page(people, browser)


def test_an_export_is_listed_and_removed(people: Cast, browser: Client) -> None:
    with practice_scope(people.practice.id):
        export = WholeExport.objects.create(
            practice=people.practice, client_file=people.file, state=ExportState.READY, asked_by=people.administrator,
            asked_by_name="Anne Martin", language="fr", time_zone="Europe/Paris", sha256="0" * 64, size=1,
            expires_at=timezone.now() + timedelta(days=7),
        )  # fmt: skip
    assert "demandé par Anne Martin" in page(people, browser)
    assert remove(people, browser, "exports", export).status_code == 200
    assert "demandé par Anne Martin" not in page(people, browser)
    assert browser.post(f"/files/{people.file.id}/export/{export.id}/download/").status_code == 404
    assert remove(people, browser, "exports", export).status_code == 404
    with practice_scope(people.practice.id):
        assert AuditEvent.objects.filter(verb="file.export-removed").count() == 1


def test_a_team_is_said_and_loses_the_file_as_one(people: Cast, browser: Client) -> None:
    with practice_scope(people.practice.id):
        team = Team.objects.create(practice=people.practice, name="Lyon")
        for person in (people.colleague, people.colleague_without):
            TeamMember.objects.create(practice=people.practice, team=team, colleague=person)
        set_team_access(people.file, team_id=team.id, level="reading", actor=people.actor)
    shown = page(people, browser).replace("\u202f", " ").replace("\u00a0", " ")
    assert shown.count("Par l’équipe : Lyon.") == 2
    assert f"colleagues/{people.colleague_without.id}/remove" not in shown
    said = remove(people, browser, "colleagues", people.colleague)["HX-Trigger"]
    assert "voit encore ce dossier" in json.loads(said)["toast"]["text"]
    guest, inbox = signed_in(people.colleague_without), f"/files/{people.file.id}/inbox/"
    assert guest.get(inbox).status_code == 200
    assert browser.get(f"/files/{people.file.id}/sight/teams/{team.id}/remove/", headers=HTMX).status_code == 200
    assert remove(people, browser, "teams", team).status_code == 200
    assert guest.get(inbox).status_code == 404
    assert signed_in(people.colleague).get(inbox).status_code == 404


def test_a_team_of_another_file_is_not_named(people: Cast, browser: Client) -> None:
    with practice_scope(people.practice.id):
        team = Team.objects.create(practice=people.practice, name="Marseille")
        TeamMember.objects.create(practice=people.practice, team=team, colleague=people.colleague)
        set_team_access(people.sibling, team_id=team.id, level="full", actor=people.actor)
        assert sight_of(people.file).teams == []
    assert "Marseille" not in page(people, browser)


def test_nobody_takes_their_own_access_or_an_administrators_away(people: Cast, browser: Client) -> None:
    mine = signed_in(people.colleague)
    assert f"colleagues/{people.colleague.id}/remove" not in page(people, mine)
    assert f"/team/{people.administrator.id}/" not in page(people, mine)
    assert remove(people, mine, "colleagues", people.colleague).status_code == 403
    assert f"colleagues/{people.administrator.id}/remove" not in page(people, browser)


def test_rows_of_other_files_and_practices_are_not_there(people: Cast, browser: Client) -> None:
    elsewhere = factories.member(people.sibling, "Somebody else")
    for what, row in (("members", elsewhere), ("invitations", elsewhere), ("colleagues", people.other_administrator)):
        assert remove(people, browser, what, row).status_code == 404
    with practice_scope(people.practice.id):
        FileAccess.objects.filter(colleague=people.colleague).update(level=Level.CODING)
    assert signed_in(people.colleague).get(f"/files/{people.file.id}/sight/").status_code == 403


def test_the_page_costs_the_same_for_many(people: Cast, browser: Client) -> None:
    with asked() as few:
        page(people, browser)
    for number in range(6):
        factories.grant(people.file, to=factories.colleague(people.practice, f"Colleague {number}"))
        factories.member(people.file, f"Member {number}", email=f"m{number}@example.fr")
    with asked() as many:
        page(people, browser)
    assert len(few) == len(many) <= 16


def test_it_works_without_scripts(people: Cast, browser: Client) -> None:
    response = browser.post(f"/files/{people.file.id}/sight/colleagues/{people.colleague.id}/remove/")
    assert response["Location"] == f"/files/{people.file.id}/sight/"
    window = browser.get(f"/files/{people.file.id}/sight/members/{people.client_employee.id}/remove/")
    assert "<html" in window.content.decode()
