"""Which blobs are read whole this time: a share of all, so that every one is read within thirty runs.

Where all of it is little, all of it is read each time. Where it is much, a run goes on where the last one ended, in
the order of hashes; the mark is kept in ``verify.json`` in the data folder.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

RUNS: Final = 30
"""A run a night reads everything within so many days."""

LEAST: Final = 10 * 1024**3
"""Bytes that are read at least; a store that is no larger is read whole each time."""

_MARGIN: Final = 1.1
_FILE: Final = "verify.json"


@dataclass(frozen=True, slots=True)
class Mark:
    """Where the last run ended: behind which hash, of which total, and when all had been read last."""

    behind: str = ""
    total: int = 0
    round_began: str = ""
    all_read: str = ""


def last_mark(folder: Path) -> Mark:
    """Read the mark; a missing or damaged one is the beginning."""
    try:
        found = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        return Mark(
            behind=str(found["behind"]),
            total=int(found["total"]),
            round_began=str(found["round_began"]),
            all_read=str(found["all_read"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return Mark()


def keep_mark(mark: Mark, *, folder: Path) -> None:
    """Write the mark whole or not at all; if it is lost, a round begins anew."""
    words = {
        "behind": mark.behind,
        "total": mark.total,
        "round_began": mark.round_began,
        "all_read": mark.all_read,
    }
    beside = folder / f"{_FILE}.new"
    beside.write_text(json.dumps(words), encoding="utf-8")
    beside.replace(folder / _FILE)


class Share:
    """The blobs of this run: those behind the mark, until the bytes or the minutes are used up."""

    def __init__(
        self, mark: Mark | None = None, *, most_bytes: int | None = None, minutes: float | None = None
    ) -> None:
        """Take everything without a mark; else at least a thirtieth of what there was last time."""
        self._mark, self._is_full = mark or Mark(), mark is None
        usual = max(LEAST, int(self._mark.total / RUNS * _MARGIN))
        self._most = most_bytes if most_bytes is not None else usual
        self._until = time.monotonic() + minutes * 60 if minutes is not None else None
        self._behind, self._is_over, self._total = self._mark.behind, False, 0
        self.read = 0
        self.count = 0

    def takes(self, sha256: str) -> bool:
        """Tell whether this blob is to be read now; asked in the order of hashes."""
        if self._is_full:
            return True
        if self._is_over or sha256 <= self._mark.behind:
            return False
        is_late = self._until is not None and time.monotonic() >= self._until
        if self.count and (self.read >= self._most or is_late):
            self._is_over = True
        return not self._is_over

    def note(self, sha256: str, *, size: int) -> None:
        """Note that a blob went by; one that was taken was read."""
        if self._is_full or (not self._is_over and sha256 > self._mark.behind):
            self.read, self.count, self._behind = self.read + size, self.count + 1, sha256

    def end(self, *, total: int) -> None:
        """Note that all went by, and what they come to."""
        self._total = total

    @property
    def is_everything(self) -> bool:
        """Tell whether every blob was read in this one run."""
        return self._is_full or (not self._is_over and not self._mark.behind)

    def mark(self) -> Mark:
        """Give the mark for the next run."""
        now = datetime.now(tz=UTC).isoformat(timespec="seconds")
        began = self._mark.round_began if self._mark.behind and not self._is_full else now
        if self._is_over:
            return Mark(behind=self._behind, total=self._total, round_began=began, all_read=self._mark.all_read)
        # Everything was read since the round began.
        return Mark(total=self._total, all_read=began)
