"""kill -9 of the worker while an outside engine thinks: the sending is on record, the answer is stored once."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.adapters.engine_openai.standin import KEY, MODEL, StandIn, standing_in
from tests.faults.conftest import ROOT, Place

TOOL = "tests.faults.engine_tool"
SAID = {"invoice_number": "ZX-2026-77"}

pytestmark = [pytest.mark.faults, pytest.mark.timeout(240)]


def test_it_is_sent_again_and_stored_once(place: Place) -> None:
    with standing_in(StandIn(SAID)) as made:
        own = {"LIASSE_ENGINE_URL": f"{made.url}/v1", "LIASSE_ENGINE_MODEL": MODEL, "LIASSE_ENGINE_KEY": KEY}
        here = replace(place, env=place.env | own | {"LIASSE_OCR": "none"})
        ran(here, "seed")
        made.hangs_for = 20
        with worker(here) as first:
            waited(lambda: len(made.asked) == 1)
            first.kill()
        assert ran(here, "outcome") == {"verbs": ["document.engine-sent"], "number": None}
        made.hangs_for = 0
        ran(here, "free")
        with worker(here) as second:
            waited(lambda: ran(here, "outcome")["number"] == "ZX-2026-77")
            second.terminate()
    sent, answered = "document.engine-sent", "document.engine-answered"
    assert ran(here, "outcome")["verbs"] == [sent, sent, answered]
    assert len(made.asked) == 2


def ran(place: Place, what: str) -> dict[str, Any]:
    done = place.run(TOOL, what)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout or "{}")
    return answer


def worker(place: Place) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-m", "liasse.cli", "worker"], cwd=ROOT, env=place.env)


def waited(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.2)
