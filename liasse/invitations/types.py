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
    """What became of an invitation; sending is the message's own state, running out is told by the clock."""

    WAITING = "waiting"
    OPENED = "opened"
    ACCEPTED = "accepted"
    EXPIRED = "expired"
    REVOKED = "revoked"
    DECLINED = "declined"


PENDING: Final = (InvitationState.WAITING, InvitationState.OPENED)
"""Neither answered nor ended by anybody."""

LIFETIMES: Final = {
    InvitationKind.COLLEAGUE: timedelta(hours=72),
    InvitationKind.MEMBER: timedelta(days=7),
}

MOST_BY_CLIENT: Final = 20
"""How many invitations the people of one client may send within a day; a practice is not counted."""


class LinkState(StrEnum):
    """What a person who holds the link may do with it at this moment: all but ``OPEN`` is an end."""

    OPEN = "open"
    EXPIRED = "expired"
    USED = "used"
    REVOKED = "revoked"
    DECLINED = "declined"
    REPLACED = "replaced"
    ADDRESS_CHANGED = "address-changed"
    ROLE_CHANGED = "role-changed"
    PERSON_GONE = "person-gone"
    INVITER_SUSPENDED = "inviter-suspended"
    FILE_ARCHIVED = "file-archived"
    UNKNOWN = "unknown"


class Shown(StrEnum):
    """Where an invitation stands for those who sent it: its own state, its messages' and the clock's in one word."""

    WAITING = "waiting"
    STUCK = "stuck"
    SENT = "sent"
    FAILED = "failed"
    OPENED = "opened"
    ACCEPTED = "accepted"
    EXPIRED = "expired"
    ENDED = "ended"
    REVOKED = "revoked"
    DECLINED = "declined"
