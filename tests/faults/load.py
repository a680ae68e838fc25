"""Senders that never give up, and the ledger of what they were promised."""

import base64
import hashlib
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.faults.tool import ADDRESSES
from tests.mailgate.peer import END, Peer

DOMAIN = "liasse.localhost"


class Ledger:
    """Every acknowledgement, on disk before the sender goes on: what was promised outlives the test itself."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        self._lock = threading.Lock()

    def note(self, sha256: str, addresses: list[str]) -> None:
        lines = "".join(f"{sha256} {address}\n" for address in addresses)
        with self._lock:
            os.write(self._descriptor, lines.encode())
            os.fsync(self._descriptor)

    def promised(self) -> Counter[tuple[str, str]]:
        pairs = (line.split() for line in self.path.read_text(encoding="ascii").splitlines())
        return Counter((address, sha256) for sha256, address in pairs)


class Senders:
    """Threads that send messages of their own, each again and again until it is acknowledged."""

    def __init__(self, ports: list[int], *, ledger: Ledger, number: int, seed: int) -> None:
        self.ports = ports
        self.ledger = ledger
        self.counts: Counter[str] = Counter()
        self.refusals: set[str] = set()
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._send, args=(random.Random(seed + n), n), daemon=True)  # noqa: S311 - seeded
            for n in range(number)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(60)
            assert not thread.is_alive()

    def _send(self, seeded: random.Random, sender: int) -> None:
        number = 0
        while not self._stop.is_set():
            number += 1
            content = message(seeded, name=f"{sender}-{number}")
            recipients = seeded.sample(ADDRESSES, k=seeded.choices([1, 2], [9, 1])[0])
            # A sender that missed the answer sends again; some do so although they heard it.
            for _ in range(seeded.choices([1, 2], [19, 1])[0]):
                self._until_acknowledged(content, recipients, seeded)

    def _until_acknowledged(self, content: bytes, recipients: list[str], seeded: random.Random) -> None:
        while not self._stop.is_set():
            if attempt(seeded.choice(self.ports), content, recipients=recipients, note=self._note):
                self.ledger.note(hashlib.sha256(content + b"\r\n").hexdigest(), recipients)
                self.counts["acknowledged"] += 1
                return
            time.sleep(0.02)

    def _note(self, what: str, reply: str = "") -> None:
        self.counts[what] += 1
        if reply:
            self.refusals.add(reply)


def attempt(port: int, content: bytes, *, recipients: list[str], note: Callable[..., None]) -> bool:
    """Send one message once; True when it was acknowledged."""
    is_sent = False
    try:
        with Peer(port, timeout=40) as peer:
            commands = ["HELO x", "MAIL FROM:<a@b.example>", *(f"RCPT TO:<{name}@{DOMAIN}>" for name in recipients)]
            replies = [peer.reply(), *map(peer.say, [*commands, "DATA"])]
            if any(reply[:1] not in {"2", "3"} for reply in replies):
                return _refused(next(reply for reply in replies if reply[:1] not in {"2", "3"}), note)
            peer.send(content + END)
            is_sent = True
            reply = peer.reply()
            if not reply:
                raise ConnectionResetError
            return reply.startswith("250 ") or _refused(reply, note)
    except OSError:
        note("dropped after the dot" if is_sent else "dropped before")
        return False


def _refused(reply: str, note: Callable[..., None]) -> bool:
    note("hung up" if not reply else "refused", reply)
    return False


def message(seeded: random.Random, *, name: str) -> bytes:
    size = seeded.choices([1_500, 15_000, 150_000], [70, 25, 5])[0]
    body = base64.encodebytes(seeded.randbytes(size)).replace(b"\n", b"\r\n")
    return b"Subject: " + name.encode() + b"\r\n\r\n" + body
