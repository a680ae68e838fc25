"""What one SMTP session does: commands, and the message. aiosmtpd carries the connection and TLS; answers are ours."""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import UTC, datetime

from liasse.core.blobs import StorageFullError
from liasse.lib.mailboxes import AddressSyntaxError, Mailbox, parse_mailbox
from liasse.mailgate.addresses import split_command
from liasse.mailgate.answers import (
    BUSY,
    FAULT,
    GREYLISTED,
    LOOP,
    NO_ROOM,
    TOO_LARGE,
    TOO_MUCH_MAIL,
    HangUpError,
    read_parameters,
)
from liasse.mailgate.content import count_hops, is_ours
from liasse.mailgate.conversation import Conversation
from liasse.mailgate.types import Answer, Delivery, ReceivedMail, Recipient, Standing
from liasse.mailgate.wire import DotDecoder, Gathered

log = logging.getLogger("liasse.mailgate")


class MailSession(Conversation):
    """A session's commands."""

    nobody = "554 5.5.1 No recipient was accepted"
    _sent_by = ""

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
        # The peer begins TLS when it has heard us, before it says anything more.
        self._says_at_once = True
        try:
            await super().smtp_STARTTLS(None)
        finally:
            self._says_at_once = False

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
        declared, refusal = read_parameters(parameters)
        if refusal:
            await self._object(refusal)
        elif declared > self._limits.message_bytes:
            await self.push(TOO_LARGE)
        elif self._gate.rates.begins_too_much(self._peer):
            log.info("too much mail peer=%s", self._peer)
            await self.push(TOO_MUCH_MAIL)
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
            self._welcomed.append(mailbox.local_part)
            await self.push("250 2.1.5 OK")
        elif len(self._recipients) >= self._limits.recipients:
            await self.push("452 4.5.3 Too many recipients, send the others apart")
        else:
            await self._look_up(mailbox)

    async def _look_up(self, mailbox: Mailbox) -> None:
        begun = time.monotonic()
        self._undecided += 1
        if self._gate.rates.puts_off(self._peer, sender=self._sender or "", recipient=mailbox.local_part):
            log.info("greylisted recipient=%r peer=%s", mailbox.given, self._peer)
            await self.push(GREYLISTED)
            return
        answer = await self._gate.lookup(mailbox.local_part)
        if answer.standing == Standing.KNOWN:
            await self._welcome(mailbox, answer)
            return
        self._undecided -= 1
        # Both refusals take the same time, so that it does not tell which addresses once were.
        await asyncio.sleep(max(0.0, begun + self._limits.refusal_time - time.monotonic()))
        log.info("refused recipient=%r standing=%s peer=%s", mailbox.given, answer.standing, self._peer)
        if answer.standing == Standing.CLOSED:
            await self.push("550 5.2.1 That address is closed")
            return
        self._unknown += 1
        if self._gate.rates.note_unknown(self._peer, in_session=self._unknown):
            await asyncio.sleep(self._limits.unknown_pause)
            raise HangUpError("421 4.7.0 Too many unknown addresses, try again later")
        await self.push("550 5.1.1 There is no such address here")

    async def _welcome(self, mailbox: Mailbox, answer: Answer) -> None:
        if self._gate.rates.gets_too_much(practice=answer.practice, file=answer.file):
            log.info("too much mail recipient=%r peer=%s", mailbox.given, self._peer)
            await self.push(TOO_MUCH_MAIL)
            return
        self._undecided -= 1
        self._welcomed.append(mailbox.local_part)
        self._recipients[mailbox.local_part] = Recipient(
            mailbox=mailbox, ticket=answer.ticket, practice=answer.practice, file=answer.file
        )
        await self.push("250 2.1.5 OK")

    # ------------------------------------------------------------------------------ the message

    async def smtp_DATA(self, argument: str) -> None:  # noqa: N802 - the same
        """Take a message: 250 only once it is safe."""
        if argument or self._sender is None:
            await self._object("503 5.5.1 Say MAIL and RCPT first")
            return
        if not self._recipients:
            # No bad command: a peer that pipelines has not read yet that its recipients were refused. What was
            # put off for one of them must not sound final here.
            await self.push(FAULT if self._undecided else self.nobody)
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
        if not reply and self._is_loop(message.head(limit=self._limits.header_bytes)):
            reply = LOOP
        if reply:
            self._gate.release(message.size)
            log.info("refused message reply=%s peer=%s", reply[:9], self._peer)
            replies = self._alike(reply)
        else:
            replies = await self._deliver(message)
        self._forget()
        await self.push("\r\n".join(replies))

    def _alike(self, reply: str) -> list[str]:
        """Give the replies to a message that fares the same for everybody."""
        return [reply]

    def _replies(self, _mail: ReceivedMail, delivery: Delivery) -> list[str]:
        """Give the replies to a message that was left: one here, the worst."""
        return [reply_to(delivery, delivery.fault)]

    def _is_loop(self, head: bytes) -> bool:
        return count_hops(head) >= self._limits.hops or is_ours(head, token=self._gate.post.loop_token)

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

    async def _deliver(self, message: Gathered) -> list[str]:
        mail = ReceivedMail(
            recipients=tuple(self._recipients.values()),
            sender=self._sender or "",
            content=message.pieces(),
            size=message.size,
            received_at=datetime.now(tz=UTC),
            peer=self._sent_by or self._peer,
        )
        begun = time.monotonic()
        try:
            delivery = await self._gate.deliver(mail)
        except Exception as error:  # noqa: BLE001 - the desk may fail in any way; the sender keeps the message and comes back.
            delivery = Delivery(sha256="", faults=(error,) * len(mail.recipients))
        self._note(mail, delivery, milliseconds=1000 * (time.monotonic() - begun))
        return self._replies(mail, delivery)

    def _note(self, mail: ReceivedMail, delivery: Delivery, *, milliseconds: float) -> None:
        """Count what was taken, and tell the log how a message fared."""
        names = ",".join(sorted(self._recipients))
        for recipient, fault in zip(mail.recipients, delivery.faults, strict=True):
            if fault is None:
                self._gate.rates.note_taken(practice=recipient.practice, file=recipient.file)
        if delivery.fault is not None:
            log.error("not taken size=%d to=%r peer=%s", mail.size, names, mail.peer, exc_info=delivery.fault)
            return
        log.info(
            "taken sha256=%s size=%d from=%r to=%r peer=%s ms=%.0f",
            delivery.sha256,
            mail.size,
            mail.sender,
            names,
            mail.peer,
            milliseconds,
        )


def reply_to(delivery: Delivery, fault: Exception | None) -> str:
    """Give the reply for one recipient, or for all."""
    if fault is None:
        return f"250 2.0.0 Received, {delivery.sha256[:16]}"
    return NO_ROOM if isinstance(fault, StorageFullError) else FAULT
