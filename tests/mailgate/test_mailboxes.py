"""A real Dovecot, read by the real process: every mail is one receipt, and the mailbox hears of it afterwards."""

import base64
import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Self

import pytest

from tests import dovecot
from tests.faults.conftest import ROOT, Place, database, make_place
from tests.faults.tool import ADDRESSES

pytestmark = [pytest.mark.faults, pytest.mark.timeout(180)]

__all__ = ["database"]

DOMAIN = "liasse.localhost"
MIB = 1024 * 1024


@pytest.fixture
def place(tmp_path: Path, database: str) -> Place:
    if reason := dovecot.why_not():
        pytest.skip(reason)
    return make_place(tmp_path / "data", database=database)


@pytest.fixture
def server() -> Iterator[dovecot.Dovecot]:
    if reason := dovecot.why_not():
        pytest.skip(reason)
    with dovecot.running() as running:
        yield running


class Reader:
    """The reader of mailboxes as a process."""

    def __init__(self, place: Place, url: str) -> None:
        self.log = place.data.parent / "reader.log"
        environment = place.env | {"LIASSE_MAIL_DOMAIN": DOMAIN, "LIASSE_IMAP": url}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "liasse.cli", "mailboxes"],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def peak(self) -> int:
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(status.partition("VmHWM:")[2].split()[0]) * 1024


@contextlib.contextmanager
def reading(place: Place, url: str) -> Iterator[Reader]:
    reader = Reader(place, url)
    try:
        yield reader
    finally:
        if reader.process.poll() is None:
            reader.process.terminate()
            assert reader.process.wait(20) == 0, reader.log.read_text(encoding="utf-8")


def mail(name: str, *headers: str, size: int = 500) -> bytes:
    body = base64.encodebytes(os.urandom(size)).replace(b"\n", b"\r\n")
    return "\r\n".join([f"Subject: {name}", *headers, "", ""]).encode() + body


def until(is_so: Callable[[], bool], *, seconds: float = 40) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if is_so():
            return True
        time.sleep(0.2)
    return False


def problems(place: Place) -> list[str]:
    """Give what administrators are told of each mailbox."""
    said: list[str] = json.loads(place.run("tests.faults.tool", "pulses").stdout)
    return said


def test_mails_find_their_files_and_what_finds_none_stays(place: Place, server: dovecot.Dovecot) -> None:
    first, second, third = (f"{name}@{DOMAIN}" for name in ADDRESSES[:3])
    server.put(mail("1", "Delivered-To: depots@cabinet.example", f"X-Original-To: {first}", f"To: {second}"))
    server.put(mail("2", "Delivered-To: depots@cabinet.example", f"To: Dépôt <{second.upper()}>,", f" {third}"))
    server.put(mail("3", f"To: nobody.zzzz@{DOMAIN}"))
    with reading(place, server.url + "?unknown=Inconnus") as reader:
        assert until(lambda: len(place.receipts()) == 3), reader.log.read_text(encoding="utf-8")
        assert until(lambda: len(server.flags("Inconnus")) == 1), server.log
        # News is told by the server: it does not wait for the next look a minute later.
        server.put(mail("4", f"Delivered-To: {third}"))
        began = time.monotonic()
        assert until(lambda: len(place.receipts()) == 4, seconds=20), reader.log.read_text(encoding="utf-8")
        assert time.monotonic() - began < 20
        assert until(lambda: server.flags() == ["\\Seen"] * 3), server.flags()
        assert "\\Flagged" in server.flags("Inconnus")[0]
        # Administrators read how the mailbox does.
        assert until(lambda: problems(place) == [""])
        server.process.terminate()
        assert until(lambda: problems(place) == ["lost"])
    assert sorted(row["address"] for row in place.receipts()) == sorted([*ADDRESSES[:3], ADDRESSES[2]])
    assert place.verify().returncode == 0


def test_a_mailbox_of_one_file_and_a_folder_for_what_is_done(place: Place, server: dovecot.Dovecot) -> None:
    server.put(mail("1", "To: somebody@elsewhere.example"))
    with reading(place, f"{server.url}?to={ADDRESSES[4]}@{DOMAIN}&done=Traites") as reader:
        assert until(lambda: server.flags("Traites") == ["\\Seen"]), reader.log.read_text(encoding="utf-8")
    assert server.flags() == []
    assert [row["address"] for row in place.receipts()] == [ADDRESSES[4]]


def test_a_kill_in_the_middle_of_a_large_mail_loses_and_doubles_nothing(place: Place, server: dovecot.Dovecot) -> None:
    server.put(mail("large", f"Delivered-To: {ADDRESSES[0]}@{DOMAIN}", size=22 * MIB))
    server.put(mail("small", f"Delivered-To: {ADDRESSES[0]}@{DOMAIN}"))
    temporaries = place.data / "blobs" / "tmp"
    kills = 0
    for size in (1, 8 * MIB):
        slow = Proxy(server.port, pause=0.02)
        reader = Reader(place, server.url.replace(str(server.port), str(slow.port)))
        begun = until(partial(_has_grown, temporaries, size))
        reader.process.kill()
        reader.process.wait()
        for path in temporaries.glob("*"):
            path.unlink()
        kills += begun
        assert place.receipts() == []
    with reading(place, server.url):
        assert until(lambda: len(place.receipts()) == 2)
        assert until(lambda: server.flags() == ["\\Seen"] * 2)
    assert kills == 2
    assert max(row["size"] for row in place.receipts()) > 29 * MIB
    assert place.verify().returncode == 0


