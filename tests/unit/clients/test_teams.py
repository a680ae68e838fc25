"""Teams and team leads: whom a file reaches, said alike by every way of asking."""

from __future__ import annotations

import random

import pytest

from liasse.clients import lists
from liasse.clients.models import ClientFile, FileAccess, TeamAccess
from liasse.clients.people import set_access, set_responsible, set_team_access
from liasse.clients.reach import colleagues_reaching, levels_in, listed_files, reach_file, reachable_files
from liasse.clients.selectors import levels_of_files, own_levels
from liasse.clients.types import FileStatus
from liasse.core.access import Level
from liasse.core.errors import ForbiddenError, InvalidError, NotThereError
from liasse.core.scope import instance_scope, practice_scope
from liasse.practices.models import Colleague, Practice, Team
from liasse.practices.selectors import actor_of
from liasse.practices.services import change_colleague
from liasse.practices.teams import leads, remove_team, save_team, team_names, teams_of
from liasse.practices.types import Role
from tests import factories
from tests.queries import asked
from tests.web.firm import Firm, firm

pytestmark = pytest.mark.django_db


@pytest.fixture
def cabinet() -> Firm:
    """Claire administers, Hugo leads a team with Léa; Inès is in none."""
    made = firm()
    with made.scope():
        Colleague.objects.filter(id=made.people["hugo"].id).update(role=Role.TEAM_LEAD)
        made.people["hugo"].refresh_from_db()
    team(made, "Sud", "hugo", "lea")
    return made


def team(office: Firm, name: str, *people: str) -> Team:
    ids = [office.people[one].id for one in people]
    with office.scope():
        return save_team(office.practice, team=None, name=name, colleague_ids=ids, actor=office.actor())


def level(office: Firm, name: str, file: ClientFile) -> str:
    user = office.people[name].user
    assert user is not None
    reach = reach_file(user.id, file_id=file.id)
    return reach.level if reach else ""


def test_a_team_reaches_what_is_given_to_it_for_as_long_as_one_is_in_it(cabinet: Firm) -> None:
    file = cabinet.open("Garage").client_file
    north = team(cabinet, "Nord", "lea")
    with cabinet.scope():
        set_team_access(file, team_id=north.id, level=Level.CODING, actor=cabinet.actor())
    assert level(cabinet, "lea", file) == Level.CODING
    with cabinet.scope():
        save_team(cabinet.practice, team=north, name="Nord", colleague_ids=[], actor=cabinet.actor())
    assert level(cabinet, "lea", file) == ""


def test_the_higher_of_two_levels_holds(cabinet: Firm) -> None:
    file = cabinet.open("Garage").client_file
    north = team(cabinet, "Nord", "lea")
    cabinet.grant(file, to="lea", level=Level.CODING)
    with cabinet.scope():
        set_team_access(file, team_id=north.id, level=Level.READING, actor=cabinet.actor())
        assert levels_of_files([file], actor=cabinet.actor("lea")) == {file.id: Level.CODING}
    assert level(cabinet, "lea", file) == Level.CODING


def test_a_lead_manages_the_files_of_the_team_s_people_and_no_others(cabinet: Firm) -> None:
    theirs, other = cabinet.open("Garage").client_file, cabinet.open("Fleurs").client_file
    cabinet.grant(theirs, to="lea", level=Level.READING)
    cabinet.grant(other, to="ines", level=Level.FULL)
    assert (level(cabinet, "hugo", theirs), level(cabinet, "hugo", other)) == (Level.FULL, "")
    assert level(cabinet, "lea", theirs) == Level.READING


def test_a_lead_s_own_grant_stays_what_it_is(cabinet: Firm) -> None:
    file = cabinet.open("Garage").client_file
    cabinet.grant(file, to="hugo", level=Level.READING)
    assert level(cabinet, "hugo", file) == Level.READING


def test_what_was_given_to_a_colleague_is_not_what_others_were_given(cabinet: Firm) -> None:
    both, hers = cabinet.open("Garage").client_file, cabinet.open("Fleurs").client_file
    cabinet.grant(both, to="lea", level=Level.CODING)
    for file in (both, hers):
        cabinet.grant(file, to="ines", level=Level.READING)
    with cabinet.scope():
        assert own_levels(cabinet.people["lea"], files=[both, hers]) == {both.id: Level.CODING}


def test_a_lead_gives_access_within_the_team_alone(cabinet: Firm) -> None:
    file = cabinet.open("Garage").client_file
    cabinet.grant(file, to="lea", level=Level.READING)
    hugo, lea, ines = cabinet.actor("hugo"), cabinet.people["lea"], cabinet.people["ines"]
    with cabinet.scope():
        assert set_access(file, colleague_id=lea.id, level=Level.CODING, actor=hugo) == Level.CODING
        assert (leads(hugo, colleague_id=lea.id), leads(hugo, colleague_id=ines.id)) == (True, False)
        with pytest.raises(ForbiddenError):
            set_access(file, colleague_id=ines.id, level=Level.READING, actor=hugo)
        with pytest.raises(ForbiddenError):
            set_team_access(file, team_id=Team.objects.get().id, level=Level.READING, actor=hugo)


