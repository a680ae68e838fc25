"""kill -9 of every door at once, at named points and at random: what was acknowledged is there, and once."""

import contextlib
import json
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests import dovecot
from tests.faults import report
from tests.faults.callers import WEBHOOK_SECRET, Api, Callers, Form, Link, Lmtp, People, Smtp, Uploads, Webhook
from tests.faults.conftest import Place
from tests.faults.lanes import SCALE, SEED, DoorLane, recorded
from tests.faults.load import Ledger
from tests.faults.mailbox import Mailbox, Scanner
from tests.faults.points import POINTS, check
from tests.faults.receivers import Forked
from tests.faults.test_worker_kill import due, within
from tests.faults.tool import ADDRESSES

KILLS = round(200 * SCALE)
WALL = 240.0 * SCALE
LEAST_OF_A_DOOR = {"smtp": 15, "lmtp": 15, "web": 30, "imap": 10, "watch": 10}

pytestmark = [pytest.mark.faults, pytest.mark.timeout(round(600 + 150 * SCALE))]


def test_every_point_leads_somewhere(place: Place) -> None:
    done = place.run("tests.faults.tool", "points")
    assert (done.returncode, done.stdout) == (0, "[]"), done.stdout + done.stderr
    assert check.__module__ == "tests.faults.points"


class Run:
    """Lanes at every door with callers before them, until enough has happened or the time is up."""

    def __init__(self, place: Place, folder: Path, *, mailbox: dovecot.Dovecot | None, mutant: str = "none") -> None:
        self.place = place
        self.ledger = Ledger(folder / "ledger")
        self.record = folder / "record"
        self.log = folder / "log"
        place.env["LIASSE_DNS_SERVERS"] = "off"
        if mailbox is not None:
            place.env["LIASSE_IMAP"] = mailbox.url
        people = People(**json.loads(_said(place, "people")))
        scans = folder / "scans"
        scans.mkdir()
        place.env["LIASSE_WATCH"] = f"{scans}:{people.files[ADDRESSES[0]]}"
        place.env.update(LIASSE_MAIL_ARRIVALS="mailgun", LIASSE_MAIL_ARRIVALS_SECRET=WEBHOOK_SECRET)
        self.forked = Forked(place, log=self.log, record=self.record, mutant=mutant)
        kinds = [("smtp", ["smtp"]), ("lmtp", ["lmtp"]), ("watch", ["watch"])]
        kinds += [("web", ["uploads", "form"]), ("web", ["link", "api", "webhook"])]
        kinds += [("imap", ["imap"])] if mailbox else []
        self.lanes = [DoorLane(self.forked, kind, doors=of, number=n) for n, (kind, of) in enumerate(kinds)]
        ports = {kind: [lane.port for lane in self.lanes if lane.kind == kind] for kind, _ in kinds}
        callers = partial(Callers, ledger=self.ledger, seed=SEED)
        for lane in self.lanes:
            lane.start()
        self.callers: list[Callers | Mailbox | Scanner] = [
            callers(Smtp(), ports["smtp"], number=2),
            callers(Lmtp(), ports["lmtp"], number=2),
            callers(Uploads(people), ports["web"], number=2),
            callers(Form(people), ports["web"], number=1),
            callers(Link(people), ports["web"], number=2),
            callers(Api(people), ports["web"], number=1),
            callers(Webhook(people), ports["web"], number=1),
            Scanner(scans, file=ADDRESSES[0], ledger=self.ledger, seed=SEED),
        ]
        if mailbox is not None:
            self.callers.append(Mailbox(mailbox, ledger=self.ledger, seed=SEED))

    def until(self, *, kills: int) -> float:
        began = time.monotonic()
        while time.monotonic() - began < WALL and not self._is_enough(kills):
            time.sleep(0.2)
        # The callers end first, each with the answer it waits for: what is not acknowledged was promised nothing.
        for part in (*self.callers, *self.lanes):
            part.stop()
        return time.monotonic() - began

    def drain(self) -> None:
        """Let a whole reader and a whole worker finish what was begun."""
        readers = [kind for kind in ("imap", "watch") if any(lane.kind == kind for lane in self.lanes)]
        for kind in readers:
            self.forked.open_door(kind=kind, name=f"last-{kind}")
        assert within(60 + 30 * SCALE, self._all_fetched), self.log.read_text()[-3000:]
        for kind in readers:
            self.forked.kill(f"last-{kind}")
        self.forked.open_door(kind="worker", name="last-worker")
        assert within(60 + 60 * SCALE, lambda: due(self.place, kind="open-receipt") == 0), self.log.read_text()[-3000:]
        self.forked.kill("last-worker")
        self.forked.close()

    def outcome(self) -> tuple[list[dict[str, Any]], list[tuple[str, str]], list[tuple[str, str]]]:
        """Give every receipt, what was promised and is not there, and what is there more than once."""
        rows = self.place.receipts()
        there = Counter((row["file"], row["sha256"]) for row in rows)
        lost = [pair for pair in self.ledger.promised() if pair not in there]
        return rows, lost, [pair for pair, times in there.items() if times > 1]

    @property
    def kills(self) -> int:
        return sum(lane.kills for lane in self.lanes)

    def kills_of(self, kind: str) -> int:
        return sum(lane.kills for lane in self.lanes if lane.kind == kind)

    def _is_enough(self, kills: int) -> bool:
        kinds = {lane.kind for lane in self.lanes}
        is_killed = self.kills >= kills and all(self.kills_of(one) >= LEAST_OF_A_DOOR[one] * SCALE for one in kinds)
        return is_killed and not self.unreached()

    def unreached(self) -> list[str]:
        """Give the doors of which too few points were reached: half of them usually, all in a night."""
        reached = Counter(line.partition(": ")[0] for line in recorded(self.record))
        share = 0.5 if SCALE < 2 else 1
        doors = {caller.door.name for caller in self.callers}
        return sorted(door for door in doors if reached[door] < len(POINTS[door]) * share)

    def _all_fetched(self) -> bool:
        there = {(row["file"], row["sha256"]) for row in self.place.receipts()}
        return all(pair in there for pair in self.ledger.promised())


