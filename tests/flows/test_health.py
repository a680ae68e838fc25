"""What an administrator reads of the doors, the worker's watch and the mailboxes, none of which is named."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from liasse.adapters.scan_clamd import ClamdScanner
from liasse.core import pulses
from liasse.core.models import Pulse
from liasse.intake.types import Door
from liasse.pipeline.health import MAILBOX, Mailboxes, health_of
from liasse.worker import watch
from tests.queries import asked
from tests.web.office import NOON, Office, build


def mailboxes(office: Office) -> Mailboxes:
    with office.scope():
        return health_of(office.practice.id).mailboxes


@pytest.fixture
def office(db: None) -> Office:
    del db
    return build()


def page(office: Office, role: str = "administrator") -> str:
    return office.as_(role).get("/arrivals/").content.decode()


def test_each_door_says_when_something_last_came_by_it(office: Office) -> None:
    for door, hours in ((Door.MAIL, 5), (Door.MAIL, 2), (Door.PHONE, 1)):
        office.receipt(door=door, received_at=NOON - timedelta(hours=hours))
    with office.scope(), asked() as statements:
        health = health_of(office.practice.id)
    assert (health.last[Door.MAIL], health.last[Door.PHONE]) == (NOON - timedelta(hours=2), NOON - timedelta(hours=1))
    assert (health.last[Door.API], len(statements)) == (None, 3)


@pytest.mark.django_db(transaction=True)
def test_the_watch_says_that_it_lives() -> None:
    stop = threading.Event()

    def look() -> None:
        watch.keep_watch(stop)
        connections.close_all()

    looking = threading.Thread(target=look)
    looking.start()
    deadline = timezone.now() + timedelta(seconds=30)
    while not Pulse.objects.filter(name="sweep").exists() and timezone.now() < deadline:
        stop.wait(0.05)
    stop.set()
    looking.join(30)
    assert Pulse.objects.get(name="sweep").problem == ""


def test_a_worker_that_is_silent_is_told_to_administrators_alone(office: Office) -> None:
    assert "voyez s’il tourne" in page(office)
    pulses.beat("sweep")
    shown = page(office)
    assert ("voyez s’il tourne" in shown, "Tout va bien" in shown) == (False, True)
    assert "État des portes" not in page(office, "reading")
    Pulse.objects.update(at=timezone.now() - timedelta(hours=1))
    assert "voyez s’il tourne" in page(office)


def test_a_mailbox_that_cannot_be_read_is_told_with_the_time_but_without_its_name(office: Office) -> None:
    pulses.beat("sweep")
    pulses.beat(f"{MAILBOX}secret@voisin.example:993/INBOX")
    pulses.beat(f"{MAILBOX}other@voisin.example:993/INBOX", problem="lost")
    first = Pulse.objects.get(problem="lost").since
    pulses.beat(f"{MAILBOX}other@voisin.example:993/INBOX", problem="lost")
    found = mailboxes(office)
    assert (found.count, found.lost, found.lost_since) == (2, 1, first)
    shown = page(office)
    assert ("1 sur 2 ne se lisent pas" in shown, "voisin.example" in shown) == (True, False)
    pulses.forget_others(MAILBOX, keep=[f"{MAILBOX}secret@voisin.example:993/INBOX"])
    assert mailboxes(office).lost == 0


def test_a_mailbox_of_which_nothing_is_heard_counts_as_lost(office: Office) -> None:
    pulses.beat(f"{MAILBOX}a@b.example:993/INBOX")
    Pulse.objects.update(at=timezone.now() - timedelta(hours=1))
    assert mailboxes(office).lost == 1


def test_that_nothing_looks_for_viruses_is_said_plainly(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Aucun antivirus n’est configuré" in page(office)
    monkeypatch.setattr(ClamdScanner, "is_on", True)
    assert "Ce qui arrive est contrôlé avant d’être ouvert." in page(office)
