"""Words of the life of a whole file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Obstacles:
    """Why a file may not be deleted now; with neither it may.

    ``kept_until`` is the last day on which the law asks for its pieces; ``members`` names the people
    of the client who can sign in.
    """

    kept_until: date | None = None
    members: tuple[str, ...] = ()

    @property
    def is_free(self) -> bool:
        """Tell whether nothing stands in the way."""
        return self.kept_until is None and not self.members
