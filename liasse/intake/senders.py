"""Writes about senders: what their check found, who is trusted, what is let in, and what a mail asks of a person."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from liasse.clients import counters
from liasse.clients.models import ClientFile
from liasse.core import audit
from liasse.core.access import Actor
from liasse.core.errors import ConflictError, InvalidError
from liasse.core.jobs import enqueue
from liasse.intake.holding import is_everybodys, sender_name
from liasse.intake.models import Receipt, TrustedSender
from liasse.intake.services import OPEN_RECEIPT
from liasse.intake.types import Door, Hold, ReceiptState, SenderState

CHECK_SENDER: Final = "check-sender"
"""The job that finds out whether a mail comes from whom it says."""

GIVES_UP_AFTER: Final = timedelta(days=3)
"""How long DNS is asked again that gives no answer."""

_FINAL: Final = frozenset({SenderState.VERIFIED, SenderState.UNVERIFIED, SenderState.UNKNOWN})
_PAUSES: Final = (
    (timedelta(minutes=10), timedelta(minutes=1)),
    (timedelta(hours=2), timedelta(minutes=10)),
    (GIVES_UP_AFTER, timedelta(hours=1)),
)
_OF_SENDER: Final = (Hold.UNKNOWN_SENDER, Hold.NO_MEMBER, Hold.NOT_GENUINE)


def ask_check(receipt: Receipt) -> None:
    """Ask for the check of a mail's sender, in the caller's transaction."""
    if receipt.door == Door.MAIL:
        enqueue(CHECK_SENDER, subject_id=receipt.id, practice_id=receipt.practice_id)


def is_checked(receipt: Receipt) -> bool:
    """Tell whether the check of a receipt's sender came to an end."""
    return receipt.sender_state in _FINAL


def note_check(receipt: Receipt, facts: dict[str, Any], *, now: datetime) -> None:
    """Put what a check found on a locked receipt, which the caller saves."""
    state = SenderState(facts["verdict"])
    if state is SenderState.WAITING and now - receipt.received_at > GIVES_UP_AFTER:
        state = SenderState.UNKNOWN
    receipt.sender_state, receipt.sender_facts = state, receipt.sender_facts | facts


def next_check(receipt: Receipt, *, now: datetime) -> datetime:
    """Say when to ask DNS again that gave no answer: soon at first, then once an hour."""
    age = now - receipt.received_at
    return now + next((pause for until, pause in _PAUSES if age < until), _PAUSES[-1][1])


def give_up_check(receipt_id: UUID) -> None:
    """Say on a receipt that its sender could not be checked."""
    waiting = Receipt.objects.filter(id=receipt_id).exclude(sender_state__in=_FINAL)
    waiting.update(sender_state=SenderState.UNKNOWN)


# ------------------------------------------------------------------------------------------------- trust, let in


@transaction.atomic
def trust(client_file: ClientFile, *, sender: str, actor: Actor) -> int:
    """Let in what an address (``a@b.fr``) or a domain (``@b.fr``) sends, also what is held; gives how many that were.

    Raises InvalidError for what is neither. Twice is once.
    """
    name = sender_name(sender)
    if name is None:
        raise InvalidError({"sender": _("Type an address such as name@example.fr, or a domain such as @example.fr.")})
    if is_everybodys(name):
        raise InvalidError({"sender": _("Anybody can have an address of this domain. Trust single addresses of it.")})
    counters.hold(client_file.id)
    _trusted, is_new = TrustedSender.objects.get_or_create(
        practice_id=client_file.practice_id,
        client_file=client_file,
        sender=name[:320],
        defaults={"trusted_by": actor.name[:200]},
    )
    same = Q(from_address__iendswith=name) if name.startswith("@") else Q(from_address__iexact=name)
    held = Receipt.objects.filter(same, client_file=client_file, state=ReceiptState.HELD, held__in=_OF_SENDER)
    released = [_let_in(receipt) for receipt in held.select_for_update().order_by("id")]
    counters.shift(client_file.id, held=-len(released))
    if is_new:
        _record_of_file("file.sender-trusted", client_file, actor=actor, after={"sender": name})
    return len(released)


