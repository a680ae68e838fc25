"""One readable log of all parts: on the screen and in the data folder, each line with its part's name."""

import os
import select
import time
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

_LARGEST_FILE = 10 * 1024 * 1024
_OLD_FILES = 4
_LONGEST_LINE = 8 * 1024
_NAME_WIDTH = 9
# What a pipe takes at once when the system says that it takes something.
_SURE = 4096


class Logbook:
    """Writes lines to a file that is rotated and, as far as somebody reads it, to standard output.

    It never waits and never raises: a full disk or a reader that stopped reading must not hold up the parts.
    """

    def __init__(self, path: Path, *, screen: int = 1) -> None:
        self._path = path
        self._screen = screen
        self._file: BinaryIO | None = None
        self._size = 0
        self._left_out = 0
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._open()

    def say(self, sentence: str) -> None:
        """Write a line of the supervisor itself, with the time."""
        self.write("liasse", f"{time.strftime('%Y-%m-%d %H:%M:%S')} {sentence}".encode())

    def announce(self, lines: list[str]) -> None:
        """Write lines meant for the person who started Liasse, without a part's name on the screen."""
        text = "\n".join(lines).encode() + b"\n"
        self._to_file(text)
        self._to_screen(text, wait=2.0)

    def write(self, part: str, line: bytes) -> None:
        """Write one line of a part."""
        if len(line) > _LONGEST_LINE:
            line = line[:_LONGEST_LINE] + b" [...]"
        whole = f"{part:<{_NAME_WIDTH}}".encode() + line.rstrip() + b"\n"
        self._to_file(whole)
        self._to_screen(whole)

    def close(self) -> None:
        """Close the file; what is said later goes to the screen only."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _open(self) -> None:
        self._file = self._path.open("ab", buffering=0)
        self._size = self._file.tell()

    def _to_file(self, line: bytes) -> None:
        with suppress(OSError):
            if self._file is not None and self._size + len(line) > _LARGEST_FILE:
                self._rotate()
            if self._file is not None:
                self._size += self._file.write(line) or 0

    def _rotate(self) -> None:
        self.close()
        for number in range(_OLD_FILES, 0, -1):
            newer = self._path.with_name(f"{self._path.name}.{number - 1}") if number > 1 else self._path
            with suppress(FileNotFoundError):
                newer.replace(self._path.with_name(f"{self._path.name}.{number}"))
        self._open()

    def _to_screen(self, line: bytes, *, wait: float = 0.0) -> None:
        with suppress(OSError):
            for start in range(0, len(line), _SURE):
                if not select.select([], [self._screen], [], wait)[1]:
                    self._left_out += 1
                    return
                if self._left_out:
                    note = f"[{self._left_out} lines left out here; the log has them]\n"
                    self._left_out = 0
                    os.write(self._screen, note.encode())
                os.write(self._screen, line[start : start + _SURE])
