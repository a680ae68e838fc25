"""Failed proofs of who somebody is: kept in the history of every practice and file that they would have opened."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from liasse.clients.reach import files_of_member_user
from liasse.core import audit
from liasse.core.access import ANONYMOUS, Actor
from liasse.core.audit import Subject
from liasse.core.scope import instance_scope
from liasse.identity.models import User
from liasse.practices.models import Colleague
from liasse.practices.selectors import actor_of
from liasse.practices.types import ColleagueStatus

_MOST_FILES: Final = 50
"""Somebody of more files than this has the failure in the histories of the first ones."""

type _Place = tuple[UUID, Subject, Actor]


def note_failed_factor(user: User) -> None:
    """Write that somebody had a person's password or emailed code, and not the second factor: once an hour a place.

    Nobody is signed in at that moment, so nobody is named as who did it.
    """
    with instance_scope():
        for practice_id, subject, _person in _places(user):
            audit.record_once("login.factor-refused", actor=ANONYMOUS, practice_id=practice_id, subject=subject)


def note_failed_proof(user: User) -> None:
    """Write that who is signed in did not prove it once more, as whoever finds an open screen does not."""
    with instance_scope():
        for practice_id, subject, person in _places(user):
            audit.record_once("login.refused", actor=person, practice_id=practice_id, subject=subject)


def _places(user: User) -> Iterator[_Place]:
    """Give where a person may enter, as a colleague and as a user of files, with who they are there."""
    colleagues = Colleague.objects.filter(user=user, status=ColleagueStatus.ACTIVE).order_by("id")
    for colleague in list(colleagues):
        yield colleague.practice_id, Subject(kind="colleague", id=colleague.id), actor_of(colleague)
    for member in files_of_member_user(user.id)[:_MOST_FILES]:
        subject = Subject(kind="member", id=member.id, client_file_id=member.client_file_id)
        person = Actor(
            kind="member",
            user_id=user.id,
            practice_id=member.practice_id,
            person_id=member.id,
            name=member.name,
        )
        yield member.practice_id, subject, person
