"""Blobs as files named by their SHA-256: ``ab/cd/abcd…``, read-only, never moved.

The order is what makes a blob durable: the bytes go to a temporary file of the same file
system, the file is synced, renamed to its name, and its folder is synced; a folder made on
the way is synced into its parent before the blob counts.
"""

from __future__ import annotations

import errno
import hashlib
import io
import os
import re
import secrets
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from liasse.core.blobs import (
    BlobMissingError,
    BlobSource,
    ListedBlob,
    StorageFaultError,
    StorageFullError,
    StorageSyncError,
    StoredBlob,
)

_NAME = re.compile(r"[0-9a-f]{64}")
_PREFIX = re.compile(r"[0-9a-f]{2}")
_TEMPORARIES = "tmp"
_PIECE = 1024 * 1024
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_FOLDERS = 256 * 256


class FileBlobStore:
    """A ``BlobStore`` in one folder of a local disk; any number of processes may share it."""

    def __init__(self, *, root: Path) -> None:
        """Use this folder, which is made on the first put."""
        self._root = Path(root)
        self._temporaries = self._root / _TEMPORARIES
        # One mark a folder ab/cd that this process has synced into its parents. Another
        # process may have made a folder and not synced it yet, so that it is there proves nothing.
        self._settled = bytearray(_FOLDERS)
        self._settling = threading.Lock()

    def put(self, source: BlobSource) -> StoredBlob:
        """Write the bytes and their name to disk, in the order above.

        A blob that is there already is written again all the same: whether another writer has
        synced it, or the disk has kept it whole, cannot be known without doing so.
        """
        try:
            temporary, descriptor = self._new_temporary()
            try:
                blob = _write(descriptor, source)
            except BaseException:
                # The first fault is the one to tell: that of closing would hide it.
                with suppress(OSError):
                    os.close(descriptor)
                _discard(temporary)
                raise
            _close(descriptor, temporary)
            self._give_name(temporary, blob.sha256)
        except OSError as error:
            raise _fault(error) from error
        return blob

    def open(self, sha256: str) -> BinaryIO:
        """Open the blob's file."""
        try:
            return self._path(sha256).open("rb")
        except FileNotFoundError as error:
            raise BlobMissingError from error
        except OSError as error:
            raise _fault(error) from error

    def path(self, sha256: str) -> Path:
        """Give the blob's file."""
        path = self._path(sha256)
        if not path.is_file():
            raise BlobMissingError
        return path

    def exists(self, sha256: str) -> bool:
        """Tell whether the blob's file is there."""
        return self._path(sha256).is_file()

    def verify(self, sha256: str) -> bool:
        """Hash the blob's file anew."""
        try:
            with self._path(sha256).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == sha256
        except (BlobMissingError, FileNotFoundError):
            return False
        except OSError as error:
            raise _fault(error) from error

    def iterate(self) -> Iterator[ListedBlob]:
        """Walk the folders; files whose names are no hash are not blobs."""
        for first in _folders(self._root):
            for second in _folders(first):
                with os.scandir(second) as entries:
                    files = sorted((entry for entry in entries if _NAME.fullmatch(entry.name)), key=lambda e: e.name)
                for entry in files:
                    status = entry.stat(follow_symlinks=False)
                    stored_at = datetime.fromtimestamp(status.st_mtime, tz=UTC)
                    yield ListedBlob(sha256=entry.name, size=status.st_size, stored_at=stored_at)

    def free_bytes(self) -> tuple[int, int]:
        """Ask the file system, leaving out what only root may use."""
        try:
            self._root.mkdir(parents=True, exist_ok=True)
            status = os.statvfs(self._root)
        except OSError as error:
            raise _fault(error) from error
        return status.f_bavail * status.f_frsize, status.f_blocks * status.f_frsize

    def remove(self, sha256: str, *, unless_put_since: datetime) -> bool:
        """Take the file aside before it is judged: a put of the same bytes meanwhile makes a file of its own."""
        path, limit = self._path(sha256), unless_put_since.timestamp()
        aside = self._temporaries / f"{sha256}.{secrets.token_hex(8)}"
        try:
            if path.stat().st_mtime >= limit:
                return False
            self._temporaries.mkdir(parents=True, exist_ok=True)
            path.rename(aside)
            if aside.stat().st_mtime >= limit:
                # Put between the two looks: it goes back under its name, where nothing or the same bytes are.
                aside.rename(path)
                _sync_folder(path.parent)
                return False
            aside.unlink()
            _sync_folder(path.parent)
        except FileNotFoundError:
            return True
        except OSError as error:
            raise _fault(error) from error
        return True

    def sweep_temporaries(self, *, older_than: timedelta) -> int:
        """Remove temporary files whose last write is older; a live writer's is seconds old."""
        limit = time.time() - older_than.total_seconds()
        swept = 0
        try:
            with os.scandir(self._temporaries) as entries:
                for entry in entries:
                    with suppress(FileNotFoundError):
                        if entry.stat(follow_symlinks=False).st_mtime < limit:
                            Path(entry.path).unlink()
                            swept += 1
        except FileNotFoundError:
            return 0
        except OSError as error:
            raise _fault(error) from error
        return swept

    def _path(self, sha256: str) -> Path:
        # Names come from rows and from addresses of pages: nothing else may become a path.
        if not _NAME.fullmatch(sha256):
            raise BlobMissingError
        return self._root / sha256[:2] / sha256[2:4] / sha256

    def _new_temporary(self) -> tuple[Path, int]:
        path = self._temporaries / secrets.token_hex(16)
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC
        try:
            return path, os.open(path, flags, 0o440)
        except FileNotFoundError:
            self._temporaries.mkdir(parents=True, exist_ok=True)
            return path, os.open(path, flags, 0o440)

    def _give_name(self, temporary: Path, sha256: str) -> None:
        target = self._path(sha256)
        try:
            self._settle(target.parent, sha256)
            temporary.rename(target)
        except FileNotFoundError:
            # Somebody removed the folder under a running process: make it anew.
            self._settled[int(sha256[:4], 16)] = 0
            self._settle(target.parent, sha256)
            temporary.rename(target)
        except BaseException:
            _discard(temporary)
            raise
        _sync_folder(target.parent)

    def _settle(self, folder: Path, sha256: str) -> None:
        """Make the folder of a blob, and sync it and those above it into their parents."""
        mark = int(sha256[:4], 16)
        if self._settled[mark]:
            return
        with self._settling:
            folder.mkdir(parents=True, exist_ok=True)
            for parent in (folder.parent, self._root, self._root.parent):
                _sync_folder(parent)
            self._settled[mark] = 1


