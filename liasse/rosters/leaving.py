"""A colleague leaves: files, responsibility and open work go to another in one step, or nothing changes."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from liasse.clients.handing import Holdings, hand_on, holdings_of
from liasse.core import audit
from liasse.core.access import Actor
from liasse.core.errors import InvalidError, NotThereError
from liasse.invitations.models import Invitation
from liasse.invitations.opening import withdraw_from_colleague
from liasse.invitations.standing import newest_of_colleague
from liasse.invitations.types import InvitationState
from liasse.practices.models import Colleague, Practice
from liasse.practices.services import leave
from liasse.practices.types import ColleagueStatus
from liasse.rosters.models import Roster
from liasse.rosters.types import RosterState


@dataclass(frozen=True, slots=True)
class Leaving:
    """What somebody who leaves hands on."""

    held: Holdings
    count_invitations: int
    count_lists: int

    @property
    def has_anything(self) -> bool:
        """Tell whether somebody must take something over."""
        return any((self.held.count_files, self.held.count_responsible, self.count_invitations, self.count_lists))


def leaving_of(colleague: Colleague) -> Leaving:
    """Count what a colleague would hand on. Four queries."""
    return Leaving(
        held=holdings_of(colleague),
        count_invitations=_invitations(colleague).count(),
        count_lists=_lists(colleague).count(),
    )


def successors(colleague: Colleague) -> list[Colleague]:
    """Give the active colleagues who may take over, by name."""
    others = Colleague.objects.filter(practice_id=colleague.practice_id, status=ColleagueStatus.ACTIVE)
    return list(others.exclude(id=colleague.id).order_by("name", "id"))


@transaction.atomic
def let_go(colleague: Colleague, *, to_id: UUID | None, actor: Actor) -> Leaving:
    """Hand everything of a colleague on and end their place in the practice, in one transaction.

    Invitations that the person sent stay open in the other's name, and lists that are being created go
    on under it. Raises InvalidError (``successor``), LastAdministratorError, ForbiddenError.
    """
    Practice.objects.select_for_update().get(id=colleague.practice_id)
    locked = Colleague.objects.get(practice_id=colleague.practice_id, id=colleague.id)
    if locked.status == ColleagueStatus.LEFT:
        raise NotThereError
    leaving = leaving_of(locked)
    to = next((one for one in successors(locked) if one.id == to_id), None)
    if to is None and (leaving.has_anything or to_id):
        raise InvalidError({"successor": _("Choose who takes over: an active colleague.")})
    pending = newest_of_colleague(locked) if locked.status == ColleagueStatus.INVITED else None
    if pending is not None and pending.state in {InvitationState.WAITING, InvitationState.OPENED}:
        withdraw_from_colleague(locked, actor=actor)
    leave(locked, actor=actor)
    hand_on(locked, to=to, actor=actor)
    if to is not None:
        _invitations(locked).update(invited_by=to)
        _lists(locked).update(asked_by=to)
        audit.record(
            "colleague.handed-on",
            actor=actor,
            practice_id=locked.practice_id,
            subject=audit.Subject(kind="colleague", id=locked.id),
            before={"colleague": locked.name},
            after={
                "colleague": to.name,
                "files": leaving.held.count_files,
                "responsible": leaving.held.count_responsible,
                "invitations": leaving.count_invitations,
                "lists": leaving.count_lists,
            },
        )
    return leaving


def _invitations(colleague: Colleague) -> QuerySet[Invitation]:
    """Give the query of the open invitations that a colleague sent: each holds for as long as who sent it."""
    states = (InvitationState.WAITING, InvitationState.OPENED)
    sent = Invitation.objects.filter(practice_id=colleague.practice_id, invited_by=colleague, state__in=states)
    return sent.exclude(colleague=colleague)


def _lists(colleague: Colleague) -> QuerySet[Roster]:
    states = (RosterState.PREVIEWED, RosterState.ASKED, RosterState.UNDER_WAY)
    return Roster.objects.filter(practice_id=colleague.practice_id, asked_by=colleague, state__in=states)
