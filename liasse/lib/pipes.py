"""A file that is read while it is written."""

from __future__ import annotations

import io
from typing import Any


class Pipe(io.RawIOBase):
    """What an archive writes to; it cannot be sought in, so the archive never looks back."""

    def __init__(self) -> None:
        """Begin empty."""
        super().__init__()
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        """Say that it can be written to."""
        return True

    def write(self, piece: Any) -> int:  # noqa: ANN401 - any buffer, as io has it.
        """Keep a copy of these bytes until they are taken; give how many there are."""
        self._pieces.append(bytes(piece))
        return len(piece)

    def taken(self) -> bytes:
        """Give what was written since the last time, and forget it."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)
