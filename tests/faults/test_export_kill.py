"""kill -9 in the middle of what is taken out: nobody is ever given a part for the whole, and asking again gives all."""

import contextlib
import http.client
import io
import json
import random
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.faults.callers import People
from tests.faults.conftest import ROOT, Place
from tests.faults.lanes import SCALE, SEED, wait_for_listener
from tests.faults.receivers import Forked, free_port
from tests.faults.tool import ADDRESSES

DOCUMENTS = 80
KILLS = round(6 * SCALE)
TOOL = "tests.faults.export_tool"

pytestmark = [pytest.mark.faults, pytest.mark.timeout(round(600 * max(SCALE, 1)))]


@pytest.fixture
def filled(place: Place) -> Place:
    for words in (("fill", str(DOCUMENTS)), ("ask",)):
        done = place.run(TOOL, *words)
        assert done.returncode == 0, done.stderr
    return place


def outcome(place: Place) -> dict[str, Any]:
    done = place.run(TOOL, "outcome")
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def kill(place: Place, *, after: float) -> bool:
    """Let a worker begin the ZIP of the whole file, kill it a moment later; tells whether it was still at it."""
    command = [sys.executable, "-m", TOOL, "make"]
    with subprocess.Popen(command, cwd=ROOT, env=place.env, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "begun\n"
        time.sleep(after)
        worker.kill()
        return worker.wait(30) != 0


def test_the_whole_file_is_there_once_it_is_whole(filled: Place, capsys: pytest.CaptureFixture[str]) -> None:
    seeded = random.Random(SEED)  # noqa: S311 - seeded, so that a run can be repeated
    killed, unfinished = 0, 0
    for _ in range(KILLS):
        killed += kill(filled, after=seeded.uniform(0.0, 0.5))
        seen = outcome(filled)
        unfinished = max(unfinished, seen["unfinished"])
        if seen["state"] == "ready":
            break
        assert (seen["state"] in {"asked", "under-way"}, seen["entries"]) == (True, 0)
        assert filled.run(TOOL, "ask").returncode == 0
    made = filled.run(TOOL, "make")
    done = outcome(filled)
    with capsys.disabled():
        print(
            f"\n[export kill -9] seed {SEED}: {killed} kills, {unfinished} unfinished at most, {done['entries']} in it"
        )
    assert made.returncode == 0, made.stderr
    assert (done["state"], done["documents"], done["entries"], done["bad"]) == ("ready", DOCUMENTS, DOCUMENTS, "")
    assert done["defects"] == []
    assert filled.verify().returncode == 0
    # What was exercised: kills that came in the middle of the writing.
    assert (killed >= KILLS // 2, unfinished >= 1) == (True, True)


class Browser:
    """Somebody who takes all documents of a file out as a ZIP, from a web server that may die meanwhile."""

    def __init__(self, place: Place, port: int) -> None:
        self.people = People(**json.loads(place.run("tests.faults.tool", "people").stdout))
        self.port = port

    def take(self, *, slow: bool = False) -> bytes:
        """Give what came of the ZIP, whole or not."""
        line, content = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60), io.BytesIO()
        path = f"/files/{self.people.files[ADDRESSES[0]]}/documents/zip/"
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        with contextlib.suppress(OSError, http.client.HTTPException):
            line.request("POST", path, body=urlencode({"all": "1", "tab": "ready"}), headers=self.people.headers | kind)
            answer = line.getresponse()
            assert answer.status == 200, answer.read()[:500]
            while piece := answer.read1(1 << 16):
                content.write(piece)
                # A line that takes its time, so that the kill comes in the middle.
                time.sleep(0.02 if slow else 0)
        line.close()
        return content.getvalue()


def entries(content: bytes) -> int:
    """Count the originals in a ZIP that is whole; 0 for a part of one."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return 0 if archive.testzip() else sum(name.endswith(".pdf") for name in archive.namelist())
    except zipfile.BadZipFile:
        return 0


def test_documents_on_their_way_out_are_whole_or_no_zip(
    filled: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seeded, port = random.Random(SEED), free_port()  # noqa: S311 - seeded, so that a run can be repeated
    browser, forked = Browser(filled, port), Forked(filled, log=tmp_path / "log", record=tmp_path / "record")
    parts = []
    for _ in range(KILLS):
        forked.open_door(kind="web", name="web", port=port)
        assert wait_for_listener(port, within=30)
        parts.append(_killed_in_the_middle(browser, forked, after=seeded.uniform(0.3, 1.5)))
    forked.open_door(kind="web", name="web", port=port)
    assert wait_for_listener(port, within=30)
    whole = browser.take()
    forked.kill("web")
    forked.close()
    with capsys.disabled():
        print(f"\n[takeout kill -9] seed {SEED}: parts of {[len(one) for one in parts]} bytes; whole {len(whole)}")
    assert entries(whole) == DOCUMENTS
    begun = [one for one in parts if one]
    assert [entries(one) for one in begun if len(one) < len(whole)] == [0] * sum(len(one) < len(whole) for one in begun)
    assert sum(0 < len(one) < len(whole) for one in parts) >= KILLS // 4


def _killed_in_the_middle(browser: Browser, forked: Forked, *, after: float) -> bytes:
    timer = threading.Timer(after, forked.kill, ["web"])
    timer.start()
    content = browser.take(slow=True)
    timer.join()
    return content
