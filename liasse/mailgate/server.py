"""One SMTP session. aiosmtpd carries the connection and TLS; commands and answers are ours.

Every fault of ours is answered 4xx, so that the sender keeps the message and comes back, and
no answer carries the text of an error.
"""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import UTC, datetime

from aiosmtpd.smtp import SMTP, TLSSetupException

from liasse.core.blobs import StorageFullError
from liasse.mailgate.addresses import AddressSyntaxError, parse_mailbox, split_command
from liasse.mailgate.content import count_hops
from liasse.mailgate.gate import Gate
from liasse.mailgate.types import Mailbox, ReceivedMail, Recipient, Standing
from liasse.mailgate.wire import PIECE, DotDecoder, Gathered, LineTooLongError, Wire

log = logging.getLogger("liasse.mailgate")

FAULT = "451 4.3.0 Something is wrong on our side, try again later"
NO_ROOM = "452 4.3.1 Not enough room on our disk, try again later"
TOO_LARGE = "552 5.3.4 Message too large"
BUSY = "451 4.3.2 Too many large messages at once, try again later"

_COMMANDS = frozenset({"HELO", "EHLO", "MAIL", "RCPT", "DATA", "RSET", "NOOP", "QUIT", "VRFY", "HELP", "STARTTLS"})


class HangUpError(Exception):
    """The session ends with this reply."""

    def __init__(self, reply: str) -> None:
        """Keep the reply."""
        super().__init__(reply)
        self.reply = reply


