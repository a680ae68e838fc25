"""A watched folder on the disk: what is complete in it, taken into our hands by one rename, put away after.

scan.pdf → .liasse/<id>/scan.pdf → done/scan.pdf, or refused/scan.pdf with refused/scan.pdf.txt
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import UUID

from liasse.lib.ids import as_uuid, uuid7

HANDS: Final = ".liasse"
"""Where a file is between being taken and put away; its folder's name is the delivery's."""

DONE: Final = "done"
REFUSED: Final = "refused"
_UNFINISHED: Final = (".part", ".partial", ".tmp", ".temp", ".crdownload", ".filepart", ".swp", "~")


@dataclass(frozen=True, slots=True)
class Look:
    """How a file looked at one moment; two looks that are the same say that nobody writes to it."""

    inode: int
    size: int
    changed: int


@dataclass(frozen=True, slots=True)
class Held:
    """A file in our hands."""

    id: UUID
    path: Path


@dataclass(slots=True)
class Place:
    """One watched folder and the client file that it feeds; remembers since when each file looks the same."""

    folder: Path
    client_file_id: UUID
    _looks: dict[str, tuple[Look, float]] = field(default_factory=dict)

    def ready(self) -> None:
        """Make the folders that are needed; raises OSError where that cannot be."""
        for name in (HANDS, DONE, REFUSED):
            (self.folder / name).mkdir(mode=0o700, exist_ok=True)

    def complete(self, *, now: float, quiet: float) -> list[Path]:
        """Give the files to which nobody has written for ``quiet`` seconds, the oldest first."""
        seen: dict[str, tuple[Look, float]] = {}
        complete = []
        with os.scandir(self.folder) as entries:
            for entry in entries:
                look = _look(entry) if _is_wanted(entry.name) else None
                if look is None:
                    continue
                before, since = self._looks.get(entry.name, (None, now))
                seen[entry.name] = (look, since if before == look else now)
                if before == look and now - since >= quiet:
                    complete.append((look.changed, entry.name))
        self._looks = seen
        return [self.folder / name for _changed, name in sorted(complete)]

    def take(self, path: Path) -> Held | None:
        """Take a file into our hands by one rename, under an id of its own; None where it is gone meanwhile."""
        self._looks.pop(path.name, None)
        held = Held(id=uuid7(), path=Path())
        room = self.folder / HANDS / str(held.id)
        room.mkdir(mode=0o700)
        try:
            path.rename(room / path.name)
        except FileNotFoundError:
            room.rmdir()
            return None
        sync(room)
        sync(room.parent)
        sync(self.folder)
        return Held(id=held.id, path=room / path.name)

    def take_again(self, held: Held) -> None:
        """Give a file that grew while it was read a new id: what is there now is another delivery."""
        room = self.folder / HANDS / str(uuid7())
        room.mkdir(mode=0o700)
        held.path.rename(room / held.path.name)
        sync(room)
        sync(room.parent)
        held.path.parent.rmdir()

    def in_hands(self) -> Iterator[Held]:
        """Give what a killed process left in our hands, and remove rooms that are empty."""
        for room in sorted((self.folder / HANDS).iterdir()):
            delivery = as_uuid(room.name)
            if delivery is None or not room.is_dir():
                continue
            files = sorted(room.iterdir())
            if not files:
                room.rmdir()
            for path in files:
                yield Held(id=delivery, path=path)

    def put_away(self, held: Held, *, sentence: str = "") -> Path:
        """Move a file to ``done``, or to ``refused`` with the sentence beside it; never onto another."""
        target = self.folder / (REFUSED if sentence else DONE)
        path = _free(target, held.path.name, beside=".txt" if sentence else "")
        if sentence:
            # Before the file: whoever sees the file finds its sentence.
            path.with_name(f"{path.name}.txt").write_text(f"{sentence}\n", encoding="utf-8")
        held.path.rename(path)
        sync(target)
        with suppress(OSError):
            held.path.parent.rmdir()
        return path


def _is_wanted(name: str) -> bool:
    return not name.startswith(".") and not name.lower().endswith(_UNFINISHED)


def _look(entry: os.DirEntry[str]) -> Look | None:
    """Look at a plain file; anything else, links among them, is left where it is."""
    try:
        found = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(found.st_mode):
        return None
    return Look(inode=found.st_ino, size=found.st_size, changed=found.st_mtime_ns)


def _free(target: Path, name: str, *, beside: str) -> Path:
    """Give a name that is taken by nobody, nor the one beside it; one process alone writes here."""
    stem, suffix = Path(name).stem, Path(name).suffix
    path, number = target / name, 1
    while os.path.lexists(path) or (beside and os.path.lexists(f"{path}{beside}")):
        number += 1
        path = target / f"{stem} ({number}){suffix}"
    return path


def sync(folder: Path) -> None:
    """Let the names in a folder survive a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