def _write(descriptor: int, source: BlobSource) -> StoredBlob:
    digest = hashlib.sha256()
    size = 0
    for piece in _pieces(source):
        digest.update(piece)
        size += len(piece)
        view = memoryview(piece)
        while view:
            view = view[os.write(descriptor, view) :]
    _sync(descriptor)
    return StoredBlob(sha256=digest.hexdigest(), size=size)


def _pieces(source: BlobSource) -> Iterable[bytes]:
    if isinstance(source, bytes):
        return (source,)
    if isinstance(source, io.IOBase) or hasattr(source, "read"):
        return iter(lambda: source.read(_PIECE), b"")
    return source


def _sync(descriptor: int) -> None:
    try:
        os.fsync(descriptor)
    except OSError as error:
        # No room is an answer; anything else means that nobody knows what is on the disk.
        if error.errno in _FULL:
            raise
        raise StorageSyncError from error


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    except OSError as error:
        raise StorageSyncError from error
    finally:
        os.close(descriptor)


def _close(descriptor: int, temporary: Path) -> None:
    try:
        os.close(descriptor)
    except OSError as error:
        _discard(temporary)
        raise StorageSyncError from error


def _discard(temporary: Path) -> None:
    # The sweep removes what cannot be removed now.
    with suppress(OSError):
        temporary.unlink()


def _fault(error: OSError) -> StorageFaultError:
    return StorageFullError() if error.errno in _FULL else StorageFaultError()


def _folders(parent: Path) -> list[Path]:
    try:
        with os.scandir(parent) as entries:
            return sorted(Path(entry.path) for entry in entries if _PREFIX.fullmatch(entry.name) and entry.is_dir())
    except FileNotFoundError:
        return []
