"""One blob on its way to the disk, and the system calls that it needs, with their faults told apart."""

from __future__ import annotations

import errno
import hashlib
import io
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from liasse.core.blobs import BlobSource, StorageFaultError, StorageFullError, StorageSyncError, StoredBlob

_PIECE: Final = 1024 * 1024
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class Put:
    """A blob's way: its temporary file, then its name. After a fault it takes no further step."""

    def __init__(self) -> None:
        """Begin before the first step."""
        self.blob: StoredBlob | None = None
        self.error: StorageFaultError | None = None
        self._temporary = ""
        self._descriptor = -1

    @property
    def outcome(self) -> StoredBlob | StorageFaultError:
        """Give the blob, or why there is none."""
        return self.error or self.blob or StorageFaultError()

    @property
    def name(self) -> str:
        """Give the name that the bytes gave themselves; "" for one that failed."""
        return self.blob.sha256 if self.blob is not None and self.error is None else ""

    def attempt(self, step: Callable[[], None]) -> None:
        """Take a step, unless a former one failed; a fault of the disk is kept, and what was written is taken back."""
        if self.error is not None:
            return
        try:
            step()
        except OSError as error:
            self._fail(fault(error))
        except StorageFaultError as error:
            self._fail(error)

    def write(self, source: BlobSource, *, temporary: tuple[str, int]) -> None:
        """Write the bytes to a temporary file that was opened for them."""
        self._temporary, self._descriptor = temporary
        digest = hashlib.sha256()
        size = 0
        for piece in _pieces(source):
            digest.update(piece)
            size += len(piece)
            view = memoryview(piece)
            while view:
                view = view[os.write(self._descriptor, view) :]
        self.blob = StoredBlob(sha256=digest.hexdigest(), size=size)

    def confirm(self) -> None:
        """Wait until the disk has the bytes, and close the file."""
        sync(self._descriptor)
        descriptor, self._descriptor = self._descriptor, -1
        try:
            os.close(descriptor)
        except OSError as error:
            raise StorageSyncError from error

    def rename(self, target: str) -> None:
        """Give the file its name."""
        os.rename(self._temporary, target)  # noqa: PTH104 - a path object a mail costs more than the call
        self._temporary = ""

    def discard(self) -> None:
        """Take the temporary file back, if there is one; the sweep removes what cannot be removed now."""
        if self._descriptor >= 0:
            # The first fault is the one to tell: that of closing would hide it.
            with suppress(OSError):
                os.close(self._descriptor)
            self._descriptor = -1
        if self._temporary:
            with suppress(OSError):
                os.unlink(self._temporary)  # noqa: PTH108 - the same
            self._temporary = ""

    def _fail(self, error: StorageFaultError) -> None:
        self.error = error
        self.discard()


def sync(descriptor: int) -> None:
    """Wait until the disk has what was written to a file."""
    try:
        os.fsync(descriptor)
    except OSError as error:
        # No room is an answer; anything else means that nobody knows what is on the disk.
        if error.errno in _FULL:
            raise
        raise StorageSyncError from error


def sync_folder(folder: str | Path) -> None:
    """Wait until the disk has a folder's names."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    except OSError as error:
        raise StorageSyncError from error
    finally:
        os.close(descriptor)


def fault(error: OSError) -> StorageFaultError:
    """Put a fault of the disk into the words of the port."""
    return StorageFullError() if error.errno in _FULL else StorageFaultError()


def _pieces(source: BlobSource) -> Iterable[bytes]:
    if isinstance(source, bytes):
        return (source,)
    if isinstance(source, io.IOBase) or hasattr(source, "read"):
        return iter(lambda: source.read(_PIECE), b"")
    return source
