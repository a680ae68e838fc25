"""Opening foreign bytes in a short-lived process with limits: `run` is the only door to it.

    answer = sandbox.run("liasse.adapters.pdf_pages.pages:describe", stored_file, scratch_folder)

The called function is `def f(input_path: Path, output_dir: Path, **words) -> dict`, imports no
Django, answers with what JSON can hold, and raises `liasse.core.refusals.Refusal` to say no.
docs/mechanisms/sandbox.md says which walls stand around it and why.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from liasse.core.sandbox_zygote import FRAME, receive, send

_MIB = 1 << 20
_GRACE_SECONDS = 15.0
_IDLE_SECONDS = 120.0
_TOGETHER = 8
_WALLS = ("namespaces", "files", "capabilities", "calls")
# A job that used this share of what it may and then died of a signal is taken to have died of that.
_SHARE = 0.8
# Libraries for numbers must not start threads of their own in a process that forks.
_ENVIRONMENT = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "OMP_THREAD_LIMIT": "1"}


@dataclass(frozen=True, slots=True)
class Limits:
    """What one job may use. Memory, output and answer in bytes, times in seconds (reliability.md 3.3).

    ``reserved`` is address space that a library asks for and never touches; it comes on top of ``memory``.
    """

    memory: int = 512 * _MIB
    reserved: int = 0
    cpu_seconds: int = 60
    wall_seconds: float = 120.0
    output_bytes: int = 1024 * _MIB
    answer_bytes: int = 16 * _MIB
    open_files: int = 64


DEFAULT_LIMITS = Limits()


class SandboxError(Exception):
    """A job gave no answer. ``permanent`` says that the same bytes would end the same way again."""

    code = "unavailable"
    permanent = False

    def __init__(self, detail: str = "", *, code: str = "") -> None:
        """Keep the detail for the log; it may quote foreign bytes and is no text for the screen."""
        super().__init__(detail or code or self.code)
        self.code = code or self.code
        self.detail = detail


class UnavailableError(SandboxError):
    """The sandbox itself failed: it could not start, was killed, or the disk is full. Another try may work."""


class RefusedError(SandboxError):
    """The function said no to the file; ``code`` and ``detail`` are its own words."""

    permanent = True


class TimedOutError(SandboxError):
    """The job used up its seconds of processor or of clock."""

    code, permanent = "timeout", True


class OutOfMemoryError(SandboxError):
    """The job needed more memory than it may have."""

    code, permanent = "out-of-memory", True


class TooMuchOutputError(SandboxError):
    """The job wrote or answered more than it may."""

    code, permanent = "too-much-output", True


class CrashedError(SandboxError):
    """The job died, raised something unforeseen or answered garbage."""

    code, permanent = "crashed", True


_BY_END = {
    "wall": TimedOutError,
    "output": TooMuchOutputError,
    "answer": TooMuchOutputError,
    "odd": CrashedError,
    "out-of-memory": OutOfMemoryError,
    "too-much-output": TooMuchOutputError,
}


class Sandbox:
    """One zygote and the way to it. `run` of this module uses a shared one; tests make their own."""

    def __init__(
        self,
        *,
        idle_seconds: float = _IDLE_SECONDS,
        without: frozenset[str] = frozenset(),
        together: int = _TOGETHER,
    ) -> None:
        """Start nothing yet. ``without`` names walls to leave out, so that each can be tested alone.

        At most ``together`` jobs run at once; further ones wait.
        """
        self._many = together
        self._options = json.dumps({"idle_seconds": idle_seconds, "without": sorted(without)})
        self._lock = threading.Lock()
        self._together = threading.BoundedSemaphore(self._many)
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def run(
        self,
        call: str,
        input_path: Path,
        output_dir: Path,
        *,
        limits: Limits = DEFAULT_LIMITS,
        **words: Any,  # noqa: ANN401 - whatever JSON can hold, as the called function declares it.
    ) -> dict[str, Any]:
        """Call ``call`` on a file in its own process and return its answer.

        Safe from any thread. The job reads nothing but the input and the program, and writes
        nothing but into ``output_dir``, an existing folder of its own; whatever it started is
        gone on return. Files left there are plain files, never links. A job whose process was
        lost through no fault of its own is repeated once. Raises SandboxError.
        """
        request = {
            "call": call,
            "input_path": os.path.realpath(input_path),
            "output_dir": os.path.realpath(output_dir),
            "limits": asdict(limits),
            "kwargs": words,
        }
        with self._together:
            for _ in range(2):
                with contextlib.suppress(EOFError, ConnectionError, BrokenPipeError):
                    return _answer(*self._exchange(request), limits)
        raise UnavailableError(f"the process for {call} was lost twice")

    def protections(self) -> dict[str, bool]:
        """Return which walls this machine grants, by name; all are True on a plain Linux of today."""
        with tempfile.TemporaryDirectory() as folder:
            found = self.run("liasse.core.sandbox_job:protections", Path(os.devnull), Path(folder))
        return {name: bool(found.get(name)) for name in _WALLS}

    def close(self) -> None:
        """End the zygote; a later `run` starts another."""
        with self._lock:
            self._forget()

    def abandon(self) -> None:
        """Forget a zygote that belongs to the process this one was forked from."""
        self._lock = threading.Lock()
        self._together = threading.BoundedSemaphore(self._many)
        if self._control is not None:
            self._control.close()
        self._process = self._control = None

    def _exchange(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        near, far = socket.socketpair()
        with near:
            with far:
                self._hand_over(request["call"].partition(":")[0], far)
            near.settimeout(request["limits"]["wall_seconds"] + _GRACE_SECONDS)
            try:
                send(near, json.dumps(request).encode())
                report: dict[str, Any] = json.loads(receive(near))
                return report, receive(near)
            except TimeoutError as error:
                raise UnavailableError("the sandbox did not answer in time") from error

    def _hand_over(self, module: str, far: socket.socket) -> None:
        frame = module.encode().ljust(FRAME)
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                self._start()
            try:
                self._send_handle(frame, far)
            except OSError:
                # It went idle or was killed since the look; a fresh one takes the job.
                self._start()
                self._send_handle(frame, far)

    def _send_handle(self, frame: bytes, far: socket.socket) -> None:
        if self._control is None:
            raise UnavailableError("the sandbox is closed")
        socket.send_fds(self._control, [frame], [far.fileno()])

    def _start(self) -> None:
        self._forget()
        near, far = socket.socketpair()
        with far:
            try:
                self._process = subprocess.Popen(  # noqa: S603 - our own module, our own words.
                    [
                        *(sys.executable, "-P", "-X", "utf8", "-m", "liasse.core.sandbox_zygote"),
                        *(str(far.fileno()), self._options),
                    ],
                    env=_ENVIRONMENT | {"PYTHONPATH": os.pathsep.join(path or os.curdir for path in sys.path)},
                    pass_fds=[far.fileno()],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    # A Ctrl-C in the terminal is for the server, which lets running jobs end.
                    start_new_session=True,
                )
            except OSError as error:
                near.close()
                raise UnavailableError(str(error)) from error
        self._control = near

    def _forget(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            try:
                self._process.wait(timeout=_GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None


def _answer(report: dict[str, Any], data: bytes, limits: Limits) -> dict[str, Any]:
    end = report["end"]
    if end != "exit":
        raise _BY_END.get(end, UnavailableError)(end)
    if report["signal"]:
        raise _death(report, limits)
    try:
        answer = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise CrashedError("the answer is no JSON") from error
    if not isinstance(answer, dict):
        raise CrashedError("the answer is no object")
    if isinstance(answer.get("ok"), dict):
        return dict(answer["ok"])
    if "refused" in answer:
        raise RefusedError(str(answer.get("detail", "")), code=str(answer["refused"]))
    if answer.get("error") == "disk-full":
        raise UnavailableError("no room to write", code="disk-full")
    raise _BY_END.get(str(answer.get("error")), CrashedError)(str(answer.get("detail", "")))


def _death(report: dict[str, Any], limits: Limits) -> SandboxError:
    if report["cpu"] >= _SHARE * limits.cpu_seconds and report["signal"] == signal.SIGKILL:
        return TimedOutError("cpu")
    if report["memory"] >= _SHARE * limits.memory:
        return OutOfMemoryError(f"signal {report['signal']}")
    if report["signal"] == signal.SIGKILL:
        # Nothing in the job can send this; the machine or a person did.
        return UnavailableError("killed")
    return CrashedError(f"signal {report['signal']}")


_shared = Sandbox()
run = _shared.run
protections = _shared.protections
_large = Sandbox(idle_seconds=60.0, together=os.cpu_count() or 1)
run_large = _large.run
"""As `run`, in a process of its own for calls whose modules are large; it keeps them for a minute at most."""


def close() -> None:
    """End the processes that wait for jobs; a later `run` starts others."""
    _shared.close()
    _large.close()


os.register_at_fork(after_in_child=_shared.abandon)
os.register_at_fork(after_in_child=_large.abandon)
