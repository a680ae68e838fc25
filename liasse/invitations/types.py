"""Words of invitations."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Final


class InvitationKind(StrEnum):
    """Who is invited to what."""

    COLLEAGUE = "colleague"
    MEMBER = "member"


class InvitationState(StrEnum):
    """Where an invitation stands; sending is the message's own state."""

    WAITING = "waiting"
    OPENED = "opened"
    ACCEPTED = "accepted"
    EXPIRED = "expired"
    REVOKED = "revoked"


LIFETIMES: Final = {
    InvitationKind.COLLEAGUE: timedelta(hours=72),
    InvitationKind.MEMBER: timedelta(days=7),
}


class LinkState(StrEnum):
    """What a person who holds the link may do with it at this moment: all but ``OPEN`` is an end."""

    OPEN = "open"
    EXPIRED = "expired"
    USED = "used"
    REVOKED = "revoked"
    INVITER_SUSPENDED = "inviter-suspended"
    FILE_ARCHIVED = "file-archived"
