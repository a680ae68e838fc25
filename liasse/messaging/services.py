"""Outgoing messages: queued in the caller's transaction, sent again or cancelled by people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from liasse.core import audit
from liasse.core.access import Actor, system_actor
from liasse.core.adapters import adapter
from liasse.core.errors import ConflictError
from liasse.core.jobs import enqueue, enqueue_new
from liasse.messaging.limits import (
    MOST_SENDINGS,
    SmsRefusedError,
    late_trouble,
    price_of,
    require_reachable,
    trouble_of,
)
from liasse.messaging.models import OutgoingMessage
from liasse.messaging.ports import MailSender, SmsSender
from liasse.messaging.rules import gsm_text
from liasse.messaging.selectors import OPEN, rendered
from liasse.messaging.types import Channel, Draft, MessageState, Trouble

SEND_MESSAGE: Final = "send-message"
_UNMOVED: Final = (MessageState.SENT, MessageState.COMPLAINED, MessageState.CANCELLED)


def can_send_email() -> bool:
    """Tell whether a relay or provider is set up; without one, mails wait in the outbox with their links."""
    return mail_sender().is_configured


def can_send_sms() -> bool:
    """Tell whether an SMS provider is set up."""
    return sms_sender().is_configured


def mail_sender() -> MailSender:
    """Give what carries mails."""
    sender: MailSender = adapter("mail_sender")
    return sender


def sms_sender() -> SmsSender:
    """Give what carries SMS."""
    sender: SmsSender = adapter("sms_sender")
    return sender


def is_served(channel: str) -> bool:
    """Tell whether messages of a channel leave by themselves."""
    return can_send_email() if channel == Channel.EMAIL else can_send_sms()


@transaction.atomic
def queue(draft: Draft, *, practice_id: UUID, subject: audit.Subject, actor: Actor) -> OutgoingMessage:
    """Keep a message and the job that sends it; needs the practice's scope or the instance's.

    ``subject`` is what the message is about; its client file's history shows the message too. Raises
    SmsRefusedError for an SMS that may not leave when a person waits for the answer; one that Liasse
    itself writes is kept as failed, with why.
    """
    message = _message(draft, practice_id=practice_id, subject=subject, actor=actor)
    message.save(force_insert=True)
    # From here on the practice's chain is locked, so that two at once do not both find a last place free.
    record("queued", message, actor=actor)
    if draft.channel is Channel.SMS and not _may_leave(message, actor=actor):
        return message
    enqueue(SEND_MESSAGE, subject_id=message.id, practice_id=practice_id)
    return message


@transaction.atomic
def queue_mails(
    drafts: Sequence[tuple[Draft, audit.Subject]], *, practice_id: UUID, actor: Actor
) -> list[OutgoingMessage]:
    """Keep several mails as ``queue`` does each. About five queries, however many they are; SMS go one by one."""
    messages = OutgoingMessage.objects.bulk_create(
        _message(draft, practice_id=practice_id, subject=subject, actor=actor) for draft, subject in drafts
    )
    facts = [_fact("queued", message) for message in messages if not message.holds_code]
    audit.record_all(facts, actor=actor, practice_id=practice_id)
    enqueue_new(SEND_MESSAGE, subject_ids=[message.id for message in messages], practice_id=practice_id)
    return messages


def _message(draft: Draft, *, practice_id: UUID, subject: audit.Subject, actor: Actor) -> OutgoingMessage:
    link, is_sms = draft.link, draft.channel is Channel.SMS
    return OutgoingMessage(
        practice_id=practice_id,
        client_file_id=subject.client_file_id,
        subject_kind=subject.kind,
        subject_id=subject.id,
        channel=draft.channel,
        to_address=draft.to_address,
        to_name=draft.to_name[:200],
        subject=draft.subject[:300],
        text=gsm_text(draft.text) if is_sms else draft.text,
        language=draft.language[:5],
        action=draft.action[:80],
        in_reply_to=draft.in_reply_to[:300],
        asked_by=actor.user_id,
        link_path=link.path if link else "",
        link_purpose=link.purpose if link else "",
        link_subject_id=link.subject_id if link else None,
        link_nonce=link.nonce if link else "",
    )


def _may_leave(message: OutgoingMessage, *, actor: Actor) -> bool:
    message.price = price_of(rendered(message).text, number=message.to_address)
    message.save(update_fields=["price"])
    trouble = trouble_of(message)
    if trouble is None:
        return True
    if actor.kind != "system":
        raise SmsRefusedError(trouble)
    message.state, message.trouble = MessageState.FAILED, trouble
    message.save(update_fields=["state", "trouble"])
    record("failed", message, actor=system_actor(message.practice_id))
    return False


def require_sms_reachable(number: str) -> None:
    """Raise SmsRefusedError for a number that no SMS may go to, so that a form can say so at once."""
    require_reachable(number)


@transaction.atomic
def retry(message: OutgoingMessage, *, actor: Actor) -> OutgoingMessage:
    """Send a failed or bounced message again, or look at once at one that waits.

    Raises ConflictError for others, and SmsRefusedError for an SMS that may not leave again.
    """
    locked = _lock(message)
    if locked.state in _UNMOVED:
        raise ConflictError(_("This message was sent or cancelled already."))
    # A cautious second look at the same sending goes on under its key; a new one has a key of its own.
    if locked.state != MessageState.WAITING:
        _renew(locked)
    locked.next_try_at, locked.trouble, locked.last_error = None, "", ""
    locked.save()
    record("retried", locked, actor=actor)
    enqueue(SEND_MESSAGE, subject_id=locked.id, practice_id=locked.practice_id)
    return locked


def _renew(message: OutgoingMessage) -> None:
    is_sms = message.channel == Channel.SMS
    if is_sms and message.sending >= MOST_SENDINGS:
        raise SmsRefusedError(Trouble.TRIES)
    # What never left cost nothing.
    price = price_of(rendered(message).text, number=message.to_address) if is_sms else message.price
    message.price = message.price + price if message.attempts or message.sending else price
    if is_sms:
        # One that was refused before it ever left is looked at as a new one.
        was_tried = bool(message.attempts or message.sending)
        trouble = late_trouble(message) if was_tried else trouble_of(message)
        if trouble is not None:
            raise SmsRefusedError(trouble)
    message.state, message.sending = MessageState.WAITING, message.sending + 1
    message.attempts, message.first_try_at, message.sent_at, message.delivered_at = 0, None, None, None


@transaction.atomic
def cancel(message: OutgoingMessage, *, actor: Actor) -> OutgoingMessage:
    """Never send a message that waits, failed or came back. Twice is once. Raises ConflictError for a sent one."""
    locked = _lock(message)
    if locked.state in {MessageState.SENT, MessageState.COMPLAINED}:
        raise ConflictError(_("This message was sent already."))
    if locked.state != MessageState.CANCELLED:
        locked.state = MessageState.CANCELLED
        locked.save(update_fields=["state"])
        record("cancelled", locked, actor=actor)
    return locked


def withdraw(*, practice_id: UUID, subject_id: UUID, actor: Actor) -> None:
    """Cancel whatever did not reach anybody about a subject, because it holds no more."""
    messages = OutgoingMessage.objects.filter(practice_id=practice_id, subject_id=subject_id, state__in=OPEN)
    for message in messages.order_by("id"):
        cancel(message, actor=actor)


def forget(*, practice_id: UUID, kinds: Sequence[str], before: datetime) -> None:
    """Remove messages about subjects of these kinds that were written before a moment, whatever became of them."""
    old = OutgoingMessage.objects.filter(practice_id=practice_id, created_at__lt=before, client_file_id=None)
    old.filter(subject_kind__in=kinds).delete()


def due() -> QuerySet[OutgoingMessage]:
    """Give every waiting message that can leave by itself; needs the instance's scope."""
    channels = [channel for channel in Channel if is_served(channel)]
    return OutgoingMessage.objects.filter(state=MessageState.WAITING, channel__in=channels)


