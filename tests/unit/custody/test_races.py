"""Mails, readings and corrections on real connections, while a file goes back and forth between two practices."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connections, transaction
from django.utils import timezone

from liasse.clients.models import ClientFile
from liasse.clients.selectors import find_address
from liasse.core.models import Job
from liasse.core.scope import instance_scope
from liasse.custody.decision import decision
from liasse.custody.moving import lock_file, move
from liasse.documents.models import Document
from liasse.intake.models import Receipt
from liasse.intake.types import Door, IncomingFile
from liasse.pipeline import child, flow
from liasse.practices.models import Practice
from liasse.worker.main import run_next
from tests.unit.custody.world import build, strays

pytestmark = pytest.mark.django_db(transaction=True)
MAILS = 12
MOVES = 6


def alone[T](act: Callable[[], T]) -> Callable[[], T]:
    """Close the thread's connection behind it."""

    def one() -> T:
        try:
            return act()
        finally:
            connections.close_all()

    return one


def deliver(local_part: str) -> None:
    """Receive so many mails for an address, as the mail receiver does."""
    for number in range(MAILS):
        blob = child.blobs().put(f"Subject: {number}\nContent-Type: text/csv\n\na,{number}\n".encode())
        with instance_scope(), transaction.atomic():
            found = find_address(local_part)
            assert found.practice_id is not None
            assert found.client_file_id is not None
            flow.receive(
                IncomingFile(
                    door=Door.MAIL,
                    practice_id=found.practice_id,
                    client_file_id=found.client_file_id,
                    address_id=found.id,
                    sha256=blob.sha256,
                    size=blob.size,
                    received_at=timezone.now(),
                )
            )


def test_no_mail_and_no_reading_is_lost_or_goes_astray_while_a_file_moves() -> None:
    world = build()
    with instance_scope():
        # What the world holds is no real PDF; only what arrives here is worked on.
        Job.objects.all().delete()
        local_part = world.file.addresses.get().local_part
        before = Receipt.objects.filter(client_file=world.file).count()
    over = Event()

    def work() -> None:
        while run_next() or not over.is_set():
            over.wait(0.01)

    @decision
    def once(target: Practice) -> None:
        file = ClientFile.objects.get(id=world.file.id)
        move(lock_file(file), to=target, given_to=None, actor=world.administrator)

    def go() -> None:
        for number in range(MOVES):
            once(world.people.other_practice if number % 2 == 0 else world.people.practice)

    with ThreadPoolExecutor(3) as pool:
        worker = pool.submit(alone(work))
        others = [pool.submit(alone(lambda: deliver(local_part))), pool.submit(alone(go))]
        for other in others:
            other.result(timeout=120)
        over.set()
        worker.result(timeout=120)
    while run_next():
        pass
    with instance_scope():
        arrived = Receipt.objects.filter(client_file=world.file)
        assert arrived.count() == before + MAILS
        assert set(arrived.values_list("practice_id", flat=True)) == {world.people.practice.id}
        assert not arrived.filter(state="stored").exists()
        assert not Job.objects.exists()
        assert not Document.objects.filter(client_file=world.file, status="processing").exists()
    assert strays() == []
