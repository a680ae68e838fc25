"""kill -9 of the worker while it opens and reads real mails: each is opened once, and each document is read once."""

import contextlib
import json
import random
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.faults.conftest import Place
from tests.faults.load import attempt
from tests.faults.receivers import Forked, one_receiver
from tests.faults.tool import ADDRESSES

SEED = 20261124
KILLS = 20
PATIENCE = 60.0

pytestmark = [pytest.mark.faults, pytest.mark.timeout(480)]


def outcome(place: Place) -> dict[str, Any]:
    done = place.run("tests.faults.tool", "outcome")
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def hand_in(place: Place, corpus: Path, *, log: Path) -> int:
    """Send every other mail of the corpus that carries invoices; gives how many were taken."""
    mails = sorted((corpus / "mail-invoices" / "files").glob("*.eml"))[::2]
    with one_receiver(place, log=log) as port:
        for number, path in enumerate(mails):
            content = b"\r\n".join(path.read_bytes().splitlines()).replace(b"\r\n.", b"\r\n..")
            to = [ADDRESSES[number % len(ADDRESSES)]]
            assert attempt(port, content, recipients=to, note=lambda *_: None), path.name
    return len(mails)


def torment(place: Place, *, log: Path) -> int:
    """Start a worker, kill it in the middle, start the next. Gives the kills."""
    seeded = random.Random(SEED)  # noqa: S311 - seeded, so that a run can be repeated
    workers, kills, begun = Forked(place, log=log), 0, 0
    try:
        for kind, often in (("open-receipt", KILLS // 2), ("advance-document", KILLS // 2), ("find-duplicates", 3)):
            for _ in range(often):
                begun += 1
                workers.work(kind)
                assert within(PATIENCE, partial(is_ready, log, workers=begun)), log.read_text()
                assert within(PATIENCE, partial(is_held, place, kind=kind)), log.read_text()
                time.sleep(seeded.uniform(0.0, 0.2))
                kills += workers.kill(kind)
            begun += 1
            workers.work(kind)
            assert within(PATIENCE, partial(is_done, place, kind=kind)), log.read_text()
            kills += workers.kill(kind)
    finally:
        workers.close()
    return kills


def due(place: Place, *, kind: str, is_held: bool = False) -> int:
    """Count the jobs of a kind that nobody has given up, or those of them that a worker holds."""
    statement = "SELECT count(*) FROM core_job WHERE NOT is_stopped AND kind = "
    held = " AND lease IS NOT NULL" if is_held else ""
    if place.is_postgresql:
        import psycopg

        with psycopg.connect(place.env["DATABASE_URL"], autocommit=True) as other:
            other.execute("SELECT set_config('liasse.practice', 'instance', false)")
            row = other.execute(statement + "%s" + held, [kind]).fetchone()
    else:
        with contextlib.closing(sqlite3.connect(place.data / "liasse.sqlite3", timeout=20)) as other_:
            row = other_.execute(statement + "?" + held, [kind]).fetchone()
    assert row is not None
    return int(row[0])


def is_ready(log: Path, *, workers: int) -> bool:
    return log.read_text(encoding="utf-8").count("ready, ") >= workers


def is_held(place: Place, *, kind: str) -> bool:
    return due(place, kind=kind, is_held=True) > 0


def is_done(place: Place, *, kind: str) -> bool:
    return due(place, kind=kind) == 0


def within(seconds: float, holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def test_each_mail_is_opened_and_each_document_read_once(
    place: Place, corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    began = time.monotonic()
    sent = hand_in(place, corpus, log=tmp_path / "receiver.log")
    log = tmp_path / "workers.log"
    kills = torment(place, log=log)
    held = Counter(line.split()[1] for line in log.read_text().splitlines() if line.startswith("held "))
    after = outcome(place)
    documents, parts = after["documents"], Counter(receipt for receipt, _ in after["parts"])
    with capsys.disabled():
        print(
            f"\n[worker kill -9] seed {SEED}: {kills} kills, jobs cut {dict(held)}, {sent} mails, {len(documents)} "
            f"documents, {len(after['pages'])} pages, {time.monotonic() - began:.0f} s"
        )
    assert len(after["receipts"]) == sent >= 19
    assert {row["state"] for row in after["receipts"]} <= {"opened", "unusable"}
    for row in after["receipts"]:
        assert parts[row["id"]] == row["count_documents"] + row["count_set_aside"]
        assert sum(document[0] == row["id"] for document in documents) == row["count_documents"]
    assert len({part for _, part, _, _ in documents}) == len(documents) == after["readings"] >= 20
    assert {(step, status == "processing") for _, _, step, status in documents} == {("done", False)}
    assert after["jobs"] == []
    assert after["counted"] == len(documents)
    verified = place.verify()
    assert verified.returncode == 0, verified.stdout + verified.stderr
    # What was exercised, or all of the above means nothing.
    assert kills >= 20
    assert held["open-receipt"] >= 5
    assert held["advance-document"] >= 5
    assert sum(held.values()) >= 20