def enqueue_waiting() -> None:
    """Give a job to every waiting message that can leave now; needs the instance's scope."""
    for message_id, practice_id in due().order_by("id").values_list("id", "practice_id").iterator():
        enqueue(SEND_MESSAGE, subject_id=message_id, practice_id=practice_id)


def end(message: OutgoingMessage, *, state: MessageState, trouble: str = "", reason: str = "") -> None:
    """Write how a waiting message ended, unless somebody cancelled it while it was on its way."""
    sent_at = timezone.now() if state is MessageState.SENT else None
    with transaction.atomic():
        waiting = OutgoingMessage.objects.filter(id=message.id, state=MessageState.WAITING)
        if waiting.update(state=state, sent_at=sent_at, next_try_at=None, trouble=trouble, last_error=reason[:500]):
            record(str(state), message, actor=system_actor(message.practice_id))


def record(what: str, message: OutgoingMessage, *, actor: Actor) -> None:
    """Write into the history of what the message is about what became of it.

    A code is in none: whoever asks for one types any address, and a history keeps what it has for ever.
    """
    if message.holds_code:
        return
    fact = _fact(what, message)
    audit.record(fact.verb, actor=actor, practice_id=message.practice_id, subject=fact.subject, after=fact.after)


def _fact(what: str, message: OutgoingMessage) -> audit.Fact:
    subject = audit.Subject(kind=message.subject_kind, id=message.subject_id, client_file_id=message.client_file_id)
    after = {"channel": message.channel, "to": message.to_address, "message": str(message.id)}
    return audit.Fact(f"{message.subject_kind}.message-{what}", subject=subject, after=after)


def _lock(message: OutgoingMessage) -> OutgoingMessage:
    rows = OutgoingMessage.objects.select_for_update()
    return rows.get(practice_id=message.practice_id, id=message.id)
