"""Port behind which the receiver finds addresses and leaves mail."""

from __future__ import annotations

from typing import Protocol

from liasse.mailgate.types import Answer, ReceivedMail


class MailDesk(Protocol):
    """Knows the addresses and takes mail in. Its methods block, and are called from threads.

    Whatever they raise is answered with a temporary refusal, so that the sender comes back.
    """

    def has_room(self) -> bool:
        """Tell whether the disk has room enough to begin another message."""
        ...

    def lookup(self, local_part: str, *, domain: str) -> Answer:
        """Tell what to do with an address; the local part is lower-case and has no tag.

        Takes the same time for closed and unknown addresses.
        """
        ...

    def deliver(self, mail: ReceivedMail) -> str:
        """Take a message for all of its recipients or for none; gives its SHA-256.

        When this returns, the bytes and one receipt a recipient survive a loss of power. The
        same bytes for the same recipient are one receipt, however often they come.
        """
        ...
