"""Sending what waits: one message at a time, tried again with growing pauses, given up after its time."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from random import uniform
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from liasse.core.jobs import enqueue
from liasse.messaging import events, services
from liasse.messaging.html import as_html
from liasse.messaging.limits import late_trouble
from liasse.messaging.lines import LINES, Line
from liasse.messaging.models import OutgoingMessage
from liasse.messaging.ports import SendError
from liasse.messaging.rules import CODE_GIVES_UP_AFTER, GIVES_UP_AFTER, pause_after
from liasse.messaging.selectors import rendered
from liasse.messaging.types import Channel, MailEventKind, MessageState, SentMail, SentSms, Trouble
from liasse.practices.models import Practice

FOLLOW_MESSAGE: Final = "follow-message"
LOOKS_AFTER: Final = (timedelta(seconds=30), *(timedelta(minutes=minutes) for minutes in (2, 10, 60, 240)))
"""When after its sending an SMS is asked about."""

_UNCERTAIN: Final = timedelta(minutes=1)
"""How far our clock may be from a provider's."""


def deliver(message_id: UUID) -> datetime | None:
    """Send a waiting message; without a relay or provider it goes on waiting.

    Gives when to try again, or None when the message is done with: sent, or failed for good, with why. A crash
    between the relay's yes and ours sends the mail again, under the same Message-ID; an SMS only where its
    provider cannot tell that it took it.
    """
    message = OutgoingMessage.objects.filter(id=message_id, state=MessageState.WAITING).first()
    if message is None or not services.is_served(message.channel):
        return None
    line = LINES[Channel(message.channel)]
    pause = line.pause()
    if pause:
        return _wait_for(line, message, seconds=pause)
    trouble = late_trouble(message) if message.channel == Channel.SMS and not message.attempts else None
    if trouble is not None:
        services.end(message, state=MessageState.FAILED, trouble=trouble)
        return None
    rows = OutgoingMessage.objects.filter(id=message.id)
    rows.update(attempts=F("attempts") + 1, first_try_at=message.first_try_at or timezone.now())
    try:
        with line.used():
            _send(message)
    except SendError as error:
        return _refused(message, error=error, line=line)
    services.end(message, state=MessageState.SENT)
    if message.channel == Channel.SMS:
        enqueue(
            FOLLOW_MESSAGE,
            subject_id=message.id,
            practice_id=message.practice_id,
            due_at=timezone.now() + LOOKS_AFTER[0],
        )
    return None


def follow(message_id: UUID) -> datetime | None:
    """Ask the provider how an SMS fared that it took, a few times within hours; gives when to ask next, or None.

    So a firm needs no address that its provider could call.
    """
    message = OutgoingMessage.objects.filter(
        id=message_id, channel=Channel.SMS, state=MessageState.SENT, delivered_at=None
    ).first()
    if message is None or message.sent_at is None or not services.can_send_sms():
        return None
    with suppress(SendError):
        fate = services.sms_sender().fate(_sms(message))
        if fate.is_delivered or fate.trouble is not None:
            kind = MailEventKind.DELIVERED if fate.is_delivered else MailEventKind.BOUNCED
            events.write(message, kind=kind, trouble=fate.trouble, reason=fate.reason)
            return None
    later = (message.sent_at + pause for pause in LOOKS_AFTER)
    return next((at for at in later if at > timezone.now()), None)


def give_up(message_id: UUID) -> None:
    """Mark a message failed that no worker survived; the reason of its last try stays with it."""
    message = OutgoingMessage.objects.filter(id=message_id, state=MessageState.WAITING).first()
    if message is not None:
        services.end(
            message,
            state=MessageState.FAILED,
            trouble=message.trouble or Trouble.REFUSED,
            reason=message.last_error,
        )


def _wait_for(line: Line, message: OutgoingMessage, *, seconds: float) -> datetime:
    """Let a message wait for a line that is away; the first time, its row says so."""
    # Spread, so that a whole queue does not come back in the same instant.
    until = timezone.now() + timedelta(seconds=seconds * uniform(1, 2))  # noqa: S311 - no secret is made of it
    if line.said and not message.trouble:
        rows = OutgoingMessage.objects.filter(id=message.id, state=MessageState.WAITING)
        rows.update(trouble=Trouble.AWAY, last_error=line.said[:500], next_try_at=until)
    return until


def _refused(message: OutgoingMessage, *, error: SendError, line: Line) -> datetime | None:
    now = timezone.now()
    began = message.first_try_at or now
    has_code = message.link_subject_id is not None and not message.link_path
    is_over = now - began >= (CODE_GIVES_UP_AFTER if has_code else GIVES_UP_AFTER[Channel(message.channel)])
    if error.permanent or is_over:
        services.end(message, state=MessageState.FAILED, trouble=error.trouble, reason=error.reason)
        return None
    pause = max(pause_after(message.attempts).total_seconds(), error.after, line.pause())
    until = now + timedelta(seconds=pause)
    rows = OutgoingMessage.objects.filter(id=message.id, state=MessageState.WAITING)
    rows.update(trouble=error.trouble, last_error=error.reason[:500], next_try_at=until)
    return until


def _send(message: OutgoingMessage) -> None:
    if message.channel == Channel.SMS:
        services.sms_sender().send(_sms(message))
        return
    shown, key = rendered(message), _key(message)
    practice = Practice.objects.get(id=message.practice_id)
    name = key if message.sending else str(message.id)
    services.mail_sender().send(
        SentMail(
            to_address=message.to_address,
            to_name=message.to_name,
            from_name=practice.name,
            subject=message.subject,
            text=shown.text,
            html=as_html(message, language=message.language or practice.language, firm=practice.name),
            message_id=f"<{name}@{settings.LIASSE_MAIL_DOMAIN}>",
            key=key,
            in_reply_to=message.in_reply_to,
        )
    )


def _sms(message: OutgoingMessage) -> SentSms:
    return SentSms(
        number=message.to_address,
        text=rendered(message).text,
        key=_key(message),
        since=(message.first_try_at or timezone.now()) - _UNCERTAIN,
        is_again=message.attempts > 0,
    )


def _key(message: OutgoingMessage) -> str:
    return f"{message.id.hex}.{message.sending}"
