"""The clock jumps an hour or a day, back and forth, under load: nothing is lost or doubled, nothing hangs for it."""

import json
import time
from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from tests.faults.callers import WEBHOOK_SECRET, Api, Callers, Link, Lmtp, People, Smtp, Webhook
from tests.faults.conftest import Place
from tests.faults.lanes import SCALE, SEED, DoorLane
from tests.faults.load import Ledger
from tests.faults.receivers import Forked
from tests.faults.test_worker_kill import within

HOUR, DAY = 3600, 86_400
JUMPS = (-DAY, -HOUR, 0, HOUR, DAY)

pytestmark = [pytest.mark.faults, pytest.mark.timeout(round(600 + 60 * SCALE))]


class Run:
    """Doors and a worker that are each started anew in another time, over and over."""

    def __init__(self, place: Place, folder: Path) -> None:
        place.env["LIASSE_DNS_SERVERS"] = "off"
        people = People(**json.loads(place.run("tests.faults.tool", "people").stdout))
        place.env.update(LIASSE_MAIL_ARRIVALS="mailgun", LIASSE_MAIL_ARRIVALS_SECRET=WEBHOOK_SECRET)
        self.ledger = Ledger(folder / "ledger")
        self.log = folder / "log"
        self.forked = Forked(place, log=self.log, record=folder / "record")
        # Nobody at the web server is signed in: a jump signs everybody out there, as it should.
        kinds = {"smtp": ["smtp"], "lmtp": ["lmtp"], "web": ["link", "api", "webhook"], "worker": ["worker"]}
        self.lanes = {kind: DoorLane(self.forked, kind, doors=of, skews=JUMPS) for kind, of in kinds.items()}
        for lane in self.lanes.values():
            lane.start()
        make = partial(Callers, ledger=self.ledger, seed=SEED, number=1)
        web = self.lanes["web"].port
        self.callers = [make(door, [self.lanes[door.name].port]) for door in (Smtp(), Lmtp())]
        self.callers += [make(door, [web]) for door in (Link(people), Api(people), Webhook(people))]

    def until(self, *, jumps: int, acknowledged: int, within_seconds: float) -> None:
        began = time.monotonic()
        while time.monotonic() - began < within_seconds and not (
            all(lane.skewed.total() >= jumps for lane in self.lanes.values())
            and all(caller.counts["acknowledged"] >= acknowledged for caller in self.callers)
        ):
            time.sleep(0.2)
        for caller in self.callers:
            caller.stop()
        for lane in self.lanes.values():
            lane.stop()


def test_jumps_of_the_clock_cost_nothing(place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(place, tmp_path)
    run.until(jumps=round(12 * SCALE), acknowledged=15, within_seconds=120 * SCALE)
    # The clock is right again. Leases that run out in minutes do so; those of tomorrow are left as they are.
    run.forked.open_door(kind="worker", name="last-worker", keep_leases=1)
    is_worked_off = within(60, lambda: all(row["state"] != "stored" for row in place.receipts()))
    run.forked.kill("last-worker")
    run.forked.close()
    rows = place.receipts()
    there = Counter((row["file"], row["sha256"]) for row in rows)
    jumps = {kind: dict(lane.skewed) for kind, lane in run.lanes.items()}
    with capsys.disabled():
        print(f"\n[clock] {jumps}; {[dict(caller.counts) for caller in run.callers]}; {len(rows)} receipts")
    assert is_worked_off, Counter(row["state"] for row in rows)
    assert [pair for pair in run.ledger.promised() if pair not in there] == []
    assert [pair for pair, times in there.items() if times > 1] == []
    assert {row["state"] for row in rows} <= {"opened", "unusable"}
    verified = place.verify()
    assert verified.returncode == 0, verified.stdout + verified.stderr
    # What was exercised, or all of the above means nothing.
    assert all(lane.skewed.total() >= 12 for lane in run.lanes.values())
    assert all(caller.counts["acknowledged"] >= 12 for caller in run.callers)
    assert len(rows) >= 60
