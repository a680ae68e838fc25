"""PostgreSQL stops and comes back while mail comes in: nothing is refused for good, all parts recover by themselves."""

import contextlib
import hashlib
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.faults.conftest import ROOT, Place, make_place
from tests.faults.load import attempt
from tests.faults.receivers import free_port, wait_for_greeting
from tests.faults.test_worker_kill import due, within

if TYPE_CHECKING:
    from cluster import Cluster
from tests.faults.tool import ADDRESSES

STOPS = ("immediate", "fast", "immediate")

pytestmark = [pytest.mark.faults, pytest.mark.timeout(480)]


@pytest.fixture
def cluster(database: str, monkeypatch: pytest.MonkeyPatch) -> "Iterator[Cluster]":
    """A server of its own, to be stopped at will; once, in the run on PostgreSQL."""
    if not database:
        pytest.skip("SQLite has no server to stop")
    monkeypatch.syspath_prepend(ROOT / "bin")
    from cluster import Cluster, ClusterError

    try:
        with Cluster() as running:
            yield running
    except ClusterError as error:
        pytest.skip(str(error))


@contextlib.contextmanager
def parts(place: Place, *, smtp: int, http: int, log: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Run receiver, worker and web server, without a supervisor that would start them again."""
    place.env.update(LIASSE_SMTP=f"127.0.0.1:{smtp}", LIASSE_HTTP=f"127.0.0.1:{http}")
    with log.open("ab") as output:
        running = [
            subprocess.Popen(
                [sys.executable, "-m", "liasse.cli", name],
                cwd=ROOT,
                env=place.env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
            for name in ("mailgate", "worker", "web")
        ]
    try:
        yield running
    finally:
        for process in running:
            process.kill()
            process.wait(30)


class Sender(threading.Thread):
    """Sends one message after the other, each until it is acknowledged; keeps every reply it heard."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.port = port
        self.acknowledged: list[str] = []
        self.refusals: list[str] = []
        self.dropped = 0
        self._stop_asked = threading.Event()

    def run(self) -> None:
        number = 0
        while not self._stop_asked.is_set():
            number += 1
            content = b"Subject: %d\r\n\r\n%d" % (number, time.monotonic_ns())
            while not attempt(self.port, content, recipients=[ADDRESSES[number % 6]], note=self._note):
                time.sleep(0.05)
            self.acknowledged.append(hashlib.sha256(content + b"\r\n").hexdigest())

    def stop(self) -> None:
        self._stop_asked.set()
        self.join(60)
        assert not self.is_alive()

    def _note(self, what: str, reply: str = "") -> None:
        self.dropped += what.startswith("dropped")
        if reply:
            self.refusals.append(reply)


def page(port: int) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in/", timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_a_server_that_stops_and_comes_back_costs_time_and_nothing_else(
    cluster: "Cluster", tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = make_place(tmp_path / "data", database=cluster.url)
    smtp, http, log = free_port(), free_port(), tmp_path / "log"
    answers: Counter[int] = Counter()
    began = time.monotonic()
    with parts(place, smtp=smtp, http=http, log=log) as running:
        assert wait_for_greeting(smtp), log.read_text()
        assert within(30, lambda: answered(http) == 200), log.read_text()
        senders = [Sender(smtp) for _ in range(3)]
        for sender in senders:
            sender.start()
        for mode in STOPS:
            time.sleep(1.0)
            cluster.stop(mode=mode)
            before = sum(len(sender.refusals) for sender in senders)
            status, text = page(http)
            answers[status] += 1
            assert "psycopg" not in text
            assert "Traceback" not in text
            assert within(20, partial(have_heard, senders, refusals=before + 10))
            cluster.start()
        time.sleep(1.0)
        for sender in senders:
            sender.stop()
        assert answered(http) == 200
        # What the worker had in hand at a stop waits for its lease to run out; everything else is done.
        assert within(60, lambda: due(place, kind="open-receipt") == held(place)), log.read_text()[-3000:]
        assert held(place) <= 2 * len(STOPS)
        assert [process.poll() for process in running] == [None, None, None]
    promised = Counter(sha256 for sender in senders for sha256 in sender.acknowledged)
    refusals = Counter(reply for sender in senders for reply in sender.refusals)
    dropped = sum(sender.dropped for sender in senders)
    with capsys.disabled():
        print(
            f"\n[database away] {len(STOPS)} stops, {len(promised)} acknowledged, {dict(refusals)}, {dropped} dropped, "
            f"web meanwhile {dict(answers)}, {time.monotonic() - began:.0f} s"
        )
    assert Counter(row["sha256"] for row in place.receipts()) == promised
    assert set(refusals) == {"451 4.3.0 Something is wrong on our side, try again later"}
    assert dropped == 0
    verified = place.verify()
    assert verified.returncode == 0, verified.stdout + verified.stderr
    # What was exercised, or the equality above means nothing.
    assert len(promised) >= 100
    assert sum(refusals.values()) >= 30


def have_heard(senders: list[Sender], *, refusals: int) -> bool:
    return sum(len(sender.refusals) for sender in senders) >= refusals


def held(place: Place) -> int:
    return due(place, kind="open-receipt", is_held=True)


def answered(port: int) -> int:
    with contextlib.suppress(OSError):
        return page(port)[0]
    return 0
