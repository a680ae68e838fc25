"""What a practice asks of how its colleagues sign in, and what it may do when a colleague lost a factor."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from liasse.core import audit
from liasse.core.access import Actor, system_actor
from liasse.core.errors import ConflictError
from liasse.core.scope import instance_scope
from liasse.identity.factors import reset_factor
from liasse.identity.models import User
from liasse.identity.sessions import end_others
from liasse.practices.errors import NotAdministratorError
from liasse.practices.models import Colleague, Practice
from liasse.practices.types import ColleagueStatus


def factor_due(practice: Practice, *, since: datetime) -> datetime:
    """Give when a colleague who was added at ``since`` needs a second factor to come in."""
    return max(since, practice.factor_from) + timedelta(days=practice.factor_days)


def owes_factor(user: User, *, practice: Practice, actor: Actor) -> bool:
    """Tell whether somebody may not act as a colleague until a second factor is added. Costs no query."""
    if not actor.is_colleague or actor.since is None or user.has_factor:
        return False
    return factor_due(practice, since=actor.since) <= timezone.now()


def factor_due_of(user: User) -> datetime | None:
    """Give the earliest day by which a practice of theirs asks a person for a second factor; None for clients."""
    with instance_scope():
        places = Colleague.objects.filter(user=user, status=ColleagueStatus.ACTIVE).select_related("practice")
        return min((factor_due(place.practice, since=place.created_at) for place in places), default=None)


@transaction.atomic
def reset_colleague_factor(colleague: Colleague, *, actor: Actor) -> None:
    """Take a colleague's second factors away, because they were lost, and sign the person out everywhere.

    One login serves every practice, so it is refused for somebody who is a colleague elsewhere too: one
    practice would open the other's door. Raises NotAdministratorError, ConflictError.
    """
    if not actor.is_administrator:
        raise NotAdministratorError(_("Only an administrator of the practice may do this."))
    user = colleague.user
    if user is None or not user.has_factor:
        raise ConflictError(_("This person has no second factor."))
    if colleague.id == actor.person_id:
        raise ConflictError(_("Your own second factor is changed in your account."))
    with instance_scope():
        places = Colleague.objects.filter(user=user).exclude(status=ColleagueStatus.LEFT)
        is_elsewhere = places.exclude(practice_id=colleague.practice_id).exists()
    if is_elsewhere:
        sentence = _("This person works for another practice too, so the second factor cannot be reset from here.")
        raise ConflictError(sentence)
    reset_factor(user)
    end_others(user, here=None)
    _record_reset(colleague, actor=actor)


@transaction.atomic
def record_reset_by_console(user: User) -> None:
    """Write into the history of each practice of a person that whoever runs Liasse took the factor away."""
    with instance_scope():
        for place in Colleague.objects.filter(user=user).exclude(status=ColleagueStatus.LEFT).order_by("id"):
            _record_reset(place, actor=system_actor(place.practice_id))


def _record_reset(colleague: Colleague, *, actor: Actor) -> None:
    audit.record(
        "colleague.factor-reset",
        actor=actor,
        practice_id=colleague.practice_id,
        subject=audit.Subject(kind="colleague", id=colleague.id),
        before={"factor": True},
        after={"factor": False, "colleague": colleague.name, "email": colleague.email},
    )


@transaction.atomic
def follow_address(user: User, *, former: str) -> None:
    """Let the practices know a colleague by a new address, which was proved; each history says so.

    Where the practice knows somebody else by it, the colleague keeps the former one there.
    """
    with instance_scope():
        for place in Colleague.objects.filter(user=user, email=former).order_by("id"):
            others = Colleague.objects.filter(practice_id=place.practice_id, email=user.email)
            if others.exists():
                continue
            place.email = user.email
            place.save(update_fields=["email"])
            audit.record(
                "colleague.changed",
                actor=_self(place, user_id=user.id),
                practice_id=place.practice_id,
                subject=audit.Subject(kind="colleague", id=place.id),
                before={"email": former},
                after={"email": user.email, "colleague": place.name},
            )


def _self(colleague: Colleague, *, user_id: UUID) -> Actor:
    return Actor(
        kind="colleague",
        user_id=user_id,
        practice_id=colleague.practice_id,
        person_id=colleague.id,
        name=colleague.name,
    )
