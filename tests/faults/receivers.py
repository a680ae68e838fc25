"""Receivers as real processes: forked from a zygote, or started cold as a person would."""

import contextlib
import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from tests.faults.conftest import ROOT, Place
from tests.mailgate.peer import Peer

COLD = [sys.executable, "-m", "liasse.cli", "mailgate"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for_greeting(port: int, *, within: float = 30.0) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), Peer(port, timeout=5) as peer:
            if peer.reply().startswith("220 "):
                return True
        time.sleep(0.005)
    return False


class Forked:
    """Receivers on any ports, and workers, forked on demand and killed with -9."""

    def __init__(self, place: Place, *, log: Path, mutant: str = "none", record: Path | None = None) -> None:
        with log.open("ab") as errors:
            self._zygote = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.zygote", mutant, str(record or "")],
                cwd=ROOT,
                env=place.env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        self._lock = threading.Lock()

    def start(self, port: int) -> None:
        assert int(self._ask(f"start {port}")) > 0

    def work(self, name: str) -> None:
        assert int(self._ask(f"work {name}")) > 0

    def open_door(self, **order: str | int) -> None:
        """Start a part of any door, as `doors.run` understands it."""
        assert int(self._ask(f"door {json.dumps(order)}")) > 0

    def is_alive(self, name: str) -> bool:
        return self._ask(f"alive {name}") == "yes"

    def kill(self, port: int | str) -> bool:
        """Kill with -9; True when it died of that, or had done so itself."""
        return self._ask(f"kill {port}") == "killed"

    def close(self) -> None:
        assert self._zygote.stdin is not None
        self._zygote.stdin.close()
        self._zygote.wait(30)

    def _ask(self, command: str) -> str:
        assert self._zygote.stdin is not None
        assert self._zygote.stdout is not None
        with self._lock:
            self._zygote.stdin.write(command + "\n")
            self._zygote.stdin.flush()
            return self._zygote.stdout.readline().strip()


class Cold:
    """One receiver on one port, started with the console command each time."""

    def __init__(self, place: Place, *, log: Path) -> None:
        self._place = place
        self._log = log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, port: int) -> None:
        with self._log.open("ab") as output:
            self.process = subprocess.Popen(
                [*COLD, "--listen", f"127.0.0.1:{port}"],
                cwd=ROOT,
                env=self._place.env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    def kill(self, port: int) -> bool:  # noqa: ARG002 - as Forked has it
        assert self.process is not None
        self.process.kill()
        return self.process.wait(30) == -signal.SIGKILL

    def close(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait(30)


@contextlib.contextmanager
def one_receiver(place: Place, *, log: Path) -> Iterator[int]:
    """Run one cold receiver; gives its port."""
    port = free_port()
    receiver = Cold(place, log=log)
    receiver.start(port)
    try:
        assert wait_for_greeting(port), log.read_text(encoding="utf-8")
        yield port
    finally:
        receiver.close()
