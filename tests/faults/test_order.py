"""What reaches the disk before the 250, as the kernel sees it: memory survives a kill -9, so that cannot show it."""

import re
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from tests.faults.conftest import ROOT, Place
from tests.faults.load import attempt
from tests.faults.receivers import COLD, free_port, wait_for_greeting
from tests.faults.tool import ADDRESSES

pytestmark = [pytest.mark.faults, pytest.mark.timeout(480)]

CALLS = "trace=fsync,fdatasync,rename,renameat,renameat2,sendto,write"


def test_file_name_folder_and_row_are_synced_before_the_answer(place: Place, tmp_path: Path) -> None:
    if place.is_postgresql:
        pytest.skip("PostgreSQL syncs its log in processes of its own")
    calls = traced(place, tmp_path)
    order = [
        first(calls, r"fsync\(\d+<[^>]*/blobs/tmp/[0-9a-f]{32}>\) += 0"),
        first(calls, r'rename\w*\(.*/blobs/tmp/[0-9a-f]{32}", .*/blobs/../../[0-9a-f]{64}"\) += 0'),
        first(calls, r"fsync\(\d+<[^>]*/blobs/[0-9a-f]{2}/[0-9a-f]{2}>\) += 0"),
        first(calls, r"f(?:data)?sync\(\d+<[^>]*/liasse\.sqlite3-wal>\) += 0", after=r"/blobs/tmp/"),
        first(calls, r'(?:sendto|write)\(\d+.*"250 2\.0\.0 Received'),
    ]
    assert None not in order, "\n".join(calls)
    assert order == sorted(order, key=lambda place_: place_ or 0), "\n".join(calls)


def traced(place: Place, folder: Path) -> list[str]:
    """Run a receiver under strace, send it one message, and give its calls in order."""
    strace = shutil.which("strace")
    if strace is None or subprocess.run([strace, "-qq", "true"], check=False, capture_output=True).returncode:
        pytest.skip("strace is not installed here, or may not be used")
    trace, port = folder / "trace", free_port()
    command = [strace, "-f", "-y", "-s", "200", "-e", CALLS, "-o", str(trace), *COLD, "--listen", f"127.0.0.1:{port}"]
    with (folder / "log").open("wb") as log:
        tracer = subprocess.Popen(command, cwd=ROOT, env=place.env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        assert wait_for_greeting(port, within=60)
        assert attempt(port, b"Subject: x", recipients=[ADDRESSES[0]], note=lambda *_: None)
    finally:
        receiver = int(Path(f"/proc/{tracer.pid}/task/{tracer.pid}/children").read_text(encoding="ascii").split()[0])
        subprocess.run(["kill", f"-{signal.SIGTERM.value}", str(receiver)], check=True)
        tracer.wait(30)
    return joined(trace.read_text(encoding="utf-8", errors="replace").splitlines())


def joined(lines: list[str]) -> list[str]:
    """Put calls that another thread interrupted together again, where they ended."""
    open_calls: dict[str, str] = {}
    calls = []
    for line in lines:
        thread, _, call = line.partition(" ")
        if call.endswith("<unfinished ...>"):
            open_calls[thread] = call.removesuffix("<unfinished ...>").strip()
            continue
        resumed = re.search(r"<\.\.\. \w+ resumed>(.*)", call)
        calls.append(open_calls.pop(thread, "") + resumed[1] if resumed else call.strip())
    return calls


def first(calls: list[str], pattern: str, *, after: str = "") -> int | None:
    begin = next((n for n, call in enumerate(calls) if re.search(after, call)), 0) if after else 0
    return next((n for n in range(begin, len(calls)) if re.search(pattern, calls[n])), None)
