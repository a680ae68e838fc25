"""How far the work on the files is: which are late, and by whom the list may be narrowed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce, Concat

from liasse.clients.actors import colleague_id_of, practice_id_of
from liasse.clients.models import ClientFile, Member, TeamAccess
from liasse.clients.reach import listed_files
from liasse.clients.rules import LATE_SILENT, LATE_WAITING
from liasse.clients.types import FileStatus, MemberStatus
from liasse.core.access import Actor
from liasse.practices.models import Colleague, Team, TeamMember


def is_late(now: datetime) -> Q:
    """Give what holds of late files: `rules.lateness`, for the database."""
    silent = now - LATE_SILENT
    return (
        Q(waiting_since__lte=now - LATE_WAITING)
        | Q(last_arrival_at__lte=silent)
        | Q(last_arrival_at__isnull=True, created_at__lte=silent)
    )


def late_first(now: datetime) -> Concat:
    """Give what puts late files before the others, both by name."""
    group = Case(When(is_late(now), then=Value("0")), default=Value("1"))
    return Concat(group, "name_sort", output_field=CharField())


def of_team(files: QuerySet[ClientFile], team_id: UUID) -> QuerySet[ClientFile]:
    """Keep the files that a team works on: those given to it, and those for which one of its people is responsible."""
    given = TeamAccess.objects.filter(client_file=OuterRef("pk"), team_id=team_id)
    people = TeamMember.objects.filter(team_id=team_id).values("colleague_id")
    return files.filter(Exists(given) | Q(responsible__in=people))


@dataclass(frozen=True, slots=True)
class Progress:
    """What the active files that somebody reaches come to."""

    count_files: int
    count_late: int
    count_to_review: int
    count_failed: int


def progress_of(files: QuerySet[ClientFile], *, now: datetime) -> Progress:
    """Sum up some files. One query."""
    found: dict[str, Any] = files.order_by().aggregate(
        count_files=Count("id"),
        count_late=Count("id", filter=is_late(now)),
        count_to_review=Coalesce(Sum("count_to_review"), 0),
        count_failed=Coalesce(Sum("count_failed"), 0),
    )
    return Progress(**found)


@dataclass(frozen=True, slots=True)
class Reachable:
    """The active files that somebody reaches, looked up once, and by whom they may be narrowed."""

    files: QuerySet[ClientFile]
    actor: Actor

    def responsible(self) -> list[Colleague]:
        """Give who is responsible for one of them, by name. One query."""
        people = Colleague.objects.filter(id__in=self.files.order_by().values("responsible_id"))
        return list(people.order_by("name", "id"))

    def teams(self) -> list[Team]:
        """Give the teams that have one of them; to administrators every team of the practice. One query."""
        teams = Team.objects.filter(practice_id=practice_id_of(self.actor))
        if not self.actor.is_administrator:
            given = TeamAccess.objects.filter(client_file__in=self.files.order_by().values("id"))
            own = TeamMember.objects.filter(colleague_id=colleague_id_of(self.actor))
            teams = teams.filter(Q(id__in=given.values("team_id")) | Q(id__in=own.values("team_id")))
        return list(teams.order_by("name", "id"))


def active_files(actor: Actor) -> Reachable:
    """Give the active files that somebody reaches. One query for a restricted colleague, none for an administrator."""
    return Reachable(files=listed_files(actor, status=FileStatus.ACTIVE), actor=actor)


def invited_of_files(files: list[ClientFile]) -> dict[UUID, int]:
    """Give for each file how many people are invited and have not come in. One query for all."""
    members = Member.objects.filter(client_file__in=files, status=MemberStatus.INVITED)
    return dict(members.order_by().values_list("client_file_id").annotate(Count("id")))
