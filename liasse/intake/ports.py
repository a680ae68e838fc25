"""What asks DNS about senders."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol


class SenderDns(Protocol):
    """Looks up what domains publish about who may send for them."""

    @property
    def is_on(self) -> bool:
        """Tell whether DNS is asked at all on this instance."""

    def ask(self, questions: Collection[str], *, seconds: float) -> dict[str, list[str] | None]:
        """Give the records for each ``"TXT example.fr"``, an empty list for none, None where no answer came.

        ``seconds`` is how long all of them may take together.
        """
