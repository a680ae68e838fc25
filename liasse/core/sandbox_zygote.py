"""The process that is forked for every job on foreign bytes: `python -m liasse.core.sandbox_zygote`.

Three kinds of process, the last two made afresh for each job:

* the zygote keeps the heavy libraries loaded, reads nothing foreign and only forks;
* the keeper, one a job, watches the clock, the output and the caller, and ends the job with all its descendants;
* the job, walled in by `sandbox_job`, calls the function and writes its answer into a pipe.

No thread and no Django here: a process that forks must have neither.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import stat
import struct
import sys
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from liasse.core import sandbox_confine as confine
from liasse.core.sandbox_job import work

FRAME = 256
LENGTH = struct.Struct("!Q")
_TICK = 0.25
_MAX_FILES = 2_000
_DRAIN_TRIES = 100


def main(arguments: list[str]) -> None:
    """Serve jobs from the socket inherited as file number ``arguments[0]`` until it closes or idleness wins."""
    options = json.loads(arguments[1])
    control = socket.socket(fileno=int(arguments[0]))
    off = frozenset(options["without"])
    flags = 0 if "namespaces" in off else confine.namespaces_that_work()
    gc.freeze()
    running: set[int] = set()
    last_job = time.monotonic()
    while True:
        # A finished keeper is reaped at the next turn, so turns are short while one runs.
        idle_for = options["idle_seconds"] - (time.monotonic() - last_job)
        ready, _, _ = select.select([control], [], [], 1.0 if running else max(idle_for, 0.0))
        _reap(running)
        if not ready:
            if not running and idle_for <= 0:
                return
            continue
        name, handles, _, _ = socket.recv_fds(control, FRAME, 1)
        if not name:
            return
        if not handles:
            continue
        _load(name.rstrip().decode())
        with warnings.catch_warnings():
            # A library for OCR starts one thread when it is loaded, which sleeps for good and holds no lock.
            warnings.simplefilter("ignore", DeprecationWarning)
            keeper = os.fork()
        if keeper == 0:
            control.close()
            _keep(handles[0], flags, off)
        os.close(handles[0])
        running.add(keeper)
        last_job = time.monotonic()


def _reap(running: set[int]) -> None:
    for keeper in list(running):
        if os.waitpid(keeper, os.WNOHANG)[0]:
            running.discard(keeper)


def _load(module: str) -> None:
    # Loaded once here, shared by every later job; what cannot be loaded fails in the job, where it is reported.
    if module not in sys.modules:
        with contextlib.suppress(Exception):
            importlib.import_module(module)
            gc.collect()
            gc.freeze()


def _keep(handle: int, flags: int, off: frozenset[str]) -> NoReturn:
    try:
        os.setsid()
        confine.adopt_orphans()
        caller = socket.socket(fileno=handle)
        request = json.loads(receive(caller))
        confine.enter_namespaces(flags)
        Keeper(caller, request).serve(namespaces=bool(flags), off=off)
    finally:
        # Whatever happened, a keeper never becomes a second zygote. A silent end reads as "lost" at the caller.
        os._exit(0)


def send(target: socket.socket, data: bytes) -> None:
    """Write one frame: its length, then its bytes."""
    target.sendall(LENGTH.pack(len(data)) + data)


def receive(source: socket.socket) -> bytes:
    """Read one frame; raises EOFError when the other side went away first."""
    return _exactly(source, LENGTH.unpack(_exactly(source, LENGTH.size))[0])


def _exactly(source: socket.socket, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        piece = source.recv(min(size - len(data), 1 << 20))
        if not piece:
            raise EOFError
        data += piece
    return bytes(data)


@dataclass(slots=True)
class Output:
    """What a job left in its folder."""

    total: int = 0
    largest: int = 0
    files: int = 0
    is_odd: bool = False

    @classmethod
    def of(cls, folder: str) -> Output:
        """Count a folder without following any link; stops counting files past the limit."""
        seen, waiting = cls(), [folder]
        while waiting and seen.files <= _MAX_FILES:
            with contextlib.suppress(OSError), os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    seen._add(entry, waiting)
        return seen

    def _add(self, entry: os.DirEntry[str], waiting: list[str]) -> None:
        self.files += 1
        with contextlib.suppress(FileNotFoundError):
            facts = entry.stat(follow_symlinks=False)
            if stat.S_ISDIR(facts.st_mode):
                waiting.append(entry.path)
            elif stat.S_ISREG(facts.st_mode) and facts.st_nlink == 1:
                self.total += max(facts.st_size, facts.st_blocks * 512)
                self.largest = max(self.largest, facts.st_size)
            else:
                # A link would make the caller open another file than the job's own.
                self.is_odd = True


class Keeper:
    """Watches one job and tells the caller how it ended."""

    def __init__(self, caller: socket.socket, request: dict[str, Any]) -> None:
        """Take the caller's end of the line and its request."""
        self.caller = caller
        self.request = request
        self.limits = request["limits"]
        self.answer = bytearray()

    def serve(self, *, namespaces: bool, off: frozenset[str]) -> None:
        """Run the job to its end and report; returns only when nothing of it is alive."""
        reading, writing = os.pipe()
        job = os.fork()
        if job == 0:
            os.close(reading)
            self.caller.close()
            work(self.request, writing, namespaces=namespaces, off=off)
        os.close(writing)
        os.set_blocking(reading, False)
        end = self._watch(job, reading)
        _kill(job)
        _, status, usage = os.wait4(job, 0)
        _end_orphans()
        if end == "exit":
            end = self._drain(reading)
        seen = Output.of(self.request["output_dir"])
        if end == "exit" and self._is_too_much(seen):
            end = "output"
        report = {
            "end": "odd" if end == "exit" and seen.is_odd else end,
            "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0,
            "cpu": usage.ru_utime + usage.ru_stime,
            "memory": usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024),
        }
        send(self.caller, json.dumps(report).encode())
        send(self.caller, bytes(self.answer) if end == "exit" else b"")

    def _watch(self, job: int, reading: int) -> str:
        deadline = time.monotonic() + self.limits["wall_seconds"]
        poller = select.poll()
        poller.register(reading, select.POLLIN)
        poller.register(self.caller, select.POLLIN)
        # Where the kernel has no handle on a process, the pause between two looks is what an end costs.
        death = os.pidfd_open(job) if hasattr(os, "pidfd_open") else -1
        pause = _TICK if death >= 0 else 0.02
        if death >= 0:
            poller.register(death, select.POLLIN)
        next_count = 0.0
        while True:
            ready = {handle for handle, _ in poller.poll(pause * 1000)}
            now = time.monotonic()
            if self.caller.fileno() in ready:
                # The caller never speaks twice: it went away, and nobody waits for the answer.
                return "abandoned"
            if reading in ready and not self._read(reading):
                poller.unregister(reading)
            if len(self.answer) > self.limits["answer_bytes"]:
                return "answer"
            if os.waitid(os.P_PID, job, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
                return "exit"
            if now > deadline:
                return "wall"
            if now > next_count:
                if self._is_too_much(Output.of(self.request["output_dir"])):
                    return "output"
                next_count = now + _TICK

    def _read(self, reading: int) -> bool:
        """Take what the pipe holds; False once it is closed."""
        try:
            piece = os.read(reading, 1 << 20)
        except BlockingIOError:
            return True
        self.answer += piece
        return bool(piece)

    def _drain(self, reading: int) -> str:
        for _ in range(_DRAIN_TRIES):
            before = len(self.answer)
            if not self._read(reading) or len(self.answer) == before:
                break
        return "answer" if len(self.answer) > self.limits["answer_bytes"] else "exit"

    def _is_too_much(self, seen: Output) -> bool:
        allowed = self.limits["output_bytes"]
        return seen.total > allowed or seen.largest >= allowed or seen.files > _MAX_FILES


def _kill(job: int) -> None:
    # The first of a process tree takes the whole tree with it; the group is for where there is no such tree.
    for end in (os.kill, os.killpg):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            end(job, signal.SIGKILL)


def _end_orphans() -> None:
    """End the descendants that left the group: being ours by adoption, they are found among our children."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        children = _children()
        if not children:
            return
        for child in children:
            _kill(child)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        time.sleep(0.005)


def _children() -> list[int]:
    mine = os.getpid()
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            # The name of the program, in brackets, may hold anything; the parent is the second word after it.
            if int(entry.read_text().rpartition(")")[2].split()[1]) == mine:
                found.append(int(entry.parent.name))
    return found


if __name__ == "__main__":
    main(sys.argv[1:])
