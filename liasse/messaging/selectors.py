"""Reads of outgoing messages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q

from liasse.core.tokens import derive_code, derive_token
from liasse.messaging.models import OutgoingMessage
from liasse.messaging.types import MessageState

OPEN: Final = (MessageState.WAITING, MessageState.FAILED, MessageState.BOUNCED)
"""What reached nobody yet: each is sent, sent again, or cancelled in the end."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message as its reader sees it, and the secret link or code in it (blank when it has none)."""

    text: str
    link: str
    code: str = ""


def rendered(message: OutgoingMessage) -> Rendered:
    """Give a message complete with its link or code, which is derived each time and never stored."""
    link = code = ""
    if not message.link_path and message.link_subject_id is not None:
        code = derive_code(message.link_purpose, subject_id=message.link_subject_id, nonce=message.link_nonce)
    elif message.link_subject_id is not None:
        token = derive_token(message.link_purpose, subject_id=message.link_subject_id, nonce=message.link_nonce)
        link = settings.LIASSE_PUBLIC_URL + message.link_path.replace("{token}", token)
    return Rendered(text=message.text.replace("{link}", link).replace("{code}", code), link=link, code=code)


def outbox(
    *, practice_id: UUID, state: MessageState | None = None, before: UUID | None = None, limit: int = 50
) -> list[OutgoingMessage]:
    """Give the practice's messages, all or those of a state, newest first; ``before`` is the last one already seen."""
    everything = OutgoingMessage.objects.filter(practice_id=practice_id)
    messages = everything.filter(state=state) if state else everything
    seen = everything.filter(id=before).values_list("created_at", "id").first() if before else None
    if seen is not None:
        at, message_id = seen
        messages = messages.filter(Q(created_at__lt=at) | Q(created_at=at, id__lt=message_id))
    return list(messages.order_by("-created_at", "-id")[:limit])


def message_of(*, practice_id: UUID, message_id: UUID) -> OutgoingMessage | None:
    """Give one message of the practice, or None."""
    return OutgoingMessage.objects.filter(practice_id=practice_id, id=message_id).first()


def was_written(*, practice_id: UUID, subject_id: UUID, since: datetime, kind: str = "") -> bool:
    """Tell whether a message about a subject was written since a moment; ``kind`` narrows to subjects of one kind."""
    messages = OutgoingMessage.objects.filter(practice_id=practice_id, subject_id=subject_id)
    messages = messages.filter(subject_kind=kind) if kind else messages
    return messages.filter(created_at__gte=since).exists()


def latest_of_subject(practice_id: UUID, subject_ids: Iterable[UUID]) -> dict[UUID, OutgoingMessage]:
    """Give the newest message about each subject that has one, in one query."""
    messages = OutgoingMessage.objects.filter(practice_id=practice_id, subject_id__in=list(subject_ids))
    return {message.subject_id: message for message in messages.order_by("id")}


def count_unsent(practice_id: UUID) -> int:
    """Count the messages that wait, failed or came back, by an index on the state: sent mail costs nothing."""
    return OutgoingMessage.objects.filter(practice_id=practice_id, state__in=OPEN).count()


def count_by_state(practice_id: UUID) -> dict[str, int]:
    """Count the messages of each open state, and those called unwanted; the sent are too many to count."""
    counted = (*OPEN, MessageState.COMPLAINED)
    rows = OutgoingMessage.objects.filter(practice_id=practice_id, state__in=counted).order_by().values_list("state")
    return dict(rows.annotate(count=Count("id")))
