"""The lines out: when a relay or provider is away, one message finds out and the others wait without trying.

So a line that hangs holds up one thread of the worker and not all of them. Each worker process keeps its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Final
from uuid import UUID, uuid4

from liasse.messaging.ports import SendError
from liasse.messaging.types import Channel

_SLOW: Final = 2.0
"""Seconds after which a message on its way makes the others wait: mostly the whole takes a tenth."""

_SHORT_PAUSE: Final = 3.0
_LONGEST_PAUSE: Final = 60.0


@dataclass
class Line:
    """One way out, and how it fared lately."""

    clock: Callable[[], float] = time.monotonic
    said: str = ""
    _lock: Lock = field(default_factory=Lock)
    _on_its_way: dict[UUID, float] = field(default_factory=dict)
    _failures: int = 0
    _closed_until: float = 0.0

    def pause(self) -> float:
        """Give the seconds that a message must wait before it may be tried; 0 when it may now."""
        now = self.clock()
        with self._lock:
            if now < self._closed_until:
                return self._closed_until - now
            is_probed = self._failures > 0 and bool(self._on_its_way)
            is_slow = any(now - began > _SLOW for began in self._on_its_way.values())
            return _SHORT_PAUSE if is_probed or is_slow else 0.0

    @contextmanager
    def used(self) -> Iterator[None]:
        """Watch one message on its way: whether the line serves is learned from how that ends."""
        name = uuid4()
        with self._lock:
            self._on_its_way[name] = self.clock()
        try:
            yield
        except SendError as error:
            self._learn(name, error=error)
            raise
        except BaseException:
            self._forget(name)
            raise
        self._learn(name, error=None)

    def _learn(self, name: UUID, *, error: SendError | None) -> None:
        self._forget(name)
        with self._lock:
            if error is None or not error.is_everybody_s:
                self._failures, self._closed_until, self.said = 0, 0.0, ""
                return
            self._failures += 1
            pause = max(error.after, min(2.0 ** (self._failures + 1), _LONGEST_PAUSE))
            self._closed_until, self.said = self.clock() + pause, error.reason

    def _forget(self, name: UUID) -> None:
        with self._lock:
            self._on_its_way.pop(name, None)


LINES: Final = {channel: Line() for channel in Channel}
