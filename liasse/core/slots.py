"""Turns for work that needs much memory: one a processor at a time, over all processes of the machine."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from liasse.core.errors import TransientError

_PAUSE: Final = 0.05
_SECONDS: Final = 45.0


class NoTurnError(TransientError):
    """No turn came free in time: nothing failed, and the work is to wait."""


@contextmanager
def slot(folder: Path, name: str, *, count: int = 0, seconds: float = _SECONDS) -> Iterator[None]:
    """Wait for one of `count` turns, as many as there are processors if not given, and hold it.

    The kernel frees the turn of a process that ends, however it ends. Raises NoTurnError when none came free in
    time.
    """
    folder.mkdir(parents=True, exist_ok=True)
    number = _taken(folder, name, count=count or os.cpu_count() or 1, until=time.monotonic() + seconds)
    try:
        yield
    finally:
        os.close(number)


def _taken(folder: Path, name: str, *, count: int, until: float) -> int:
    while True:
        for turn in range(count):
            number = os.open(folder / f"{name}-{turn}.turn", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(number)
            else:
                return number
        if time.monotonic() > until:
            raise NoTurnError(code="no-turn")
        time.sleep(_PAUSE)
