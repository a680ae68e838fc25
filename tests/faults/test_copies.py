"""Doors that Liasse opens itself, by several processes at once: what lies there is taken once."""

import json
from collections import Counter
from pathlib import Path

import pytest

from tests import dovecot
from tests.faults.callers import sha256_of
from tests.faults.conftest import Place
from tests.faults.load import DOMAIN
from tests.faults.receivers import Forked
from tests.faults.test_worker_kill import within
from tests.faults.tool import ADDRESSES

READERS = 3

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]


def read_together(place: Place, folder: Path, *, kind: str, wanted: int) -> list[str]:
    """Let several readers run at once until so many receipts are there, and once more; gives what they are of."""
    forked = Forked(place, log=folder / "log", record=folder / "record")
    names = [f"{kind}-{number}" for number in range(READERS)]
    for _time in range(2):
        for name in names:
            forked.open_door(kind=kind, name=name)
        assert within(60, lambda: len(place.receipts()) >= wanted), (folder / "log").read_text()[-3000:]
        for name in names:
            forked.kill(name)
    forked.close()
    return [row["sha256"] for row in place.receipts()]


def test_ten_copies_in_a_mailbox_that_three_read_are_one_receipt(
    place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if reason := dovecot.why_not():
        pytest.skip(reason)
    with dovecot.running() as server:
        place.env["LIASSE_IMAP"] = server.url
        mail = f"Delivered-To: {ADDRESSES[0]}@{DOMAIN}\r\nSubject: ten\r\n\r\nBonjour\r\n".encode()
        for _copy in range(10):
            server.put(mail)
        assert within(30, lambda: len(server.flags()) == 10)
        taken = read_together(place, tmp_path, kind="imap", wanted=1)
        flags = Counter(server.flags())
    with capsys.disabled():
        print(f"\n[ten copies] mailbox: {READERS} readers twice, 10 mails {dict(flags)}, {len(taken)} receipt")
    assert taken == [sha256_of(mail)]
    assert place.verify().returncode == 0


def test_ten_scans_in_a_folder_that_three_watch_are_ten_receipts(
    place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scans = tmp_path / "scans"
    scans.mkdir()
    files = json.loads(place.run("tests.faults.tool", "people").stdout)["files"]
    place.env["LIASSE_WATCH"] = f"{scans}:{files[ADDRESSES[0]]}"
    for number in range(10):
        (scans / f"scan-{number}.pdf").write_bytes(b"%PDF-1.4 scan " + str(number).encode() * 9000)
    taken = read_together(place, tmp_path, kind="watch", wanted=10)
    with capsys.disabled():
        print(f"\n[ten copies] folder: {READERS} watchers twice, {len(taken)} receipts of 10 scans")
    assert (len(taken), len(set(taken))) == (10, 10)
    assert place.verify().returncode == 0
