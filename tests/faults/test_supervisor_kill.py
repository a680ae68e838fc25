"""kill -9 of the supervisor and of parts under it: the parts end with it or come back, and nothing taken is lost."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.faults.callers import Callers, Smtp
from tests.faults.conftest import ROOT, Place
from tests.faults.lanes import SCALE, SEED
from tests.faults.load import Ledger
from tests.faults.receivers import free_port, wait_for_greeting
from tests.faults.test_worker_kill import within

KILLS_OF_SUPERVISOR = round(3 * SCALE)
KILLS_OF_PARTS = round(4 * SCALE)

pytestmark = [pytest.mark.faults, pytest.mark.house, pytest.mark.timeout(round(600 * SCALE))]


def served(place: Place, log: Path) -> "subprocess.Popen[bytes]":
    with log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "liasse.cli", "serve"],
            cwd=ROOT,
            env=place.env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )


def parts_of(supervisor: int) -> list[int]:
    """Give the processes of the parts, which the supervisor started."""
    return [int(pid) for pid in Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text().split()]


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="parts are found in /proc, which is not here")
def test_parts_end_with_it_and_nothing_is_lost(
    place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    smtp, http, log = free_port(), free_port(), tmp_path / "log"
    place.env.update(LIASSE_SMTP=f"127.0.0.1:{smtp}", LIASSE_HTTP=f"127.0.0.1:{http}", LIASSE_DNS_SERVERS="off")
    ledger, seeded = Ledger(tmp_path / "ledger"), random.Random(SEED)  # noqa: S311 - seeded
    callers = Callers(Smtp(), [smtp], ledger=ledger, number=2, seed=SEED)
    supervisor = served(place, log)
    killed: Counter[str] = Counter()
    try:
        for turn in range(KILLS_OF_SUPERVISOR + 1):
            assert wait_for_greeting(smtp, within=60), log.read_text()[-3000:]
            if turn < KILLS_OF_PARTS:
                victim = seeded.choice(parts_of(supervisor.pid))
                os.kill(victim, signal.SIGKILL)
                killed["part"] += 1
                assert within(30, lambda victim=victim: is_gone(victim))  # type: ignore[misc]
                assert wait_for_greeting(smtp, within=60), log.read_text()[-3000:]
            time.sleep(seeded.uniform(0.1, 1.0))
            if turn == KILLS_OF_SUPERVISOR:
                break
            parts = parts_of(supervisor.pid)
            supervisor.kill()
            killed["supervisor"] += supervisor.wait(30) == -signal.SIGKILL
            assert within(30, lambda parts=parts: all(map(is_gone, parts))), log.read_text()[-3000:]  # type: ignore[misc]
            supervisor = served(place, log)
        callers.stop()
        # What the killed ones held is free after minutes; here, while all are away, at once.
        supervisor.terminate()
        assert supervisor.wait(60) == 0
        assert place.run("tests.faults.tool", "free").returncode == 0
        supervisor = served(place, log)
        assert within(120, lambda: all(row["state"] != "stored" for row in place.receipts())), log.read_text()[-3000:]
    finally:
        supervisor.terminate()
        code = supervisor.wait(60)
    there = Counter((row["file"], row["sha256"]) for row in place.receipts())
    with capsys.disabled():
        print(f"\n[supervisor kill -9] seed {SEED}: {dict(killed)}, {dict(callers.counts)} {dict(callers.refusals)}")
    assert code == 0
    assert [pair for pair in ledger.promised() if pair not in there] == []
    assert [pair for pair, times in there.items() if times > 1] == []
    verified = place.verify()
    assert verified.returncode == 0, verified.stdout + verified.stderr
    # What was exercised, or all of the above means nothing.
    assert killed["supervisor"] == KILLS_OF_SUPERVISOR
    assert killed["part"] >= KILLS_OF_SUPERVISOR
    assert callers.counts["acknowledged"] >= 20