def test_whoever_answers_for_a_file_reaches_it(cabinet: Firm) -> None:
    file = cabinet.open("Garage").client_file
    lea = cabinet.people["lea"]
    with cabinet.scope():
        set_responsible(file, colleague_id=lea.id, actor=cabinet.actor())
        assert ClientFile.objects.get(id=file.id).responsible_id == lea.id
        assert FileAccess.objects.get(client_file=file, colleague=lea).level == Level.FULL
        set_responsible(file, colleague_id=None, actor=cabinet.actor())
        assert ClientFile.objects.get(id=file.id).responsible_id is None


def test_a_team_of_another_practice_is_not_there(cabinet: Firm) -> None:
    other = firm("claire", called="Voisin")
    foreign, file = team(other, "Leurs", "claire"), cabinet.open("Garage").client_file
    with cabinet.scope(), pytest.raises(NotThereError):
        set_team_access(file, team_id=foreign.id, level=Level.FULL, actor=cabinet.actor())
    with cabinet.scope():
        stolen = save_team(
            cabinet.practice, team=None, name="Vol", colleague_ids=[other.people["claire"].id], actor=cabinet.actor()
        )
        assert teams_of(cabinet.practice.id)[-1].people == []
        assert stolen.name == "Vol"


@pytest.mark.parametrize("name", ["", "\u200b", "x" * 201, "SUD"])
def test_a_name_that_is_none_or_taken_is_refused(cabinet: Firm, name: str) -> None:
    with pytest.raises(InvalidError):
        team(cabinet, name)


def test_a_removed_team_takes_its_grants_along(cabinet: Firm) -> None:
    file, north = cabinet.open("Garage").client_file, team(cabinet, "Nord", "lea")
    with cabinet.scope():
        set_team_access(file, team_id=north.id, level=Level.FULL, actor=cabinet.actor())
        remove_team(north, actor=cabinet.actor())
        assert not TeamAccess.objects.exists()
        assert team_names(cabinet.practice.id)[cabinet.people["lea"].id] == ["Sud"]
    assert level(cabinet, "lea", file) == ""


def test_only_administrators_make_teams(cabinet: Firm) -> None:
    with cabinet.scope(), pytest.raises(ForbiddenError):
        save_team(cabinet.practice, team=None, name="Moi", colleague_ids=[], actor=cabinet.actor("hugo"))


def test_the_last_administrator_cannot_become_a_lead(cabinet: Firm) -> None:
    with cabinet.scope(), pytest.raises(Exception, match=r"Claire Delmas"):
        change_colleague(cabinet.people["claire"], role=Role.TEAM_LEAD, actor=cabinet.actor())


def scattered(seed: int) -> tuple[Practice, list[Colleague], list[ClientFile]]:
    """Make people, teams and grants at random."""
    chance = random.Random(seed)  # noqa: S311 - seeded, so that a run can be repeated
    practice = factories.practice(f"Cabinet {seed}")
    roles = [Role.COLLEAGUE, Role.TEAM_LEAD]
    people = [factories.colleague(practice, f"P{seed} {n}", role=chance.choice(roles)) for n in range(6)]
    files = [factories.client_file(practice, f"F{n}") for n in range(6)]
    boss = actor_of(factories.colleague(practice, f"A{seed}", role=Role.ADMINISTRATOR))
    for n in range(3):
        ids = [one.id for one in chance.sample(people, 2)]
        made = save_team(practice, team=None, name=f"T{n}", colleague_ids=ids, actor=boss)
        for file in chance.sample(files, 1):
            set_team_access(file, team_id=made.id, level=chance.choice(list(Level)), actor=boss)
    for one in people:
        for file in chance.sample(files, 1):
            set_access(file, colleague_id=one.id, level=chance.choice(list(Level)), actor=boss)
    return practice, people, files


@pytest.mark.parametrize("seed", range(4))
def test_every_way_of_asking_gives_the_same_answer(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with instance_scope():
        practice, people, files = scattered(seed)
    given = 0
    for one in people:
        actor, user = actor_of(one), one.user
        assert user is not None
        reached = {file.id: reach.level for file in files if (reach := reach_file(user.id, file_id=file.id))}
        with practice_scope(practice.id):
            assert {file.id for file in reachable_files(actor)} == set(reached)
            assert levels_of_files(files, actor=actor) == reached
            assert {file.id: levels_in(file)[one.id] for file in files if one.id in levels_in(file)} == reached
            assert {file.id for file in files if one in colleagues_reaching(file)} == set(reached)
            assert lists.newest_file_id(actor) == max(reached, default=None)
            for few in (500, 0):
                monkeypatch.setattr("liasse.clients.reach.FEW", few)
                assert {file.id for file in listed_files(actor, status=FileStatus.ACTIVE)} == set(reached)
        given += len(reached)
    assert given > len(people)


def test_teams_cost_no_query_more(cabinet: Firm) -> None:
    file = cabinet.open("Garage").client_file
    cabinet.grant(file, to="lea", level=Level.FULL)
    for name in ("lea", "hugo"):
        user = cabinet.people[name].user
        assert user is not None
        with asked() as statements:
            reach_file(user.id, file_id=file.id)
        assert len(statements) == 3
        with cabinet.scope(), asked() as statements:
            list(listed_files(cabinet.actor(name), status=FileStatus.ACTIVE))
        assert len(statements) == 2
