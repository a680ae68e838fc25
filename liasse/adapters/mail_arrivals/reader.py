"""Reads the providers' inbound webhooks: the mail as it was sent where the provider gives it, else written anew.

A mail that is written anew has the same bytes each time, so that a provider's second try is the same receipt.
"""

from __future__ import annotations

import hmac
import json
import warnings
from base64 import b64decode, encodebytes
from collections.abc import Callable, Mapping
from email.message import Message
from email.policy import compat32
from typing import Any, Final
from urllib.parse import quote, urljoin

import requests
from anymail.exceptions import AnymailError
from anymail.inbound import AnymailInboundMessage
from anymail.webhooks.brevo import BrevoInboundWebhookView
from anymail.webhooks.mailgun import MailgunInboundWebhookView
from anymail.webhooks.mailjet import MailjetInboundWebhookView
from anymail.webhooks.postmark import PostmarkInboundWebhookView
from anymail.webhooks.sendgrid import SendGridInboundWebhookView
from django.core.exceptions import ImproperlyConfigured, SuspiciousOperation

from liasse.adapters.mail_arrivals.forms import ProviderRequest, request_of
from liasse.core.errors import TransientError
from liasse.intake.ports import ArrivedMail

_TIMEOUT: Final = 15
_LARGEST_HEAD: Final = 256 * 1024
_NO_MAIL: Final = (
    AnymailError,
    ImproperlyConfigured,
    SuspiciousOperation,
    LookupError,
    TypeError,
    AttributeError,
    RecursionError,
)


class AnymailMailArrivals:
    """Reads what one provider brings; it shows a secret as the password of HTTP's basic authorisation."""

    def __init__(self, *, provider: str, secret: str, key: str = "", url: str = "") -> None:
        """Keep who the provider is and its secret; a blank secret means that nothing is taken.

        ``key`` is Mailgun's signing key, whose signature is then required beside the secret, or Brevo's API key,
        with which the attachments are fetched from ``url``.
        """
        self.provider = provider
        self.secret = secret
        self.key = key
        self.url = url

    @property
    def is_configured(self) -> bool:
        """Tell whether a provider and its secret are set up."""
        return self.provider in _READERS and bool(self.secret)

    def is_from_provider(self, authorization: str) -> bool:
        """Tell whether the header shows the secret, whatever the user's name in it."""
        scheme, _blank, shown = authorization.partition(" ")
        try:
            words = b64decode(shown, validate=True) if scheme.lower() == "basic" else b""
        except ValueError:
            words = b""
        return self.is_configured and hmac.compare_digest(words.partition(b":")[2], self.secret.encode())

    def read(self, body: bytes, *, headers: Mapping[str, str]) -> list[ArrivedMail]:
        """Give the mails in a request; ValueError for one that no provider would send, TransientError to try again."""
        try:
            return _READERS[self.provider](self, request_of(body, headers=headers))
        except requests.RequestException as error:
            raise TransientError from error
        except _NO_MAIL as error:
            raise ValueError(f"no mail of this provider: {error}") from error

    # ------------------------------------------------------------------------------- one provider each

    def _mailgun(self, request: ProviderRequest) -> list[ArrivedMail]:
        view = MailgunInboundWebhookView(webhook_signing_key=self.key or "-", webhook_secret=["-:-"])
        if self.key:
            # The secret was looked at already, so only the signature is.
            view.basic_auth = None
            view.run_validators(request)
        raw = request.fields.get("body-mime")
        content = raw if raw is not None else _of_event(view, request)
        return [_mail(content, request.POST.get("recipient", "").split(","), sender=request.POST.get("sender", ""))]

    def _sendgrid(self, request: ProviderRequest) -> list[ArrivedMail]:
        envelope = json.loads(request.POST.get("envelope", "{}"))
        raw = request.fields.get("email") if "headers" not in request.fields else None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            content = raw if raw is not None else _of_event(_quiet(SendGridInboundWebhookView), request)
        return [_mail(content, envelope.get("to", []), sender=str(envelope.get("from", "")))]

    def _postmark(self, request: ProviderRequest) -> list[ArrivedMail]:
        event = json.loads(request.body)
        raw = event.get("RawEmail")
        if raw is not None:
            content = str(raw).encode("utf-8", "surrogateescape")
        else:
            content = _of_event(_quiet(PostmarkInboundWebhookView), request)
        first = (event.get("Headers") or [{}])[0]
        sender = str(first.get("Value", "")).strip("<> ") if first.get("Name", "").lower() == "return-path" else ""
        return [_mail(content, [event.get("OriginalRecipient") or ""], sender=sender)]

    def _mailjet(self, request: ProviderRequest) -> list[ArrivedMail]:
        event = json.loads(request.body)
        content = _of_event(_quiet(MailjetInboundWebhookView), request)
        return [_mail(content, str(event.get("Recipient", "")).split(","), sender=str(event.get("Sender", "")))]

    def _brevo(self, request: ProviderRequest) -> list[ArrivedMail]:
        view = _Brevo(api_key=self.key, webhook_secret=["-:-"], **({"api_url": self.url} if self.url else {}))
        mails = []
        for item in json.loads(request.body)["items"]:
            message = view.esp_to_anymail_event(item).message
            sender = str(message["Return-Path"] or "").strip("<> ")
            mails.append(_mail(_written(message), item.get("Recipients") or [], sender=sender))
        return mails


