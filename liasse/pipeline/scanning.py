"""What arrived is looked at for malware before anything opens it; what cannot be looked at waits."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from liasse.clients import counters
from liasse.core import audit
from liasse.core.access import system_actor
from liasse.core.adapters import adapter
from liasse.core.errors import TransientError
from liasse.intake import services as intake
from liasse.intake.models import Receipt
from liasse.intake.ports import VirusScanner
from liasse.intake.types import ReceiptState
from liasse.pipeline import child
from liasse.pipeline.outcomes import DONE, Outcome, Waiting

WAITING: Final = "waiting-scan"
"""The problem of a receipt whose scanner is away."""

_PAUSE: Final = timedelta(minutes=1)


def scan(receipt: Receipt) -> Outcome | None:
    """Look at a receipt's bytes; None lets it be opened, else it waits, has failed, or is in quarantine."""
    scanner: VirusScanner = adapter("virus_scanner")
    if not scanner.is_on:
        return None
    try:
        found = scanner.scan(child.blobs().path(receipt.sha256))
    except TransientError:
        Receipt.objects.filter(id=receipt.id, state=ReceiptState.STORED).update(problem=WAITING)
        return Waiting(until=timezone.now() + _PAUSE)
    if found.is_too_large:
        intake.record_failure(receipt.id, problem="scan-too-large")
        return DONE
    if found.infection:
        _quarantine(receipt, infection=found.infection)
        return DONE
    return None


@transaction.atomic
def _quarantine(receipt: Receipt, *, infection: str) -> None:
    counters.hold(receipt.client_file_id)
    locked = Receipt.objects.select_for_update().get(id=receipt.id)
    counters.shift(
        locked.client_file_id,
        failed=-int(locked.state == ReceiptState.FAILED),
        held=-int(locked.state == ReceiptState.HELD),
    )
    locked.state, locked.problem, locked.held = ReceiptState.UNUSABLE, "infected", ""
    locked.infection = infection
    locked.opened_at, locked.waits_since = timezone.now(), None
    locked.subject = locked.subject or locked.filename[:300]
    locked.save()
    audit.record(
        "receipt.quarantined",
        actor=system_actor(locked.practice_id),
        practice_id=locked.practice_id,
        subject=audit.Subject("receipt", locked.id, locked.client_file_id),
        after={"infection": infection},
    )
