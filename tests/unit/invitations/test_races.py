"""Clicks that come at the same moment, on real connections."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections

from liasse.clients.models import Member
from liasse.core.errors import LiasseError
from liasse.core.scope import instance_scope, practice_scope
from liasse.identity.models import SignInFailure, User
from liasse.identity.services import authenticate
from liasse.identity.tries import TRIES
from liasse.invitations.answers import accept_as_new
from liasse.invitations.services import invite_member
from liasse.messaging.models import OutgoingMessage
from liasse.messaging.selectors import rendered
from tests import cast

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
