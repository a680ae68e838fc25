"""A file moves with every row of it, in any table of today or tomorrow, and nothing else moves."""

from __future__ import annotations

import pytest

from liasse.clients.models import ClientFile, FileAccess
from liasse.clients.reach import reach_as_member, reach_file, reachable_files
from liasse.clients.selectors import find_address, history_of_file
from liasse.clients.types import AddressKind, FileStatus
from liasse.core import audit
from liasse.core.jobs import claim, finish
from liasse.core.models import AuditEvent, AuditHead, Job
from liasse.core.scope import instance_scope, practice_scope
from liasse.custody.errors import FileWentError, NotInChargeError, TooManyTriesError
from liasse.custody.models import AccessGrant
from liasse.custody.rows import file_tables, tenant_models
from liasse.custody.services import give_access
from liasse.documents.models import Document
from liasse.intake.models import Receipt
from liasse.invitations.models import Invitation
from liasse.messaging.models import OutgoingMessage
from liasse.practices.models import Colleague
from liasse.practices.selectors import actor_of
from liasse.practices.types import Role
from tests import factories
from tests.unit.custody.world import World, build, counts, strays

pytestmark = pytest.mark.django_db

OF_THE_PRACTICE = {
    *("Colleague", "EmailCheck", "LeftBytes", "AuditHead", "WholeImport", "TransferRequest"),
    *("Team", "TeamMember", "Roster", "RosterLine", "ApiToken", "SharedName"),
}
"""Tables with a practice that are about no file. A new one belongs here, or leads to a file."""


@pytest.fixture
def world() -> World:
    return build()


def give(world: World, email: str = "victor.voisin@example.fr") -> None:
    give_access(world.file, email=email, actor=world.client)


def test_every_table_with_a_practice_is_of_a_file_or_said_not_to_be() -> None:
    of_files = {table.model.__name__ for table in file_tables()}
    unsaid = {model.__name__ for model in tenant_models()} - of_files - OF_THE_PRACTICE - {"AuditEvent", "Job"}
    assert unsaid == set(), "does a row of these belong to a client file? Then give them a key to it"


def test_every_row_of_the_file_moves_and_no_other(world: World) -> None:
    with instance_scope():
        held = {table.model.__name__: table.of(world.file.id).count() for table in file_tables()}
        jobs = Job.objects.filter(practice_id=world.people.practice.id).count()
        siblings_jobs = 2
    assert all(held.values()), f"the world of this test has no row of {[name for name, n in held.items() if not n]}"
    old, new, before = world.people.practice.id, world.people.other_practice.id, counts()
    give(world)
    after = counts()
    grants, team_grants = held.pop("FileAccess"), held.pop("TeamAccess")
    switches = held.pop("EngineSwitch")
    # The two mails that tell it, and the look that is counted, are new.
    added = {"OutgoingMessage": (1, 1), "AccessGrant": (0, 1)}
    for name, number in held.items():
        in_old, in_new = added.get(name, (0, 0))
        assert after.get((name, old), 0) == before[name, old] - number + in_old, name
        assert after.get((name, new), 0) == before.get((name, new), 0) + number + in_new, name
    assert after.get(("FileAccess", old), 0) == before["FileAccess", old] - grants
    assert after["FileAccess", new] == 1
    assert after.get(("TeamAccess", old), 0) == before["TeamAccess", old] - team_grants
    assert ("TeamAccess", new) not in after
    # What somebody here let go outside is not let go by those there.
    assert after.get(("EngineSwitch", old), 0) == before["EngineSwitch", old] - switches
    assert after["EngineSwitch", new] == before["EngineSwitch", new]
    assert world.file.responsible is None
    assert after["Job", old] == siblings_jobs + 1
    assert after["Job", new] == before["Job", new] + jobs - siblings_jobs + 1
    assert strays() == []


def test_nothing_changes_hands_for_colleagues_who_are_not_asked(world: World) -> None:
    people = world.people
    give(world)
    assert reach_file(people.colleague.user_id, file_id=people.file.id) is None  # type: ignore[arg-type]
    assert reach_file(people.administrator.user_id, file_id=people.file.id) is None  # type: ignore[arg-type]
    assert reach_as_member(people.client_employee.user_id, file_id=people.file.id) is not None  # type: ignore[arg-type]
    with practice_scope(people.other_practice.id):
        assert people.file.id in {file.id for file in reachable_files(actor_of(people.other_administrator))}


def test_the_asked_colleague_gets_full_access_and_the_counts_are_right(world: World) -> None:
    asked = factories.colleague(world.people.other_practice, "Zoe Simple")
    give(world, asked.email.upper() + " ")
    file = world.file
    assert (file.practice_id, file.count_colleagues, file.count_to_review) == (asked.practice_id, 1, 1)
    with instance_scope():
        assert file.count_members == world.people.file.count_members
        assert FileAccess.objects.get(client_file=file).colleague_id == asked.id
    reach = reach_file(asked.user_id, file_id=file.id)  # type: ignore[arg-type]
    assert reach is not None
    assert reach.level == "full"


