"""A practice with people of each kind and what the wizard would answer, for the tests of client files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from liasse.clients.models import ClientFile, FileAccess
from liasse.clients.services import OpenedFile, open_file
from liasse.clients.types import Invitee, NewClientFile
from liasse.core.access import Actor, Level
from liasse.core.scope import instance_scope, practice_scope
from liasse.identity.models import User
from liasse.lib.ids import uuid7
from liasse.practices.models import Colleague, Practice
from liasse.practices.selectors import actor_of
from liasse.practices.types import ColleagueStatus, Role

PEOPLE = {
    "claire": ("Claire Delmas", Role.ADMINISTRATOR, ColleagueStatus.ACTIVE, False),
    "hugo": ("Hugo Perrin", Role.COLLEAGUE, ColleagueStatus.ACTIVE, True),
    "lea": ("Léa Martin", Role.COLLEAGUE, ColleagueStatus.ACTIVE, False),
    "ines": ("Inès Faure", Role.COLLEAGUE, ColleagueStatus.INVITED, False),
    "marc": ("Marc Petit", Role.COLLEAGUE, ColleagueStatus.SUSPENDED, False),
}


@dataclass
class Firm:
    """A practice and its people, by first name."""

    practice: Practice
    people: dict[str, Colleague] = field(default_factory=dict)

    def actor(self, name: str = "claire") -> Actor:
        return actor_of(self.people[name])

    def browser(self, name: str = "claire", *, language: str = "fr") -> Client:
        """Give a browser in which this person is signed in."""
        client = Client(HTTP_ACCEPT_LANGUAGE=language)
        user = self.people[name].user
        assert user is not None
        client.force_login(user)
        return client

    @contextmanager
    def scope(self) -> Iterator[None]:
        with practice_scope(self.practice.id):
            yield

    def add(self, name: str, *, role: Role, status: ColleagueStatus, may_add: bool, called: str) -> Colleague:
        email = f"{name}-{self.practice.id.hex[-6:]}@cabinet.example"
        user = None
        if status != ColleagueStatus.INVITED:
            user = User.objects.create(email=email, name=called)
        with self.scope():
            self.people[name] = Colleague.objects.create(
                practice=self.practice,
                user=user,
                email=email,
                name=called,
                role=role,
                status=status,
                can_add_clients=may_add,
            )
        return self.people[name]

    def open(self, name: str = "Boulangerie Lépi", *, by: str = "claire", **more: Any) -> OpenedFile:  # noqa: ANN401 - any answer
        with self.scope():
            return open_file(answers(name=name, **more), actor=self.actor(by))

    def reload(self, file: ClientFile) -> ClientFile:
        with self.scope():
            return ClientFile.objects.select_related("practice").get(id=file.id)

    def grant(self, file: ClientFile, *, to: str, level: Level) -> None:
        with self.scope():
            FileAccess.objects.update_or_create(
                practice=self.practice, client_file=file, colleague=self.people[to], defaults={"level": level}
            )


def firm(*names: str, called: str = "Cabinet Delmas") -> Firm:
    """Make a practice with these people, or with everybody."""
    with instance_scope():
        made = Firm(practice=Practice.objects.create(name=called))
    for name in names or PEOPLE:
        shown, role, status, may_add = PEOPLE[name]
        made.add(name, role=role, status=status, may_add=may_add, called=shown)
    return made


def answers(**changed: Any) -> NewClientFile:  # noqa: ANN401 - any answer
    """Give what the wizard answers, opened a minute ago."""
    plain = NewClientFile(key=uuid7(), opened_at=timezone.now() - timedelta(minutes=1), name="Boulangerie Lépi")
    return replace(plain, **changed)


def invitee(**changed: Any) -> Invitee:  # noqa: ANN401 - any answer
    """Give somebody to invite."""
    return replace(Invitee(name="Paul Lépi", email="paul@lepi.example"), **changed)
