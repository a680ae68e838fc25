"""Clicks that come at the same moment, on real connections."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections

from liasse.clients.email_use import EmailUse, check_email
from liasse.clients.models import ClientFile, EmailCheck
from liasse.clients.rules import CHECKS_BY_PERSON
from liasse.clients.services import open_file
from tests.web.firm import Firm, answers, firm

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 6


def together[T](act: Callable[[int], T]) -> list[T]:
    """Run the same thing in several threads that start at one moment."""
    start = Barrier(AT_ONCE)

    def one(index: int) -> T:
        start.wait(timeout=10)
        try:
            return act(index)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


@pytest.fixture(autouse=True)
def _own_connections(transactional_db: None) -> None:
    del transactional_db
    if connection.vendor == "sqlite" and connection.is_in_memory_db():  # type: ignore[attr-defined]
        pytest.skip("threads share one connection of a database in memory; run on a file or on PostgreSQL")


@pytest.mark.parametrize("is_one_window", [True, False])
def test_many_clicks_at_once_open_one_file(*, is_one_window: bool) -> None:
    office: Firm = firm("claire")
    actor, new = office.actor(), answers()

    def click(_index: int) -> bool:
        with office.scope():
            wanted = new if is_one_window else answers(opened_at=new.opened_at)
            return open_file(wanted, actor=actor).was_already_there

    assert sorted(together(click)) == [False] + [True] * (AT_ONCE - 1)
    with office.scope():
        assert ClientFile.objects.count() == 1


def test_many_looks_at_once_do_not_pass_the_limit() -> None:
    office: Firm = firm("claire")
    actor = office.actor()

    def look(_index: int) -> list[EmailUse]:
        with office.scope():
            return [check_email("paul@lepi.example", actor=actor) for _time in range(8)]

    answered = [use for uses in together(look) for use in uses]
    assert answered.count(EmailUse.FREE) == CHECKS_BY_PERSON
    with office.scope():
        assert EmailCheck.objects.count() == CHECKS_BY_PERSON
