"""Words of what arrives."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Door(StrEnum):
    """The way by which something came in."""

    MAIL = "mail"


class ReceiptState(StrEnum):
    """Where a receipt stands; ``FAILED`` keeps its bytes and can be tried again."""

    STORED = "stored"
    OPENED = "opened"
    UNUSABLE = "unusable"
    FAILED = "failed"


class Verdict(StrEnum):
    """What became of a part."""

    DOCUMENT = "document"
    IGNORED = "ignored"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """One thing at the door, its bytes already safe in the store under ``sha256``."""

    door: Door
    practice_id: UUID
    client_file_id: UUID
    address_id: UUID | None
    sha256: str
    size: int
    received_at: datetime
    envelope_from: str = ""
    envelope_to: str = ""
    peer: str = ""


@dataclass(frozen=True, slots=True)
class OpenedPart:
    """A part of an opened receipt; ``sha256`` is blank when its bytes were not kept apart."""

    index: int
    path: str
    filename: str
    media_type: str
    size: int
    sha256: str
    verdict: Verdict
    reason: str


@dataclass(frozen=True, slots=True)
class OpenedReceipt:
    """What opening a receipt found; ``problem`` is a code when it could not be opened."""

    from_name: str = ""
    from_address: str = ""
    subject: str = ""
    sent_at: datetime | None = None
    message_id: str = ""
    text: str = ""
    parts: tuple[OpenedPart, ...] = field(default_factory=tuple)
    problem: str = ""
