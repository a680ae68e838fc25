"""A store that fails as disks do: full, faulty, unsure, half written, or too late to be believed."""

import os
import random
from collections.abc import Sequence
from typing import Any

from liasse.adapters.storage_files import FileBlobStore
from liasse.core.blobs import BlobSource, StorageFaultError, StorageFullError, StorageSyncError, StoredBlob

FAULTS = ("full", "fault", "half", "late", "sync")


class HostileStore(FileBlobStore):
    """The real store, a third of whose puts go wrong; what went wrong is counted in ``faults`` beside the blobs."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - the real one's
        super().__init__(**options)
        self._random = random.Random()  # noqa: S311 - other faults in each process are what is wanted

    def put(self, source: BlobSource) -> StoredBlob:
        (kept,) = self.put_all([source])
        if isinstance(kept, StorageFaultError):
            raise kept
        return kept

    def put_all(self, sources: Sequence[BlobSource]) -> list[StoredBlob | StorageFaultError]:
        return [self._one(source) for source in sources]

    def _one(self, source: BlobSource) -> StoredBlob | StorageFaultError:
        fault = self._random.choices(["", *FAULTS], [10, 1, 1, 1, 1, 1])[0]
        if fault:
            self._note(fault)
        if fault == "full":
            return StorageFullError()
        if fault in {"fault", "half"}:
            if fault == "half":
                self._leave_half(source)
            return StorageFaultError()
        (kept,) = super().put_all([source])
        if fault == "late":
            # The bytes are there, and the one who put them hears that they are not.
            return StorageFaultError()
        return StorageSyncError() if fault == "sync" else kept

    def _leave_half(self, source: BlobSource) -> None:
        whole = source if isinstance(source, bytes) else b"".join(iter(source))
        path, descriptor = self._new_temporary()
        os.write(descriptor, whole[: len(whole) // 2])
        os.close(descriptor)
        assert path

    def _note(self, fault: str) -> None:
        with (self._root.parent / "faults").open("ab", buffering=0) as file:
            file.write(f"{fault}\n".encode())
