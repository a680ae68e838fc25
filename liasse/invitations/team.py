"""The people of a practice as Équipe shows them, and adding one: row and invitation together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Count

from liasse.clients.models import FileAccess
from liasse.core.access import Actor
from liasse.core.models import AuditEvent
from liasse.invitations.selectors import latest_of_colleagues
from liasse.invitations.services import invite_colleague
from liasse.invitations.standing import Standing, standings
from liasse.practices.models import Colleague, Practice
from liasse.practices.services import add_colleague
from liasse.practices.types import ColleagueStatus

_MOST_FORMER: Final = 500


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A colleague, how many files were given to them, and where the invitation stands of one who has not come in."""

    colleague: Colleague
    count_files: int
    standing: Standing | None = None

    @property
    def link(self) -> str:
        """Give the secret link of the open invitation; blank when there is none."""
        return self.standing.link if self.standing else ""


def team_of(practice_id: UUID) -> list[TeamRow]:
    """Give everybody of the practice who has not left, by name. Four queries, however many they are."""
    colleagues = Colleague.objects.filter(practice_id=practice_id).exclude(status=ColleagueStatus.LEFT)
    return _rows(practice_id, list(colleagues.order_by("name", "id")))


@dataclass(frozen=True, slots=True)
class Former:
    """Somebody who left the practice, and when; None where the trail does not say."""

    colleague: Colleague
    left_at: datetime | None


def former_of(practice_id: UUID) -> list[Former]:
    """Give everybody who left the practice, by name. Two queries, however many they are."""
    left = Colleague.objects.filter(practice_id=practice_id, status=ColleagueStatus.LEFT).order_by("name", "id")
    people = list(left[:_MOST_FORMER])
    events = AuditEvent.objects.filter(
        practice_id=practice_id, verb="colleague.left", subject_id__in=[one.id for one in people]
    )
    moments = dict(events.order_by("sequence").values_list("subject_id", "at"))
    return [Former(colleague=one, left_at=moments.get(one.id)) for one in people]


def team_row(practice_id: UUID, *, colleague_id: UUID) -> TeamRow | None:
    """Give one person of the practice; another practice's and a missing one are both None."""
    found = Colleague.objects.filter(practice_id=practice_id, id=colleague_id).exclude(status=ColleagueStatus.LEFT)
    return next(iter(_rows(practice_id, list(found))), None)


def _rows(practice_id: UUID, colleagues: list[Colleague]) -> list[TeamRow]:
    ids = [colleague.id for colleague in colleagues]
    grants = FileAccess.objects.filter(practice_id=practice_id, colleague_id__in=ids).values_list("colleague_id")
    counts = dict(grants.annotate(Count("id")).order_by())
    newest = latest_of_colleagues(practice_id)
    invited = {
        one.id: newest[one.id] for one in colleagues if one.status == ColleagueStatus.INVITED and one.id in newest
    }
    found = standings(invited)
    return [TeamRow(colleague=one, count_files=counts.get(one.id, 0), standing=found.get(one.id)) for one in colleagues]


@transaction.atomic
def add_to_team(
    *,
    practice: Practice,
    name: str,
    email: str,
    role: str,
    can_add_clients: bool,
    can_see_progress: bool = False,
    actor: Actor,
) -> Colleague:
    """Add a colleague and write to them; both or neither. Raises InvalidError with a sentence a field."""
    colleague = add_colleague(
        practice=practice,
        name=name,
        email=email,
        role=role,
        can_add_clients=can_add_clients,
        can_see_progress=can_see_progress,
        actor=actor,
    )
    invite_colleague(colleague, actor=actor)
    return colleague
