"""No SMS provider: nothing leaves, and the screens say so."""

from __future__ import annotations

from liasse.messaging.ports import SendError
from liasse.messaging.types import Fate, SentSms, Trouble


class NoSmsSender:
    """Stands where a provider of SMS would."""

    is_configured = False

    def send(self, sms: SentSms) -> None:
        """Refuse: there is nobody to hand the text to."""
        del sms
        raise _none()

    def fate(self, sms: SentSms) -> Fate:
        """Know nothing."""
        del sms
        raise _none()


def _none() -> SendError:
    return SendError("no SMS provider is set up", permanent=False, trouble=Trouble.SET_UP)
