"""The ids of an actor who acts as a colleague, where nothing else will do."""

from __future__ import annotations

from uuid import UUID

from liasse.core.access import Actor
from liasse.core.errors import ForbiddenError


def practice_id_of(actor: Actor) -> UUID:
    """Give the practice for which somebody acts; ForbiddenError for a person without one."""
    if actor.practice_id is None:
        raise ForbiddenError
    return actor.practice_id


def colleague_id_of(actor: Actor) -> UUID:
    """Give the id of the colleague who acts; ForbiddenError for everybody else."""
    if actor.person_id is None or not actor.is_colleague:
        raise ForbiddenError
    return actor.person_id
