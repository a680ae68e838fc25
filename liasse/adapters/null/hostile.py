"""Stand-ins for libraries that a hostile file has turned: each does one thing the sandbox must end or survive."""

# ruff: noqa: ARG001 - every one has the shape that the sandbox calls.

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from liasse.core.refusals import Refusal

_FOREVER = 3600
_MIB = 1 << 20


def behave(input_path: Path, output_dir: Path, **words: Any) -> dict[str, Any]:  # noqa: ANN401 - it takes what it is given.
    """The well-behaved one: reads, writes one file, says what it sees of the world."""
    data = input_path.read_bytes()
    (output_dir / "copy").write_bytes(data)
    return {
        "size": len(data),
        "environment": dict(os.environ),
        "folder": str(Path.cwd()),
        "words": words,
    }


def refuse_nothing(input_path: Path, output_dir: Path) -> dict[str, Any]:
    return {}


def dawdle(input_path: Path, output_dir: Path, *, seconds: float) -> dict[str, Any]:
    time.sleep(seconds)
    return {"slept": seconds}


def refuse(input_path: Path, output_dir: Path) -> dict[str, Any]:
    raise Refusal("damaged", "page 3")


def hang(input_path: Path, output_dir: Path) -> dict[str, Any]:
    time.sleep(_FOREVER)
    return {}


def spin(input_path: Path, output_dir: Path) -> dict[str, Any]:
    while True:
        pass


def eat_memory(input_path: Path, output_dir: Path, *, step: int = _MIB) -> dict[str, Any]:
    eaten = []
    while True:
        eaten.append(b"x" * step)


def eat_memory_in_c(input_path: Path, output_dir: Path) -> dict[str, Any]:
    """Like a library that checks no allocation: dies of a signal, raises nothing."""
    c = ctypes.CDLL(None)
    c.malloc.restype = ctypes.c_void_p
    c.malloc.argtypes = [ctypes.c_size_t]
    while True:
        ctypes.memset(c.malloc(_MIB), 1, _MIB)


def fork_once(input_path: Path, output_dir: Path) -> dict[str, Any]:
    """Leaves a descendant that has left the session, as a daemon does."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            (output_dir / "escaped").write_text("alive")
            time.sleep(_FOREVER)
        os._exit(0)
    time.sleep(0.5)
    return {}


def fork_many(input_path: Path, output_dir: Path, *, count: int = 200) -> dict[str, Any]:
    for _ in range(count):
        if os.fork() == 0:
            os.setsid()
            time.sleep(_FOREVER)
    return {}


def execute(input_path: Path, output_dir: Path) -> dict[str, Any]:
    return {"said": subprocess.run(["/bin/echo", "out"], capture_output=True, check=True).stdout.decode()}


def write_much(input_path: Path, output_dir: Path) -> dict[str, Any]:
    with (output_dir / "much").open("wb") as file:
        while True:
            file.write(b"x" * _MIB)


def write_many(input_path: Path, output_dir: Path, *, size: int = 100_000) -> dict[str, Any]:
    number = 0
    while True:
        (output_dir / str(number)).write_bytes(b"x" * size)
        number += 1


def write_elsewhere(input_path: Path, output_dir: Path, *, target: str) -> dict[str, Any]:
    Path(target).write_text("planted")
    return {}


def spoil_input(input_path: Path, output_dir: Path) -> dict[str, Any]:
    """Tries every way to change the stored original; answers with those that worked."""
    worked = []
    attempts: dict[str, Callable[[], None]] = {
        "write": lambda: input_path.open("r+b").close(),
        "truncate": lambda: os.truncate(input_path, 0),
        "mode": lambda: input_path.chmod(0o777),
        "times": lambda: os.utime(input_path, (0, 0)),
        "delete": input_path.unlink,
    }
    for name, attempt in attempts.items():
        with suppress(OSError):
            attempt()
            worked.append(name)
    return {"worked": worked}


def read_elsewhere(input_path: Path, output_dir: Path, *, target: str) -> dict[str, Any]:
    return {"secret": Path(target).read_text()}


def plant_link(input_path: Path, output_dir: Path, *, target: str) -> dict[str, Any]:
    (output_dir / "page-1.png").symlink_to(target)
    return {"files": ["page-1.png"]}


def call_home(input_path: Path, output_dir: Path, *, port: int) -> dict[str, Any]:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        line.sendall(b"secret")
    return {}


def kill_others(input_path: Path, output_dir: Path, *, victim: int) -> dict[str, Any]:
    os.kill(victim, signal.SIGKILL)
    return {}


def crash(input_path: Path, output_dir: Path) -> dict[str, Any]:
    ctypes.string_at(0)
    return {}


def abort(input_path: Path, output_dir: Path) -> dict[str, Any]:
    os.abort()


def leave(input_path: Path, output_dir: Path) -> dict[str, Any]:
    """Ends the process with a good status and without a word."""
    os._exit(0)


def print_garbage(input_path: Path, output_dir: Path) -> dict[str, Any]:
    """Shouts into every open file, the pipe for the answer among them."""
    for handle in range(64):
        with suppress(OSError):
            os.write(handle, b'{"ok": {"forged"')
    return {"forged": True}


def answer_much(input_path: Path, output_dir: Path) -> dict[str, Any]:
    return {"text": "x" * (24 * _MIB)}


def flood_answer(input_path: Path, output_dir: Path) -> dict[str, Any]:
    """Like a turned child that knows the pipe: writes into it without end, past the code that counts."""
    while True:
        for handle in range(3, 64):
            with suppress(OSError):
                os.write(handle, b"x" * _MIB)


def answer_deep(input_path: Path, output_dir: Path) -> dict[str, Any]:
    for handle in range(3, 64):
        with suppress(OSError):
            os.write(handle, b"[" * 1_000_000)
    os._exit(0)


def answer_oddly(input_path: Path, output_dir: Path) -> list[int]:
    return [1, 2]


def raise_oddly(input_path: Path, output_dir: Path) -> dict[str, Any]:
    raise RecursionError("deep")
