"""Words of the life of a whole file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


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


class ExportState(StrEnum):
    """Where the taking-out of a whole file stands; after a week ``EXPIRED`` has no ZIP any more."""

    ASKED = "asked"
    UNDER_WAY = "under-way"
    READY = "ready"
    FAILED = "failed"
    EXPIRED = "expired"


class ImportState(StrEnum):
    """Where the restoring of a whole file stands; a refused or failed one wrote nothing."""

    ASKED = "asked"
    CHECKING = "checking"
    RESTORING = "restoring"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


class TransferState(StrEnum):
    """Where a practice's request for a file stands. ``EXPIRED`` is told by the clock and never stored.

    ``ENDED`` says that nobody can answer it any more: the client gave the file to another practice, or
    whoever asked may add no clients now.
    """

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    ENDED = "ended"
