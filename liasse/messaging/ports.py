"""What carries messages out of the building, and what tells how they fared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from liasse.messaging.types import Fate, MailEvent, SentMail, SentSms, Trouble


class MailSender(Protocol):
    """Hands one mail to a relay or provider."""

    @property
    def is_configured(self) -> bool:
        """Tell whether there is one; without, messages wait to be copied by hand."""

    def send(self, mail: SentMail) -> None:
        """Hand the mail over; raise SendError, permanent or not, when it is refused."""


class SmsSender(Protocol):
    """Hands one SMS to a provider."""

    @property
    def is_configured(self) -> bool:
        """Tell whether a provider is set up."""

    def send(self, sms: SentSms) -> None:
        """Hand the text over, once for each key as far as the provider can tell; raise SendError."""

    def fate(self, sms: SentSms) -> Fate:
        """Ask how an SMS fared that was handed over; raise SendError when the provider does not tell."""


class MailEvents(Protocol):
    """Reads what a provider of mail tells about the mails that it took."""

    @property
    def is_configured(self) -> bool:
        """Tell whether a provider and the secret that it shows are set up."""

    def is_from_provider(self, authorization: str) -> bool:
        """Tell whether the ``Authorization`` header shows the secret; in a time that says nothing about it."""

    def read(self, body: bytes, *, headers: Mapping[str, str]) -> list[MailEvent]:
        """Give the events in a request of the provider that matter here; raise ValueError for one that is none."""


class SendError(Exception):
    """The relay or provider did not take a message.

    ``permanent`` means: do not try again. ``trouble`` says why, ``reason`` in whose own words; both are
    shown. ``after`` is how many seconds the provider wants to be left alone, 0 when it did not say.
    """

    def __init__(self, reason: str, *, permanent: bool, trouble: Trouble = Trouble.REFUSED, after: float = 0) -> None:
        """Keep the provider's reason, which is shown to administrators."""
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent
        self.trouble = trouble
        self.after = after

    @property
    def is_everybody_s(self) -> bool:
        """Tell whether the next message would meet the same: nobody answers, or our account is refused."""
        return not self.permanent and self.trouble in {Trouble.AWAY, Trouble.SET_UP, Trouble.CREDIT}
