"""The spool: bytes of unfinished uploads, one file each, on the disk of the data folder.

A file only grows from where its row says that it is safe: what a killed process wrote beyond is cut off. Whoever
writes holds the file's lock, over threads and processes alike.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO, Final, Protocol
from uuid import UUID

from django.conf import settings

from liasse.core.blobs import StorageFaultError, StorageFullError, StorageSyncError
from liasse.intake.errors import ChecksumError, UploadBusyError

_PIECE: Final = 256 * 1024
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
ALGORITHMS: Final[dict[str, Callable[[], Any]]] = {
    "sha256": hashlib.sha256,
    # The protocol asks for it. It tells a broken line from a whole one, and keeps no secret.
    "sha1": lambda: hashlib.sha1(usedforsecurity=False),
}


class Body(Protocol):
    """Bytes that come in."""

    def read(self, size: int, /) -> bytes:
        """Give at most so many bytes, none at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Checksum:
    """The checksum of a piece, by one of ``ALGORITHMS``."""

    algorithm: str
    digest: bytes


def folder() -> Path:
    """Give the folder of the spool."""
    path: Path = settings.LIASSE_DATA / "uploads"
    return path


def _path(upload_id: UUID) -> Path:
    return folder() / upload_id.hex


def length(upload_id: UUID) -> int:
    """Give how many bytes the spool has of an upload."""
    try:
        return _path(upload_id).stat().st_size
    except FileNotFoundError:
        return 0


@contextmanager
def held(upload_id: UUID) -> Iterator[Spooled]:
    """Open an upload's file, made if need be, for the one who writes; UploadBusyError while somebody else does."""
    path = _path(upload_id)
    try:
        descriptor = _opened(path)
    except OSError as error:
        raise _fault(error) from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise UploadBusyError from error
        yield Spooled(descriptor, path)
    finally:
        os.close(descriptor)


def _opened(path: Path) -> int:
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
    try:
        return os.open(path, flags, 0o600)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, flags, 0o600)


def reading(upload_id: UUID) -> BinaryIO:
    """Open the bytes of an upload for reading, from the first."""
    return _path(upload_id).open("rb")


def discard(upload_id: UUID) -> None:
    """Throw away the bytes of an upload."""
    _path(upload_id).unlink(missing_ok=True)


def sweep(*, older_than: timedelta) -> int:
    """Remove files to which nobody wrote for so long, whose rows are gone with their client files; gives how many."""
    limit, swept = time.time() - older_than.total_seconds(), 0
    with suppress(FileNotFoundError), os.scandir(folder()) as entries:
        for entry in entries:
            with suppress(FileNotFoundError):
                if entry.stat(follow_symlinks=False).st_mtime < limit:
                    Path(entry.path).unlink()
                    swept += 1
    return swept


class Spooled:
    """An upload's file in the hands of the one who writes."""

    def __init__(self, descriptor: int, path: Path) -> None:
        """Keep the open file."""
        self._descriptor, self._path = descriptor, path

    def append(self, body: Body, *, at: int, most: int, checksum: Checksum | None = None) -> int:
        """Write what comes behind ``at`` and sync it to disk; gives how many bytes were added, at most ``most``.

        What a line that was cut brought is kept; with a checksum all of the piece counts, or nothing (ChecksumError).
        After any fault the file is as long as before; after a sync that failed nobody knows what it holds, and it goes.
        """
        digest = ALGORITHMS[checksum.algorithm]() if checksum else None
        try:
            os.ftruncate(self._descriptor, at)
            os.lseek(self._descriptor, at, os.SEEK_SET)
            added = self._write(body, most=most, digest=digest)
        except OSError as error:
            with suppress(OSError):
                os.ftruncate(self._descriptor, at)
            raise _fault(error) from error
        if checksum is not None and digest is not None and digest.digest() != checksum.digest:
            os.ftruncate(self._descriptor, at)
            raise ChecksumError
        self._sync()
        return added

    def _write(self, body: Body, *, most: int, digest: Any) -> int:  # noqa: ANN401 - hashlib has no type for it
        added = 0
        while added < most and (piece := _read(body, min(_PIECE, most - added))):
            if digest is not None:
                digest.update(piece)
            view = memoryview(piece)
            while view:
                view = view[os.write(self._descriptor, view) :]
            added += len(piece)
        return added

    def _sync(self) -> None:
        try:
            os.fsync(self._descriptor)
            parent = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                os.fsync(parent)
            finally:
                os.close(parent)
        except OSError as error:
            if error.errno in _FULL:
                raise StorageFullError from error
            # A second sync can succeed although the bytes are gone: they are sent anew from the first.
            self._path.unlink(missing_ok=True)
            raise StorageSyncError from error


def _read(body: Body, size: int) -> bytes:
    try:
        return body.read(size)
    except OSError:
        # The line was cut: what came before it stays, and the sender goes on from there.
        return b""


def _fault(error: OSError) -> StorageFaultError:
    return StorageFullError() if error.errno in _FULL else StorageFaultError()
