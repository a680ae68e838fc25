"""The innermost process of the sandbox: puts its walls up, calls one function, answers and ends."""

from __future__ import annotations

import contextlib
import errno
import importlib
import json
import os
import resource
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import liasse
from liasse.core import sandbox_confine as confine
from liasse.core.refusals import Refusal

_OUT_OF_MEMORY = b'{"error": "out-of-memory"}'
_TOO_MUCH = b'{"error": "too-much-output"}'
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO})
_LEAST_MEMORY = 64 << 20
_NICENESS = 5
_DETAIL = 500

_protections: dict[str, bool] = {}


def protections(input_path: Path, output_dir: Path) -> dict[str, bool]:  # noqa: ARG001 - the shape of every call.
    """Return which walls stand around the process that answers."""
    return dict(_protections)


def work(request: dict[str, Any], writing: int, *, namespaces: bool, off: frozenset[str]) -> NoReturn:
    """Do the job in this process and end it; never returns into the keeper's code."""
    try:
        _settle(request, writing)
        _protections.update(_wall_in(request, off), namespaces=namespaces)
        answer = _call(request)
    except MemoryError:
        answer = _OUT_OF_MEMORY
    except BaseException as error:  # noqa: BLE001 - the last frame of a process: every end becomes an answer.
        answer = _say({"error": "crashed", "detail": repr(error)[:_DETAIL]})
    with contextlib.suppress(BaseException):
        view = memoryview(answer)
        while view:
            view = view[os.write(writing, view) :]
    os._exit(0)


def _settle(request: dict[str, Any], writing: int) -> None:
    confine.die_with_parent()
    os.setsid()
    os.environ.clear()
    os.umask(0o077)
    os.nice(_NICENESS)
    os.chdir(request["output_dir"])
    tempfile.tempdir = request["output_dir"]
    with contextlib.suppress(OSError):
        # If the machine itself runs out of memory, this process is the one to lose.
        Path("/proc/self/oom_score_adj").write_text("1000")
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in range(3):
        os.dup2(nothing, standard)
    os.closerange(3, writing)
    os.closerange(writing + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        # Python ignores both; ignored here too, so that a full limit is an error the function can meet.
        signal.signal(number, signal.SIG_IGN)


def _wall_in(request: dict[str, Any], off: frozenset[str]) -> dict[str, bool]:
    limits = request["limits"]
    _limit(limits)
    memory = _memory_ceiling(limits["memory"])
    steps: dict[str, Callable[[], bool]] = {
        "files": lambda: confine.restrict_files(*_reachable(request)),
        "capabilities": confine.drop_capabilities,
        "calls": confine.filter_calls,
    }
    walls = {name: name not in off and step() for name, step in steps.items()}
    if not walls["calls"] and os.geteuid() != 0:
        # The filter also forbids new processes; without it the count of the user's processes does, except for root.
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    if memory:
        space = memory + limits["reserved"]
        resource.setrlimit(resource.RLIMIT_AS, (space, space))
        if limits["reserved"]:
            # Address space no longer tells what is used; pages that may be written do.
            resource.setrlimit(resource.RLIMIT_DATA, (limits["memory"], limits["memory"]))
    return walls


def _limit(limits: dict[str, Any]) -> None:
    for name, value in (
        # Both ends of the CPU limit are one: the first of a process tree does not hear the softer signal.
        (resource.RLIMIT_CPU, limits["cpu_seconds"]),
        (resource.RLIMIT_FSIZE, limits["output_bytes"]),
        (resource.RLIMIT_NOFILE, limits["open_files"]),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(name, (value, value))


def _memory_ceiling(memory: int) -> int:
    """Return the address space that keeps resident memory under the limit, 0 where it cannot be told.

    What the zygote had mapped is added, for it is shared with every other job and mostly never resident.
    """
    try:
        mapped, resident = (int(pages) * resource.getpagesize() for pages in _statm()[:2])
    except (OSError, ValueError):
        return 0
    return mapped + max(memory - resident, _LEAST_MEMORY)


def _statm() -> list[str]:
    return Path("/proc/self/statm").read_text().split()


def _reachable(request: dict[str, Any]) -> tuple[list[Path], list[Path]]:
    """Return what the job may read (its input, the program, the system's libraries) and what it may change."""
    prefixes = {sys.prefix, sys.base_prefix, sys.exec_prefix, "/usr", "/usr/local"}
    libraries = [Path(prefix) / folder for prefix in prefixes for folder in ("lib", "lib64")]
    system = ["/lib", "/lib64", "/usr/share", "/etc/fonts", "/etc/ld.so.cache", "/etc/localtime", "/etc/mime.types"]
    readable = [Path(path) for path in (*system, *liasse.__path__, "/dev/urandom", request["input_path"])]
    return [*libraries, *readable], [Path(request["output_dir"]), Path(os.devnull)]


def _call(request: dict[str, Any]) -> bytes:
    module, _, name = request["call"].partition(":")
    try:
        function = getattr(importlib.import_module(module), name)
        answer = function(Path(request["input_path"]), Path(request["output_dir"]), **request["kwargs"])
        data = _say({"ok": answer})
        return data if len(data) <= request["limits"]["answer_bytes"] else _TOO_MUCH
    except Refusal as refusal:
        return _say({"refused": refusal.code, "detail": refusal.detail[:_DETAIL]})
    except OSError as error:
        if error.errno == errno.EFBIG:
            return _TOO_MUCH
        if error.errno in _FULL:
            return _say({"error": "disk-full"})
        raise


def _say(answer: dict[str, Any]) -> bytes:
    return json.dumps(answer, ensure_ascii=True).encode()
