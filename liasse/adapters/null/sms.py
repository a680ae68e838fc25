"""No SMS provider: nothing leaves, and the screens say so."""

from __future__ import annotations

from liasse.messaging.ports import SendError


class NoSmsSender:
    """Stands where a provider of SMS would."""

    is_configured = False

    def send(self, number: str, text: str) -> None:
        """Refuse for good: there is nobody to hand the text to."""
        del number, text
        raise SendError("no SMS provider is set up", permanent=True)
