"""The people of a practice as Équipe shows them, and adding one: row and invitation together."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from liasse.clients.models import FileAccess
from liasse.core.access import Actor
from liasse.invitations.models import Invitation
from liasse.invitations.selectors import latest_of_colleagues
from liasse.invitations.services import invite_colleague
from liasse.invitations.types import InvitationState
from liasse.messaging.models import OutgoingMessage
from liasse.messaging.selectors import latest_of_subject, rendered
from liasse.practices.models import Colleague, Practice
from liasse.practices.services import add_colleague
from liasse.practices.types import ColleagueStatus


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A colleague, how many files were given to them, and their open invitation with its message."""

    colleague: Colleague
    count_files: int
    invitation: Invitation | None = None
    message: OutgoingMessage | None = None

    @property
    def is_expired(self) -> bool:
        """Tell whether the link was not used in time."""
        return self.invitation is not None and self.invitation.expires_at <= timezone.now()

    @property
    def is_declined(self) -> bool:
        """Tell whether the invited person said no: an invitation of somebody still invited ends in no other way."""
        return self.invitation is not None and self.invitation.state == InvitationState.REVOKED

    @property
    def link(self) -> str:
        """Give the secret link of the open invitation; blank when there is none."""
        return rendered(self.message).link if self.message and not self.is_declined else ""


def team_of(practice_id: UUID) -> list[TeamRow]:
    """Give everybody of the practice who has not left, by name. Four queries, however many they are."""
    colleagues = Colleague.objects.filter(practice_id=practice_id).exclude(status=ColleagueStatus.LEFT)
    return _rows(practice_id, list(colleagues.order_by("name", "id")))


def team_row(practice_id: UUID, *, colleague_id: UUID) -> TeamRow | None:
    """Give one person of the practice; another practice's and a missing one are both None."""
    found = Colleague.objects.filter(practice_id=practice_id, id=colleague_id).exclude(status=ColleagueStatus.LEFT)
    return next(iter(_rows(practice_id, list(found))), None)


def _rows(practice_id: UUID, colleagues: list[Colleague]) -> list[TeamRow]:
    ids = [colleague.id for colleague in colleagues]
    grants = FileAccess.objects.filter(practice_id=practice_id, colleague_id__in=ids).values_list("colleague_id")
    counts = dict(grants.annotate(Count("id")).order_by())
    invitations = latest_of_colleagues(practice_id)
    open_ones = {
        colleague.id: invitations[colleague.id]
        for colleague in colleagues
        if colleague.status == ColleagueStatus.INVITED and colleague.id in invitations
    }
    messages = latest_of_subject(practice_id, [invitation.id for invitation in open_ones.values()])
    rows = []
    for colleague in colleagues:
        invitation = open_ones.get(colleague.id)
        message = messages.get(invitation.id) if invitation else None
        rows.append(
            TeamRow(
                colleague=colleague,
                count_files=counts.get(colleague.id, 0),
                invitation=invitation,
                message=message,
            )
        )
    return rows


@transaction.atomic
def add_to_team(
    *, practice: Practice, name: str, email: str, role: str, can_add_clients: bool, actor: Actor
) -> Colleague:
    """Add a colleague and write to them; both or neither. Raises InvalidError with a sentence a field."""
    colleague = add_colleague(
        practice=practice, name=name, email=email, role=role, can_add_clients=can_add_clients, actor=actor
    )
    invite_colleague(colleague, actor=actor)
    return colleague
