"""Lanes: each keeps one part of Liasse alive for a moment and has it killed, at a named point or at random."""

import contextlib
import itertools
import os
import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.faults.points import POINTS
from tests.faults.receivers import Forked, free_port, wait_for_greeting

SCALE = float(os.environ.get("FAULTS_SCALE", "1"))
"""How many times the usual number of kills: `make faults` asks for more than a change does."""

SEED = int(os.environ.get("FAULTS_SEED", "20261124"))
_LONGEST = 2.5


class DoorLane:
    """One part, started, hurt and started again, until told to stop. ``doors``: whose points its part has."""

    def __init__(
        self,
        forked: Forked,
        kind: str,
        *,
        doors: list[str],
        number: int = 0,
        counts: tuple[int, ...] = (1, 1, 2, 4),
        skews: tuple[int, ...] = (),
        first: Sequence[tuple[str, str]] = (),
    ) -> None:
        self.kind = kind
        self.port = free_port()
        self.name = f"{kind}-{self.port}"
        self.random_kills = 0
        self.point_kills = 0
        self.survived = 0
        self._forked = forked
        self._counts = counts
        self._skews = skews
        self.skewed: Counter[int] = Counter()
        self._random = random.Random(f"{kind}{number}{SEED}")  # noqa: S311 - seeded, so that a run can be repeated
        points = [(door, point) for door in doors for point in POINTS[door]]
        self._random.shuffle(points)
        self._points = itertools.chain(first, itertools.cycle(points))
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    @property
    def kills(self) -> int:
        return self.random_kills + self.point_kills

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(90)
        assert not self._thread.is_alive()

    def _run(self) -> None:
        for turn in itertools.count():
            if self._stop.is_set():
                return
            if turn % 3 == 2:
                self._at_random()
            else:
                self._at_point(*next(self._points))

    def _at_random(self) -> None:
        self._open()
        time.sleep(self._random.uniform(0.02, 0.35))
        self.random_kills += self._forked.kill(self.name)

    def _at_point(self, door: str, point: str) -> None:
        self._open(door=door, point=point, count=self._random.choice(self._counts))
        deadline = time.monotonic() + _LONGEST
        while self._forked.is_alive(self.name):
            if time.monotonic() > deadline or self._stop.is_set():
                # Nobody came that way in time: it is killed where it is, and counts as such.
                self.survived += 1
                self.random_kills += self._forked.kill(self.name)
                return
            time.sleep(0.01)
        self.point_kills += self._forked.kill(self.name)

    def _open(self, **more: str | int) -> None:
        if self._skews:
            more["skew"] = self._random.choice(self._skews)
            self.skewed[int(more["skew"])] += 1
        self._forked.open_door(kind=self.kind, name=self.name, port=self.port, **more)
        if self.kind in {"smtp", "lmtp"}:
            wait_for_greeting(self.port, within=5)
        elif self.kind == "web":
            wait_for_listener(self.port)


def wait_for_listener(port: int, *, within: float = 5.0) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5):
            return True
        time.sleep(0.005)
    return False


def recorded(record: Path) -> Counter[str]:
    """Give how often each point was reached and died at, from the record that outlives them."""
    if not record.exists():
        return Counter()
    return Counter(record.read_text(encoding="utf-8").splitlines())


class StandingLane:
    """One part that nobody kills: it is started anew when it ends by itself, as the supervisor would."""

    def __init__(self, forked: Forked, kind: str, **order: str | int) -> None:
        self.kind = kind
        self.port = free_port()
        self.name = f"{kind}-{self.port}"
        self.ends = 0
        self._forked = forked
        self._order = order
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(90)
        assert not self._thread.is_alive()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._forked.open_door(kind=self.kind, name=self.name, port=self.port, **self._order)
            while self._forked.is_alive(self.name) and not self._stop.wait(0.05):
                pass
            self.ends += not self._stop.is_set()
            self._forked.kill(self.name)
