"""One transaction for the rows of all messages that are ready, whichever thread stored them.

A thread that waits for its turn finds, when it comes, that another has taken its rows along: the wait for the disk is
shared, and nobody is told before the common commit.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from liasse.core.errors import TransientError
from liasse.intake.types import IncomingFile
from liasse.pipeline.flow import Registered

_PATIENCE = 20.0

type Commit = Callable[[Sequence[IncomingFile]], list[Registered]]


class _Batch:
    """What one thread brought, and what came of it."""

    def __init__(self, incomings: Sequence[IncomingFile]) -> None:
        self.incomings = incomings
        self.registered: list[Registered] | None = None
        self.error: Exception | None = None


class Ledger:
    """Registers for many threads, one transaction at a time; across processes too where a lock file is named."""

    def __init__(self, commit: Commit, *, lock_file: Path | None = None) -> None:
        """Commit with this; SQLite takes one writer at a time and makes others sleep, who would rather be woken."""
        self._commit = commit
        self._turn = threading.Lock()
        self._waiting: list[_Batch] = []
        self._descriptor = -1
        if lock_file is not None:
            self._descriptor = os.open(lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def register(self, incomings: Sequence[IncomingFile]) -> list[Registered]:
        """Register these; gives what came of each. Raises what the transaction raised."""
        batch = _Batch(incomings)
        self._waiting.append(batch)
        if not self._turn.acquire(timeout=_PATIENCE):
            # Somebody may have taken it along: it is brought again, and is the same then.
            raise TransientError
        try:
            if batch.registered is None and batch.error is None:
                self._register_all()
        finally:
            self._turn.release()
        if batch.error is not None:
            raise batch.error
        return batch.registered or []

    def _register_all(self) -> None:
        with self._across_processes():
            batches, self._waiting = self._waiting, []
            try:
                registered = iter(self._commit([incoming for batch in batches for incoming in batch.incomings]))
                for batch in batches:
                    batch.registered = [next(registered) for _ in batch.incomings]
            except Exception as error:  # noqa: BLE001 - each thread raises it to its own
                for batch in batches:
                    batch.error = error

    @contextmanager
    def _across_processes(self) -> Iterator[None]:
        if self._descriptor < 0:
            yield
            return
        # The holder waits for the database 20 s at most, and the kernel frees the lock of one that dies.
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)
