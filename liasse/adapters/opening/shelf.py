"""The bytes of the parts, written out as they are found, so that memory holds one of them at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

_HEAD = 65_536
_PIECE = 256 * 1024
_BLANKS = b"\x00 \t\r\n"


class CutShortError(Exception):
    """A source ended before its content did; what came before is kept."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Bytes on the shelf: the file they are in, and what judging them needs.

    ``is_whole`` is False when cut short, ``is_borrowed`` True for what arrived itself, whose bytes are in the store.
    """

    path: Path
    size: int
    sha256: str
    head: bytes
    is_blank: bool
    is_whole: bool = True
    is_borrowed: bool = False

    def read(self) -> bytes:
        """Give all of it."""
        return self.path.read_bytes()

    def discard(self) -> None:
        """Take the file away, when what was in it stands on the shelf itself."""
        if not self.is_borrowed:
            self.path.unlink(missing_ok=True)


class Shelf:
    """A folder of numbered files; no name from outside is ever a path."""

    def __init__(self, folder: Path) -> None:
        """Write into a folder that is there."""
        self._folder = folder
        self._count = 0

    def keep(self, content: bytes) -> Kept:
        """Write bytes that are in memory."""
        return self.keep_pieces(content[start : start + _PIECE] for start in range(0, len(content), _PIECE))

    def keep_pieces(self, pieces: Iterable[bytes]) -> Kept:
        """Write pieces as they come; a source that raises CutShortError leaves what it gave before."""
        path = self._folder / f"part-{self._count:04}"
        self._count += 1
        try:
            with path.open("wb") as target:
                return _taken_in(path, pieces, target.write)
        except BaseException:
            path.unlink(missing_ok=True)
            raise


def borrowed(path: Path) -> Kept:
    """Give a file that stays where it is."""
    with path.open("rb") as source:
        kept = _taken_in(path, iter(lambda: source.read(_PIECE), b""), len)
    return replace(kept, is_borrowed=True)


def _taken_in(path: Path, pieces: Iterable[bytes], write: Callable[[bytes], object]) -> Kept:
    digest, size, head, is_blank, is_whole = hashlib.sha256(), 0, b"", True, True
    try:
        for piece in pieces:
            digest.update(piece)
            size += len(piece)
            head = head if len(head) >= _HEAD else (head + piece)[:_HEAD]
            is_blank = is_blank and not piece.strip(_BLANKS)
            write(piece)
    except CutShortError:
        is_whole = False
    return Kept(path, size, digest.hexdigest(), head, is_blank, is_whole)