def test_the_address_leads_to_the_new_practice_with_nothing_changed(world: World) -> None:
    with instance_scope():
        local_part = world.file.addresses.get().local_part
        before = find_address(local_part)
        give(world)
        after = find_address(local_part)
    assert (before.kind, after.kind, before.id, before.client_file_id) == (
        AddressKind.OPEN, AddressKind.OPEN, after.id, after.client_file_id,
    )  # fmt: skip
    assert after.practice_id == world.people.other_practice.id


def test_the_history_moves_along_and_both_trails_hold(world: World) -> None:
    people = world.people
    give(world)
    with instance_scope():
        verbs = [event.verb for event in history_of_file(world.file).events]
        assert {"file.changed", "file.access-asked", "file.practice"} <= set(verbs)
        assert AuditEvent.objects.filter(practice_id=people.practice.id, verb="file.changed").count() == 1
        left = AuditEvent.objects.get(practice_id=people.practice.id, verb="practice.file-left")
        assert (left.before["file"], left.actor_name) == (people.file.name, "Fatima Dupont")
        for practice_id in AuditHead.objects.values_list("practice_id", flat=True):
            assert list(audit.verify_chain(practice_id)) == []


def test_there_and_back_again_doubles_no_event(world: World) -> None:
    people = world.people
    give(world)
    give(world, people.administrator.email)
    with instance_scope():
        assert world.file.practice_id == people.practice.id
        events = AuditEvent.objects.filter(practice_id=people.practice.id, client_file_id=people.file.id)
        keys = list(events.values_list("at", "verb", "subject_id"))
        assert len(keys) == len(set(keys))
        assert list(audit.verify_chain(people.practice.id)) == []
    assert strays() == []


def test_a_job_in_a_workers_hands_is_done_again_for_the_new_practice(world: World) -> None:
    with instance_scope():
        Job.objects.exclude(subject_id=world.document.id).delete()
        held = claim()
        assert held is not None
        give(world)
        finish(held)
        again = Job.objects.get(subject_id=world.document.id)
    assert (again.practice_id, again.leased_until) == (world.people.other_practice.id, None)


def test_an_open_invitation_still_lets_its_person_in(world: World) -> None:
    give(world)
    with instance_scope():
        invitation = Invitation.objects.get(email="paul@example.fr")
        assert (invitation.practice_id, invitation.invited_by_id) == (world.people.other_practice.id, None)


def test_both_practices_are_told(world: World) -> None:
    people = world.people
    give(world)
    with practice_scope(people.practice.id):
        told = OutgoingMessage.objects.get()
        assert (told.to_address, told.client_file_id) == (people.administrator.email, None)
        assert people.file.name in told.text
    with practice_scope(people.other_practice.id):
        news = OutgoingMessage.objects.get(to_address=people.other_administrator.email)
        assert f"/files/{people.file.id}/inbox/" in news.text


@pytest.mark.parametrize("who", ["nobody", "sylvie.roux", "karim.benali", "olga.perrin"])
def test_an_address_that_leads_nowhere_changes_nothing_but_is_counted(world: World, who: str) -> None:
    before = counts()
    give(world, f"{who}@example.fr")
    after = counts()
    changed = {name for (name, _practice), number in after.items() if before.get((name, _practice)) != number}
    assert changed == {"AccessGrant", "AuditEvent"}
    assert world.file.practice_id == world.people.practice.id


def test_the_eleventh_address_within_the_hour_is_not_looked_at(world: World) -> None:
    for number in range(9):  # One is there already.
        give(world, f"nobody{number}@example.fr")
    with pytest.raises(TooManyTriesError):
        give(world)
    with instance_scope():
        assert AccessGrant.objects.count() == 10
    assert world.file.practice_id == world.people.practice.id


def test_only_an_administrator_of_the_client_gives_it(world: World) -> None:
    employee = world.people.client_employee
    for actor in (world.administrator, world.client.__class__(kind="member", person_id=employee.id)):
        with pytest.raises(NotInChargeError):
            give_access(world.file, email="victor.voisin@example.fr", actor=actor)


def test_who_looked_before_it_moved_is_told(world: World) -> None:
    seen = world.file
    give(world)
    with pytest.raises(FileWentError):
        give_access(seen, email="anne.martin@example.fr", actor=world.client)


def test_an_archived_file_is_worked_on_again(world: World) -> None:
    with instance_scope():
        ClientFile.objects.filter(id=world.file.id).update(status=FileStatus.ARCHIVED)
    give(world)
    assert world.file.status == FileStatus.ACTIVE


def test_a_suspended_place_does_not_hide_an_active_one(world: World) -> None:
    suspended = world.people.suspended
    third = factories.practice("Cabinet Tiers")
    factories.colleague(third, suspended.name, role=Role.ADMINISTRATOR)
    give(world, suspended.email)
    assert world.file.practice_id == third.id
    with instance_scope():
        assert Colleague.objects.filter(user__email=suspended.email).count() == 2
        assert Document.objects.get(id=world.document.id).practice_id == third.id
        assert Receipt.objects.get(client_file=world.file).practice_id == third.id
