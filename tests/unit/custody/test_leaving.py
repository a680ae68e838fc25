"""A practice lets a file go, or its client takes it away: it lives on with the client alone."""

from __future__ import annotations

import pytest

from liasse.clients.models import ClientFile, Member
from liasse.clients.reach import reach_as_member, reach_file
from liasse.clients.selectors import find_address
from liasse.clients.types import AddressKind, MemberRole, MemberStatus
from liasse.core.access import Actor
from liasse.core.models import AuditEvent
from liasse.core.scope import instance_scope, practice_scope
from liasse.custody.errors import FileWentError, NobodyLeftError, NotInChargeError
from liasse.custody.services import detach, give_access, take_access_away
from liasse.messaging.models import OutgoingMessage
from liasse.practices.models import Colleague, Practice
from liasse.practices.selectors import actor_of
from liasse.practices.services import holder
from tests.unit.custody.world import World, build, strays

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build()


def test_a_detached_file_has_no_practice_and_keeps_its_people_and_its_address(world: World) -> None:
    people = world.people
    detach(world.file, actor=world.administrator)
    assert not world.file.practice.is_firm
    assert reach_file(people.administrator.user_id, file_id=people.file.id) is None  # type: ignore[arg-type]
    reach = reach_as_member(people.client_administrator.user_id, file_id=people.file.id)  # type: ignore[arg-type]
    assert reach is not None
    with instance_scope():
        assert find_address(world.file.addresses.get().local_part).kind == AddressKind.OPEN
        assert not Colleague.objects.filter(practice=world.file.practice).exists()
    assert strays() == []


def test_what_was_followed_of_the_practice_stays_as_it_was(world: World) -> None:
    Practice.objects.filter(id=world.people.practice.id).update(language="en", time_zone="America/Martinique")
    detach(world.file, actor=world.administrator)
    assert (world.file.language, world.file.time_zone) == ("en", "America/Martinique")


def test_a_file_that_nobody_of_the_client_could_enter_is_not_let_go(world: World) -> None:
    with instance_scope():
        administrator = Member.objects.filter(id=world.people.client_administrator.id)
        for values in ({"role": MemberRole.STANDARD}, {"role": MemberRole.ADMINISTRATOR, "status": MemberStatus.LEFT}):
            administrator.update(**values)
            with pytest.raises(NobodyLeftError):
                detach(world.file, actor=world.administrator)
    assert world.file.practice_id == world.people.practice.id


def test_only_an_administrator_lets_go(world: World) -> None:
    with pytest.raises(NotInChargeError):
        detach(world.file, actor=actor_of(world.people.colleague))
    with pytest.raises(NotInChargeError):
        detach(world.file, actor=world.client)
    employee = world.people.client_employee
    for actor in (world.administrator, Actor(kind="member", person_id=employee.id)):
        with pytest.raises(NotInChargeError):
            take_access_away(world.file, actor=actor)


def test_the_client_is_told_how_to_ask_a_practice_in(world: World) -> None:
    detach(world.file, actor=world.administrator)
    with practice_scope(holder().id):
        told = OutgoingMessage.objects.get(to_address=world.people.client_administrator.email)
    assert f"/portal/{world.file.id}/accountant/" in told.text
    assert world.people.practice.name in told.text


def test_the_client_takes_access_away_and_the_practice_is_told(world: World) -> None:
    people = world.people
    take_access_away(world.file, actor=world.client)
    assert not world.file.practice.is_firm
    with practice_scope(people.practice.id):
        assert OutgoingMessage.objects.get().to_address == people.administrator.email
        left = AuditEvent.objects.get(verb="practice.file-left")
        assert (left.actor_name, left.before) == (people.client_administrator.name, {"file": people.file.name})
    with pytest.raises(FileWentError):
        take_access_away(world.file, actor=world.client)


def test_a_detached_file_can_be_given_to_a_practice_again(world: World) -> None:
    people = world.people
    detach(world.file, actor=world.administrator)
    give_access(world.file, email=people.other_administrator.email, actor=world.client)
    assert world.file.practice_id == people.other_practice.id
    with practice_scope(holder().id):
        assert not OutgoingMessage.objects.exists()
        assert not ClientFile.objects.exists()


def test_there_is_one_holder(world: World) -> None:
    detach(world.file, actor=world.administrator)
    assert holder() == holder() == world.file.practice
