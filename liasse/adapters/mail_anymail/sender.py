"""Hands mails to Brevo, Mailjet, Postmark or SendGrid."""

from __future__ import annotations

from email.utils import parseaddr
from typing import Any, Final

from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused
from django.core.mail import EmailMultiAlternatives
from django.utils.module_loading import import_string

from liasse.lib.mail_words import one_line, split_address
from liasse.messaging.ports import SendError
from liasse.messaging.types import SentMail, Trouble

METADATA: Final = "liasse"
"""The name under which a provider keeps which sending of which message a mail is."""

_TIMEOUT: Final = 15
"""Seconds for the connection, and then for each piece of the answer."""

_KEYS: Final = {"brevo": "api_key", "mailjet": "api_key", "postmark": "server_token", "sendgrid": "api_key"}
_BY_STATUS: Final = {
    401: Trouble.SET_UP,
    402: Trouble.CREDIT,
    403: Trouble.SET_UP,
    404: Trouble.SET_UP,
    405: Trouble.SET_UP,
    408: Trouble.BUSY,
    429: Trouble.BUSY,
}
_TAKEN: Final = {"sent", "queued"}
_FAULTS: Final = range(500, 600)


class AnymailMailSender:
    """Sends each mail by one request, from one sender address."""

    is_configured = True

    def __init__(self, *, provider: str, key: str, secret: str, url: str, sender: str, loop_token: str = "") -> None:
        """Keep who the provider is and what it wants to see; ``secret`` is Mailjet's second key.

        A blank ``url`` is the provider's public one. ``loop_token`` lets the receiver know a mail of ours.
        """
        self.backend = f"anymail.backends.{provider}.EmailBackend"
        self.options: dict[str, Any] = {
            _KEYS[provider]: key,
            "timeout": _TIMEOUT,
            # What a provider has no word for is left out; nothing that is asked for here is needed by the reader.
            "ignore_unsupported_features": True,
        }
        if provider == "mailjet":
            self.options["secret_key"] = secret
        if url:
            self.options["api_url"] = url
        self.sender = parseaddr(sender)[1] or sender
        self.headers = {"Auto-Submitted": "auto-generated"} | ({"X-Loop": loop_token} if loop_token else {})

    def send(self, mail: SentMail) -> None:
        """Hand a mail to the provider; raise SendError, permanent when it refuses this mail."""
        try:
            message = self._message(mail)
        except ValueError as error:
            raise SendError(f"this mail cannot be written: {error}", permanent=True) from error
        backend = import_string(self.backend)(**self.options)
        try:
            backend.open()
            # A redirect would carry the keys, and the mail, to whoever it names.
            backend.session.max_redirects = 0
            backend.send_messages([message])
        except AnymailError as error:
            raise _told(error) from error
        finally:
            backend.close()
        _require_taken(message)

    def _message(self, mail: SentMail) -> EmailMultiAlternatives:
        message = EmailMultiAlternatives(
            subject=one_line(mail.subject),
            body=mail.text,
            from_email=_address(self.sender, name=mail.from_name),
            to=[_address(mail.to_address, name=mail.to_name)],
            headers=self.headers | _of_answer(mail),
        )
        if mail.html:
            message.attach_alternative(mail.html, "text/html")
        # A link that leads elsewhere first, and a picture that reports, have no place in these mails.
        message.track_clicks = message.track_opens = False  # type: ignore[attr-defined]
        message.metadata = {METADATA: mail.key}  # type: ignore[attr-defined]
        return message


def _address(address: str, *, name: str) -> str:
    local_part, domain = split_address(address)
    quoted = one_line(name).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}" <{local_part}@{domain}>' if quoted else f"{local_part}@{domain}"


def _require_taken(message: EmailMultiAlternatives) -> None:
    """Refuse an answer that says neither yes nor no to our one reader: it was no yes."""
    status = message.anymail_status  # type: ignore[attr-defined]
    if not (status.status or set()) & _TAKEN:
        said = one_line(getattr(status.esp_response, "text", ""))[:500]
        raise SendError(said or "the provider did not take it", permanent=True, trouble=Trouble.REFUSED)


def _told(error: AnymailError) -> SendError:
    """Put a refusal into the one error of the port."""
    reason = one_line(str(error))[:500]
    if isinstance(error, AnymailRecipientsRefused):
        return SendError(reason, permanent=True, trouble=Trouble.REFUSED)
    status = error.status_code
    if status is None:
        is_line = isinstance(error, AnymailAPIError)
        return SendError(reason, permanent=not is_line, trouble=Trouble.AWAY if is_line else Trouble.REFUSED)
    trouble = Trouble.AWAY if status in _FAULTS else _BY_STATUS.get(status, Trouble.REFUSED)
    return SendError(reason, permanent=trouble is Trouble.REFUSED, trouble=trouble)


def _of_answer(mail: SentMail) -> dict[str, str]:
    """Give the headers of an answer that nobody typed (RFC 3834)."""
    if not mail.in_reply_to:
        return {}
    answered = one_line(mail.in_reply_to)
    return {"Auto-Submitted": "auto-replied", "In-Reply-To": answered, "References": answered}
