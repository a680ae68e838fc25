"""Reads the providers' tracking webhooks: what arrived, came back, or was called spam."""

from __future__ import annotations

import hmac
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from anymail.exceptions import AnymailError
from anymail.signals import AnymailTrackingEvent, EventType
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from liasse.adapters.mail_anymail.sender import METADATA
from liasse.lib.mail_words import one_line
from liasse.messaging.types import MailEvent, MailEventKind

_VIEWS: Final = {
    "brevo": "anymail.webhooks.brevo.BrevoTrackingWebhookView",
    "mailjet": "anymail.webhooks.mailjet.MailjetTrackingWebhookView",
    "postmark": "anymail.webhooks.postmark.PostmarkTrackingWebhookView",
    "sendgrid": "anymail.webhooks.sendgrid.SendGridTrackingWebhookView",
}
_KINDS: Final = {
    EventType.DELIVERED: MailEventKind.DELIVERED,
    EventType.BOUNCED: MailEventKind.BOUNCED,
    EventType.REJECTED: MailEventKind.BOUNCED,
    EventType.FAILED: MailEventKind.BOUNCED,
    EventType.COMPLAINED: MailEventKind.COMPLAINED,
}
_LONGEST_REASON: Final = 300


@dataclass(frozen=True, slots=True)
class _Request:
    """As much of a request as the readers of django-anymail look at."""

    body: bytes
    headers: Mapping[str, str]


class AnymailMailEvents:
    """Reads the events of one provider, which shows a secret as the password of HTTP's basic authorisation."""

    def __init__(self, *, provider: str, secret: str) -> None:
        """Keep who the provider is and its secret; a blank secret means that nothing is taken."""
        self.secret = secret
        self.view = _VIEWS.get(provider, "")

    @property
    def is_configured(self) -> bool:
        """Tell whether a provider and its secret are set up."""
        return bool(self.view and self.secret)

    def is_from_provider(self, authorization: str) -> bool:
        """Tell whether the header shows the secret, whatever the user's name in it."""
        scheme, _blank, shown = authorization.partition(" ")
        try:
            words = b64decode(shown, validate=True) if scheme.lower() == "basic" else b""
        except ValueError:
            words = b""
        password = words.partition(b":")[2]
        return self.is_configured and hmac.compare_digest(password, self.secret.encode())

    def read(self, body: bytes, *, headers: Mapping[str, str]) -> list[MailEvent]:
        """Give the events that matter here; raise ValueError for a body that no provider would send."""
        view = import_string(self.view)(webhook_secret=["liasse:" + self.secret])
        try:
            events = view.parse_events(_Request(body=body, headers=headers))
            return [event for event in map(_event, events) if event is not None]
        except (AnymailError, ImproperlyConfigured, LookupError, TypeError, AttributeError, RecursionError) as error:
            raise ValueError(f"no event of this provider: {error}") from error


def _event(event: AnymailTrackingEvent) -> MailEvent | None:
    kind = _KINDS.get(event.event_type)
    metadata: Any = event.metadata
    key = metadata.get(METADATA) if isinstance(metadata, dict) else None
    if kind is None or not isinstance(key, str):
        return None
    said = event.mta_response or event.description or event.reject_reason or ""
    return MailEvent(
        kind=kind,
        key=key,
        address=str(event.recipient or ""),
        reason=one_line(str(said))[:_LONGEST_REASON],
    )
