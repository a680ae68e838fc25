"""Requests for a file on real connections: two granted at once, one also withdrawn, many asked."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from uuid import UUID

import pytest
from django.db import OperationalError

from liasse.core.access import Actor
from liasse.core.errors import LiasseError
from liasse.core.scope import instance_scope, practice_scope
from liasse.custody.answering import grant
from liasse.custody.models import TransferRequest
from liasse.custody.requesting import ask_for_file, withdraw
from liasse.custody.types import TransferState
from liasse.practices.models import Colleague
from liasse.practices.selectors import actor_of
from liasse.practices.types import Role
from tests import factories
from tests.unit.custody.test_races import alone
from tests.unit.custody.world import build, strays

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Do it all at the same moment; an act that was refused gives its error."""
    barrier = Barrier(len(acts))

    def one(act: Callable[[], object]) -> object:
        barrier.wait(timeout=30)
        try:
            return act()
        except (LiasseError, OperationalError) as error:
            return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return [done.result(timeout=60) for done in [pool.submit(alone(partial(one, act))) for act in acts]]


def ask(colleague: Colleague, email: str) -> UUID:
    with practice_scope(colleague.practice_id):
        return ask_for_file(email=email, actor=actor_of(colleague)).id


def states() -> list[str]:
    with instance_scope():
        return sorted(TransferRequest.objects.values_list("state", flat=True))


def test_of_two_requests_that_two_people_grant_at_once_one_gets_the_file() -> None:
    world = build()
    paul = factories.member(world.file, "Paul Dupont")
    third = factories.colleague(factories.practice("Cabinet Tiers"), "Tom Tiers", role=Role.ADMINISTRATOR)
    own = Actor(kind="member", user_id=paul.user_id, person_id=paul.id, name=paul.name)
    seen = world.file
    first = ask(world.people.other_administrator, world.people.client_administrator.email)
    second = ask(third, paul.email)
    done = at_once(
        lambda: grant(seen, request_id=first, actor=world.client), lambda: grant(seen, request_id=second, actor=own)
    )
    assert sorted(answer is None for answer in done) == [False, True], done
    assert states() == [TransferState.ENDED, TransferState.GRANTED]
    with instance_scope():
        granted = TransferRequest.objects.get(state=TransferState.GRANTED)
    assert (world.file.practice_id, world.file.id) == (granted.practice_id, granted.granted_id)
    assert strays() == []


def test_granted_and_withdrawn_at_once_is_one_of_the_two() -> None:
    world = build()
    chief = world.people.other_administrator
    made = ask(chief, world.people.client_administrator.email)
    seen = world.file

    def take_back() -> None:
        with practice_scope(chief.practice_id):
            withdraw(made, actor=actor_of(chief))

    at_once(lambda: grant(seen, request_id=made, actor=world.client), take_back)
    moved = world.file.practice_id == chief.practice_id
    assert states() == [TransferState.GRANTED if moved else TransferState.WITHDRAWN]


def test_many_at_once_do_not_pass_the_limit() -> None:
    world = build()
    chief = world.people.other_administrator
    for number in range(8):
        ask(chief, f"before{number}@example.fr")
    at_once(*(lambda number=number: ask(chief, f"a{number}@example.fr") for number in range(5)))
    assert len(states()) == 10
