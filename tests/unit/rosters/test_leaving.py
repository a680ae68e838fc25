"""A colleague leaves: what was theirs is another's in one step; and files given many at once."""

from __future__ import annotations

import pytest

from liasse.clients.handing import give_files
from liasse.clients.models import ClientFile, FileAccess
from liasse.clients.people import set_responsible
from liasse.clients.reach import reach_file
from liasse.core.access import Level
from liasse.core.audit import verify_chain
from liasse.core.errors import ForbiddenError, InvalidError, LiasseError, NotThereError
from liasse.core.models import AuditEvent
from liasse.invitations.models import Invitation
from liasse.invitations.opening import open_client_file
from liasse.practices.models import Colleague, TeamMember
from liasse.practices.services import add_colleague
from liasse.practices.teams import save_team
from liasse.practices.types import ColleagueStatus, Role
from liasse.rosters.leaving import let_go
from tests.queries import asked
from tests.web.firm import Firm, answers, firm, invitee

pytestmark = pytest.mark.django_db


@pytest.fixture
def cabinet() -> Firm:
    return firm()


def levels(office: Firm, name: str) -> dict[str, str]:
    with office.scope():
        grants = FileAccess.objects.filter(colleague=office.people[name])
        return dict(grants.values_list("client_file__name", "level"))


def leave(office: Firm, name: str, *, to: str = "") -> None:
    with office.scope():
        let_go(office.people[name], to_id=office.people[to].id if to else None, actor=office.actor())


def test_files_and_responsibility_go_over_at_the_higher_level(cabinet: Firm) -> None:
    names = ("Garage", "Fleurs", "Bar")
    garage, fleurs, bar = (cabinet.open(name).client_file for name in names)
    for file, hugo, lea in (
        (garage, Level.CODING, None),
        (fleurs, Level.FULL, Level.READING),
        (bar, Level.READING, Level.FULL),
    ):
        cabinet.grant(file, to="hugo", level=hugo)
        if lea:
            cabinet.grant(file, to="lea", level=lea)
    with cabinet.scope():
        set_responsible(garage, colleague_id=cabinet.people["hugo"].id, actor=cabinet.actor())
    leave(cabinet, "hugo", to="lea")
    assert levels(cabinet, "hugo") == {}
    assert levels(cabinet, "lea") == {"Garage": Level.FULL, "Fleurs": Level.FULL, "Bar": Level.FULL}
    with cabinet.scope():
        assert ClientFile.objects.get(id=garage.id).responsible_id == cabinet.people["lea"].id
        assert set(ClientFile.objects.values_list("count_colleagues", flat=True)) == {2}
        assert Colleague.objects.get(id=cabinet.people["hugo"].id).status == ColleagueStatus.LEFT
        events = AuditEvent.objects.filter(client_file_id=garage.id, verb__in=("file.access", "file.responsible"))
        assert {event.after["colleague"] for event in events} == {"Hugo Perrin", "Léa Martin"}
        assert list(verify_chain(cabinet.practice.id)) == []


def test_the_next_request_of_who_left_is_refused(cabinet: Firm) -> None:
    file, browser = cabinet.open("Garage").client_file, cabinet.browser("hugo")
    cabinet.grant(file, to="hugo", level=Level.FULL)
    assert browser.get(f"/files/{file.id}/inbox/").status_code == 200
    leave(cabinet, "hugo", to="lea")
    assert browser.get(f"/files/{file.id}/inbox/").status_code == 404
    assert browser.get("/clients/").status_code == 404


def test_open_invitations_stay_open_in_the_other_s_name(cabinet: Firm) -> None:
    with cabinet.scope():
        open_client_file(answers(invitee=invitee()), actor=cabinet.actor("hugo"))
    leave(cabinet, "hugo", to="lea")
    with cabinet.scope():
        assert Invitation.objects.get().invited_by_id == cabinet.people["lea"].id


@pytest.mark.parametrize("to", ["", "marc", "ines", "hugo"])
def test_somebody_active_must_take_over_or_nothing_changes(cabinet: Firm, to: str) -> None:
    cabinet.grant(cabinet.open("Garage").client_file, to="hugo", level=Level.FULL)
    with pytest.raises(InvalidError):
        leave(cabinet, "hugo", to=to)
    assert levels(cabinet, "hugo") == {"Garage": Level.FULL}


def test_who_has_nothing_leaves_without_a_successor(cabinet: Firm) -> None:
    with cabinet.scope():
        save_team(
            cabinet.practice, team=None, name="T", colleague_ids=[cabinet.people["lea"].id], actor=cabinet.actor()
        )
    leave(cabinet, "lea")
    with cabinet.scope():
        assert not TeamMember.objects.exists()


