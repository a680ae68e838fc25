"""No provider of mail: nobody tells anything."""

from __future__ import annotations

from collections.abc import Mapping

from liasse.messaging.types import MailEvent


class NoMailEvents:
    """Stands where a provider's events would come in."""

    is_configured = False

    def is_from_provider(self, authorization: str) -> bool:
        """Trust nobody."""
        del authorization
        return False

    def read(self, body: bytes, *, headers: Mapping[str, str]) -> list[MailEvent]:
        """Read nothing."""
        del body, headers
        return []
