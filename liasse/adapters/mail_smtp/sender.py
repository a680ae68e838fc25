"""Hands mails to a relay over SMTP, with TLS from the first byte, after STARTTLS, or without."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, localtime, parseaddr
from typing import Final
from urllib.parse import unquote, urlsplit

from liasse.lib.mail_words import one_line, split_address
from liasse.messaging.ports import SendError
from liasse.messaging.types import SentMail, Trouble

_PORTS: Final = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
_TIMEOUT: Final = 15
"""Seconds that the relay may take for each answer."""

_PERMANENT: Final = range(500, 600)
_OUR_SET_UP: Final = {530, 534, 535, 538}
"""The relay wants another log-in than ours (RFC 4954): that is put right in the settings, not in the mail."""


@dataclass(frozen=True, slots=True)
class Relay:
    """Where the relay is and how to speak to it."""

    scheme: str
    host: str
    port: int
    user: str
    password: str

    @classmethod
    def of(cls, url: str) -> Relay:
        """Read ``scheme://user:password@host:port``; user and password may be percent-encoded."""
        parts = urlsplit(url)
        return cls(
            scheme=parts.scheme,
            host=parts.hostname or "localhost",
            port=parts.port or _PORTS[parts.scheme],
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )


class SmtpMailSender:
    """Sends each mail over a connection of its own, from one sender address."""

    def __init__(self, relay: str, sender: str, loop_token: str = "") -> None:
        """Keep where the relay is; a blank one means that there is none.

        ``loop_token`` lets the receiver know a mail of ours that comes back.
        """
        self.loop_token = loop_token
        self.relay = Relay.of(relay) if relay else None
        self.sender = parseaddr(sender)[1] or sender

    @property
    def is_configured(self) -> bool:
        """Tell whether there is a relay."""
        return self.relay is not None

    def send(self, mail: SentMail) -> None:
        """Hand a mail to the relay; raise SendError, permanent when the relay refuses this mail with 5xx."""
        if self.relay is None:
            raise SendError("no relay is set up", permanent=False, trouble=Trouble.SET_UP)
        try:
            message = compose(mail, sender=self.sender, loop_token=self.loop_token)
        except (ValueError, IndexError) as error:
            raise SendError(f"this mail cannot be written: {error}", permanent=True) from error
        with _told(), _connection(self.relay) as connection:
            _send(connection, message, has_null_sender=bool(mail.in_reply_to))


def _send(connection: smtplib.SMTP, message: EmailMessage, *, has_null_sender: bool) -> None:
    """Hand a mail over; an answer without a return path (RFC 3834 3.3), unless the relay wants one."""
    if has_null_sender:
        try:
            connection.send_message(message, from_addr="")
        except smtplib.SMTPSenderRefused:
            pass
        else:
            return
    connection.send_message(message)


def compose(mail: SentMail, *, sender: str, loop_token: str = "") -> EmailMessage:
    """Write a mail whose every header is one line, whatever the names in it hold."""
    message = EmailMessage(policy=SMTP)
    message["From"] = _address(sender, name=mail.from_name)
    message["To"] = _address(mail.to_address, name=mail.to_name)
    message["Subject"] = one_line(mail.subject)
    message["Date"] = format_datetime(localtime())
    message["Message-ID"] = one_line(mail.message_id)
    # No holiday note should answer this (RFC 3834).
    message["Auto-Submitted"] = "auto-replied" if mail.in_reply_to else "auto-generated"
    if mail.in_reply_to:
        message["In-Reply-To"] = message["References"] = one_line(mail.in_reply_to)
    if loop_token:
        message["X-Loop"] = loop_token
    message.set_content(mail.text, cte="quoted-printable")
    if mail.html:
        message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    return message


def _address(address: str, *, name: str) -> Address:
    local_part, domain = split_address(address)
    return Address(display_name=one_line(name), username=local_part, domain=domain)


@contextmanager
def _connection(relay: Relay) -> Iterator[smtplib.SMTP]:
    context = ssl.create_default_context()
    connection = (
        smtplib.SMTP_SSL(relay.host, relay.port, timeout=_TIMEOUT, context=context)
        if relay.scheme == "smtps"
        else smtplib.SMTP(relay.host, relay.port, timeout=_TIMEOUT)
    )
    try:
        if relay.scheme == "smtp+starttls":
            connection.starttls(context=context)
        if relay.user:
            connection.login(relay.user, relay.password)
        yield connection
    finally:
        # Once the relay took the mail, a farewell that fails must not send it again.
        with suppress(smtplib.SMTPException, OSError):
            connection.quit()
        connection.close()


@contextmanager
def _told() -> Iterator[None]:
    """Put the faults of a connection into the one error of the port."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        code, answer = next(iter(error.recipients.values()))
        raise _refused(code, answer) from error
    except (smtplib.SMTPConnectError, smtplib.SMTPHeloError, smtplib.SMTPAuthenticationError) as error:
        is_log_in = isinstance(error, smtplib.SMTPAuthenticationError)
        trouble = Trouble.SET_UP if is_log_in else Trouble.AWAY
        raise SendError(_reason(error.smtp_code, error.smtp_error), permanent=False, trouble=trouble) from error
    except smtplib.SMTPResponseException as error:
        raise _refused(error.smtp_code, error.smtp_error) from error
    except (smtplib.SMTPException, OSError) as error:
        said = f"the relay cannot be reached: {error}"
        raise SendError(said, permanent=False, trouble=Trouble.AWAY) from error


def _refused(code: int, answer: bytes | str) -> SendError:
    if code in _OUR_SET_UP:
        return SendError(_reason(code, answer), permanent=False, trouble=Trouble.SET_UP)
    is_permanent = code in _PERMANENT
    trouble = Trouble.REFUSED if is_permanent else Trouble.BUSY
    return SendError(_reason(code, answer), permanent=is_permanent, trouble=trouble)


def _reason(code: int, answer: bytes | str) -> str:
    words = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return f"{code} {one_line(words)}"[:500]
