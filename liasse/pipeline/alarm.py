"""What waits too long: told on screens, by mail to the administrators once a day, and by `liasse status`.

A delivery waits while it is to be opened, or when it failed and nobody said that this was seen; a document while the
job of its next step is not done. What waits for a person in *À trier*, or for its archived file, is not late: it is
listed where it is decided.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import CharField, Count, Min, Q, QuerySet, Value
from django.utils import timezone, translation
from django.utils.translation import ngettext

from liasse.core import audit
from liasse.core.access import system_actor
from liasse.core.models import Job
from liasse.core.scope import instance_scope, practice_scope
from liasse.documents.services import ADVANCE_DOCUMENT
from liasse.intake.models import Receipt
from liasse.intake.types import ReceiptState
from liasse.messaging.models import OutgoingMessage
from liasse.messaging.selectors import OPEN, was_written
from liasse.messaging.services import queue
from liasse.messaging.types import Channel, Draft
from liasse.pipeline.alarm_words import alarm_text
from liasse.practices.models import Colleague, Practice
from liasse.practices.types import ColleagueStatus, Role

LATE_AFTER: Final = timedelta(hours=1)
"""How long something may wait for Liasse before people are told."""

_NOT_AGAIN_FOR: Final = timedelta(hours=24)
_UNFINISHED: Final = (ReceiptState.STORED.value, ReceiptState.FAILED.value)
_SUBJECT: Final = "alarm"


@dataclass(frozen=True, slots=True)
class Late:
    """How much waits too long in a practice, deliveries and documents."""

    receipts: int = 0
    documents: int = 0

    @property
    def total(self) -> int:
        """Give both together."""
        return self.receipts + self.documents


def late_receipts(*, now: datetime | None = None) -> QuerySet[Receipt]:
    """Give the deliveries of the open scope that wait too long, by the index of what waits."""
    until = (now or timezone.now()) - LATE_AFTER
    return Receipt.objects.filter(waits_since__lte=until, state__in=_UNFINISHED).exclude(problem="file-archived")


def is_late(receipt: Receipt) -> bool:
    """Tell whether a delivery waits too long to be opened."""
    since = receipt.waits_since if receipt.state in _UNFINISHED and receipt.problem != "file-archived" else None
    return since is not None and since <= timezone.now() - LATE_AFTER


def late_jobs(*, now: datetime | None = None) -> QuerySet[Job]:
    """Give the jobs of the open scope's documents whose step is not done for too long."""
    return Job.objects.filter(kind=ADVANCE_DOCUMENT, created_at__lte=(now or timezone.now()) - LATE_AFTER)


def late_of_all(*, now: datetime | None = None) -> dict[UUID, Late]:
    """Give for each practice in which something waits too long how much; two queries. Needs no scope."""
    with instance_scope():
        receipts = late_receipts(now=now).order_by().values_list("practice_id").annotate(Count("id"))
        jobs = late_jobs(now=now).order_by().values_list("practice_id").annotate(Count("id"))
        by_receipts, by_jobs = Counter(dict(receipts)), Counter(dict(jobs))
    return {
        practice_id: Late(receipts=by_receipts[practice_id], documents=by_jobs[practice_id])
        for practice_id in sorted({*by_receipts, *by_jobs})
    }


@dataclass(frozen=True, slots=True)
class Queue:
    """The queue as a whole: jobs that are due, put off and stopped, and since when the oldest is due."""

    due: int
    later: int
    stopped: int
    oldest: datetime | None


def queue_of_all() -> Queue:
    """Count the queue of the instance; one query. Needs no scope."""
    now = timezone.now()
    is_due = Q(is_stopped=False, due_at__lte=now)
    with instance_scope():
        found: dict[str, Any] = Job.objects.aggregate(
            due=Count("id", filter=is_due),
            later=Count("id", filter=Q(is_stopped=False, due_at__gt=now)),
            stopped=Count("id", filter=Q(is_stopped=True)),
            oldest=Min("due_at", filter=is_due),
        )
    return Queue(**found)


@dataclass(frozen=True, slots=True)
class Hanging:
    """What an administrator is to see on every screen: messages that reached nobody yet, and what waits too long."""

    unsent: int = 0
    late: int = 0


def hanging(practice_id: UUID) -> Hanging:
    """Count both for a practice, each by an index of what hangs alone. One query."""
    unsent = OutgoingMessage.objects.filter(practice_id=practice_id, state__in=OPEN)
    receipts = late_receipts().filter(practice_id=practice_id)
    jobs = late_jobs().filter(practice_id=practice_id)
    counts: Counter[str] = Counter()
    for what, count in _counted(unsent, "unsent").union(_counted(receipts, "late"), _counted(jobs, "late"), all=True):
        counts[what] += count
    return Hanging(unsent=counts["unsent"], late=counts["late"])


def _counted(rows: QuerySet[Any], what: str) -> QuerySet[Any, tuple[str, int]]:
    named = rows.order_by().annotate(what=Value(what, output_field=CharField()))
    counts: QuerySet[Any, tuple[str, int]] = named.values_list("what").annotate(Count("id"))
    return counts


def sound(*, now: datetime | None = None) -> int:
    """Write to the administrators of each practice in which something waits too long; gives how many mails.

    Once a day at most, however often this runs: the practice's row is held while that is looked up.
    """
    moment, written = now or timezone.now(), 0
    for practice_id, late in late_of_all(now=moment).items():
        with practice_scope(practice_id), transaction.atomic():
            practice = Practice.objects.select_for_update(no_key=True).filter(id=practice_id).first()
            if practice is not None and practice.is_firm:
                written += _tell(practice, late, now=moment)
    return written


def _tell(practice: Practice, late: Late, *, now: datetime) -> int:
    people = Colleague.objects.filter(
        practice=practice, role=Role.ADMINISTRATOR, status=ColleagueStatus.ACTIVE
    ).select_related("user")
    written = 0
    for person in people.order_by("id"):
        if was_written(practice_id=practice.id, subject_id=person.id, since=now - _NOT_AGAIN_FOR, kind=_SUBJECT):
            continue
        language = (person.user.language if person.user else "") or practice.language
        with translation.override(language):
            draft = _draft(person, late, practice=practice, language=language)
        subject = audit.Subject(_SUBJECT, person.id)
        queue(draft, practice_id=practice.id, subject=subject, actor=system_actor(practice.id))
        written += 1
    return written


def _draft(person: Colleague, late: Late, *, practice: Practice, language: str) -> Draft:
    subject = ngettext(
        "%(count)d thing has been waiting for over an hour",
        "%(count)d things have been waiting for over an hour",
        late.total,
    )
    facts = {
        "name": person.name,
        "practice": practice.name,
        "receipts": late.receipts,
        "documents": late.documents,
        "url": f"{settings.LIASSE_PUBLIC_URL}/arrivals/?state=late",
    }
    return Draft(
        channel=Channel.EMAIL,
        to_address=person.email,
        to_name=person.name,
        subject=subject % {"count": late.total},
        text=alarm_text(facts, late_receipts=late.receipts, late_documents=late.documents),
        language=language,
    )
