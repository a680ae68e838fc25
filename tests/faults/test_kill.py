"""kill -9 of the receiver, hundreds of times under load: nothing acknowledged is lost, nothing is there twice."""

import random
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.faults.conftest import Place
from tests.faults.load import Ledger, Senders
from tests.faults.receivers import Cold, Forked, free_port, wait_for_greeting

SEED = 20261124
WALL = 300.0

pytestmark = [pytest.mark.faults, pytest.mark.timeout(480)]


class Lane:
    """One port on which a receiver is started, let live for a moment, and killed, over and over."""

    def __init__(self, receiver: Forked | Cold, *, seed: int) -> None:
        self.port = free_port()
        self.kills = 0
        self._receiver = receiver
        self._random = random.Random(seed)  # noqa: S311 - seeded, so that a run can be repeated
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(60)
        assert not self._thread.is_alive()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._receiver.start(self.port)
            wait_for_greeting(self.port)
            time.sleep(self._random.uniform(0.02, 0.35))
            self.kills += self._receiver.kill(self.port)


class Run:
    """Three forked lanes and a cold one, with senders, until enough has happened or the time is up."""

    def __init__(self, place: Place, folder: Path, *, mutant: str = "none") -> None:
        self.place = place
        self.ledger = Ledger(folder / "ledger")
        self.log = folder / "receivers.log"
        self.forked = Forked(place, log=self.log, mutant=mutant)
        self.cold = Cold(place, log=self.log)
        self.lanes = [Lane(self.forked, seed=SEED + number) for number in range(3)]
        self.cold_lane = Lane(self.cold, seed=SEED) if mutant == "none" else None
        ports = [lane.port for lane in [*self.lanes, *([self.cold_lane] if self.cold_lane else [])]]
        self.senders = Senders(ports, ledger=self.ledger, number=8, seed=SEED)

    def until(self, *, kills: int, acknowledgements: int, cold_kills: int = 0) -> float:
        began = time.monotonic()
        self.senders.start()
        while time.monotonic() - began < WALL and not self._is_enough(kills, acknowledgements, cold_kills):
            time.sleep(0.1)
        for lane in [*self.lanes, *([self.cold_lane] if self.cold_lane else [])]:
            lane.stop()
        self.senders.stop()
        self.forked.close()
        self.cold.close()
        return time.monotonic() - began

    @property
    def kills(self) -> int:
        return sum(lane.kills for lane in self.lanes) + self.cold_kills

    @property
    def cold_kills(self) -> int:
        return self.cold_lane.kills if self.cold_lane else 0

    def _is_enough(self, kills: int, acknowledgements: int, cold_kills: int) -> bool:
        is_killed = self.kills >= kills and self.cold_kills >= cold_kills
        return is_killed and self.senders.counts["acknowledged"] >= acknowledgements

    def lost_and_doubled(self) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        rows = Counter((row["address"], row["sha256"]) for row in self.place.receipts())
        lost = [pair for pair in self.ledger.promised() if pair not in rows]
        return lost, [pair for pair, times in rows.items() if times > 1]


def test_nothing_is_lost_or_doubled(place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(place, tmp_path)
    seconds = run.until(kills=200, acknowledgements=1000, cold_kills=5)
    lost, doubled = run.lost_and_doubled()
    verified = place.verify()
    with capsys.disabled():
        print(
            f"\n[kill -9] seed {SEED}: {run.kills} kills ({run.cold_kills} of cold starts) in {seconds:.0f} s, "
            f"{dict(run.senders.counts)}; lost {len(lost)}, doubled {len(doubled)}; verify: {verified.stdout.strip()}"
        )
    assert lost == []
    assert doubled == []
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert all(row["has_job"] for row in place.receipts())
    # What was exercised, or the zeros above mean nothing.
    assert run.kills >= 200
    assert run.cold_kills >= 5
    assert run.senders.counts["acknowledged"] >= 1000
    assert run.senders.counts["dropped after the dot"] >= 20
    # No fault of ours is blamed on the sender.
    assert not [reply for reply in run.senders.refusals if not reply.startswith("4")]


@pytest.mark.parametrize("mutant", ["early-250", "no-unique-key"])
def test_the_test_above_would_see_a_broken_promise(place: Place, tmp_path: Path, mutant: str) -> None:
    run = Run(place, tmp_path, mutant=mutant)
    run.until(kills=30, acknowledgements=200)
    lost, doubled = run.lost_and_doubled()
    assert run.senders.counts["acknowledged"] >= 200
    if mutant == "early-250":
        assert lost
    else:
        assert doubled
        assert place.verify().returncode == 1
