"""Outgoing messages: queued in the caller's transaction, sent by the worker, retried or cancelled by people."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from liasse.core import audit
from liasse.core.access import Actor, system_actor
from liasse.core.adapters import adapter
from liasse.core.errors import ConflictError, TransientError
from liasse.core.jobs import enqueue
from liasse.messaging.models import OutgoingMessage
from liasse.messaging.ports import MailSender, SendError, SmsSender
from liasse.messaging.selectors import rendered
from liasse.messaging.types import Channel, Draft, MessageState, SentMail
from liasse.practices.models import Practice

SEND_MESSAGE: Final = "send-message"


def can_send_email() -> bool:
    """Tell whether a relay is set up; without one, mails wait in the outbox with their links."""
    return _mail_sender().is_configured


def can_send_sms() -> bool:
    """Tell whether an SMS provider is set up."""
    return _sms_sender().is_configured


@transaction.atomic
def queue(draft: Draft, *, practice_id: UUID, subject: audit.Subject, actor: Actor) -> OutgoingMessage:
    """Keep a message and the job that sends it; needs the practice's scope or the instance's.

    ``subject`` is what the message is about; its client file's history shows the message too.
    """
    link = draft.link
    message = OutgoingMessage.objects.create(
        practice_id=practice_id,
        client_file_id=subject.client_file_id,
        subject_kind=subject.kind,
        subject_id=subject.id,
        channel=draft.channel,
        to_address=draft.to_address,
        to_name=draft.to_name[:200],
        subject=draft.subject[:300],
        text=draft.text,
        link_path=link.path if link else "",
        link_purpose=link.purpose if link else "",
        link_subject_id=link.subject_id if link else None,
        link_nonce=link.nonce if link else "",
    )
    _record("queued", message, actor=actor)
    enqueue(SEND_MESSAGE, subject_id=message.id, practice_id=practice_id)
    return message


def deliver(message_id: UUID) -> None:
    """Send a waiting message; without a relay or provider it goes on waiting.

    A refusal for good ends as FAILED with the reason. Raises TransientError when another try may
    work. A crash between the relay's yes and ours sends the mail again, under the same Message-ID.
    """
    message = OutgoingMessage.objects.filter(id=message_id, state=MessageState.WAITING).first()
    if message is None or not _is_served(message.channel):
        return
    OutgoingMessage.objects.filter(id=message.id).update(attempts=F("attempts") + 1)
    try:
        _send(message)
    except SendError as error:
        OutgoingMessage.objects.filter(id=message.id).update(last_error=error.reason[:500])
        if not error.permanent:
            raise TransientError(error.reason) from error
        _end(message, state=MessageState.FAILED)
    else:
        _end(message, state=MessageState.SENT)


def give_up(message_id: UUID) -> None:
    """Mark a message failed after its last try; the reason of that try stays with it."""
    message = OutgoingMessage.objects.filter(id=message_id, state=MessageState.WAITING).first()
    if message is not None:
        _end(message, state=MessageState.FAILED)


@transaction.atomic
def retry(message: OutgoingMessage, *, actor: Actor) -> OutgoingMessage:
    """Send a failed message again, or look at once at one that waits. Raises ConflictError for others."""
    locked = _lock(message)
    if locked.state not in {MessageState.FAILED, MessageState.WAITING}:
        raise ConflictError(_("This message was sent or cancelled already."))
    locked.state, locked.last_error = MessageState.WAITING, ""
    locked.save(update_fields=["state", "last_error"])
    _record("retried", locked, actor=actor)
    enqueue(SEND_MESSAGE, subject_id=locked.id, practice_id=locked.practice_id)
    return locked


@transaction.atomic
def cancel(message: OutgoingMessage, *, actor: Actor) -> OutgoingMessage:
    """Never send a message that waits or failed. Twice is once. Raises ConflictError for a sent one."""
    locked = _lock(message)
    if locked.state == MessageState.SENT:
        raise ConflictError(_("This message was sent already."))
    if locked.state != MessageState.CANCELLED:
        locked.state = MessageState.CANCELLED
        locked.save(update_fields=["state"])
        _record("cancelled", locked, actor=actor)
    return locked


def withdraw(*, practice_id: UUID, subject_id: UUID, actor: Actor) -> None:
    """Cancel whatever was not sent yet about a subject, because it holds no more."""
    unsent = (MessageState.WAITING, MessageState.FAILED)
    messages = OutgoingMessage.objects.filter(practice_id=practice_id, subject_id=subject_id, state__in=unsent)
    for message in messages.order_by("id"):
        cancel(message, actor=actor)


def enqueue_waiting() -> None:
    """Give a job to every waiting message that can leave now; needs the instance's scope."""
    channels = [channel for channel in Channel if _is_served(channel)]
    waiting = OutgoingMessage.objects.filter(state=MessageState.WAITING, channel__in=channels).order_by("id")
    for message_id, practice_id in waiting.values_list("id", "practice_id").iterator():
        enqueue(SEND_MESSAGE, subject_id=message_id, practice_id=practice_id)


def _mail_sender() -> MailSender:
    sender: MailSender = adapter("mail_sender")
    return sender


def _sms_sender() -> SmsSender:
    sender: SmsSender = adapter("sms_sender")
    return sender


def _is_served(channel: str) -> bool:
    return can_send_email() if channel == Channel.EMAIL else can_send_sms()


def _send(message: OutgoingMessage) -> None:
    text = rendered(message).text
    if message.channel == Channel.SMS:
        _sms_sender().send(message.to_address, text)
        return
    _mail_sender().send(
        SentMail(
            to_address=message.to_address,
            to_name=message.to_name,
            from_name=Practice.objects.get(id=message.practice_id).name,
            subject=message.subject,
            text=text,
            message_id=f"<{message.id}@{settings.LIASSE_MAIL_DOMAIN}>",
        )
    )


def _end(message: OutgoingMessage, *, state: MessageState) -> None:
    """Write how it ended, unless somebody cancelled it while it was on its way."""
    sent_at = timezone.now() if state is MessageState.SENT else None
    with transaction.atomic():
        waiting = OutgoingMessage.objects.filter(id=message.id, state=MessageState.WAITING)
        words = {"state": state, "sent_at": sent_at} | ({"last_error": ""} if sent_at else {})
        if waiting.update(**words):
            _record(str(state), message, actor=system_actor(message.practice_id))


def _lock(message: OutgoingMessage) -> OutgoingMessage:
    rows = OutgoingMessage.objects.select_for_update()
    return rows.get(practice_id=message.practice_id, id=message.id)


def _record(what: str, message: OutgoingMessage, *, actor: Actor) -> None:
    subject = audit.Subject(kind=message.subject_kind, id=message.subject_id, client_file_id=message.client_file_id)
    verb = f"{message.subject_kind}.message-{what}"
    after = {"channel": message.channel, "to": message.to_address, "message": str(message.id)}
    audit.record(verb, actor=actor, practice_id=message.practice_id, subject=subject, after=after)
