"""The ZIP of a whole file, written piece by piece: an entry's hash is known when its last byte has left."""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Final, Self

from liasse.lib.pipes import Pipe

_PIECE: Final = 256 * 1024
_FAST: Final = 1
"""PDFs and pictures hardly get smaller: the least effort keeps an export short."""
_ZIP64_FROM: Final = 2**31 - 1


def as_line(row: Mapping[str, Any]) -> bytes:
    """Give a row as JSON on one line."""
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode("utf-8", errors="replace")


class Table:
    """Rows on their way into the ZIP, kept on disk: a ZIP takes one entry after the other."""

    def __init__(self, *, scratch: Path) -> None:
        """Begin an empty table in a nameless file, which is gone with the process."""
        self._file = tempfile.TemporaryFile(dir=scratch)  # noqa: SIM115 - closed by `close`
        self.count = 0

    def add(self, row: Mapping[str, Any]) -> None:
        """Write one more row."""
        self._file.write(as_line(row) + b"\n")
        self.count += 1

    def as_array(self) -> Iterator[bytes]:
        """Yield the rows as one JSON array with a row a line, so that it can also be read line by line."""
        self._file.seek(0)
        yield b"["
        for number, line in enumerate(self._file):
            yield (b",\n" if number else b"\n") + line[:-1]
        yield b"\n]\n"

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


class WholeZip:
    """A ZIP that is read while it is written. Each method yields the bytes that are ready to leave.

    ``entries`` lists every entry with its SHA-256 and size, for the manifest.
    """

    def __init__(self, *, scratch: Path) -> None:
        """Begin an empty archive."""
        self._pipe = Pipe()
        self._archive = zipfile.ZipFile(
            self._pipe, "w", compression=zipfile.ZIP_DEFLATED, compresslevel=_FAST, allowZip64=True
        )
        self.entries = Table(scratch=scratch)
        self.last_sha256 = ""

    def __enter__(self) -> Self:
        """Give the archive itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of what is on disk."""
        del kind, error, trace
        self.entries.close()

    def add_file(self, name: str, source: BinaryIO, *, size: int) -> Iterator[bytes]:
        """Write a file of about this size; the last thing to be known is its entry in ``entries``."""
        yield from self.add(name, iter(lambda: source.read(_PIECE), b""), size=size)

    def add(self, name: str, pieces: Iterable[bytes], *, size: int = 0) -> Iterator[bytes]:
        """Write one entry of these pieces."""
        digest, written, waiting = hashlib.sha256(), 0, 0
        with self._archive.open(name, "w", force_zip64=size > _ZIP64_FROM) as target:
            for piece in pieces:
                digest.update(piece)
                written += len(piece)
                waiting += len(piece)
                target.write(piece)
                if waiting >= _PIECE:
                    waiting = 0
                    yield self._pipe.taken()
        self.last_sha256 = digest.hexdigest()
        self.entries.add({"name": name, "sha256": self.last_sha256, "size": written})
        yield self._pipe.taken()

    def end(self) -> Iterator[bytes]:
        """Write the directory at the archive's end."""
        self._archive.close()
        yield self._pipe.taken()
