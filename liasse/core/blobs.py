"""Port of the store that keeps bytes under their SHA-256: originals, parts, page images.

No Django here: adapters and children that run without it import this module.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Protocol

from liasse.core.errors import LiasseError, TransientError

type BlobSource = bytes | BinaryIO | Iterable[bytes]
"""What can be put: bytes, an open binary file read to its end, or pieces of bytes in order."""


@dataclass(frozen=True, slots=True)
class StoredBlob:
    """What the store keeps: the name that the bytes gave themselves, and how many they are."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class ListedBlob:
    """One blob of a listing, with the moment (UTC) at which it was last put."""

    sha256: str
    size: int
    stored_at: datetime


class StorageFaultError(TransientError):
    """The store could not do what was asked; nothing was promised, and a later try may work."""


class StorageFullError(StorageFaultError):
    """There is no room (or no quota) left for these bytes."""


class StorageSyncError(StorageFaultError):
    """The disk would not confirm a write, so what it holds is unknown.

    A second fsync can succeed although the data are gone, so it is never tried again: the
    process that meets this stops, and its successor writes the bytes anew.
    """


class BlobMissingError(LiasseError):
    """No blob has this name."""


class BlobStore(Protocol):
    """Keeps bytes under their SHA-256 until they are removed (64 lowercase hexadecimal digits)."""

    def put(self, source: BlobSource) -> StoredBlob:
        """Keep the bytes; when this returns they survive a loss of power.

        The same bytes put again, by anyone, at any time, give the same blob and the same
        promise. Raises StorageFullError, StorageSyncError or another StorageFaultError, and
        then the bytes count as not received.
        """
        ...

    def put_all(self, sources: Sequence[BlobSource]) -> list[StoredBlob | StorageFaultError]:
        """Keep each of these, with the promise of ``put`` for all of them when it returns.

        Together they are synced with less waiting than one by one. One that could not be kept stands
        as its error in its place, and does not spoil the others.
        """
        ...

    def open(self, sha256: str) -> BinaryIO:
        """Open a blob for reading; raises BlobMissingError when there is none."""
        ...

    def path(self, sha256: str) -> Path:
        """Give the file of a blob, to be read only; raises BlobMissingError when there is none."""
        ...

    def exists(self, sha256: str) -> bool:
        """Tell whether there is a blob of this name; its bytes are not read."""
        ...

    def verify(self, sha256: str) -> bool:
        """Read a blob wholly and tell whether its bytes still have this SHA-256; False when missing."""
        ...

    def iterate(self) -> Iterator[ListedBlob]:
        """Give every blob, in the order of names; memory stays small."""
        ...

    def free_bytes(self) -> tuple[int, int]:
        """Give the free and the total bytes of the disk that new blobs go to."""
        ...

    def remove(self, sha256: str, *, unless_put_since: datetime) -> bool:
        """Remove a blob that no row needs; False, and it stays, when it was put at or after this moment.

        Whoever puts the same bytes at the same time keeps them: their row may be on its way. A blob
        that is not there counts as removed.
        """
        ...

    def sweep_temporaries(self, *, older_than: timedelta) -> int:
        """Remove what killed writers left behind and that is older than this; gives how many."""
        ...
