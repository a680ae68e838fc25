"""kill -9 of the worker at named points of opening, cutting, reading and drawing: each thing is made once, whole."""

import json
import time
from collections import Counter
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.batch import invoice, joined
from tests.faults import report
from tests.faults.conftest import Place
from tests.faults.lanes import SCALE, SEED, DoorLane, recorded
from tests.faults.load import attempt
from tests.faults.points import WORKER
from tests.faults.receivers import Forked, one_receiver
from tests.faults.test_worker_kill import is_done, within
from tests.faults.tool import ADDRESSES

# Receipts are opened before any document is read: what happens at their opening must be hurt while there are some.
FIRST = [("worker", point) for point in list(WORKER)[:4]] * max(1, round(2 * SCALE))
KINDS = ("open-receipt", "advance-document")
MAILS = round(14 * SCALE)
KILLS = round(36 * SCALE)
SEEN = len(WORKER) - (4 if SCALE < 2 else 0)
WALL = 180.0 * SCALE

pytestmark = [pytest.mark.faults, pytest.mark.timeout(round(600 + 150 * SCALE))]


def mail(number: int) -> bytes:
    """Give a mail with an invoice of one page, and a PDF that is three more of them."""
    made = EmailMessage()
    made["From"], made["Subject"] = "a@b.example", f"Factures {number}"
    made.set_content("Bonjour, voici.")
    # No two of one supplier have the same number or total: none is taken for another's duplicate.
    one = invoice(f"F-2025-{200 + number}", total=f"{1000 + number},00")
    batch = joined(
        invoice(f"F-2026-{101 + number}", pages=2, total=f"{2000 + number},00"),
        invoice(f"K77-{1042 + number}", supplier=1, total=f"{1000 + number},00"),
        invoice(f"G-{3300 + number}-9", supplier=2, pages=3, total=f"{1000 + number},00"),
    )
    for name, content in (("une.pdf", one), ("trois.pdf", batch)):
        made.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    return made.as_bytes().replace(b"\n", b"\r\n")


class Run:
    """One lane: the worker."""

    def __init__(self, place: Place, folder: Path) -> None:
        place.env["LIASSE_DNS_SERVERS"] = "off"
        self.place, self.record, self.log = place, folder / "record", folder / "log"
        self.mails = 0
        self.hand_in(MAILS)
        self.forked = Forked(place, log=self.log, record=self.record)
        self.lanes = [DoorLane(self.forked, "worker", doors=["worker"], counts=(1, 1, 1, 2), first=FIRST)]
        self.callers: list[Any] = []

    def hand_in(self, count: int) -> None:
        with one_receiver(self.place, log=self.log) as port:
            for number in range(self.mails, self.mails + count):
                to = [ADDRESSES[number % len(ADDRESSES)]]
                assert attempt(port, mail(number), recipients=to, note=lambda *_: None)
        self.mails += count

    def until(self, *, kills: int) -> float:
        began = time.monotonic()
        (lane,) = self.lanes
        lane.start()
        while time.monotonic() - began < WALL and not self._is_enough(kills):
            # A quick machine is done before it was hurt enough: there is more to do then.
            if all(is_done(self.place, kind=kind) for kind in KINDS):
                self.hand_in(2)
            time.sleep(0.2)
        lane.stop()
        self.forked.open_door(kind="worker", name="last-worker")
        for kind in KINDS:
            assert within(60 + 60 * SCALE, partial(is_done, self.place, kind=kind)), self.log.read_text()[-3000:]
        self.forked.kill("last-worker")
        self.forked.close()
        return time.monotonic() - began

    def _is_enough(self, kills: int) -> bool:
        return self.lanes[0].kills >= kills and len(recorded(self.record)) >= SEEN


def test_each_thing_is_made_once_and_whole(place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(place, tmp_path)
    seconds = run.until(kills=KILLS)
    done = place.run("tests.faults.tool", "outcome")
    after, points, (lane,) = json.loads(done.stdout), recorded(run.record), run.lanes
    of_receipt: dict[str, Counter[str]] = {row["id"]: Counter() for row in after["receipts"]}
    for receipt, _part, _step, status in after["documents"]:
        of_receipt[receipt][status] += 1
    wrong = {one: found for one, found in of_receipt.items() if (found.total(), found["replaced"]) != (5, 1)}
    short, more = (
        sum(found.total() < 5 for found in wrong.values()),
        sum(found.total() > 5 for found in wrong.values()),
    )
    report.write(report.Told("worker", place.is_postgresql, seconds, short, more), run, points=points)
    with capsys.disabled():
        print(
            f"\n[worker kill -9] seed {SEED}: {lane.point_kills} at points, {lane.random_kills} at random, "
            f"{seconds:.0f} s"
        )
        print(f"  {dict(points)}; {len(after['documents'])} documents, {len(after['pages'])} pages")
    assert wrong == {}
    assert {row["state"] for row in after["receipts"]} == {"opened"}
    assert len(after["receipts"]) == run.mails
    live = [one for one in after["documents"] if one[3] != "replaced"]
    assert {(step, status == "processing") for _, _, step, status in live} == {("done", False)}
    assert after["readings"] == after["counted"] == len(live) == 4 * run.mails
    assert [job for job in after["jobs"] if job[0] in KINDS] == []
    verified = place.verify()
    assert verified.returncode == 0, verified.stdout + verified.stderr
    # What was exercised, or all of the above means nothing.
    assert lane.kills >= KILLS
    assert len(points) >= SEEN, points
