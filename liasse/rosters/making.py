"""The worker's part: the lines of a confirmed list are made, each once, whatever kills the worker in between.

Some lines share a transaction, for a commit waits for the disk; each has a savepoint of its own, so
that one that fails takes no other with it. What became of a line is written with what it made, and
the list's row is locked meanwhile: a second worker waits, and then finds those lines done.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import DataError, IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from liasse.clients.errors import MayNotAddClientsError
from liasse.core import audit
from liasse.core.access import Actor
from liasse.core.errors import ForbiddenError, InvalidError, LiasseError
from liasse.invitations.opening import open_client_file, open_client_files
from liasse.invitations.team import add_to_team
from liasse.practices.errors import NotAdministratorError
from liasse.practices.models import Colleague
from liasse.practices.selectors import actor_of
from liasse.practices.services import add_colleague
from liasse.practices.teams import join_teams
from liasse.practices.types import ColleagueStatus
from liasse.rosters.columns import COLUMNS
from liasse.rosters.models import Roster, RosterLine
from liasse.rosters.reading import People, read_client, read_colleague, remarks_of
from liasse.rosters.types import Outcome, RosterKind, RosterState

log = logging.getLogger("liasse.rosters")

_AT_ONCE: Final = 50
_SECONDS: Final = 15.0
"""How long one turn lasts: far less than the job's lease, and other jobs come in between."""


def make(roster_id: UUID) -> datetime | None:
    """Make lines of a list for a while. Gives when to go on; None at its end.

    Can be run again at any point and by two workers at once.
    """
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until:
        if not _some(roster_id):
            return None
    return timezone.now()


@transaction.atomic
def _some(roster_id: UUID) -> bool:
    """Make the next few lines, or end the list; tells whether there may be more."""
    rosters = Roster.objects.select_for_update(of=("self",)).select_related("practice", "asked_by")
    roster = rosters.filter(id=roster_id).first()
    if roster is None or not roster.is_under_way:
        return False
    with translation.override(roster.language):
        try:
            making = _Making(roster=roster, actor=_actor(roster), people=People(roster.practice))
        except ForbiddenError as error:
            _end(roster, state=RosterState.STOPPED, problem=str(error.sentence))
            return False
        waiting = RosterLine.objects.filter(practice_id=roster.practice_id, roster=roster, outcome=Outcome.WAITING)
        lines = list(waiting.order_by("number")[:_AT_ONCE])
        if lines:
            making.make(lines)
    if not lines:
        _end(roster, state=RosterState.DONE)
        return False
    RosterLine.objects.bulk_update(lines, ["outcome", "made_id", "result"])
    roster.state = RosterState.UNDER_WAY
    roster.count_made += sum(line.outcome == Outcome.MADE for line in lines)
    roster.count_failed += sum(line.outcome == Outcome.FAILED for line in lines)
    roster.save(update_fields=["state", "count_made", "count_failed"])
    return True


def _actor(roster: Roster) -> Actor:
    """Look again at the right of whoever confirmed. Raises ForbiddenError."""
    colleague = roster.asked_by
    is_client = roster.kind == RosterKind.CLIENTS
    may = colleague.may_add_clients if is_client else colleague.is_administrator
    if colleague.status != ColleagueStatus.ACTIVE or not may:
        sentence = _("%(name)s may not do this any more, so the rest of the list was not made.")
        raise ForbiddenError(sentence % {"name": colleague.name})
    return actor_of(colleague)


def _end(roster: Roster, *, state: RosterState, problem: str = "") -> None:
    roster.state, roster.ended_at, roster.problem = state, timezone.now(), problem[:300]
    roster.save(update_fields=["state", "ended_at", "problem"])
    audit.record(
        "roster.ended",
        actor=actor_of(roster.asked_by),
        practice_id=roster.practice_id,
        subject=audit.Subject(kind="roster", id=roster.id),
        after={"kind": roster.kind, "made": roster.count_made, "failed": roster.count_failed, "state": str(state)},
    )


@dataclass(frozen=True, slots=True)
class _Making:
    """One turn at a list: for whom, and whom its lines may name."""

    roster: Roster
    actor: Actor
    people: People

    def make(self, lines: list[RosterLine]) -> None:
        """Make some lines, or say on each why not; what another try may help is raised.

        All together if nothing is wrong with any, which is the rule, since they were judged; else one by one.
        """
        if self._is_clients and self._together(lines):
            return
        for line in lines:
            self._alone(line)

    def _together(self, lines: list[RosterLine]) -> bool:
        try:
            with transaction.atomic():
                wanted = [read_client(line.cells, key=line.id, people=self.people) for line in lines]
                openings = open_client_files(wanted, actor=self.actor)
        except (MayNotAddClientsError, NotAdministratorError):
            raise
        except (LiasseError, DataError, IntegrityError):
            return False
        for line, opening in zip(lines, openings, strict=True):
            _made(line, opening.opened.client_file.id, result=opening.opened.local_part)
        return True

    def _alone(self, line: RosterLine) -> None:
        try:
            with transaction.atomic():
                if self._is_clients:
                    new = read_client(line.cells, key=line.id, people=self.people)
                    opened = open_client_file(new, actor=self.actor).opened
                    _made(line, opened.client_file.id, result=opened.local_part)
                else:
                    _made(line, self._colleague(line).id)
        except (MayNotAddClientsError, NotAdministratorError):
            raise
        except InvalidError as error:
            labels = {column.name: column.label for column in COLUMNS[RosterKind(self.roster.kind)]}
            _failed(line, " ".join(remarks_of(error, labels=labels)))
        except LiasseError as error:
            if not error.permanent:
                raise
            _failed(line, str(error.sentence))
        except (DataError, IntegrityError):
            log.exception("line %s of roster %s is refused by the database", line.number, self.roster.id)
            _failed(line, _("The database refused this line."))

    @property
    def _is_clients(self) -> bool:
        return self.roster.kind == RosterKind.CLIENTS

    def _colleague(self, line: RosterLine) -> Colleague:
        wish = read_colleague(line.cells, people=self.people)
        add = add_to_team if wish.is_invited else add_colleague
        made = add(
            practice=self.roster.practice,
            name=wish.name,
            email=wish.email,
            role=wish.role,
            can_add_clients=wish.can_add_clients,
            can_see_progress=wish.can_see_progress,
            actor=self.actor,
        )
        join_teams(made, team_ids=wish.team_ids, actor=self.actor)
        return made


def _made(line: RosterLine, made_id: UUID, *, result: str = "") -> None:
    line.outcome, line.made_id, line.result = Outcome.MADE, made_id, result


def _failed(line: RosterLine, sentence: str) -> None:
    line.outcome, line.made_id, line.result = Outcome.FAILED, None, sentence[:500]


def give_up(roster_id: UUID) -> None:
    """Say on a list that the rest of it could not be made; what was made stays, and the report says which."""
    with transaction.atomic():
        roster = Roster.objects.select_for_update(of=("self",)).select_related("asked_by").filter(id=roster_id).first()
        if roster is None or not roster.is_under_way:
            return
        with translation.override(roster.language):
            _end(
                roster,
                state=RosterState.STOPPED,
                problem=_("This failed on our side again and again. Upload the lines that are missing once more."),
            )