def _said(place: Place, word: str) -> str:
    done = place.run("tests.faults.tool", word)
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextlib.contextmanager
def mailbox_or_none() -> Iterator[dovecot.Dovecot | None]:
    """Run a Dovecot where one can be; says so where none can."""
    if why := dovecot.why_not():
        print(f"[doors] without mailboxes: {why}")
        yield None
        return
    with dovecot.running() as server:
        yield server


def test_nothing_is_lost_or_doubled_at_any_door(
    place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with mailbox_or_none() as mailbox:
        run = Run(place, tmp_path, mailbox=mailbox)
        seconds = run.until(kills=KILLS)
        run.drain()
    rows, lost, doubled = run.outcome()
    offered = set[str]().union(*(one.offered for one in run.callers))
    verified = place.verify()
    points = recorded(run.record)
    report.write(report.Told("doors", place.is_postgresql, seconds, len(lost), len(doubled)), run, points=points)
    with capsys.disabled():
        print(f"\n[doors kill -9] seed {SEED}: {run.kills} kills in {seconds:.0f} s, {len(rows)} receipts")
        print(
            "\n".join(f"  {one.kind}: {one.point_kills} at points, {one.random_kills} at random" for one in run.lanes)
        )
        print("\n".join(f"  {one.door.name}: {dict(one.counts)} {dict(one.refusals)}" for one in run.callers))
        print(f"  lost {len(lost)}, doubled {len(doubled)}; {verified.stdout.splitlines()[-1:]}")
    assert lost == []
    assert doubled == []
    # Nothing came in that nobody sent whole.
    assert {row["sha256"] for row in rows} <= offered
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert {row["state"] for row in rows} <= {"opened", "unusable"}
    _was_exercised(run, points)


def _was_exercised(run: Run, points: Counter[str]) -> None:
    assert run.kills >= KILLS
    for kind in {lane.kind for lane in run.lanes}:
        assert run.kills_of(kind) >= LEAST_OF_A_DOOR[kind] * SCALE, kind
    for caller in run.callers:
        assert caller.counts["acknowledged"] >= 12 * SCALE, caller.door.name
        assert caller.counts["begun twice"] == 0
        # No fault of ours is blamed on the sender.
        assert not [reply for reply in caller.refusals if blames(reply)], caller.refusals
    assert run.unreached() == [], points


def test_the_test_above_would_see_a_second_receipt(place: Place, tmp_path: Path) -> None:
    run = Run(place, tmp_path, mailbox=None, mutant="no-unique-key")
    run.until(kills=round(KILLS / 4))
    run.forked.close()
    rows, _lost, doubled = run.outcome()
    doors = {row["door"] for row in rows if (row["file"], row["sha256"]) in doubled}
    assert {"mail", "web"} <= doors


def blames(reply: str) -> bool:
    """Tell whether a refusal is for good.

    Not so are SMTP's 4yz, HTTP's 5yz for now, 409 (ask where it stands), 423 (somebody else is at it), and the form
    that comes back with a sentence.
    """
    is_smtp = len(reply) > 3 and reply[4:5].isdigit()
    if is_smtp:
        return reply.startswith("5")
    return reply[:3] not in {"409", "423", "503", "507"} and not reply.endswith("/hand-in/")
