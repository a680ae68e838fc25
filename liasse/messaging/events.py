"""What providers tell about mails that they took comes back onto the message."""

from __future__ import annotations

import re
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from liasse.core.access import system_actor
from liasse.core.adapters import adapter
from liasse.core.scope import instance_scope, practice_scope
from liasse.messaging.models import OutgoingMessage
from liasse.messaging.ports import MailEvents
from liasse.messaging.services import record
from liasse.messaging.types import Channel, MailEvent, MailEventKind, MessageState, Trouble

_KEY: Final = re.compile(r"([0-9a-f]{32})\.([0-9]{1,4})")
_TROUBLES: Final = {MailEventKind.BOUNCED: Trouble.BOUNCED, MailEventKind.COMPLAINED: Trouble.COMPLAINT}
_STATES: Final = {
    MailEventKind.DELIVERED: MessageState.SENT,
    MailEventKind.BOUNCED: MessageState.BOUNCED,
    MailEventKind.COMPLAINED: MessageState.COMPLAINED,
}


def mail_events() -> MailEvents:
    """Give what reads the provider's events."""
    reader: MailEvents = adapter("mail_events")
    return reader


def take(event: MailEvent) -> bool:
    """Write an event onto its message; tells whether anything changed.

    Unknown messages, older sendings and other addresses are passed over in silence, and so is an event that
    came already. A mail that came back and arrives after all is sent; one that was called unwanted stays so.
    """
    found = _KEY.fullmatch(event.key)
    if found is None:
        return False
    with instance_scope():
        message = OutgoingMessage.objects.filter(
            id=UUID(found[1]), sending=int(found[2]), channel=Channel.EMAIL, attempts__gt=0
        ).first()
    if message is None or message.to_address.casefold() != event.address.casefold():
        return False
    with practice_scope(message.practice_id):
        trouble = _TROUBLES.get(event.kind)
        return write(message, kind=event.kind, trouble=trouble, reason=event.reason)


@transaction.atomic
def write(message: OutgoingMessage, *, kind: MailEventKind, trouble: Trouble | None, reason: str) -> bool:
    """Write how a message fared that was handed over; tells whether that is news. Needs its practice's scope."""
    rows = OutgoingMessage.objects.select_for_update()
    locked = rows.get(practice_id=message.practice_id, id=message.id)
    if locked.state in {MessageState.CANCELLED, MessageState.COMPLAINED} or locked.sending != message.sending:
        return False
    state = _STATES[kind]
    if trouble is None:
        if locked.delivered_at is not None and locked.state == MessageState.SENT:
            return False
        locked.state, locked.trouble, locked.last_error = state, "", ""
        locked.delivered_at = timezone.now()
    else:
        if locked.state == state:
            return False
        locked.state, locked.trouble, locked.last_error = state, trouble, reason[:500]
    locked.sent_at = locked.sent_at or timezone.now()
    locked.next_try_at = None
    locked.save()
    record(str(kind), locked, actor=system_actor(locked.practice_id))
    return True
