"""What looking for cuts needs from outside. Implementations run in a child process, without Django."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class PageLook:
    """How a page looks from afar: the share of it that is not paper, and its width for its height."""

    ink: float
    shape: float


class PageLooker(Protocol):
    """Looks at pages without reading them."""

    def look(self, path: Path, *, most: int) -> Sequence[PageLook]:
        """Give the look of the first pages, at most so many; nothing for a file that cannot be opened."""
        ...
