"""Reading the audit trail: some of its events, newest first, a page at a time or all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from liasse.core.models import AuditEvent
from liasse.core.scope import practice_scope

_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events of a practice: all, or those that every given word fits.

    ``verbs`` and ``without`` are beginnings of verbs; ``since`` belongs to the period, ``until`` does not any more.
    """

    practice_id: UUID
    actor_id: UUID | None = None
    actor_kind: str = ""
    verbs: tuple[str, ...] = field(default_factory=tuple)
    without: tuple[str, ...] = field(default_factory=tuple)
    file_ids: tuple[UUID, ...] | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class EventPage:
    """Some events, and the cursor of what follows; blank when nothing does."""

    events: list[AuditEvent]
    after: str


def page_of_events(wanted: Wanted, *, after: str = "", limit: int) -> EventPage:
    """Give a page in the order of time, newest first; a cursor that cannot be read gives the first. One query.

    Each of a person, a file and the whole practice has an index in this order.
    """
    events = _matching(wanted)
    if (spot := _decoded(after)) is not None:
        at, sequence = spot
        events = events.filter(Q(at__lt=at) | Q(at=at, sequence__lt=sequence), at__lte=at)
    found = list(events.order_by("-at", "-sequence")[: limit + 1])
    shown = found[:limit]
    return EventPage(events=shown, after=_encoded(shown[-1]) if len(found) > limit else "")


def all_events(wanted: Wanted) -> Iterator[list[AuditEvent]]:
    """Yield all of them in handfuls, each read in the practice's scope by itself: an answer is sent outside it."""
    after, is_first = "", True
    while after or is_first:
        with practice_scope(wanted.practice_id):
            page = page_of_events(wanted, after=after, limit=_AT_ONCE)
        yield page.events
        after, is_first = page.after, False


def _matching(wanted: Wanted) -> QuerySet[AuditEvent]:
    events = AuditEvent.objects.filter(practice_id=wanted.practice_id)
    plain = {
        "actor_id": wanted.actor_id,
        "actor_kind": wanted.actor_kind or None,
        "client_file_id__in": wanted.file_ids,
        "at__gte": wanted.since,
        "at__lt": wanted.until,
    }
    events = events.filter(**{name: value for name, value in plain.items() if value is not None})
    if wanted.verbs:
        events = events.filter(_begins(wanted.verbs))
    return events.exclude(_begins(wanted.without)) if wanted.without else events


def _begins(verbs: tuple[str, ...]) -> Q:
    return reduce(or_, (Q(verb__startswith=verb) for verb in verbs))


def _encoded(event: AuditEvent) -> str:
    return f"{event.at.isoformat()}~{event.sequence}"


def _decoded(cursor: str) -> tuple[datetime, int] | None:
    at, _mark, sequence = cursor.partition("~")
    try:
        moment = datetime.fromisoformat(at)
        number = int(sequence[:18])
    except ValueError:
        return None
    return (moment, number) if moment.tzinfo is not None else None
