"""How often somebody may ask: a fixed number in a stretch of time, in a fixed part of memory."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

_KEYS_REMEMBERED: Final = 10_000


class Pace:
    """Bears with ``most`` events a key in each stretch of ``seconds``; a restart forgets all."""

    def __init__(self, *, most: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with nobody known."""
        self._most, self._seconds, self._clock = most, seconds, clock
        self._counts: OrderedDict[str, tuple[float, int]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, key: str) -> int:
        """Count one event; gives 0, or in how many whole seconds the next one is borne with."""
        now = self._clock()
        with self._lock:
            begun, count = self._counts.pop(key, (now, 0))
            if now - begun >= self._seconds:
                begun, count = now, 0
            self._counts[key] = (begun, min(count + 1, self._most + 1))
            if len(self._counts) > _KEYS_REMEMBERED:
                self._counts.popitem(last=False)
        return 0 if count < self._most else max(1, round(begun + self._seconds - now))

    def forget(self) -> None:
        """Forget everybody."""
        with self._lock:
            self._counts.clear()
