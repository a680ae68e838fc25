"""Clicks that come at the same moment, on real connections."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections

from liasse.clients.models import Member
from liasse.clients.people import MemberForm, change_member
from liasse.clients.types import MemberRole
from liasse.core.access import Actor
from liasse.core.errors import LiasseError
from liasse.core.models import AuditEvent
from liasse.core.scope import instance_scope, practice_scope
from liasse.identity.models import SignInFailure, User
from liasse.identity.services import authenticate
from liasse.identity.tries import TRIES
from liasse.invitations import proofs
from liasse.invitations.answers import accept_as_new, accept_as_user, decline
from liasse.invitations.proofs import ask_code, take_code
from liasse.invitations.services import invite_member
from liasse.messaging.models import OutgoingMessage
from liasse.messaging.selectors import rendered
from tests import cast, factories

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 8


@pytest.fixture(autouse=True)
def _own_connections(transactional_db: None) -> None:
    del transactional_db
    if connection.vendor == "sqlite" and connection.is_in_memory_db():  # type: ignore[attr-defined]
        pytest.skip("threads share one connection of a database in memory; run on a file or on PostgreSQL")


def test_a_double_click_makes_one_account() -> None:
    people, start = cast.build(), Barrier(AT_ONCE)
    with practice_scope(people.practice.id):
        paul = Member.objects.get(client_file=people.file, user=None)
        Member.objects.filter(id=paul.id).update(email="paul@lepi.example")
        invite_member(paul, actor=people.actor)
        link = rendered(OutgoingMessage.objects.get()).link

    def click(_index: int) -> str:
        start.wait(timeout=10)
        try:
            accept_as_new(link.rstrip("/").rpartition("/")[2], name="Paul", password="quatre mots au hasard")
        except LiasseError as error:
            return error.code
        finally:
            connections.close_all()
        return "in"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        ends = list(pool.map(click, range(AT_ONCE)))
    assert ends.count("in") == 1
    assert User.objects.filter(email="paul@lepi.example").count() == 1
    with instance_scope():
        assert Member.objects.get(id=paul.id).user


def test_of_two_people_who_accept_at_once_one_wins() -> None:
    """Two who hold one link: the account that was there before, and somebody who would make one."""
    people, start = cast.build(), Barrier(AT_ONCE)
    with practice_scope(people.practice.id):
        paul = Member.objects.get(client_file=people.file, user=None)
        Member.objects.filter(id=paul.id).update(email="paul@lepi.example")
        invite_member(paul, actor=people.actor)
        token = rendered(OutgoingMessage.objects.get()).link.rstrip("/").rpartition("/")[2]
    known = factories.user("Paul", email="paul@lepi.example")

    def click(index: int) -> str:
        start.wait(timeout=10)
        try:
            if index % 2:
                accept_as_user(token, user=known)
            else:
                decline(token, user=known)
        except LiasseError as error:
            return error.code
        finally:
            connections.close_all()
        return "in" if index % 2 else "out"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        ends = list(pool.map(click, range(AT_ONCE)))
    won = {end for end in ends if end in {"in", "out"}}
    assert len([end for end in ends if end in {"in", "out"}]) == 1
    with instance_scope():
        found = Member.objects.get(id=paul.id)
        assert (found.user == known) is (won == {"in"})
        assert AuditEvent.objects.filter(verb__in=["invitation.accepted", "invitation.declined"]).count() == 1


def test_codes_guessed_at_once_are_limited_too(monkeypatch: pytest.MonkeyPatch) -> None:
    people, start = cast.build(), Barrier(AT_ONCE)
    with practice_scope(people.practice.id):
        paul = Member.objects.get(client_file=people.file, user=None)
        Member.objects.filter(id=paul.id).update(email="paul@lepi.example")
        invitation = invite_member(paul, actor=people.actor)
    nonce = ask_code(invitation)
    tried: list[str] = []

    def compare(_code: str, typed: str) -> bool:
        tried.append(typed)
        return False

    monkeypatch.setattr(proofs, "constant_time_compare", compare)

    def guess(index: int) -> None:
        start.wait(timeout=10)
        try:
            take_code(invitation, nonce=nonce, typed=f"{index:06d}")
        except LiasseError:
            return
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(guess, range(AT_ONCE)))
    # Whoever counts while others do may count theirs too: fewer get through, never more.
    assert 0 < len(tried) <= proofs.CODE_TRIES


def test_two_administrators_who_step_down_at_once_leave_one() -> None:
    people, start = cast.build(), Barrier(2)
    second = factories.member(people.file, "Yves Roi")

    def step_down(member: Member) -> str:
        start.wait(timeout=10)
        actor = Actor(kind="member", practice_id=people.practice.id, person_id=member.id, name=member.name)
        try:
            with practice_scope(people.practice.id):
                typed = MemberForm(name=member.name, email=member.email, role=MemberRole.STANDARD)
                change_member(member, typed=typed, actor=actor)
        except LiasseError as error:
            return error.code
        finally:
            connections.close_all()
        return "down"

    with ThreadPoolExecutor(2) as pool:
        ends = list(pool.map(step_down, [people.client_administrator, second]))
    assert sorted(ends) == ["ForbiddenError", "down"]


def test_guesses_at_once_are_limited_too() -> None:
    start = Barrier(AT_ONCE)

    def guess(index: int) -> str:
        start.wait(timeout=10)
        try:
            authenticate("nobody@x.example", f"guess {index}")
        except LiasseError as error:
            return error.code
        finally:
            connections.close_all()
        return "in"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        ends = list(pool.map(guess, range(AT_ONCE)))
    assert ends.count("SignInError") <= TRIES
    assert SignInFailure.objects.count() <= TRIES
