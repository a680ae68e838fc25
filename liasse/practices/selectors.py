"""Reads of practices and colleagues."""

from __future__ import annotations

from uuid import UUID

from liasse.core.access import Actor
from liasse.core.scope import instance_scope
from liasse.practices.models import Colleague, Practice
from liasse.practices.types import ColleagueStatus, Strictness


def actor_of(colleague: Colleague) -> Actor:
    """Give the actor that a colleague is, with the rights of this moment."""
    return Actor(
        kind="colleague",
        user_id=colleague.user_id,
        practice_id=colleague.practice_id,
        person_id=colleague.id,
        name=colleague.name,
        is_administrator=colleague.is_administrator,
        can_add_clients=colleague.may_add_clients,
        is_team_lead=colleague.is_team_lead,
        can_see_progress=colleague.may_see_progress,
        since=colleague.created_at,
    )


def colleague_of_user(user_id: UUID, *, practice_id: UUID | None = None) -> Colleague | None:
    """Give a user's active place in the wanted practice, else in the first of theirs.

    One query, with the practice joined; None when the user is no active colleague anywhere.
    """
    with instance_scope():
        places = Colleague.objects.filter(user_id=user_id, status=ColleagueStatus.ACTIVE).select_related("practice")
        found = {place.practice_id: place for place in places.order_by("id")}
    if practice_id in found:
        return found[practice_id]
    return next(iter(found.values()), None)


def colleague_of_practice(practice_id: UUID, *, colleague_id: UUID) -> Colleague | None:
    """Give a colleague of the practice with the login, or None; in the practice's scope."""
    rows = Colleague.objects.filter(practice_id=practice_id, id=colleague_id)
    return rows.select_related("practice", "user").first()


def practices_of_user(user_id: UUID) -> list[Practice]:
    """Give the practices in which a user is an active colleague, by name."""
    with instance_scope():
        places = Colleague.objects.filter(user_id=user_id, status=ColleagueStatus.ACTIVE).select_related("practice")
        return sorted((place.practice for place in places), key=lambda practice: practice.name)


def strictness_of(practice_id: UUID) -> Strictness:
    """Give how sure readings of a practice must be. One query."""
    found = Practice.objects.filter(id=practice_id).values_list("strictness", flat=True).first()
    return Strictness(found) if found in set(Strictness) else Strictness.NORMAL


def is_set_up() -> bool:
    """Tell whether the instance has a practice already."""
    return Practice.objects.exists()
