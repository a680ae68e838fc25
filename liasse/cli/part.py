"""One part of Liasse as a process: started, heard, seen to end, ended."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0
# A part that ran this long was well: its next fault counts as the first.
_WELL_AFTER = 60.0
_LONGEST_BUFFER = 64 * 1024


@dataclass
class Part:
    """A child process of the supervisor; `is_ready` asks it a real question, once it is up."""

    name: str
    arguments: list[str]
    is_ready: Callable[[], bool]
    # Whether it is started again when it ends, and its first start decides whether Liasse starts at all.
    is_kept: bool = True
    was_ready: bool = False
    has_closed: bool = False
    start_again_at: float | None = None
    process: subprocess.Popen[bytes] | None = None
    _faults: int = 0
    _started_at: float = 0.0
    _rest: bytes = field(default=b"", repr=False)

    def start(self, *, lifeline: int) -> int:
        """Start the process; give the descriptor on which its output is heard.

        It leads a process group of its own: a Ctrl-C in the terminal reaches the supervisor alone, which then ends
        the parts in order, and what a part leaves behind can be swept up with it.
        """
        self.start_again_at = None
        self.has_closed = False
        self._started_at = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "liasse.cli", *self.arguments],
            stdin=lifeline,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            process_group=0,
        )
        assert self.process.stdout is not None  # noqa: S101  It was asked for one line above.
        descriptor = self.process.stdout.fileno()
        os.set_blocking(descriptor, False)
        return descriptor

    def lines(self) -> Iterator[bytes]:
        """Give what it said since, one piece at most, line by line; a line without an end is given in pieces."""
        *lines, self._rest = (self._rest + (self._heard() or b"")).split(b"\n")
        yield from lines
        if len(self._rest) > _LONGEST_BUFFER:
            yield self._rest
            self._rest = b""

    def _heard(self) -> bytes | None:
        if self.process is None or self.process.stdout is None or self.has_closed:
            return None
        try:
            piece = os.read(self.process.stdout.fileno(), _LONGEST_BUFFER)
        except BlockingIOError:
            return None
        self.has_closed = not piece
        return piece

    def has_ended(self) -> bool:
        """Say whether it ended; whatever it left running in its group is then killed."""
        if self.process is None or self.process.returncode is not None:
            return False
        # Seen but not yet collected: as long as it is not, its number cannot go to somebody else's group.
        if os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            return False
        self.signal(signal.SIGKILL)
        self.process.wait()
        return True

    def close(self) -> Iterator[bytes]:
        """Give its last words and forget the process."""
        while (piece := self._heard()) is not None and not self.has_closed:
            self._rest += piece
        yield from self._rest.splitlines()
        self._rest = b""
        if self.process is not None and self.process.stdout is not None:
            self.process.stdout.close()
        self.process = None

    def plan_restart(self) -> float:
        """Choose when it starts again, later after every fault in a row; give the pause in seconds."""
        now = time.monotonic()
        self._faults = 0 if now - self._started_at > _WELL_AFTER else self._faults
        pause: float = min(_FIRST_PAUSE * 2**self._faults, _LONGEST_PAUSE)
        self._faults = min(self._faults + 1, 10)
        self.start_again_at = now + pause
        return pause

    def signal(self, number: int) -> None:
        """Send a signal: the last one to the whole group, others to the part, which tells its own children."""
        if self.process is None or self.process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            if number == signal.SIGKILL:
                os.killpg(self.process.pid, number)
            else:
                self.process.send_signal(number)


def how_it_ended(code: int) -> str:
    """Say an exit code as a person would."""
    if code < 0:
        with suppress(ValueError):
            return f"was ended by {signal.Signals(-code).name}"
    return f"ended with code {code}"
