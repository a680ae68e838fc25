"""A store that fails a third of the time, in every way: what was acknowledged is there, once, and nobody is blamed."""

import json
import time
from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from tests.faults.callers import Callers, Door, Form, Lmtp, People, Smtp, Uploads
from tests.faults.conftest import Place
from tests.faults.hostile_store import FAULTS
from tests.faults.lanes import SCALE, SEED, StandingLane
from tests.faults.load import Ledger
from tests.faults.receivers import Forked
from tests.faults.test_door_kill import blames
from tests.faults.test_worker_kill import due, within

pytestmark = [pytest.mark.faults, pytest.mark.house, pytest.mark.timeout(round(600 + 60 * SCALE))]

LEAST = round(8 * SCALE)
WALL = 120.0 * SCALE


def test_what_it_did_not_keep_was_not_acknowledged(
    place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place.env["LIASSE_DNS_SERVERS"] = "off"
    people = People(**json.loads(place.run("tests.faults.tool", "people").stdout))
    forked, ledger = Forked(place, log=tmp_path / "log", record=tmp_path / "record"), Ledger(tmp_path / "ledger")
    lanes = {kind: StandingLane(forked, kind, store=1) for kind in ("smtp", "lmtp", "web")}
    for lane in lanes.values():
        lane.start()
    make = partial(Callers, ledger=ledger, seed=SEED, number=1)
    doors: list[tuple[Door, str]] = [
        (Smtp(), "smtp"),
        (Lmtp(), "lmtp"),
        (Uploads(people), "web"),
        (Form(people), "web"),
    ]
    callers = [make(door, [lanes[kind].port]) for door, kind in doors]
    faults = place.data / "faults"
    began = time.monotonic()
    while time.monotonic() - began < WALL and not (
        all(count >= LEAST for count in counted(faults).values())
        and all(one.counts["acknowledged"] >= 10 for one in callers)
    ):
        time.sleep(0.2)
    for caller in callers:
        caller.stop()
    for lane in lanes.values():
        lane.stop()
    forked.open_door(kind="worker", name="worker")
    assert within(60 * SCALE, lambda: due(place, kind="open-receipt") == 0)
    forked.kill("worker")
    forked.close()
    there = Counter((row["file"], row["sha256"]) for row in place.receipts())
    with capsys.disabled():
        print(f"\n[hostile store] {dict(counted(faults))}; ends {[lane.ends for lane in lanes.values()]}")
        print("\n".join(f"  {one.door.name}: {dict(one.counts)} {dict(one.refusals)}" for one in callers))
    assert [pair for pair in ledger.promised() if pair not in there] == []
    assert [pair for pair, times in there.items() if times > 1] == []
    verified = place.verify()
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert not [reply for one in callers for reply in one.refusals if blames(reply)]
    # What was exercised, or all of the above means nothing.
    assert all(count >= LEAST for count in counted(faults).values()), counted(faults)
    assert all(one.counts["acknowledged"] >= 10 for one in callers)


def counted(faults: Path) -> Counter[str]:
    found = Counter(faults.read_text(encoding="utf-8").split()) if faults.exists() else Counter[str]()
    return Counter({fault: found[fault] for fault in FAULTS})
