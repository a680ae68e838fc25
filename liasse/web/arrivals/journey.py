"""A delivery's journey as people read it: each step with its time, and the sum of its parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from liasse.core.models import AuditEvent
from liasse.documents.models import Document
from liasse.documents.types import DocumentStatus
from liasse.intake.models import Receipt, ReceiptPart
from liasse.intake.sender_sentences import hold_sentence
from liasse.intake.sentences import DOORS, reason
from liasse.intake.types import ReceiptState
from liasse.lib.ids import moment_of
from liasse.pipeline.journeys import Balance, balance_of

_ICONS: Final = {
    "done": "check-circle",
    "now": "clock",
    "failed": "exclamation-triangle",
    "open": "ellipsis-horizontal",
}
_READ: Final = ("document.read", "document.made", "document.put-back")


@dataclass(frozen=True, slots=True)
class JourneyStep:
    """One step: ``stand`` is done, now (it waits), failed or open (not there yet); ``at`` None where not known."""

    title: str
    detail: str
    stand: str
    at: datetime | None = None

    @property
    def icon(self) -> str:
        """Give its icon."""
        return _ICONS[self.stand]


@dataclass(frozen=True, slots=True)
class Journey:
    """The steps in their order, and what the parts come to in a sentence; blank before it was opened."""

    steps: list[JourneyStep]
    sum: str
    is_balanced: bool


def journey_of(receipt: Receipt, *, documents: Mapping[UUID, Sequence[Document]]) -> Journey:
    """Give the journey of a receipt with its parts; ``documents`` are by their part. One query."""
    parts = list(receipt.parts.all())
    made = [document for part in parts for document in documents.get(part.id, ())]
    balance = balance_of(receipt, parts=parts, made_of=frozenset(part.id for part in parts if documents.get(part.id)))
    steps = [_arrived(receipt), _stored(receipt), _opened(receipt, parts)]
    if receipt.state in {ReceiptState.HELD, ReceiptState.ASIDE}:
        steps.append(_waits(receipt))
    elif receipt.state in {ReceiptState.OPENED, ReceiptState.UNUSABLE}:
        steps.append(_documents(receipt, made))
    return Journey(steps=steps, sum=_sum(balance) if parts else "", is_balanced=balance.unaccounted == 0)


def _arrived(receipt: Receipt) -> JourneyStep:
    door = str(DOORS.get(receipt.door, receipt.door))
    sender = receipt.envelope_from or receipt.sender
    detail = f"{door} – {sender}" if sender else door
    return JourneyStep(title=pgettext("journey", "Arrived"), detail=detail, stand="done", at=receipt.received_at)


def _stored(receipt: Receipt) -> JourneyStep:
    detail = _("Its bytes are kept as they came, under the fingerprint %(hash)s…") % {"hash": receipt.sha256[:16]}
    return JourneyStep(title=pgettext("journey", "Stored"), detail=detail, stand="done", at=moment_of(receipt.id))


def _opened(receipt: Receipt, parts: Sequence[ReceiptPart]) -> JourneyStep:
    if receipt.state == ReceiptState.FAILED:
        return JourneyStep(title=_("Could not be opened"), detail=str(reason(receipt.problem)), stand="failed")
    if receipt.state == ReceiptState.STORED:
        detail = str(reason(receipt.problem)) if receipt.problem else _("It waits to be opened.")
        return JourneyStep(title=pgettext("journey", "Opened"), detail=detail, stand="now")
    at = receipt.opened_at or min((moment_of(part.id) for part in parts), default=None)
    count = len(parts)
    detail = ngettext("%(count)d part was found in it.", "%(count)d parts were found in it.", count) % {"count": count}
    return JourneyStep(title=pgettext("journey", "Opened"), detail=detail, stand="done", at=at)


def _waits(receipt: Receipt) -> JourneyStep:
    is_held = receipt.state == ReceiptState.HELD
    title = _("Waits for a decision") if is_held else _("Set aside")
    return JourneyStep(title=title, detail=hold_sentence(receipt), stand="now" if is_held else "done")


def _documents(receipt: Receipt, made: Sequence[Document]) -> JourneyStep:
    if not made:
        return JourneyStep(title=_("Without document"), detail=str(reason(receipt.problem)), stand="done")
    unread = sum(document.status == DocumentStatus.PROCESSING for document in made)
    count = len({document.id for document in made})
    title = ngettext("%(count)d document", "%(count)d documents", count) % {"count": count}
    if unread:
        detail = ngettext("%(count)d is still being read.", "%(count)d are still being read.", unread)
        return JourneyStep(title=title, detail=detail % {"count": unread}, stand="now")
    return JourneyStep(title=title, detail=_("All were read."), stand="done", at=_read_at(receipt, made))


def _read_at(receipt: Receipt, made: Sequence[Document]) -> datetime | None:
    events = AuditEvent.objects.filter(
        practice_id=receipt.practice_id, subject_id__in=[document.id for document in made], verb__in=_READ
    )
    return events.order_by("-at").values_list("at", flat=True).first()


def _sum(balance: Balance) -> str:
    """Say the parts and what became of each, so that a reader can add up."""
    found = [
        (balance.documents, ngettext("%(n)d became documents", "%(n)d became documents", balance.documents)),
        (balance.ignored, ngettext("%(n)d is no document", "%(n)d are no documents", balance.ignored)),
        (balance.refused, ngettext("%(n)d was refused", "%(n)d were refused", balance.refused)),
        (balance.waiting, ngettext("%(n)d waits", "%(n)d wait", balance.waiting)),
        (balance.unaccounted, ngettext("%(n)d is being sorted", "%(n)d are being sorted", balance.unaccounted)),
    ]
    said = ", ".join(text % {"n": number} for number, text in found if number)
    head = ngettext("%(n)d part: %(said)s.", "%(n)d parts: %(said)s.", balance.parts)
    return head % {"n": balance.parts, "said": said}