def test_the_last_administrator_cannot_leave_and_keeps_everything(cabinet: Firm) -> None:
    cabinet.open("Garage")
    with pytest.raises(LiasseError, match="Claire Delmas"):
        leave(cabinet, "claire", to="hugo")
    assert levels(cabinet, "claire") == {"Garage": Level.FULL}


def test_only_administrators_end_a_place(cabinet: Firm) -> None:
    with cabinet.scope(), pytest.raises(ForbiddenError):
        let_go(cabinet.people["lea"], to_id=None, actor=cabinet.actor("hugo"))


def test_who_left_may_be_added_again_and_is_the_same_person(cabinet: Firm) -> None:
    leave(cabinet, "lea")
    lea = cabinet.people["lea"]
    with cabinet.scope():
        again = add_colleague(
            practice=cabinet.practice, name="Léa Petit", email=lea.email, role=Role.COLLEAGUE, can_add_clients=False,
            actor=cabinet.actor(),
        )  # fmt: skip
    assert (again.id, again.status, again.name) == (lea.id, ColleagueStatus.INVITED, "Léa Petit")


def test_many_files_go_over_in_few_queries(cabinet: Firm) -> None:
    counts = []
    for name, to, number in (("hugo", "lea", 2), ("lea", "claire", 40)):
        for n in range(number):
            cabinet.grant(cabinet.open(f"{name} {n}", by="claire").client_file, to=name, level=Level.FULL)
        with asked() as statements:
            leave(cabinet, name, to=to)
        counts.append(len(statements))
    assert max(counts) <= 45, counts


# ------------------------------------------------------------------------------------------------ many at once


def test_many_files_are_given_and_taken_at_once(cabinet: Firm) -> None:
    files = [cabinet.open(f"F{n}").client_file for n in range(5)]
    ids, lea = [file.id for file in files], cabinet.people["lea"]
    with cabinet.scope():
        assert give_files(lea.id, file_ids=ids[:3], level=Level.READING, actor=cabinet.actor()) == 3
        assert give_files(lea.id, file_ids=ids, level=Level.CODING, actor=cabinet.actor()) == 5
        assert give_files(lea.id, file_ids=ids, level=Level.CODING, actor=cabinet.actor()) == 0
        assert give_files(lea.id, file_ids=ids[:2], level="", actor=cabinet.actor()) == 2
        counts = dict(ClientFile.objects.values_list("name", "count_colleagues"))
    assert levels(cabinet, "lea") == {f"F{n}": Level.CODING for n in (2, 3, 4)}
    assert counts == {"F0": 1, "F1": 1, "F2": 2, "F3": 2, "F4": 2}


def test_one_file_that_is_not_there_changes_nothing(cabinet: Firm) -> None:
    own, foreign = cabinet.open("Garage").client_file, firm("claire", called="Voisin").open("Leur").client_file
    with cabinet.scope(), pytest.raises(NotThereError):
        give_files(cabinet.people["lea"].id, file_ids=[own.id, foreign.id], level=Level.FULL, actor=cabinet.actor())
    assert levels(cabinet, "lea") == {}


def test_a_lead_gives_only_within_the_team_and_what_is_the_team_s(cabinet: Firm) -> None:
    with cabinet.scope():
        Colleague.objects.filter(id=cabinet.people["hugo"].id).update(role=Role.TEAM_LEAD)
        cabinet.people["hugo"].refresh_from_db()
        ids = [cabinet.people[name].id for name in ("hugo", "lea")]
        save_team(cabinet.practice, team=None, name="Sud", colleague_ids=ids, actor=cabinet.actor())
    theirs, other = cabinet.open("Garage").client_file, cabinet.open("Fleurs").client_file
    cabinet.grant(theirs, to="lea", level=Level.READING)
    lea, ines, hugo = cabinet.people["lea"], cabinet.people["ines"], cabinet.actor("hugo")
    with cabinet.scope():
        assert give_files(lea.id, file_ids=[theirs.id], level=Level.CODING, actor=hugo) == 1
        for colleague, file in ((lea, other), (ines, theirs)):
            with pytest.raises(NotThereError):
                give_files(colleague.id, file_ids=[file.id], level=Level.FULL, actor=hugo)
        with pytest.raises(ForbiddenError):
            give_files(ids[0], file_ids=[theirs.id], level=Level.FULL, actor=hugo)
    assert lea.user is not None
    assert reach_file(lea.user.id, file_id=other.id) is None
