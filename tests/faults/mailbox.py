"""Callers at doors that Liasse opens itself: a mailbox on a real mail server, the folder of a scanner."""

import random
import threading
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests.dovecot import Dovecot
from tests.faults.callers import sha256_of
from tests.faults.load import DOMAIN, Ledger, message
from tests.faults.tool import ADDRESSES


@dataclass(frozen=True)
class _Door:
    name: str


class Mailbox:
    """Puts mails into the mailbox, some twice, until told to stop. The mail server has promised; Liasse must fetch."""

    door = _Door("imap")

    def __init__(self, server: Dovecot, *, ledger: Ledger, seed: int) -> None:
        self.counts: Counter[str] = Counter()
        self.refusals: Counter[str] = Counter()
        self.offered: set[str] = set()
        self._server = server
        self._ledger = ledger
        self._random = random.Random(f"mailbox{seed}")  # noqa: S311 - seeded, so that a run can be repeated
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._put, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(60)
        assert not self._thread.is_alive()

    def _put(self) -> None:
        with self._server.client() as client:
            for number in range(10**6):
                if self._stop.wait(self._random.uniform(0.02, 0.15)):
                    return
                file = self._random.choice(ADDRESSES)
                head = f"Delivered-To: {file}@{DOMAIN}\r\nReturn-Path: <a@b.example>\r\n".encode()
                mail = head + message(self._random, name=f"box-{number}").rstrip(b"\r\n") + b"\r\n"
                self.offered.add(sha256_of(mail))
                for _ in range(self._random.choices([1, 2], [9, 1])[0]):
                    assert client.append("INBOX", "", "", mail)[0] == "OK"
                self._ledger.note(sha256_of(mail), [file])
                self.counts["acknowledged"] += 1


class Scanner:
    """Puts whole files into the watched folder until told to stop."""

    door = _Door("watch")

    def __init__(self, folder: Path, *, file: str, ledger: Ledger, seed: int) -> None:
        self.counts: Counter[str] = Counter()
        self.refusals: Counter[str] = Counter()
        self.offered: set[str] = set()
        self._folder, self._file, self._ledger = folder, file, ledger
        self._random = random.Random(f"scanner{seed}")  # noqa: S311 - seeded, so that a run can be repeated
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._put, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(60)
        assert not self._thread.is_alive()

    def _put(self) -> None:
        number = 0
        while not self._stop.wait(self._random.uniform(0.05, 0.3)):
            number += 1
            content = message(self._random, name=f"scan-{number}")
            self.offered.add(sha256_of(content))
            unfinished = self._folder / f"scan-{number}.bin.part"
            unfinished.write_bytes(content)
            unfinished.rename(self._folder / f"scan-{number}.bin")
            self._ledger.note(sha256_of(content), [self._file])
            self.counts["acknowledged"] += 1
