"""What carries messages out of the building."""

from __future__ import annotations

from typing import Protocol

from liasse.messaging.types import SentMail


class MailSender(Protocol):
    """Hands one mail to a relay."""

    @property
    def is_configured(self) -> bool:
        """Tell whether there is a relay; without one, messages wait to be copied by hand."""

    def send(self, mail: SentMail) -> None:
        """Hand the mail over; raise SendError, permanent or not, when the relay refuses."""


class SmsSender(Protocol):
    """Hands one SMS to a provider."""

    @property
    def is_configured(self) -> bool:
        """Tell whether a provider is set up."""

    def send(self, number: str, text: str) -> None:
        """Hand the text over to the number in international form; raise SendError."""


class SendError(Exception):
    """The relay or provider did not take a message; ``permanent`` means: do not try again."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        """Keep the provider's reason, which is shown to administrators."""
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent
