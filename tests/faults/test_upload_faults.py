"""Faults under the web server's doors, and ten copies at once at every door: what is taken is taken once."""

import contextlib
import json
import random
import subprocess
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from tests.faults.callers import (
    WEBHOOK_SECRET,
    Api,
    Door,
    Errand,
    Form,
    Link,
    Lmtp,
    People,
    Smtp,
    Uploads,
    Webhook,
    sha256_of,
)
from tests.faults.conftest import Place, make_place
from tests.faults.lanes import StandingLane, wait_for_listener
from tests.faults.receivers import Forked, wait_for_greeting
from tests.faults.test_database import locked
from tests.faults.test_disk import SMALL, small_disk
from tests.faults.tool import ADDRESSES

pytestmark = [pytest.mark.faults, pytest.mark.timeout(480)]

__all__ = ["small_disk"]


class Standing:
    """Every door, whole, and what callers at them were told."""

    def __init__(self, place: Place, folder: Path) -> None:
        self.place = place
        place.env.update(LIASSE_MAIL_ARRIVALS="mailgun", LIASSE_MAIL_ARRIVALS_SECRET=WEBHOOK_SECRET)
        self.people = People(**json.loads(place.run("tests.faults.tool", "people").stdout))
        self.forked = Forked(place, log=folder / "log", record=folder / "record")
        self.lanes = {kind: StandingLane(self.forked, kind) for kind in ("smtp", "lmtp", "web")}
        for lane in self.lanes.values():
            lane.start()
        assert wait_for_greeting(self.lanes["smtp"].port)
        assert wait_for_greeting(self.lanes["lmtp"].port)
        assert wait_for_listener(self.lanes["web"].port)
        self.told: Counter[str] = Counter()

    def close(self) -> None:
        for lane in self.lanes.values():
            lane.stop()
        self.forked.close()

    @property
    def doors(self) -> list[tuple[Door, int]]:
        web = self.lanes["web"].port
        mail = [(Smtp(), self.lanes["smtp"].port), (Lmtp(), self.lanes["lmtp"].port)]
        return [*mail, (Uploads(self.people), web), (Form(self.people), web)]

    @property
    def all_doors(self) -> list[tuple[Door, int]]:
        """Give also those of the web server through which nobody comes who is signed in."""
        web = self.lanes["web"].port
        return [*self.doors, (Link(self.people), web), (Api(self.people), web), (Webhook(self.people), web)]

    def errand(self, key: str, content: bytes) -> Errand:
        return Errand(content, ADDRESSES[0], key, {}, NeverCut(1), self._note)

    def _note(self, what: str, reply: str = "") -> None:
        self.told[reply.split(" /", maxsplit=1)[0] or what] += 1


class NeverCut(random.Random):
    """Callers that do not hang up by themselves."""

    def random(self) -> float:
        return 1.0


@contextlib.contextmanager
def standing(place: Place, folder: Path) -> Iterator[Standing]:
    doors = Standing(place, folder)
    try:
        yield doors
    finally:
        doors.close()


def test_ten_copies_at_once_at_every_door_are_one_each(
    place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with standing(place, tmp_path) as at:
        for door, port in at.all_doors:
            errand = at.errand(f"copies-{door.name}", b"Subject: copies\r\n\r\nof " + door.name.encode() * 5000)
            taken: list[bool] = []
            # Each has a memory of its own, and the same key: ten tabs of one browser, ten tries of one relay.
            tries = [partial(_until_taken, door, replace(errand, state={}), port, taken) for _ in range(10)]
            threads = [threading.Thread(target=one) for one in tries]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert taken == [True] * 10, (door.name, at.told)
            stored = sha256_of(door.sha_of(errand.content))
            assert [row["sha256"] for row in place.receipts()].count(stored) == 1, door.name
    with capsys.disabled():
        print(f"\n[ten copies] {len(at.all_doors)} doors, 70 tries acknowledged, put off meanwhile: {dict(at.told)}")
    assert len(place.receipts()) == len(at.all_doors) == 7
    assert place.verify().returncode == 0


def _until_taken(door: Door, errand: Errand, port: int, taken: list[bool]) -> None:
    taken.append(any(door.attempt(errand, port) for _ in range(100)))


def test_a_locked_database_puts_uploads_off_and_nothing_is_doubled(place: Place, tmp_path: Path) -> None:
    if place.is_postgresql:
        pytest.skip("PostgreSQL waits for a lock as long as it is held")
    with standing(place, tmp_path) as at:
        door, port = at.doors[2]
        errand = at.errand("locked", b"x" * 30_000)
        with locked(place):
            assert not door.attempt(errand, port)
        assert set(at.told) <= {"503"}, at.told
        assert door.attempt(errand, port)
    assert len(place.receipts()) == 1


def test_a_store_that_cannot_be_written_puts_everybody_off_and_heals(place: Place, tmp_path: Path) -> None:
    _hurt_store(place, tmp_path, hurt=partial(_replace_store, place.data / "blobs", tmp_path / "away"))


def _replace_store(blobs: Path, away: Path) -> Callable[[], None]:
    blobs.mkdir(exist_ok=True)
    blobs.rename(away)
    blobs.write_bytes(b"a file where the folder should be")

    def heal() -> None:
        blobs.unlink()
        away.rename(blobs)

    return heal


def _hurt_store(place: Place, folder: Path, *, hurt: Callable[[], Callable[[], None]]) -> None:
    with standing(place, folder) as at:
        errands = {
            door.name: at.errand(f"hurt-{door.name}", b"Subject: x\r\n\r\n" + b"y" * 9000) for door, _ in at.doors
        }
        heal = hurt()
        for door, port in at.doors:
            assert not door.attempt(errands[door.name], port), door.name
        assert not [reply for reply in at.told if reply[:3] not in {"451", "452", "503", "507", "302"}], at.told
        assert place.receipts() == []
        heal()
        for door, port in at.doors:
            assert any(door.attempt(errands[door.name], port) for _ in range(20)), (door.name, at.told)
    # The two mails are the same bytes for one address, which is one receipt; so are no two uploads.
    assert len(place.receipts()) == 3
    verified = place.verify()
    assert verified.returncode == 0, verified.stdout + verified.stderr


def test_a_full_disk_puts_uploads_off_and_heals(small_disk: Path, database: str) -> None:
    place = make_place(small_disk / "data", database=database)
    (small_disk.parent / "other").mkdir()
    with standing(place, small_disk.parent / "other") as at:
        door, port = at.doors[2]
        taken, errand = 0, at.errand("full-0", bytes(3_000_000))
        while taken < 20 and door.attempt(errand, port):
            taken += 1
            errand = at.errand(f"full-{taken}", bytes([taken]) * 3_000_000)
        assert 1 <= taken < 20
        assert set(at.told) <= {"507", "503"}, at.told
        subprocess.run(["mount", "-o", f"remount,size={3 * SMALL}", str(small_disk)], check=True)
        assert any(door.attempt(errand, port) for _ in range(5)), at.told
    assert len(place.receipts()) == taken + 1
    verified = place.verify()
    assert verified.returncode == 0, verified.stdout + verified.stderr
