"""Blobs as files named by their SHA-256: ``ab/cd/abcd…``, read-only, never moved.

The order is what makes a blob durable: the bytes go to a temporary file of the same file
system, the file is synced, renamed to its name, and its folder is synced; a folder made on
the way is synced into its parent before the blob counts.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import BinaryIO

from liasse.adapters.storage_files.putting import Put, fault, sync_folder
from liasse.core.blobs import (
    BlobMissingError,
    BlobSource,
    ListedBlob,
    StorageFaultError,
    StoredBlob,
)

_NAME = re.compile(r"[0-9a-f]{64}")
_PREFIX = re.compile(r"[0-9a-f]{2}")
_TEMPORARIES = "tmp"
_SYNCS_AT_ONCE = 8


class FileBlobStore:
    """A ``BlobStore`` in one folder of a local disk; any number of processes may share it."""

    def __init__(self, *, root: Path) -> None:
        """Use this folder, which is made on the first put."""
        self._root = Path(root)
        self._base = str(self._root)
        self._temporaries = self._root / _TEMPORARIES
        # The folders that this process has synced into their parents. Another process may
        # have made a folder and not synced it yet, so that it is there proves nothing.
        self._settled: set[str] = set()
        self._settling = threading.Lock()
        # Made when it is first needed: threads do not survive a fork.
        self._pool: ThreadPoolExecutor | None = None

    def put(self, source: BlobSource) -> StoredBlob:
        """Write the bytes and their name to disk, in the order above.

        A blob that is there already is written again all the same: whether another writer has
        synced it, or the disk has kept it whole, cannot be known without doing so.
        """
        (kept,) = self.put_all([source])
        if isinstance(kept, StorageFaultError):
            raise kept
        return kept

    def put_all(self, sources: Sequence[BlobSource]) -> list[StoredBlob | StorageFaultError]:
        """Take each step for all of them before the next: much of what the first sync does, the others find done."""
        puts = [Put() for _ in sources]
        try:
            for put, source in zip(puts, sources, strict=True):
                put.attempt(partial(self._write, put, source))
            self._confirm_bytes(puts)
            for put in puts:
                put.attempt(partial(self._give_name, put))
            self._confirm_names(puts)
        finally:
            for put in puts:
                put.discard()
        return [put.outcome for put in puts]

    def open(self, sha256: str) -> BinaryIO:
        """Open the blob's file."""
        try:
            return self._path(sha256).open("rb")
        except FileNotFoundError as error:
            raise BlobMissingError from error
        except OSError as error:
            raise fault(error) from error

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
            raise fault(error) from error

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
            raise fault(error) from error
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
                sync_folder(path.parent)
                return False
            aside.unlink()
            sync_folder(path.parent)
        except FileNotFoundError:
            return True
        except OSError as error:
            raise fault(error) from error
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
            raise fault(error) from error
        return swept

    def _path(self, sha256: str) -> Path:
        # Names come from rows and from addresses of pages: nothing else may become a path.
        if not _NAME.fullmatch(sha256):
            raise BlobMissingError
        return self._root / sha256[:2] / sha256[2:4] / sha256

    def _new_temporary(self) -> tuple[str, int]:
        path = f"{self._base}/{_TEMPORARIES}/{secrets.token_hex(16)}"
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC
        try:
            return path, os.open(path, flags, 0o440)
        except FileNotFoundError:
            self._temporaries.mkdir(parents=True, exist_ok=True)
            return path, os.open(path, flags, 0o440)

    def _write(self, put: Put, source: BlobSource) -> None:
        put.write(source, temporary=self._new_temporary())

    def _give_name(self, put: Put) -> None:
        folder = self._folder(put.name)
        try:
            put.rename(f"{folder}/{put.name}")
        except FileNotFoundError:
            # Somebody removed the folder under a running process: make it anew.
            with self._settling:
                self._settled.clear()
                Path(folder).mkdir(parents=True, exist_ok=True)
            for parent in (folder, *self._parents(folder)):
                sync_folder(parent)
            put.rename(f"{folder}/{put.name}")

    def _confirm_bytes(self, puts: Sequence[Put]) -> None:
        """Sync the files, and at the same time the folders above the new ones that they will go to."""
        new = {put: folder for put in puts if put.name and (folder := self._folder(put.name)) not in self._settled}
        for put, folder in new.items():
            put.attempt(partial(os.makedirs, folder, exist_ok=True))
        made = [folder for put, folder in new.items() if put.error is None]
        parents = {parent for folder in made for parent in self._unsettled_parents(folder)}
        errors: dict[str, StorageFaultError | None] = {}
        self._at_once(
            [
                *(partial(put.attempt, put.confirm) for put in puts),
                *(partial(_try_to_sync, one, errors) for one in parents),
            ]
        )
        for put, folder in new.items():
            for parent in self._parents(folder):
                put.attempt(partial(_share, errors.get(parent)))
        if not any(errors.values()):
            self._settled.update(parents, made)

    def _confirm_names(self, puts: Sequence[Put]) -> None:
        """Sync the folders of all new names, each once."""
        folders = {put: self._folder(put.name) for put in puts if put.name}
        errors: dict[str, StorageFaultError | None] = {}
        self._at_once([partial(_try_to_sync, folder, errors) for folder in dict.fromkeys(folders.values())])
        for put, folder in folders.items():
            put.attempt(partial(_share, errors[folder]))

    def _folder(self, sha256: str) -> str:
        return f"{self._base}/{sha256[:2]}/{sha256[2:4]}"

    def _parents(self, folder: str) -> tuple[str, str, str]:
        """Give the folders that hold the names of a blob's folder, of the one above it, and of the store itself."""
        return folder.rpartition("/")[0], self._base, str(self._root.parent)

    def _unsettled_parents(self, folder: str) -> Iterator[str]:
        """Give those of them that this process has not synced since the name in them was there.

        The mark of ``blobs/ab`` says that its name in ``blobs`` is on disk; that of ``blobs``, its own name.
        """
        first, base, above = self._parents(folder)
        yield first
        if first not in self._settled:
            yield base
        if base not in self._settled:
            yield above

    def _at_once(self, steps: Sequence[Callable[[], None]]) -> None:
        """Take steps that wait for the disk: it confirms many at once in hardly more time than one."""
        if len(steps) == 1:
            steps[0]()
            return
        with self._settling:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(_SYNCS_AT_ONCE, thread_name_prefix="sync")
        shares = [steps[first::_SYNCS_AT_ONCE] for first in range(min(_SYNCS_AT_ONCE, len(steps)))]
        for done in [self._pool.submit(_take_all, share) for share in shares]:
            done.result()


def _take_all(steps: Sequence[Callable[[], None]]) -> None:
    for step in steps:
        step()


def _try_to_sync(folder: str, errors: dict[str, StorageFaultError | None]) -> None:
    try:
        sync_folder(folder)
    except StorageFaultError as error:
        errors[folder] = error
    except OSError as error:
        errors[folder] = fault(error)
    else:
        errors[folder] = None


def _share(error: StorageFaultError | None) -> None:
    if error is not None:
        raise error


def _folders(parent: Path) -> list[Path]:
    try:
        with os.scandir(parent) as entries:
            return sorted(Path(entry.path) for entry in entries if _PREFIX.fullmatch(entry.name) and entry.is_dir())
    except FileNotFoundError:
        return []
