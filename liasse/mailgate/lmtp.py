"""LMTP (RFC 2033), spoken by a mail server in front: the same session, with an answer for each recipient.

Only one's own relays speak it: they have taken the message already, keep what is put off, and tell with
XFORWARD from whom they had it.
"""

from __future__ import annotations

import ipaddress
import re
from typing import Final

from liasse.mailgate.answers import COMMANDS
from liasse.mailgate.server import MailSession, reply_to
from liasse.mailgate.types import Delivery, ReceivedMail

_STRANGER: Final = "421 4.7.0 LMTP is spoken with our own relays only"
_ENCODED: Final = re.compile(r"\+([0-9A-F]{2})")


class LmtpSession(MailSession):
    """A session in which each recipient has its own answer after the dot."""

    commands = (COMMANDS - {"HELO", "EHLO", "STARTTLS"}) | {"LHLO", "XFORWARD"}
    protocol = "LMTP"
    nobody = "503 5.5.1 No recipient was accepted"

    def _first_refusal(self) -> str:
        if not self._gate.rates.trusts(self._peer):
            return _STRANGER
        return super()._first_refusal()

    async def smtp_LHLO(self, argument: str) -> None:  # noqa: N802 - aiosmtpd finds commands by name
        """Greet, and say what is offered."""
        offers = [f"SIZE {self._limits.message_bytes}", "8BITMIME", "SMTPUTF8", "PIPELINING", "ENHANCEDSTATUSCODES"]
        await self._greet(argument, lines=[*offers, "XFORWARD NAME ADDR PORT PROTO HELO IDENT SOURCE"])

    async def smtp_XFORWARD(self, argument: str) -> None:  # noqa: N802 - the same
        """Note from which address the relay had the message; the rest of what it tells is not needed."""
        if self._sender is not None or not argument:
            await self._object("503 5.5.1 Say XFORWARD before MAIL")
            return
        for word in argument.split():
            name, _, value = word.partition("=")
            if name.upper() == "ADDR":
                self._sent_by = _address(_ENCODED.sub(lambda found: chr(int(found[1], 16)), value))
        await self.push("250 2.0.0 OK")

    def _alike(self, reply: str) -> list[str]:
        return [reply] * len(self._welcomed)

    def _replies(self, _mail: ReceivedMail, delivery: Delivery) -> list[str]:
        """Give one reply for each RCPT that was welcomed, in their order, repeated ones too."""
        names = [recipient.mailbox.local_part for recipient in _mail.recipients]
        faults = dict(zip(names, delivery.faults, strict=True))
        return [reply_to(delivery, faults[name]) for name in self._welcomed]


def _address(text: str) -> str:
    """Give an address of the network; "" for whatever is none, such as [UNAVAILABLE]."""
    try:
        return str(ipaddress.ip_address(text.removeprefix("IPv6:").removeprefix("ipv6:")))
    except ValueError:
        return ""
