"""Words of outgoing messages."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Channel(StrEnum):
    """How a message goes out."""

    EMAIL = "email"
    SMS = "sms"


class MessageState(StrEnum):
    """Where a message stands. ``WAITING`` without a relay means: copy it by hand."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class MessageLink:
    """The secret link in a message: ``path`` holds ``{token}``, which is derived, never stored."""

    path: str
    purpose: str
    subject_id: UUID
    nonce: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A message to be sent; ``text`` holds ``{link}`` where the link belongs."""

    channel: Channel
    to_address: str
    to_name: str
    subject: str
    text: str
    link: MessageLink | None = None


@dataclass(frozen=True, slots=True)
class SentMail:
    """What the mail port sends: complete, with its link filled in."""

    to_address: str
    to_name: str
    from_name: str
    subject: str
    text: str
    message_id: str
