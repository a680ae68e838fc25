"""What `liasse verify` found, and how it says how far it is."""

from __future__ import annotations

import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

_EVERY: Final = 2.0


@dataclass(slots=True)
class Findings:
    """What was counted, and what is wrong; ``unclaimed`` are blobs that no row names.

    ``unattended`` counts what is unfinished and has no job.
    """

    rows: Counter[str] = field(default_factory=Counter)
    blobs: int = 0
    bytes: int = 0
    events: int = 0
    practices: int = 0
    defects: list[str] = field(default_factory=list)
    unclaimed: list[str] = field(default_factory=list)
    unattended: dict[str, int] = field(default_factory=dict)


class Progress:
    """Says on standard error how far the comparison is, every two seconds; nothing where nobody watches."""

    def __init__(self, *, is_shown: bool = False) -> None:
        """Say it, or stay silent."""
        self._is_shown, self._rows, self._last = is_shown, 0, time.monotonic()

    def step(self, *, rows: int, read: int) -> None:
        """Count rows that went by; ``read`` is how many bytes were read in all."""
        self._rows += rows
        if self._is_shown and time.monotonic() - self._last >= _EVERY:
            self._last = time.monotonic()
            self._write(f"{self._rows:,} rows compared, {read / 1e9:,.1f} GB read")

    def say(self, text: str) -> None:
        """Say what is done next."""
        if self._is_shown:
            self._write(text)

    def _write(self, text: str) -> None:
        sys.stderr.write(f"  {text}\n")
        sys.stderr.flush()