@transaction.atomic
def distrust(client_file: ClientFile, *, sender_id: UUID, actor: Actor) -> None:
    """Take the trust back; what became documents stays. Twice is once."""
    trusted = TrustedSender.objects.filter(practice_id=client_file.practice_id, client_file=client_file, id=sender_id)
    name = trusted.values_list("sender", flat=True).first()
    if name is not None:
        trusted.delete()
        _record_of_file("file.sender-distrusted", client_file, actor=actor, before={"sender": name})


def accept(receipt: Receipt, *, actor: Actor) -> None:
    """Let one held receipt in: it is opened anew and becomes documents. Raises ConflictError when it is not held."""
    with transaction.atomic():
        locked = _locked(receipt, states=(ReceiptState.HELD, ReceiptState.ASIDE))
        was_held = locked.state == ReceiptState.HELD
        _let_in(locked)
        counters.shift(locked.client_file_id, held=-int(was_held))
        _record("receipt.accepted", locked, actor=actor)


def put_aside(receipt: Receipt, *, actor: Actor) -> None:
    """Put a held receipt aside, with its bytes. Raises ConflictError for one that is not held."""
    with transaction.atomic():
        locked = _locked(receipt, states=(ReceiptState.HELD,))
        locked.state = ReceiptState.ASIDE
        locked.save(update_fields=["state"])
        counters.shift(locked.client_file_id, held=-1)
        _record("receipt.put-aside", locked, actor=actor)


def take_back(receipt: Receipt, *, actor: Actor) -> None:
    """Take a receipt back that was put aside. Raises ConflictError for one that was not."""
    with transaction.atomic():
        locked = _locked(receipt, states=(ReceiptState.ASIDE,))
        locked.state = ReceiptState.HELD
        locked.save(update_fields=["state"])
        counters.shift(locked.client_file_id, held=1)
        _record("receipt.taken-back", locked, actor=actor)


def _locked(receipt: Receipt, *, states: tuple[ReceiptState, ...]) -> Receipt:
    counters.hold(receipt.client_file_id)
    locked = Receipt.objects.select_for_update().get(id=receipt.id)
    if locked.state not in states:
        raise ConflictError(_("Somebody decided about this delivery meanwhile. Reload the page."))
    return locked


def _let_in(receipt: Receipt) -> Receipt:
    """Have a locked receipt opened again, past every reason to hold it."""
    receipt.state, receipt.is_accepted, receipt.waits_since = ReceiptState.STORED, True, timezone.now()
    receipt.save(update_fields=["state", "is_accepted", "waits_since"])
    enqueue(OPEN_RECEIPT, subject_id=receipt.id, practice_id=receipt.practice_id)
    return receipt


# ----------------------------------------------------------------------------------------------------- tasks


def finish_task(receipt: Receipt, *, actor: Actor) -> None:
    """Say that what a mail asks for is done. Twice is once."""
    with transaction.atomic():
        counters.hold(receipt.client_file_id)
        locked = Receipt.objects.select_for_update().get(id=receipt.id)
        if not locked.has_task:
            return
        locked.has_task = False
        locked.task = locked.task | {"done_at": timezone.now().isoformat(), "done_by": actor.name}
        locked.save(update_fields=["has_task", "task"])
        counters.touch(locked.client_file_id)
        _record("receipt.task-done", locked, actor=actor)


def _record(verb: str, receipt: Receipt, *, actor: Actor) -> None:
    subject = audit.Subject(kind="receipt", id=receipt.id, client_file_id=receipt.client_file_id)
    audit.record(verb, actor=actor, practice_id=receipt.practice_id, subject=subject)


def _record_of_file(
    verb: str,
    client_file: ClientFile,
    *,
    actor: Actor,
    before: dict[str, str] | None = None,
    after: dict[str, str] | None = None,
) -> None:
    subject = audit.Subject(kind="client-file", id=client_file.id, client_file_id=client_file.id)
    audit.record(
        verb, actor=actor, practice_id=client_file.practice_id, subject=subject, before=before or {}, after=after or {}
    )
