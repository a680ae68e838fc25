"""No provider brings mail."""

from __future__ import annotations

from collections.abc import Mapping

from liasse.intake.ports import ArrivedMail


class NoMailArrivals:
    """Stands where a provider's mails would come in."""

    is_configured = False

    def is_from_provider(self, authorization: str) -> bool:
        """Trust nobody."""
        del authorization
        return False

    def read(self, body: bytes, *, headers: Mapping[str, str]) -> list[ArrivedMail]:
        """Read nothing."""
        del body, headers
        return []
