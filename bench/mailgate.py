"""How many mails a second the receiver takes beside Postfix: same disk, same messages, same run.

Twenty connections send mails of 5 and 50 KB, each different, to Liasse and to Postfix by turns. All of them answer 250
when the mail is on disk: Liasse with its row in the database, Postfix in its queue. Postfix is measured twice: as it
works, delivering to a mailbox, one file a mail; and as fast as it can, keeping mail in the queue for good.
`make bench-mailgate`; ARGS="--database postgresql" for PostgreSQL. Needs root and an installed Postfix.
"""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bin")]

from cluster import Cluster  # noqa: E402  Beside this folder, not a package.

from tests import postfix  # noqa: E402  The house is on the path now.

CONNECTIONS = 20
SENDERS = 2
ADDRESSES = 100
DOMAIN = "liasse.localhost"
DELIVERING = "Postfix, delivering"
# Held mails are left alone: this Postfix does nothing but take in.
_KEEPING = f"relay_domains = {DOMAIN}\nsmtpd_client_restrictions = static:HOLD\n"
# One mailbox an address, one file a mail: what Liasse's store is for it.
_DELIVERING = f"""\
virtual_mailbox_domains = {DOMAIN}
virtual_transport = virtual
virtual_mailbox_base = {{boxes}}
virtual_mailbox_maps = static:all/
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
"""
GOAL_RATIO, GOAL_P50, GOAL_P99 = 1.5, 50.0, 2000.0
PATIENCE = 120.0


@dataclass
class Measured:
    """What one server did: rates of its turns, and each mail's milliseconds from the final dot to the answer."""

    rates: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Give the median of its turns in mails a second."""
        return median(self.rates)

    def line(self, name: str) -> str:
        """Say it."""
        cuts = quantiles(self.waits, n=100)
        turns = " ".join(f"{rate:.0f}" for rate in self.rates)
        waits = f"dot → 250: p50 {cuts[49]:.1f} ms, p99 {cuts[98]:.0f} ms"
        return f"  {name:<22}{self.rate:7.0f} mails/s (turns {turns}); {waits}"


def main() -> int:
    """Measure; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--processes", type=int, default=0, help="LIASSE_SMTP_PROCESSES")
    parser.add_argument("--mails", type=int, default=2000, help="how many in each turn")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--where", type=Path, help="a folder on the disk to measure")
    options = parser.parse_args()
    if reason := postfix.why_not():
        print(reason, file=sys.stderr)
        return 2
    if not options.processes:
        # SQLite takes one writer at a time; PostgreSQL takes one a processor.
        options.processes = 1 if options.database == "sqlite" else os.cpu_count() or 1
    if options.database == "sqlite":
        return _measure(options, database="")
    with Cluster() as cluster:
        return _measure(options, database=cluster.url)


def _measure(options: argparse.Namespace, *, database: str) -> int:
    usual = "smtpd_client_connection_count_limit = 0\n"
    missed = 0
    with (
        postfix.running(usual + _KEEPING, where=options.where) as keeping,
        postfix.running(usual + _DELIVERING, where=options.where) as delivering,
        _liasse(options, database=database) as port,
    ):
        doors = {"Postfix, keeping": keeping.port, DELIVERING: delivering.port, "Liasse": port}
        for kilobytes in (5, 50):
            results = {name: Measured() for name in doors}
            for turn in range(options.turns):
                for name, door in doors.items():
                    _send_all(door, results[name], kilobytes=kilobytes, mails=options.mails, seed=turn)
                    _await_rest(delivering)
            missed += _report(kilobytes, results, options=options)
    return int(missed > 0)


def _report(kilobytes: int, results: dict[str, Measured], *, options: argparse.Namespace) -> int:
    liasse = results["Liasse"]
    ratio = liasse.rate / results["Postfix, keeping"].rate
    other = liasse.rate / results[DELIVERING].rate
    cuts = quantiles(liasse.waits, n=100)
    print(f"{kilobytes} KB, {CONNECTIONS} connections, {options.database}, {options.processes} processes:")
    for name, measured in results.items():
        print(measured.line(name))
    print(
        f"  Liasse to Postfix keeping {ratio:.2f}, delivering {other:.2f}   (goal: at least {GOAL_RATIO:g})", flush=True
    )
    return int(ratio < GOAL_RATIO or cuts[49] > GOAL_P50 or cuts[98] > GOAL_P99)


@contextlib.contextmanager
def _liasse(options: argparse.Namespace, *, database: str) -> Iterator[int]:
    """Run the receivers alone, on an instance of their own with a hundred files."""
    with tempfile.TemporaryDirectory(prefix="liasse-bench-", dir=options.where) as folder:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("LIASSE_")}
        environment |= {"LIASSE_DATA": folder, "LIASSE_MIN_FREE": "1", "LIASSE_MAIL_DOMAIN": DOMAIN}
        environment |= {"LIASSE_RATE_FILE": "0", "LIASSE_RATE_PRACTICE": "0"}
        environment |= {"LIASSE_SMTP_PROCESSES": str(options.processes)}
        environment |= {"DATABASE_URL": database} if database else {}
        subprocess.run([sys.executable, __file__, "seed"], env=environment, cwd=ROOT, check=True)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [sys.executable, "-m", "liasse.cli", "mailgate", "--listen", f"127.0.0.1:{port}"]
        with Path(folder, "receiver.log").open("wb") as log:
            receivers = [
                subprocess.Popen([*command, *beside], env=environment, cwd=ROOT, stdout=log, stderr=log)
                for beside in [[], *[["--beside"]] * (options.processes - 1)]
            ]
        try:
            time.sleep(3)
            _await(port)
            yield port
        finally:
            for receiver in receivers:
                receiver.send_signal(signal.SIGTERM)
            for receiver in receivers:
                receiver.wait(30)
        subprocess.run([sys.executable, __file__, "check"], env=environment, cwd=ROOT, check=True)