def _has_grown(folder: Path, size: int) -> bool:
    return any(path.stat().st_size >= size for path in folder.glob("*"))


def test_new_uids_double_nothing(place: Place, server: dovecot.Dovecot) -> None:
    for number in range(3):
        server.put(mail(str(number), f"Delivered-To: {ADDRESSES[1]}@{DOMAIN}"))
    with reading(place, server.url):
        assert until(lambda: server.flags() == ["\\Seen"] * 3)
    for path in (server.folder / "mails").rglob("dovecot*"):
        if path.is_file() and ("uidlist" in path.name or ".index" in path.name or "uidvalidity" in path.name):
            path.unlink()
    time.sleep(1.1)
    server.put(mail("new", f"Delivered-To: {ADDRESSES[1]}@{DOMAIN}"))
    with reading(place, server.url) as reader:
        assert until(lambda: len(place.receipts()) == 4), reader.log.read_text(encoding="utf-8")
    opened = {line.rpartition("validity=")[2] for line in reader.log.read_text().splitlines() if "validity=" in line}
    assert len(opened) == 2
    assert place.verify().returncode == 0


def test_what_was_committed_and_not_told_is_told_without_fetching_again(place: Place, server: dovecot.Dovecot) -> None:
    server.put(mail("1", f"Delivered-To: {ADDRESSES[1]}@{DOMAIN}"))
    with reading(place, server.url):
        assert until(lambda: server.flags() == ["\\Seen"])
    with server.client() as client:
        client.store("1", "-FLAGS", r"(\Seen)")
    assert place.run("tests.faults.tool", "unmark").stdout == "1\n"
    with reading(place, server.url) as reader:
        assert until(lambda: server.flags() == ["\\Seen"])
    assert reader.log.read_text(encoding="utf-8").count("uid=1 ") == 1
    assert len(place.receipts()) == 1


def test_a_line_that_breaks_in_the_middle_is_taken_up_again(place: Place, server: dovecot.Dovecot) -> None:
    server.put(mail("large", f"Delivered-To: {ADDRESSES[0]}@{DOMAIN}", size=22 * MIB))
    with Proxy(server.port, cut_after=5 * MIB) as proxy:
        with reading(place, server.url.replace(str(server.port), str(proxy.port))) as reader:
            assert until(lambda: len(place.receipts()) == 1), reader.log.read_text(encoding="utf-8")
            peak = reader.peak()
        whole = place.receipts()[0]["size"]
        assert proxy.cuts == 1
        # What is whole was fetched once; the memory does not hold it.
        assert proxy.carried[-1] < whole + MIB
        assert peak < 160 * MIB
    assert "lost" in reader.log.read_text(encoding="utf-8")
    assert place.verify().returncode == 0


def test_a_store_that_fails_marks_nothing_and_heals(place: Place, server: dovecot.Dovecot) -> None:
    server.put(mail("1", f"Delivered-To: {ADDRESSES[0]}@{DOMAIN}"))
    blobs = place.data / "blobs"
    blobs.write_bytes(b"a file where the folder should be")
    with reading(place, server.url) as reader:
        assert until(lambda: "fault" in reader.log.read_text(encoding="utf-8"))
        assert server.flags() == [""]
        assert place.receipts() == []
        blobs.unlink()
        assert until(lambda: server.flags() == ["\\Seen"], seconds=60), reader.log.read_text(encoding="utf-8")
    assert len(place.receipts()) == 1
    assert place.verify().returncode == 0


class Proxy:
    """A line to a server that breaks once, after this many bytes from the server, or is slow."""

    def __init__(self, port: int, *, cut_after: int = 0, pause: float = 0) -> None:
        self._pause = pause
        self.cuts = 0
        self.carried: list[int] = []
        self._target = port
        self._cut_after = cut_after
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                upstream = socket.create_connection(("127.0.0.1", self._target))
                self.carried.append(0)
                threading.Thread(target=self._carry, args=(client, upstream), daemon=True).start()
                threading.Thread(target=self._carry_back, args=(upstream, client), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(65536):
                target.sendall(piece)
            target.close()

    def _carry_back(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(65536):
                self.carried[-1] += len(piece)
                time.sleep(self._pause)
                if self._cut_after and not self.cuts and self.carried[-1] > self._cut_after:
                    self.cuts += 1
                    target.shutdown(socket.SHUT_RDWR)
                    source.close()
                    return
                target.sendall(piece)
            target.shutdown(socket.SHUT_RDWR)
