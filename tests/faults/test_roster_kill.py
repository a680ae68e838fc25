"""kill -9 of the worker in the middle of a list: each line is made once, whole, and the list comes to its end."""

import json
import random
import subprocess
import sys
import time
from typing import Any

import pytest

from tests.faults.conftest import ROOT, Place

SEED, LINES, KILLS = 20261124, 900, 6
TOOL = "tests.faults.roster_tool"

pytestmark = [pytest.mark.faults, pytest.mark.timeout(480)]


def test_each_line_is_made_once(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    seeded = place.run(TOOL, "seed", str(LINES))
    assert seeded.returncode == 0, seeded.stderr
    reached = [kill(place, after=moment) for moment in moments()]
    assert place.run(TOOL, "make").returncode == 0
    done = outcome(place)
    invited = -(-LINES // 3)
    assert (done["state"], done["counts"]) == ("done", [LINES, 0])
    assert done["names"] == sorted(f"Client {n}" for n in range(LINES))
    assert done["lines"] == done["files"]
    assert (done["belongings"], done["opened"], done["breaks"]) == ([LINES] * 3, LINES, [])
    assert done["invitations"] == [invited, invited]
    assert any(0 < count < LINES for count in reached), reached
    with capsys.disabled():
        print(f"\n[list kill -9] seed {SEED}: killed after {reached} of {LINES} lines; {LINES} made once")


def moments() -> list[float]:
    randomly = random.Random(SEED)  # noqa: S311 - seeded, so that a run can be repeated
    return [randomly.uniform(0.02, 0.5) for _ in range(KILLS)]


def kill(place: Place, *, after: float) -> int:
    """Let a worker begin, kill it a moment later; gives how many files there are then."""
    command = [sys.executable, "-m", TOOL, "make"]
    with subprocess.Popen(command, cwd=ROOT, env=place.env, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "begun\n"
        time.sleep(after)
        worker.kill()
    return len(outcome(place)["names"])


def outcome(place: Place) -> dict[str, Any]:
    done = place.run(TOOL, "outcome")
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
