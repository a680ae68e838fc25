"""The queue of due work: rows with a lease, so that a killed worker's work is taken up again.

A job says only "bring this subject forward". It is written in the same transaction as the
row it is about, and handlers are idempotent, so a job may run twice but is never lost.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils import timezone

from liasse.core.models import Job
from liasse.core.rows import insert_all
from liasse.lib.ids import uuid7

LEASE = timedelta(minutes=5)
"""Longer than the longest step (a child's wall clock limit is two minutes)."""

MAXIMUM_ATTEMPTS = 8

LONGEST_PAUSE = timedelta(minutes=15)
"""Between two tries of a job that failed."""

_TAKEN_UP_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class ClaimedJob:
    """A job that this worker holds until its lease runs out."""

    id: UUID
    kind: str
    subject_id: UUID
    practice_id: UUID
    attempts: int
    lease: UUID


def enqueue(kind: str, *, subject_id: UUID, practice_id: UUID, due_at: datetime | None = None) -> None:
    """Say that a subject has work due, in the caller's transaction.

    Asking again while the job waits changes nothing but its time; asking while it runs
    makes it run once more, because the runner only deletes the row under its own lease.
    """
    Job.objects.update_or_create(
        practice_id=practice_id,
        kind=kind,
        subject_id=subject_id,
        defaults={
            "due_at": due_at or timezone.now(),
            "leased_until": None,
            "lease": None,
            "attempts": 0,
            "is_stopped": False,
            "last_error": "",
        },
    )


def enqueue_new(kind: str, *, subject_ids: Iterable[UUID], practice_id: UUID) -> None:
    """Say that subjects which were made in this very transaction have work due. One query for all of them."""
    now = timezone.now()
    jobs = [Job(practice_id=practice_id, kind=kind, subject_id=subject_id, due_at=now) for subject_id in subject_ids]
    insert_all(Job, jobs)


def without_job[RowT: Model](rows: QuerySet[RowT], kind: str) -> QuerySet[RowT]:
    """Keep the rows for which no job of a kind is there, due, put off, held or stopped."""
    return rows.filter(~Exists(_jobs_of(kind)))


def is_stopped(kind: str) -> Exists:
    """Give what holds of rows whose job of a kind stopped for good."""
    return Exists(_jobs_of(kind).filter(is_stopped=True))


def _jobs_of(kind: str) -> QuerySet[Job]:
    return Job.objects.filter(practice_id=OuterRef("practice_id"), kind=kind, subject_id=OuterRef("pk"))


def take_up(kind: str, rows: QuerySet[Any]) -> int:
    """Say that rows which have no job have work due; gives how many. Needs the instance's scope.

    Whoever asks for the same at the same moment wins, and nothing of theirs is changed.
    """
    now, count, ids = timezone.now(), 0, rows.order_by("id").values_list("id", "practice_id")
    batch = list(ids[:_TAKEN_UP_AT_ONCE])
    while batch:
        Job.objects.bulk_create(
            [
                Job(practice_id=practice_id, kind=kind, subject_id=subject_id, due_at=now)
                for subject_id, practice_id in batch
            ],
            ignore_conflicts=True,
        )
        count += len(batch)
        batch = list(ids.filter(id__gt=batch[-1][0])[:_TAKEN_UP_AT_ONCE])
    return count


def pull_forward(kind: str, rows: QuerySet[Any]) -> int:
    """Make due at once what waits longer than a failed try ever does; gives how much. Needs the instance's scope.

    For rows whose work waits for nothing else: a clock that was ahead has written their time, and was put right.
    """
    now = timezone.now()
    ahead = Job.objects.filter(kind=kind, is_stopped=False, due_at__gt=now + LONGEST_PAUSE + LEASE)
    return ahead.filter(subject_id__in=rows.order_by().values("id")).update(due_at=now)


def claim() -> ClaimedJob | None:
    """Take the job that is longest due and not held by anyone, or None. Needs instance scope."""
    now = timezone.now()
    # A lease that ends later than one given now would, with room for clocks that differ, is of a clock that was ahead.
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=now) | Q(leased_until__gt=now + 2 * LEASE)
    due = Job.objects.filter(free, is_stopped=False, due_at__lte=now).order_by("due_at")
    if not due.exists():
        return None
    with transaction.atomic():
        job = _lock_first(due)
        if job is None:
            return None
        job.lease, job.leased_until = uuid7(), now + LEASE
        job.attempts += 1
        job.save(update_fields=["lease", "leased_until", "attempts"])
    return ClaimedJob(
        id=job.id,
        kind=job.kind,
        subject_id=job.subject_id,
        practice_id=job.practice_id,
        attempts=job.attempts,
        lease=job.lease,
    )


def _lock_first(due: QuerySet[Job]) -> Job | None:
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True)
    return due.first()


def finish(job: ClaimedJob) -> None:
    """Take a done job off the queue, unless it was asked for again meanwhile."""
    Job.objects.filter(id=job.id, lease=job.lease).delete()


def put_back(job: ClaimedJob, *, error: str, permanent: bool) -> bool:
    """Put a failed job back with a growing pause, or stop it for a person; tells whether it stopped.

    A job that was handed over or taken away meanwhile is somebody else's, and did not stop.
    """
    stopped = permanent or job.attempts >= MAXIMUM_ATTEMPTS
    pause = min(timedelta(seconds=2**job.attempts), LONGEST_PAUSE)
    ours = Job.objects.filter(id=job.id, lease=job.lease).update(
        due_at=timezone.now() + pause,
        leased_until=None,
        lease=None,
        is_stopped=stopped,
        last_error=error[:500],
    )
    return stopped and ours > 0


def postpone(job: ClaimedJob, *, until: datetime) -> None:
    """Let a job wait for its time; waiting is not a failed try."""
    Job.objects.filter(id=job.id, lease=job.lease).update(
        due_at=until, leased_until=None, lease=None, attempts=max(job.attempts - 1, 0)
    )


def hand_over(subject_ids: QuerySet[Any, Any], *, to: UUID) -> int:
    """Give the jobs of some subjects to another practice; gives how many. Needs the instance's scope.

    Those that a worker holds are set free: what it does for the old practice finds nothing there
    any more and is dropped, and another worker does the job again for the new one.
    """
    return Job.objects.filter(subject_id__in=subject_ids).update(practice_id=to, leased_until=None, lease=None)


def drop(subject_ids: QuerySet[Any, Any]) -> int:
    """Take the jobs of some subjects off the queue, for their subjects go too; gives how many."""
    return Job.objects.filter(subject_id__in=subject_ids).delete()[0]


def stopped_jobs(*, practice_id: UUID) -> list[Job]:
    """Give the practice's jobs that stopped for good, newest first."""
    return list(Job.objects.filter(practice_id=practice_id, is_stopped=True).order_by("-id")[:200])
