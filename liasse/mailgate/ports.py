"""Port behind which the receiver finds addresses and leaves mail."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from liasse.mailgate.types import Answer, Delivery, ReceivedMail


class MailDesk(Protocol):
    """Knows the addresses and takes mail in. Its methods block, and are called from threads.

    Whatever they raise is answered with a temporary refusal, so that the sender comes back.
    """

    def has_room(self) -> bool:
        """Tell whether the disk has room enough to begin another message."""
        ...

    def lookup_all(self, local_parts: Sequence[str], *, domain: str) -> list[Answer]:
        """Tell what to do with each of these addresses; a local part is lower-case and has no tag.

        Takes the same time for closed and unknown addresses.
        """
        ...

    def deliver_all(self, mails: Sequence[ReceivedMail]) -> list[Delivery]:
        """Take each message for each of its recipients, and tell what became of it.

        When this returns, the bytes and one receipt a recipient survive a loss of power, where no
        fault is told. The same bytes for the same recipient are one receipt, however often they come.
        What it raises is the fault of every message.
        """
        ...
