"""Finding out whether a mail comes from whom it says: the child says which names it needs, the worker asks DNS.

Nothing waits for it: the mail is opened and read meanwhile, and what is found is only shown.
"""

from __future__ import annotations

import time
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from liasse.clients import counters
from liasse.clients.types import SenderMode
from liasse.core.adapters import adapter
from liasse.intake import senders
from liasse.intake.models import Receipt
from liasse.intake.ports import SenderDns
from liasse.intake.types import Door, OpenedReceipt, SenderState
from liasse.pipeline import answers, child
from liasse.pipeline.child import StepFailedError
from liasse.pipeline.outcomes import DONE, Outcome, Waiting

_ROUNDS: Final = 12
_MOST_NAMES: Final = 120
"""Names that one mail may have asked for."""

_SECONDS: Final = 8.0
"""How long DNS may keep one check waiting."""

_TOO_MUCH: Final = {"verdict": "unverified", "why": "too-much", "is_machine": True}


def ask_check(receipt: Receipt) -> None:
    """Ask for the check of a mail's sender, in the caller's transaction; nothing where DNS is not asked."""
    dns: SenderDns = adapter("sender_dns")
    if dns.is_on:
        senders.ask_check(receipt)


def check(receipt_id: UUID) -> Outcome:
    """Check a mail's sender if that is not done, then answer the mail if it is to be answered."""
    receipt = Receipt.objects.filter(id=receipt_id).first()
    if receipt is None or receipt.door != Door.MAIL:
        return DONE
    if not senders.is_checked(receipt):
        facts = look(receipt, author=receipt.from_address)
        if facts is None:
            return DONE
        now = timezone.now()
        with transaction.atomic():
            counters.hold(receipt.client_file_id)
            receipt = Receipt.objects.select_for_update().get(id=receipt_id)
            senders.note_check(receipt, facts, now=now)
            receipt.save(update_fields=["sender_state", "sender_facts"])
            counters.touch(receipt.client_file_id)
        if receipt.sender_state == SenderState.WAITING:
            return Waiting(until=senders.next_check(receipt, now=now))
    answers.answer(receipt_id)
    return DONE


def check_first(receipt: Receipt, opened: OpenedReceipt) -> dict[str, Any] | None:
    """Check a sender before the mail is let in, where the file lets in known senders alone; None elsewhere."""
    is_open = receipt.client_file.sender_mode == SenderMode.OPEN
    if receipt.door != Door.MAIL or is_open or receipt.is_accepted or senders.is_checked(receipt):
        return None
    return look(receipt, author=opened.from_address)


def look(receipt: Receipt, *, author: str) -> dict[str, Any] | None:
    """Give what can be found now about a mail's sender; None where DNS is not asked."""
    dns: SenderDns = adapter("sender_dns")
    if not dns.is_on:
        return None
    known: dict[str, list[str] | None] = {}
    end = time.monotonic() + _SECONDS
    try:
        for _round in range(_ROUNDS):
            found = child.check_sender(
                receipt,
                address=author,
                relays=list(settings.LIASSE_SMTP_TRUSTED),
                forwarders=list(settings.LIASSE_TRUSTED_FORWARDERS),
                answers=known,
            )
            missing = found.pop("missing")
            if not missing:
                return found
            if len(known) + len(missing) > _MOST_NAMES:
                break
            known |= dns.ask(missing, seconds=end - time.monotonic())
    except StepFailedError:
        return dict(_TOO_MUCH)
    return dict(_TOO_MUCH)
