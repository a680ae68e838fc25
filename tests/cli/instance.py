"""A real Liasse beside the tests: its own data folder and ports, its processes to look at."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

LIASSE = [sys.executable, "-m", "liasse.cli"]
ROOT = Path(__file__).resolve().parents[2]
PARTS = ("web", "mailgate", "worker")
_START = 60.0
_SETTINGS = ("LIASSE_", "DATABASE_URL", "DJANGO_")


def free_port() -> int:
    """A port of this machine that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(data: Path, **more: str) -> dict[str, str]:
    """The environment of a fresh machine, with a data folder and ports of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_SETTINGS)}
    own = {
        "LIASSE_DATA": str(data),
        "LIASSE_HTTP": f"127.0.0.1:{free_port()}",
        "LIASSE_SMTP": f"127.0.0.1:{free_port()}",
    }
    return {**kept, **own, **more}


def liasse(*arguments: str, env: dict[str, str], stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run the console command to its end."""
    return subprocess.run(
        [*LIASSE, *arguments], cwd=ROOT, env=env, input=stdin, check=False, capture_output=True, text=True, timeout=60
    )


def is_one_sentence(text: str) -> bool:
    """Whether this is what a person should see on stderr: one line, no traceback."""
    return (
        len(text.strip().splitlines()) == 1
        and not re.search("Traceback|unexpected fault", text)
        and text.strip().endswith(".")
    )


def eventually(holds: Callable[[], bool], *, within: float) -> bool:
    """Whether something comes true in time."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.05)
    return holds()


class Instance:
    """`liasse serve`, from its start to its end; leaving the block ends what is left of it."""

    def __init__(self, env: dict[str, str]) -> None:
        self.env = env
        self.data = Path(env["LIASSE_DATA"])
        self.output = self.data.with_name(self.data.name + ".out")

    def __enter__(self) -> Self:
        began = time.monotonic()
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [*LIASSE, "serve"], cwd=ROOT, env=self.env, stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
        assert eventually(lambda: "Liasse is ready" in self.said() or self.has_ended(), within=_START), self.said()
        assert not self.has_ended(), self.said()
        self.start_seconds = time.monotonic() - began
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        family = self.family()
        self.process.kill()
        for process in family:
            if process.is_running():
                process.kill()
        self.process.wait()

    def said(self) -> str:
        return self.output.read_text(encoding="utf-8", errors="replace")

    def link(self) -> str:
        found = re.search(r"https?://\S+/setup/\S+", self.said())
        return found.group() if found else ""

    def has_ended(self) -> bool:
        return self.process.poll() is not None

    def family(self) -> list[psutil.Process]:
        """Every process below the supervisor."""
        try:
            return psutil.Process(self.process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []

    def part(self, name: str) -> psutil.Process | None:
        return next((process for process in self.family() if is_part(process, name)), None)

    def answers(self, variable: str) -> bool:
        host, _, port = self.env[variable].rpartition(":")
        with socket.socket() as client:
            client.settimeout(3)
            return client.connect_ex((host, int(port))) == 0

    def interrupt(self) -> int:
        """Ctrl-C."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(30)


def is_part(process: psutil.Process, name: str) -> bool:
    try:
        return process.cmdline()[3:5] == ["liasse.cli", name]
    except psutil.Error:
        return False


def none_runs(processes: list[psutil.Process]) -> bool:
    return not any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in processes)
