"""Identifiers that sort by the moment they were made (RFC 9562, UUID version 7)."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from uuid import UUID

_VERSION = 0x7 << 76
_VARIANT = 0b10 << 62
_LOW_62_BITS = (1 << 62) - 1


def uuid7() -> UUID:
    """Give a new version 7 UUID: 48 bits of Unix milliseconds, then 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    noise = int.from_bytes(os.urandom(10))
    high_12 = (noise >> 62) & 0xFFF
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80 | _VERSION | high_12 << 64
    return UUID(int=value | _VARIANT | noise & _LOW_62_BITS)


def first_id_at(moment: datetime) -> UUID:
    """Give the smallest version 7 UUID of a moment, less a second for clocks that were set back meanwhile."""
    milliseconds = int((moment.timestamp() - 1) * 1000)
    return UUID(int=(milliseconds & 0xFFFF_FFFF_FFFF) << 80)


def moment_of(made: UUID) -> datetime:
    """Give the moment at which a version 7 UUID was made, to the millisecond, in UTC."""
    return datetime.fromtimestamp((made.int >> 80) / 1000, tz=UTC)


def as_uuid(text: str) -> UUID | None:
    """Read an id that came from outside; None for whatever is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