class MailSession(SMTP):  # type: ignore[misc]  # aiosmtpd's classes are untyped here
    """A connection from its greeting to its end."""

    line_length_limit = PIECE
    _wire: Wire

    def __init__(self, gate: Gate) -> None:
        """Talk on behalf of this gate."""
        self._gate = gate
        self._limits = gate.limits
        self._peer = ""
        self._refusal = ""
        self._is_new = True
        self._bad_commands = 0
        self.is_idle = False
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
        self._wire = Wire(self._reader)
        self._peer = str((self.session.peer or ("local",))[0])
        self._refusal = self._gate.admit(self, peer=self._peer)

    def connection_lost(self, error: Exception | None) -> None:
        """Count the session out."""
        self._gate.dismissed(self, peer=self._peer)
        if self.transport is not None:
            super().connection_lost(error)

    def eof_received(self) -> bool:
        """Answer what a peer said before it closed its side; TLS allows no half-closed connection."""
        self._reader.feed_eof()
        return self.session.ssl is None

    def dismiss(self, reply: str) -> None:
        """Say a last word and hang up, whatever the session is doing."""
        if self.transport is None:
            return
        log.info("dismissed peer=%s reply=%s", self._peer, reply[:9])
        self._writer.write(reply.encode() + b"\r\n")
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
                self.transport.close()

    async def _converse(self) -> None:
        if self._refusal:
            log.info("turned away peer=%s reply=%s", self._peer, self._refusal[:9])
            await self.push(self._refusal)
            return
        await self.push(f"220 {self.hostname} ESMTP Liasse")
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
        if verb not in _COMMANDS:
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
        self._declared = 0

    # ---------------------------------------------------------------------------- the commands

    async def smtp_HELO(self, argument: str) -> None:  # noqa: N802 - aiosmtpd finds commands by name
        """Greet a plain SMTP peer."""
        await self._greet(argument, lines=[])

    async def smtp_EHLO(self, argument: str) -> None:  # noqa: N802 - the same
        """Greet, and say what is offered. There is no AUTH: nobody relays through here."""
        offers = [f"SIZE {self._limits.message_bytes}", "8BITMIME", "SMTPUTF8", "PIPELINING", "ENHANCEDSTATUSCODES"]
        if self.tls_context and not self._tls_protocol:
            offers.insert(0, "STARTTLS")
        await self._greet(argument, lines=offers)

    async def _greet(self, argument: str, *, lines: list[str]) -> None:
        if not argument:
            await self._object("501 5.5.4 Say your host name")
            return
        self._forget()
        self.session.host_name = argument
        *firsts, last = [self.hostname, *lines]
        await self.push("\r\n".join([*(f"250-{line}" for line in firsts), f"250 {last}"]))

    async def smtp_NOOP(self, _argument: str) -> None:  # noqa: N802 - the same
        """Do nothing."""
        await self.push("250 2.0.0 OK")

    async def smtp_RSET(self, argument: str) -> None:  # noqa: N802 - the same
        """Drop the transaction."""
        if argument:
            await self._object("501 5.5.4 RSET takes no argument")
            return
        self._forget()
        await self.push("250 2.0.0 OK")

    async def smtp_VRFY(self, _argument: str) -> None:  # noqa: N802 - the same
        """Tell nothing about addresses."""
        await self.push("252 2.0.0 Send to the address and see")

    async def smtp_HELP(self, _argument: str) -> None:  # noqa: N802 - the same
        """Name the commands."""
        await self.push("214 2.0.0 HELO EHLO MAIL RCPT DATA RSET NOOP QUIT VRFY HELP STARTTLS")

    async def smtp_QUIT(self, _argument: str) -> None:  # noqa: N802 - the same
        """Say goodbye."""
        raise HangUpError("221 2.0.0 Bye")

    async def smtp_STARTTLS(self, argument: str) -> None:  # noqa: N802 - the same
        """Go over to TLS; what was sent ahead in clear is forgotten."""
        if argument or not self.tls_context or self._tls_protocol:
            await self._object("503 5.5.1 TLS is not available now")
            return
        self._wire.clear()
        await super().smtp_STARTTLS(None)

    async def smtp_MAIL(self, argument: str) -> None:  # noqa: N802 - the same
        """Begin a transaction."""
        if not self.session.host_name or self._sender is not None:
            await self._object("503 5.5.1 Say HELO first, and MAIL once")
            return
        try:
            sender, parameters = split_command(argument, keyword="FROM:")
        except AddressSyntaxError:
            await self._object("501 5.1.7 That is not an address")
            return
        declared, refusal = _read_parameters(parameters)
        if refusal:
            await self._object(refusal)
        elif declared > self._limits.message_bytes:
            await self.push(TOO_LARGE)
        elif not await self._gate.has_room():
            log.warning("no room peer=%s", self._peer)
            await self.push(NO_ROOM)
        else:
            self._sender, self._declared = sender, declared
            await self.push("250 2.1.0 OK")

    async def smtp_RCPT(self, argument: str) -> None:  # noqa: N802 - the same
        """Add a recipient, or say why not."""
        if self._sender is None:
            await self._object("503 5.5.1 Say MAIL first")
            return
        try:
            address, parameters = split_command(argument, keyword="TO:")
            mailbox = parse_mailbox(address)
        except AddressSyntaxError:
            await self._object("501 5.1.3 That is not an address")
            return
        if parameters:
            await self._object("555 5.5.4 Parameter not known")
        elif mailbox.domain != self._gate.post.domain:
            await self.push("550 5.7.1 Mail for that domain is not taken here")
        elif mailbox.local_part in self._recipients:
            await self.push("250 2.1.5 OK")
        elif len(self._recipients) >= self._limits.recipients:
            await self.push("452 4.5.3 Too many recipients, send the others apart")
        else:
            await self._look_up(mailbox)

    async def _look_up(self, mailbox: Mailbox) -> None:
        begun = time.monotonic()
        answer = await self._gate.lookup(mailbox.local_part, domain=mailbox.domain)
        if answer.standing == Standing.KNOWN:
            self._recipients[mailbox.local_part] = Recipient(mailbox=mailbox, ticket=answer.ticket)
            await self.push("250 2.1.5 OK")
            return
        # Both refusals take the same time, so that it does not tell which addresses once were.
        await asyncio.sleep(max(0.0, begun + self._limits.refusal_time - time.monotonic()))
        log.info("refused recipient=%r standing=%s peer=%s", mailbox.given, answer.standing, self._peer)
        if answer.standing == Standing.CLOSED:
            await self.push("550 5.2.1 That address is closed")
            return
        if self._gate.note_unknown(self._peer) > self._limits.unknown_per_hour:
            await asyncio.sleep(self._limits.unknown_pause)
            raise HangUpError("421 4.7.0 Too many unknown addresses, try again later")
        await self.push("550 5.1.1 There is no such address here")

    # ------------------------------------------------------------------------------ the message

    async def smtp_DATA(self, argument: str) -> None:  # noqa: N802 - the same
        """Take a message: 250 only once it is safe."""
        if argument or self._sender is None:
            await self._object("503 5.5.1 Say MAIL and RCPT first")
            return
        if not self._recipients:
            # No bad command: a peer that pipelines has not read yet that its recipients were refused.
            await self.push("554 5.5.1 No recipient was accepted")
            return
        # What was announced and cannot be held is refused before it is sent. It is not held back
        # yet, since peers that announce much and send nothing would shut everybody else out.
        if not self._gate.reserve(self._declared):
            await self.push(BUSY)
            return
        self._gate.release(self._declared)
        await self.push("354 Go ahead, end with a dot on its own line")
        message = Gathered()
        try:
            reply = await self._gather(message)
        except BaseException:
            self._gate.release(message.size)
            raise
        if not reply and count_hops(message.head(limit=self._limits.header_bytes)) >= self._limits.hops:
            reply = "554 5.4.6 This message goes round in circles"
        if reply:
            self._gate.release(message.size)
            log.info("refused message reply=%s peer=%s", reply[:9], self._peer)
        else:
            reply = await self._deliver(message)
        self._forget()
        await self.push(reply)

    async def _gather(self, message: Gathered) -> str:
        """Read a message to its end, within the limits; gives the reply that refuses it, or ""."""
        decoder = DotDecoder()
        begun = time.monotonic()
        seen, refusal = 0, ""
        while not decoder.is_finished:
            piece = await self._wire.piece()
            seen += len(piece)
            self._reset_timeout()
            self._check_pace(seen, seconds=time.monotonic() - begun)
            content = decoder.feed(piece)
            if refusal:
                continue
            if message.size + len(content) > self._limits.message_bytes:
                refusal = TOO_LARGE
            elif not self._gate.reserve(len(content)):
                refusal = BUSY
            else:
                message.add(content)
                continue
            self._gate.release(message.size)
            message.drop()
        self._wire.give_back(decoder.rest)
        return refusal

    def _check_pace(self, seen: int, *, seconds: float) -> None:
        if seen > 2 * self._limits.message_bytes:
            raise HangUpError("421 5.3.4 Message far too large")
        if seconds > self._limits.slow_start and seen < seconds * self._limits.slowest_bytes_per_second:
            raise HangUpError("421 4.4.2 Too slow, try again later")

    async def _deliver(self, message: Gathered) -> str:
        mail = ReceivedMail(
            recipients=tuple(self._recipients.values()),
            sender=self._sender or "",
            content=message.pieces(),
            size=message.size,
            received_at=datetime.now(tz=UTC),
            peer=self._peer,
        )
        begun = time.monotonic()
        names = ",".join(sorted(self._recipients))
        try:
            sha256 = await self._gate.deliver(mail)
        except StorageFullError:
            log.exception("no room size=%d to=%r peer=%s", mail.size, names, self._peer)
            return NO_ROOM
        except Exception:  # The desk may fail in any way; the sender keeps the message and comes back.
            log.exception("not taken size=%d to=%r peer=%s", mail.size, names, self._peer)
            return FAULT
        took = 1000 * (time.monotonic() - begun)
        log.info(
            "taken sha256=%s size=%d from=%r to=%r peer=%s ms=%.0f",
            sha256,
            mail.size,
            mail.sender,
            names,
            self._peer,
            took,
        )
        return f"250 2.0.0 Received, {sha256[:16]}"


def _read_parameters(parameters: list[str]) -> tuple[int, str]:
    """Read the parameters of MAIL; gives the announced size, and the reply that refuses them or ""."""
    declared = 0
    for parameter in parameters:
        name, _, value = parameter.upper().partition("=")
        if name == "SIZE" and value.isascii() and value.isdigit():
            declared = int(value[:20])
        elif (name, value) not in {("BODY", "7BIT"), ("BODY", "8BITMIME"), ("SMTPUTF8", "")}:
            return 0, "555 5.5.4 Parameter not known"
    return declared, ""
