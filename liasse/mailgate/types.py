"""Words of the mail receiver."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from liasse.lib.mailboxes import Mailbox


class Standing(StrEnum):
    """What the receiver must do with a recipient."""

    KNOWN = "known"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the desk says of a local part; ``ticket`` is its own note, handed back on delivery.

    ``practice`` and ``file`` are names under which the mail of each is counted.
    """

    standing: Standing
    ticket: object = None
    practice: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class Recipient:
    """One recipient that was accepted, with the desk's note."""

    mailbox: Mailbox
    ticket: object = None
    practice: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class ReceivedMail:
    """One message between its final dot and its answer.

    ``content`` is what was sent, byte for byte, in pieces, without the dots of the transfer;
    ``sender`` is blank for a null sender.
    """

    recipients: tuple[Recipient, ...]
    sender: str
    content: tuple[bytes, ...]
    size: int
    received_at: datetime
    peer: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a message: the SHA-256 of its bytes, and for each recipient in order why not, or None."""

    sha256: str
    faults: tuple[Exception | None, ...]

    @property
    def fault(self) -> Exception | None:
        """Give why it was not taken for somebody; None when it was taken for everybody."""
        return next((fault for fault in self.faults if fault is not None), None)
