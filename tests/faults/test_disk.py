"""The disk is full, or would not keep what it is given: the sender is put off, and nothing acknowledged is lost."""

import contextlib
import hashlib
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.conftest import Place, make_place
from tests.faults.load import attempt
from tests.faults.receivers import one_receiver
from tests.faults.tool import ADDRESSES

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]

SMALL = 24 * 1024 * 1024
_TRIES = 6


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 24 MB, for root on Linux; elsewhere the store's own tests stand in."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SMALL}", "tmpfs", str(folder)]
    if os.getuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("only root may mount the small disk that this test fills")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


class Sent:
    """Messages of one size, sent until one is refused; what was acknowledged is remembered."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.acknowledged: set[str] = set()
        self.replies: list[str] = []

    def fill(self, *, size: int, most: int) -> None:
        for _ in range(most):
            if not self.send(size=size):
                return

    def send(self, *, size: int) -> bool:
        """Send until it is taken or refused; when a busy machine drops the line, which says neither, again."""
        content = os.urandom(size // 2).hex().encode()
        for _time in range(_TRIES):
            said = len(self.replies)
            if attempt(self.port, content, recipients=[ADDRESSES[0]], note=self._note):
                self.acknowledged.add(hashlib.sha256(content + b"\r\n").hexdigest())
                return True
            if len(self.replies) > said:
                return False
            time.sleep(0.5)
        return False

    def _note(self, _what: str, reply: str = "") -> None:
        self.replies += [reply] if reply else []


def test_a_full_disk_puts_mail_off_and_heals_by_itself(small_disk: Path, database: str) -> None:
    place = make_place(small_disk / "data", database=database)
    with one_receiver(place, log=small_disk.parent / "log") as port:
        sent = Sent(port)
        sent.fill(size=3_000_000, most=12)
        sent.fill(size=300_000, most=20)
        sent.fill(size=9_000, most=500)
        assert len(sent.replies) == 3
        assert all(reply[:9] in {"452 4.3.1", "451 4.3.0"} for reply in sent.replies), sent.replies
        assert any(reply.startswith("452 4.3.1") for reply in sent.replies), sent.replies
        assert len(sent.acknowledged) >= 5
        subprocess.run(["mount", "-o", f"remount,size={2 * SMALL}", str(small_disk)], check=True)
        assert sent.send(size=3_000_000)
    _check(place, sent)


def test_a_disk_below_the_mark_puts_mail_off_before_it_is_sent(place: Place, tmp_path: Path) -> None:
    place.env["LIASSE_MIN_FREE"] = "900000GB"
    with one_receiver(place, log=tmp_path / "log") as port:
        sent = Sent(port)
        assert not sent.send(size=1000)
        assert sent.replies == ["452 4.3.1 Not enough room on our disk, try again later"]
    assert place.receipts() == []


def test_a_store_that_cannot_be_written_puts_mail_off_and_heals(place: Place, tmp_path: Path) -> None:
    blobs = place.data / "blobs"
    with one_receiver(place, log=tmp_path / "log") as port:
        sent = Sent(port)
        assert sent.send(size=1000)
        blobs.rename(tmp_path / "away")
        blobs.write_bytes(b"a file where the folder should be")
        assert not sent.send(size=1000)
        assert [reply[:9] for reply in sent.replies] == ["451 4.3.0"]
        blobs.unlink()
        (tmp_path / "away").rename(blobs)
        assert sent.send(size=1000)
    _check(place, sent)


def _check(place: Place, sent: Sent) -> None:
    rows = place.receipts()
    assert {row["sha256"] for row in rows} == sent.acknowledged
    assert len(rows) == len(sent.acknowledged)
    verified = place.verify()
    assert verified.returncode == 0, verified.stdout + verified.stderr
    with contextlib.suppress(FileNotFoundError):
        assert list((place.data / "blobs" / "tmp").iterdir()) == []
