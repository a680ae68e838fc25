"""Puts mails through the front door: the running receiver, by SMTP, like every mail from outside."""

from __future__ import annotations

import smtplib
import time
from collections.abc import Iterable
from email.message import EmailMessage
from typing import Final

from liasse.config import values

_TRIES: Final = 5
_PAUSE: Final = 2.0
_PATIENCE: Final = 30.0


class PostError(Exception):
    """The receiver did not take a mail; the text is what it said."""


def post(mails: Iterable[EmailMessage]) -> int:
    """Send mails one after the other; give how many. A mail that is put off is tried again a few times."""
    count = 0
    for mail in mails:
        _send(mail)
        count += 1
    return count


def _send(mail: EmailMessage) -> None:
    said = ""
    for attempt in range(_TRIES):
        if attempt:
            time.sleep(_PAUSE)
        try:
            with smtplib.SMTP(_host(), values.SMTP.port, timeout=_PATIENCE) as door:
                door.send_message(mail)
        except (OSError, smtplib.SMTPException) as error:
            said = _words(error)
        else:
            return
    raise PostError(said)


def _host() -> str:
    """Give the host to connect to; a receiver that listens on every interface is met on this machine's own."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(values.SMTP.host, values.SMTP.host)  # noqa: S104  Compared with.


def _words(error: Exception) -> str:
    """Give what the receiver said, without Python's wrapping."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(text.decode(errors="replace") for _code, text in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        return text.decode(errors="replace") if isinstance(text, bytes) else str(text)
    return str(error)