def _await_rest(server: postfix.Postfix) -> None:
    """Let Postfix deliver what it took, so that it does not do so while the next one is measured."""
    deadline = time.monotonic() + PATIENCE
    while server.queued() and time.monotonic() < deadline:
        time.sleep(0.2)


def _await(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 5) as peer:
            if peer.recv(200).startswith(b"220 "):
                return
        time.sleep(0.1)
    raise SystemExit("bench: the receiver did not start")


# ------------------------------------------------------------------------------------------ the senders


def _send_all(port: int, measured: Measured, *, kilobytes: int, mails: int, seed: int) -> None:
    """Send from processes of their own, begun together; the time runs from the first mail to the last answer."""
    context = multiprocessing.get_context("fork")
    gate, answers = context.Barrier(SENDERS), context.Queue()
    work = (port, kilobytes, mails // CONNECTIONS, seed, gate, answers)
    senders = [context.Process(target=_sender, args=(number, *work)) for number in range(SENDERS)]
    for sender in senders:
        sender.start()
    told = [answers.get(timeout=PATIENCE) for _ in senders]
    for sender in senders:
        sender.join()
    began, ended = min(one[0] for one in told), max(one[1] for one in told)
    waits = [wait for one in told for wait in one[2]]
    if len(waits) != mails // CONNECTIONS * CONNECTIONS:
        raise SystemExit(f"bench: {len(waits)} mails of {mails} were taken")
    measured.rates.append(len(waits) / (ended - began))
    measured.waits += waits


def _sender(number: int, port: int, kilobytes: int, each: int, seed: int, gate: object, answers: object) -> None:
    waits: list[float] = []
    body = _body(kilobytes)
    own = range(number, CONNECTIONS, SENDERS)
    connections = [_Connection(port) for _ in own]
    threads = [
        threading.Thread(target=connection.send, args=(body, each, f"{seed}.{kilobytes}.{name}", name, waits))
        for name, connection in zip(own, connections, strict=True)
    ]
    gate.wait()  # type: ignore[attr-defined]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answers.put((began, time.monotonic(), waits))  # type: ignore[attr-defined]


def _body(kilobytes: int) -> bytes:
    letters = random.Random(kilobytes).randbytes(kilobytes * 500).hex().encode()
    return b"".join(letters[start : start + 76] + b"\r\n" for start in range(0, len(letters), 76))


class _Connection:
    """One connection that sends many mails, each command with the next as PIPELINING allows."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._replies = self._socket.makefile("rb")
        self._expect(b"220")
        self._socket.sendall(b"EHLO bench.example\r\n")
        while self._expect(b"250")[3:4] == b"-":
            pass

    def send(self, body: bytes, each: int, name: str, first: int, waits: list[float]) -> None:
        for number in range(each):
            address = f"file{(first + number * 7) % ADDRESSES}.bench@{DOMAIN}"
            envelope = f"MAIL FROM:<sender@bench.example>\r\nRCPT TO:<{address}>\r\nDATA\r\n"
            self._socket.sendall(envelope.encode())
            for code in (b"250", b"250", b"354"):
                self._expect(code)
            head = f"From: sender@bench.example\r\nTo: {address}\r\nMessage-ID: <{name}.{number}@bench.example>\r\n"
            self._socket.sendall(head.encode() + b"Subject: Facture\r\n\r\n" + body + b".\r\n")
            began = time.monotonic()
            self._expect(b"250")
            waits.append(1000 * (time.monotonic() - began))
        self._socket.sendall(b"QUIT\r\n")
        self._socket.close()

    def _expect(self, code: bytes) -> bytes:
        line = self._replies.readline()
        if not line.startswith(code):
            raise SystemExit(f"bench: {line!r}")
        return line


# ---------------------------------------------------------------------------------------- the instance


def _inside(word: str) -> None:
    """Make the instance's files, or look whether each mail became a receipt."""
    from liasse.cli.project import migrate, open_project  # noqa: PLC0415 - only in the child

    open_project()
    from liasse.clients.models import ClientFile, InboundAddress  # noqa: PLC0415 - the same
    from liasse.core.scope import instance_scope  # noqa: PLC0415 - the same
    from liasse.intake.models import Receipt  # noqa: PLC0415 - the same
    from liasse.lib.ids import uuid7  # noqa: PLC0415 - the same
    from liasse.practices.models import Practice  # noqa: PLC0415 - the same

    if word == "check":
        with instance_scope():
            print(f"receipts kept: {Receipt.objects.count()}")
        return
    migrate()
    with instance_scope():
        practice = Practice.objects.create(name="Cabinet de mesure")
        for number in range(ADDRESSES):
            name = f"file{number}.bench"
            file = ClientFile.objects.create(
                practice=practice,
                name=name,
                name_sort=name,
                search_text=name,
                creation_key=uuid7(),
                creation_fingerprint=name,
            )
            InboundAddress.objects.create(practice=practice, client_file=file, local_part=name)


if __name__ == "__main__":
    if sys.argv[1:2] in (["seed"], ["check"]):
        _inside(sys.argv[1])
        sys.exit()
    sys.exit(main())
