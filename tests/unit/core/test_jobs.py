"""The queue: nothing twice at once, nothing lost with its worker, nothing tried for ever."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from liasse.core import jobs
from liasse.core.jobs import claim, enqueue, finish, postpone, put_back
from liasse.core.models import Job
from liasse.core.scope import instance_scope
from liasse.lib.ids import uuid7

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _scope(db: None):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a generator fixture
    del db
    with instance_scope():
        yield


def _due(kind: str = "try") -> Job:
    enqueue(kind, subject_id=uuid7(), practice_id=uuid7())
    return Job.objects.order_by("-id")[0]


def test_a_due_job_is_claimed_once() -> None:
    job = _due()
    claimed = claim()
    assert claimed is not None
    assert claimed.subject_id == job.subject_id
    assert claim() is None


def test_a_done_job_is_gone() -> None:
    _due()
    claimed = claim()
    assert claimed is not None
    finish(claimed)
    assert not Job.objects.exists()


def test_a_job_of_a_dead_worker_is_taken_up_when_its_lease_is_over() -> None:
    _due()
    first = claim()
    assert first is not None
    Job.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    second = claim()
    assert second is not None
    assert (second.id, second.attempts) == (first.id, 2)


def test_the_worker_that_lost_its_lease_does_not_end_the_job_of_the_next() -> None:
    _due()
    first = claim()
    Job.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    second = claim()
    assert first is not None
    assert second is not None
    finish(first)
    assert Job.objects.filter(id=second.id).exists()


def test_asking_again_while_a_job_runs_makes_it_run_once_more() -> None:
    job = _due()
    running = claim()
    assert running is not None
    enqueue("try", subject_id=job.subject_id, practice_id=job.practice_id)
    finish(running)
    assert Job.objects.count() == 1
    assert claim() is not None


def test_a_failed_job_waits_longer_each_time_and_stops_in_the_end() -> None:
    _due()
    pauses, is_stopped = [], False
    for _try in range(jobs.MAXIMUM_ATTEMPTS):
        Job.objects.update(due_at=timezone.now() - timedelta(seconds=1))
        claimed = claim()
        assert claimed is not None
        is_stopped = put_back(claimed, error="no luck", permanent=False)
        pauses.append(Job.objects.get().due_at - timezone.now())
    assert pauses == sorted(pauses)
    assert is_stopped
    assert claim() is None


def test_a_permanent_failure_stops_at_once() -> None:
    _due()
    claimed = claim()
    assert claimed is not None
    assert put_back(claimed, error="never", permanent=True)
    assert Job.objects.get().is_stopped


def test_waiting_is_no_failed_try() -> None:
    _due()
    claimed = claim()
    assert claimed is not None
    postpone(claimed, until=timezone.now() + timedelta(hours=1))
    assert Job.objects.get().attempts == 0
    assert claim() is None
