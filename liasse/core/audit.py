"""The audit trail: append-only, one hash chain a practice (SHA-256 over canonical JSON)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from liasse.core.access import Actor
from liasse.core.models import AuditEvent, AuditHead
from liasse.lib.ids import uuid7

_SAME: Final = ("at", "verb", "subject_id")
"""What two copies of one event have in common; the time is exact to the microsecond."""
_AT_ONCE: Final = 500
ONCE_AN_HOUR: Final = timedelta(hours=1)
"""How often looking at one thing, or being refused it, is written of one person."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What an event is about: its kind, id, and the client file that it belongs to, if any."""

    kind: str
    id: UUID
    client_file_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that was done, as ``record`` writes it."""

    verb: str
    subject: Subject
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


def record(
    verb: str,
    *,
    actor: Actor,
    practice_id: UUID,
    subject: Subject,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """Append one event to the practice's chain, in the caller's transaction.

    ``before`` and ``after`` hold plain JSON values of what changed. Events of one practice
    are put in order by a lock on the chain's end.
    """
    fact = Fact(verb, subject=subject, before=before or {}, after=after or {})
    return record_all([fact], actor=actor, practice_id=practice_id)[0]


def record_all(facts: Sequence[Fact], *, actor: Actor, practice_id: UUID) -> list[AuditEvent]:
    """Append what one person did at once, in its order. Three queries, however much it is."""
    events = []
    with transaction.atomic():
        head = _lock_head(practice_id)
        for fact in facts:
            event = AuditEvent(
                practice_id=practice_id,
                sequence=head.sequence + 1,
                at=timezone.now(),
                actor_kind=actor.kind,
                actor_id=actor.person_id or actor.user_id,
                actor_name=actor.name[:200],
                verb=fact.verb,
                client_file_id=fact.subject.client_file_id,
                subject_kind=fact.subject.kind,
                subject_id=fact.subject.id,
                before=dict(fact.before),
                after=dict(fact.after),
                previous_hash=head.hash,
            )
            event.hash = event_hash(event)
            head.sequence, head.hash = event.sequence, event.hash
            events.append(event)
        AuditEvent.objects.bulk_create(events, batch_size=_AT_ONCE)
        head.save(update_fields=["sequence", "hash"])
    return events


def record_once(
    verb: str,
    *,
    actor: Actor,
    practice_id: UUID,
    subject: Subject,
    after: Mapping[str, Any] | None = None,
    within: timedelta = ONCE_AN_HOUR,
) -> AuditEvent | None:
    """Append an event unless the same person did the same to the same subject a short while ago.

    For what happens again and again, as opening a page does: one read each time, a write the first
    time. Two at the same moment may both be written, which says nothing wrong.
    """
    done = AuditEvent.objects.filter(
        practice_id=practice_id,
        subject_id=subject.id,
        actor_id=actor.person_id or actor.user_id,
        verb=verb,
        at__gt=timezone.now() - within,
    )
    if done.exists():
        return None
    return record(verb, actor=actor, practice_id=practice_id, subject=subject, after=after)


def carry(client_file_id: UUID, *, source: UUID, target: UUID) -> int:
    """Copy a file's events from the end of one practice's chain to another's; gives how many.

    The source's chain stays whole: what its people did stays on record there. The copies keep who,
    what and when, and are hashed into the target's chain. Those that the target has already, because
    the file was there before, are not copied again. Needs the instance's scope and a transaction.
    """
    # In one order for everybody, so that two files that change places do not lock each other out.
    heads = {practice_id: _lock_head(practice_id) for practice_id in sorted({source, target})}
    head = heads[target]
    there = set(AuditEvent.objects.filter(practice_id=target, client_file_id=client_file_id).values_list(*_SAME))
    events = AuditEvent.objects.filter(practice_id=source, client_file_id=client_file_id).order_by("sequence")
    made: list[AuditEvent] = []
    for event in events.iterator(chunk_size=_AT_ONCE):
        if tuple(getattr(event, name) for name in _SAME) in there:
            continue
        event.id, event.practice_id = uuid7(), target
        event.sequence, event.previous_hash = head.sequence + 1, head.hash
        event.hash = event_hash(event)
        head.sequence, head.hash = event.sequence, event.hash
        made.append(event)
    AuditEvent.objects.bulk_create(made, batch_size=_AT_ONCE)
    head.save(update_fields=["sequence", "hash"])
    return len(made)


def _lock_head(practice_id: UUID) -> AuditHead:
    """Lock a chain's end with one read by key; the first event of a practice makes the row."""
    heads = AuditHead.objects.select_for_update()
    head = heads.filter(practice_id=practice_id).first()
    if head is None:
        AuditHead.objects.get_or_create(practice_id=practice_id)
        head = heads.get(practice_id=practice_id)
    return head


def event_hash(event: AuditEvent) -> str:
    """Compute an event's hash from its own words and its predecessor's hash."""
    words = [
        event.previous_hash,
        str(event.practice_id),
        event.sequence,
        event.at.isoformat(),
        event.actor_kind,
        str(event.actor_id or ""),
        event.actor_name,
        event.verb,
        str(event.client_file_id or ""),
        event.subject_kind,
        str(event.subject_id),
        event.before,
        event.after,
    ]
    canonical = json.dumps(words, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def verify_chain(practice_id: UUID) -> Iterator[str]:
    """Give a sentence for each break in a practice's chain; none means that it holds.

    Removed, altered and reordered events are told apart and named by their number. Run it in the
    practice's scope or the instance's. Memory stays constant.
    """
    # The head as it was before, so that what is written meanwhile does not look like an end that was cut off.
    head = AuditHead.objects.filter(practice_id=practice_id).first()
    is_head_there = head is None or head.sequence == 0
    expected_sequence, expected_hash = 1, ""
    events = AuditEvent.objects.filter(practice_id=practice_id).order_by("sequence")
    for event in events.iterator(chunk_size=2000):
        if event.sequence != expected_sequence:
            yield _missing(expected_sequence, event.sequence - 1, practice_id=practice_id)
        elif event.hash == event_hash(event) and event.previous_hash != expected_hash:
            yield f"audit event {event.sequence} of practice {practice_id} does not follow the one before it"
        if event.hash != event_hash(event):
            yield f"audit event {event.sequence} of practice {practice_id} was altered"
        is_head_there = is_head_there or (
            head is not None and (head.sequence, head.hash) == (event.sequence, event.hash)
        )
        expected_sequence, expected_hash = event.sequence + 1, event.hash
    if not is_head_there:
        yield f"the audit chain of practice {practice_id} was cut off at its end"
    written = AuditHead.objects.filter(practice_id=practice_id).values_list("sequence", flat=True).first()
    if (written or 0) < expected_sequence - 1:
        yield f"the end of the audit chain of practice {practice_id} was removed"


def _missing(first: int, last: int, *, practice_id: UUID) -> str:
    if first == last:
        return f"audit event {first} of practice {practice_id} is missing"
    return f"audit events {first} to {last} of practice {practice_id} are missing"


def history(*, practice_id: UUID, subject_id: UUID, limit: int = 50) -> list[AuditEvent]:
    """Give the newest events about one subject, newest first."""
    events = AuditEvent.objects.filter(practice_id=practice_id, subject_id=subject_id)
    return list(events.order_by("-sequence")[:limit])
