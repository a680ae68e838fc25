"""Whether the doors are open and somebody is at work: what an administrator looks at when nothing arrives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Subquery
from django.utils import timezone

from liasse.core import pulses
from liasse.core.adapters import adapter
from liasse.intake.models import Receipt
from liasse.intake.ports import VirusScanner
from liasse.intake.types import Door
from liasse.practices.models import Practice

SWEEP: Final = "sweep"
"""The name under which the worker's watch says that it lives."""
MAILBOX: Final = "mailbox "
"""What stands before the name of a mailbox that is read."""

_SWEEP_SILENT: Final = timedelta(minutes=20)
_MAILBOX_SILENT: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Mailboxes:
    """The mailboxes that the instance reads: how many, how many of them not now and since when, the last look.

    They are not named: one may be another practice's.
    """

    count: int = 0
    lost: int = 0
    lost_since: datetime | None = None
    looked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """When something last came by each door, when the worker last looked for what was left, and the mailboxes."""

    last: dict[Door, datetime | None]
    swept_at: datetime | None
    is_sweep_silent: bool
    mailboxes: Mailboxes
    is_scanned: bool = False
    """Whether what arrives is looked at for viruses: a scanner is set up."""

    @property
    def is_well(self) -> bool:
        """Tell whether nothing is wrong with what runs by itself."""
        return not self.is_sweep_silent and not self.mailboxes.lost


def health_of(practice_id: UUID, *, now: datetime | None = None) -> Health:
    """Give what is known of the doors of a practice. Three queries, each by an index."""
    moment = now or timezone.now()
    scanner: VirusScanner = adapter("virus_scanner")
    swept_at = pulses.last_beat(SWEEP)
    return Health(
        last=_last(practice_id),
        swept_at=swept_at,
        is_sweep_silent=swept_at is None or moment - swept_at > _SWEEP_SILENT,
        mailboxes=_mailboxes(moment),
        is_scanned=scanner.is_on,
    )


def _last(practice_id: UUID) -> dict[Door, datetime | None]:
    newest = Receipt.objects.filter(practice_id=practice_id).order_by("-received_at").values("received_at")
    columns: list[Any] = [Subquery(newest.filter(door=door.value)[:1]) for door in Door]
    found = Practice.objects.filter(id=practice_id).values_list(*columns).first()
    return dict(zip(Door, found or [None] * len(Door), strict=True))


def _mailboxes(now: datetime) -> Mailboxes:
    found = pulses.pulses(MAILBOX)
    silent = [one.at for one in found if not one.problem and now - one.at > _MAILBOX_SILENT]
    since = [*silent, *(one.since for one in found if one.problem)]
    looked = [one.at for one in found if not one.problem]
    return Mailboxes(
        count=len(found),
        lost=len(since),
        lost_since=min(since, default=None),
        looked_at=max(looked, default=None),
    )
