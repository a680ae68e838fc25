"""Words of links and tokens."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class LinkState(StrEnum):
    """Whether a link takes anything now, and why not."""

    OPEN = "open"
    FULL = "full"
    EXPIRED = "expired"
    REVOKED = "revoked"
    CLOSED = "closed"
    """Its client file is archived."""


class TokenScope(StrEnum):
    """What a program may do with a token in the files that it reaches."""

    HAND_IN = "receipts:write"
    READ = "documents:read"


MIB: Final = 1024**2
MOST_DAYS: Final = 365
MOST_FILES: Final = 1_000
MOST_MIB: Final = 10_240
LONGEST_REQUEST: Final = 200
