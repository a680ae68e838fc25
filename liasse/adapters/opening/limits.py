"""What may be taken apart, and how much is left of it: all containers of one receipt share one budget."""

from __future__ import annotations

from dataclasses import dataclass

_MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class OpeningLimits:
    """How much one receipt may hold (reliability.md 3.3); sizes in bytes.

    ``max_entries`` and ``max_unpacked`` are those of all its archives together, ``max_ratio`` is how many
    times its size an archive or an entry may grow to, once that is more than ``ratio_from``.
    """

    max_depth: int = 20
    max_parts: int = 500
    max_header_line: int = 100 * 1024
    max_header_block: int = 256 * 1024
    max_archive: int = 100 * _MIB
    max_entries: int = 500
    max_unpacked: int = 500 * _MIB
    max_ratio: int = 100
    ratio_from: int = 10 * _MIB
    max_nested: int = 1


class NotOpenedError(Exception):
    """A container is refused whole; ``code`` is the reason, which has a sentence."""

    def __init__(self, code: str) -> None:
        """Keep the code of the reason."""
        super().__init__(code)
        self.code = code


@dataclass(slots=True)
class Budget:
    """What is left for the archives of one receipt."""

    limits: OpeningLimits
    entries: int = 0
    unpacked: int = 0

    def count_entry(self) -> None:
        """Count one more entry. Raises NotOpenedError beyond the limit."""
        self.entries += 1
        if self.entries > self.limits.max_entries:
            raise NotOpenedError("archive-too-many")

    def count_bytes(self, size: int) -> None:
        """Count bytes as they come out of an archive. Raises NotOpenedError beyond the limit."""
        self.unpacked += size
        if self.unpacked > self.limits.max_unpacked:
            raise NotOpenedError("archive-too-large")

    def check_ratio(self, unpacked: int, *, packed: int) -> None:
        """Stop what grows as no honest file does. Raises NotOpenedError."""
        if unpacked > self.limits.ratio_from and unpacked > packed * self.limits.max_ratio:
            raise NotOpenedError("archive-bomb")
