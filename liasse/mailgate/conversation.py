"""The connection of one SMTP session, and the turns of its conversation.

Every fault of ours is answered 4xx, so that the sender keeps the message and comes back, and
no answer carries the text of an error.
"""

from __future__ import annotations

import asyncio
import logging

from aiosmtpd.smtp import SMTP, TLSSetupException

from liasse.mailgate.answers import COMMANDS, FAULT, HangUpError
from liasse.mailgate.gate import Gate
from liasse.mailgate.rates import LOCAL
from liasse.mailgate.types import Recipient
from liasse.mailgate.wire import PIECE, LineTooLongError, Wire

log = logging.getLogger("liasse.mailgate")


class Conversation(SMTP):  # type: ignore[misc]  # aiosmtpd's classes are untyped here
    """A connection from its greeting to its end; the commands are the subclass's."""

    line_length_limit = PIECE
    commands = COMMANDS
    protocol = "ESMTP"
    _wire: Wire

    def __init__(self, gate: Gate) -> None:
        """Talk on behalf of this gate."""
        self._gate = gate
        self._limits = gate.limits
        self._peer = ""
        self._refusal = ""
        self._is_new = True
        self._bad_commands = 0
        self._unknown = 0
        self.is_idle = False
        self._said = bytearray()
        self._says_at_once = False
        self._forget()
        super().__init__(
            None,
            data_size_limit=gate.limits.message_bytes,
            enable_SMTPUTF8=True,
            hostname=gate.post.domain,
            ident="Liasse",
            tls_context=gate.post.tls,
            timeout=gate.limits.silence,
            loop=asyncio.get_running_loop(),
        )

    # ------------------------------------------------------------------------- the connection

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin a session, in clear, or anew once TLS stands."""
        super().connection_made(transport)
        self._forget()
        if not self._is_new:
            self._wire.clear()
            return
        self._is_new = False
        self._wire = Wire(self._reader, before_waiting=self._send_said)
        self._peer = str((self.session.peer or (LOCAL,))[0])
        self._refusal = self._first_refusal()

    def _first_refusal(self) -> str:
        return self._gate.admit(self, peer=self._peer)

    def connection_lost(self, error: Exception | None) -> None:
        """Count the session out."""
        self._gate.dismissed(self, peer=self._peer)
        if self.transport is not None:
            super().connection_lost(error)

    def eof_received(self) -> bool:
        """Answer what a peer said before it closed its side; TLS allows no half-closed connection."""
        self._reader.feed_eof()
        return self.session.ssl is None

    async def push(self, status: str | bytes) -> None:
        """Say something; it is sent with the next wait for the peer, so that pipelined commands share one answer."""
        self._said += status.encode() if isinstance(status, str) else status
        self._said += b"\r\n"
        if self._says_at_once:
            await self._send_said()

    async def _send_said(self) -> None:
        if self._said and self.transport is not None:
            self._writer.write(bytes(self._said))
            self._said.clear()
            await self._writer.drain()

    def dismiss(self, reply: str) -> None:
        """Say a last word and hang up, whatever the session is doing."""
        if self.transport is None:
            return
        log.info("dismissed peer=%s reply=%s", self._peer, reply[:9])
        self._writer.write(bytes(self._said) + reply.encode() + b"\r\n")
        self._said.clear()
        self.transport.close()
        self._handler_coroutine.cancel()

    def _timeout_cb(self) -> None:
        self.dismiss("421 4.4.2 Nothing was heard for too long")

    # ------------------------------------------------------------------------ the conversation

    async def _handle_client(self) -> None:
        try:
            await self._converse()
        except ConnectionError:
            # The peer is gone, and whatever it had not finished saying was not said.
            log.debug("gone peer=%s", self._peer)
        except TLSSetupException as error:
            # A connection that never reached TLS is not reported lost by the transport.
            log.info("no tls peer=%s", self._peer)
            self.transport.close()
            self.connection_lost(error)
        finally:
            if self.transport is not None:
                if self._said and not self.transport.is_closing():
                    self._writer.write(bytes(self._said))
                    self._said.clear()
                self.transport.close()

    async def _converse(self) -> None:
        if self._refusal:
            log.info("turned away peer=%s reply=%s", self._peer, self._refusal[:9])
            await self.push(self._refusal)
            return
        await self.push(f"220 {self.hostname} {self.protocol} Liasse")
        try:
            while self.transport is not None and not self.transport.is_closing():
                await self._answer_next()
        except HangUpError as goodbye:
            log.info("hung up peer=%s reply=%s", self._peer, goodbye.reply[:9])
            await self.push(goodbye.reply)

    async def _answer_next(self) -> None:
        if self._gate.is_draining:
            raise HangUpError("421 4.3.2 Shutting down, try again later")
        self.is_idle = True
        try:
            line = await self._wire.line(limit=self._limits.command_bytes)
        except LineTooLongError:
            await self._object("500 5.5.2 Command line too long")
            return
        finally:
            self.is_idle = False
        try:
            await self._obey(line)
        except (HangUpError, ConnectionError, TLSSetupException):
            raise
        except Exception:  # Whatever goes wrong on our side is answered 451, and told to the log only.
            log.exception("fault peer=%s", self._peer)
            await self.push(FAULT)

    async def _obey(self, line: bytes) -> None:
        word, _, argument = line.partition(b" ")
        verb = word.decode("ascii", "replace").upper()
        if verb not in self.commands:
            await self._object("500 5.5.2 Command not known")
            return
        self._reset_timeout()
        method = getattr(self, f"smtp_{verb}")
        await method(argument.decode("utf-8", "surrogateescape").strip())

    async def _object(self, reply: str) -> None:
        """Refuse a command that makes no sense; too many of them end the session."""
        self._bad_commands += 1
        if self._bad_commands >= self._limits.bad_commands:
            raise HangUpError("421 4.7.0 Too many errors")
        await self.push(reply)

    def _forget(self) -> None:
        """Begin a new transaction."""
        self._sender: str | None = None
        self._recipients: dict[str, Recipient] = {}
        self._welcomed: list[str] = []
        self._declared = 0
        self._undecided = 0
