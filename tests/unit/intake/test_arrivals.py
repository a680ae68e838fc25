"""Several arrivals in one transaction: each once, and one that cannot be registered spoils none."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError
from django.utils import timezone

from liasse.clients.models import ClientFile, InboundAddress
from liasse.core.errors import TransientError
from liasse.core.models import Job
from liasse.core.scope import instance_scope, practice_scope
from liasse.intake import arrivals
from liasse.intake.models import Receipt
from liasse.intake.types import Door, IncomingFile
from liasse.lib.ids import uuid7
from tests import cast
from tests.cast import Cast
from tests.queries import asked

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Cast:
    return cast.build()


def arrived(people: Cast, number: int = 0, **values: Any) -> IncomingFile:  # noqa: ANN401 - any column
    with practice_scope(people.practice.id):
        address = InboundAddress.objects.filter(client_file=people.file).order_by("id")[0]
    incoming = IncomingFile(
        door=Door.MAIL,
        practice_id=people.practice.id,
        client_file_id=people.file.id,
        address_id=address.id,
        sha256=f"{number:064x}",
        size=1,
        received_at=timezone.now() + timedelta(seconds=number),
    )
    return replace(incoming, **values)


def kept() -> list[Receipt]:
    with instance_scope():
        return list(Receipt.objects.order_by("id"))


def test_each_has_its_receipt_in_order_and_repeated_ones_share_it(people: Cast) -> None:
    first, second = arrived(people, 1), arrived(people, 2)
    registered = arrivals.register_all([first, second, first])
    again = arrivals.register_all([second])
    assert [one.sha256 for one in registered if isinstance(one, Receipt)] == [f"{n:064x}" for n in (1, 2, 1)]
    assert registered[0] is registered[2]
    assert isinstance(again[0], Receipt)
    assert isinstance(registered[1], Receipt)
    assert again[0].id == registered[1].id
    assert len(kept()) == 2
    with instance_scope():
        assert Job.objects.filter(kind="open-receipt").count() == 2
        assert ClientFile.objects.get(id=people.file.id).last_arrival_at == second.received_at


def test_what_is_registered_can_be_saved_again(people: Cast) -> None:
    receipt = arrivals.register(arrived(people))
    with practice_scope(people.practice.id):
        receipt.subject = "Facture"
        receipt.save()
    assert [one.subject for one in kept()] == ["Facture"]


def test_twenty_cost_as_many_queries_as_two(people: Cast) -> None:
    two, twenty = ([arrived(people, number) for number in numbers] for numbers in ((1, 2), range(10, 30)))
    with asked() as few:
        arrivals.register_all(two)
    with asked() as many:
        arrivals.register_all(twenty)
    assert len(few) == len(many)


@pytest.mark.django_db(transaction=True)
def test_a_file_that_is_gone_and_a_row_that_does_not_fit_spoil_no_other(people: Cast) -> None:
    nowhere = arrived(people, 2, client_file_id=uuid7())
    unfit = arrived(people, 3, address_id=uuid7())
    registered = arrivals.register_all([arrived(people, 1), nowhere, unfit, arrived(people, 4)])
    assert [type(one) for one in registered[:2]] == [Receipt, TransientError]
    assert isinstance(registered[2], IntegrityError)
    assert isinstance(registered[3], Receipt)
    assert len(kept()) == 2


def test_one_delivery_for_several_files_is_taken_for_all_or_none(people: Cast) -> None:
    here = arrived(people, 1)
    there = replace(here, client_file_id=UUID(int=1), address_id=None)
    assert [type(one) for one in arrivals.register_all([here, there])] == [TransientError, TransientError]
    assert kept() == []