class _Brevo(BrevoInboundWebhookView):  # type: ignore[misc]  # django-anymail has no types
    """Brevo gives the attachments by its own interface only."""

    def _fetch_attachment(self, attachment: dict[str, Any]) -> Any:  # noqa: ANN401 - as it has it
        url = urljoin(self.api_url, f"inbound/attachments/{quote(attachment['DownloadToken'], safe='')}")
        answer = requests.get(url, headers={"api-key": self.api_key}, timeout=_TIMEOUT, allow_redirects=False)
        answer.raise_for_status()
        if answer.status_code != requests.codes.ok:
            raise TransientError
        return AnymailInboundMessage.construct_attachment(
            content_type=answer.headers.get("Content-Type") or attachment["ContentType"],
            content=answer.content,
            filename=attachment.get("Name"),
            content_id=attachment.get("ContentID"),
        )


_READERS: Final[dict[str, Callable[[AnymailMailArrivals, ProviderRequest], list[ArrivedMail]]]] = {
    "brevo": AnymailMailArrivals._brevo,  # noqa: SLF001 - its own
    "mailgun": AnymailMailArrivals._mailgun,  # noqa: SLF001 - its own
    "mailjet": AnymailMailArrivals._mailjet,  # noqa: SLF001 - its own
    "postmark": AnymailMailArrivals._postmark,  # noqa: SLF001 - its own
    "sendgrid": AnymailMailArrivals._sendgrid,  # noqa: SLF001 - its own
}


def _quiet(view: type[Any]) -> Any:  # noqa: ANN401 - django-anymail has no types
    # A secret that nobody looks at: ours was looked at before the body was read.
    return view(webhook_secret=["-:-"])


def _of_event(view: Any, request: ProviderRequest) -> bytes:  # noqa: ANN401 - the same
    (event,) = view.parse_events(request)
    return _written(event.message)


def _mail(content: bytes, recipients: list[str], *, sender: str) -> ArrivedMail:
    named = tuple(str(one).strip() for one in recipients if str(one).strip())
    return ArrivedMail(content=content, recipients=named, sender=sender.strip()[:320])


def _written(message: Message) -> bytes:
    """Write a message down, the same bytes each time: boundaries are counted instead of drawn."""
    if sum(len(str(name)) + len(str(value)) for name, value in message.raw_items()) > _LARGEST_HEAD:
        raise ValueError("a mail whose head is too large")
    for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"=_liasse_{number}_=")
    for part in message.walk():
        if not part.is_multipart():
            _wrap(part)
    return message.as_bytes(policy=compat32)


def _wrap(part: Message) -> None:
    """Write a part's bytes so that no line end among them is touched."""
    content = part.get_payload(decode=True)
    if isinstance(content, bytes):
        del part["Content-Transfer-Encoding"]
        part["Content-Transfer-Encoding"] = "base64"
        part.set_payload(encodebytes(content).decode())
