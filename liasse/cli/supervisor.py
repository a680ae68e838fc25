"""The supervisor: starts the parts, listens to them, starts again what dies, ends them cleanly.

It imports no Django and holds no data, so that it stays small and has no reason to fail itself.
"""

import os
import selectors
import signal
import time
from collections.abc import Callable
from types import FrameType

from liasse.cli.logbook import Logbook
from liasse.cli.part import Part, how_it_ended

GRACE = 15.0
_BETWEEN_QUESTIONS = 0.1
_PATIENCE = 30.0
_SAME_WISH = 1.0
_STOPPING = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP})


class Supervisor:
    """Runs parts until it is told to stop.

    `on_ready` is called once, when every part has answered; what it gives is started beside the others and may end.
    """

    def __init__(self, parts: list[Part], *, log: Logbook, on_ready: Callable[[], list[Part]]) -> None:
        self._parts = list(parts)
        self._log = log
        self._on_ready = on_ready
        self._selector = selectors.DefaultSelector()
        self._is_stopping = False
        self._stop_asked_at = 0.0
        self._stop_deadline: float | None = None
        self._is_up = False
        self._code = 0
        self._next_reminder = 0.0
        # The parts hold the other end as their standard input; it closes with this process, however that ends.
        self._their_end, self._lifeline = os.pipe()
        self._wake, self._wake_in = os.pipe()

    def run(self) -> int:
        """Run until every part has ended; 0 after a stop that was asked for, 1 when a part could not start."""
        self._catch_signals()
        self._next_reminder = time.monotonic() + _PATIENCE
        for part in self._parts:
            self._start(part)
        while self._is_busy():
            self._listen()
            self._see_ends()
            self._start_again()
            self._look_whether_up()
            self._hurry_stop()
        return self._code

    def stop(self) -> None:
        """Ask every part to end; asked again a while later, do not wait any longer.

        Within that while the same wish may well arrive twice: a terminal signals the whole group, and make or
        timeout pass the signal on as well.
        """
        now = time.monotonic()
        if not self._is_stopping:
            self._is_stopping = True
            self._log.say("stopping")
            self._stop_asked_at = now
            self._stop_deadline = now + GRACE
            self._signal_all(signal.SIGTERM)
        elif now - self._stop_asked_at > _SAME_WISH:
            self._signal_all(signal.SIGKILL)

    # ---------------------------------------------------------------------------------------- one turn

    def _is_busy(self) -> bool:
        return not self._is_stopping or any(part.process for part in self._parts)

    def _listen(self) -> None:
        for key, _ in self._selector.select(self._timeout()):
            if key.data is None:
                self._hear_signals(os.read(self._wake, 512))
                continue
            part: Part = key.data
            for line in part.lines():
                self._log.write(part.name, line)
            if part.has_closed:
                self._selector.unregister(key.fileobj)

    def _timeout(self) -> float | None:
        now = time.monotonic()
        moments = [part.start_again_at for part in self._parts if part.start_again_at is not None]
        if self._stop_deadline is not None:
            moments.append(self._stop_deadline)
        if not self._is_up and not self._is_stopping:
            moments.append(now + _BETWEEN_QUESTIONS)
        return max(0.0, min(moments) - now) if moments else None

    def _hear_signals(self, numbers: bytes) -> None:
        for number in numbers:
            if number in _STOPPING:
                self.stop()

    def _see_ends(self) -> None:
        for part in [part for part in self._parts if part.has_ended()]:
            assert part.process is not None  # noqa: S101  It has just ended.
            code = part.process.returncode
            self._forget_output(part)
            for line in part.close():
                self._log.write(part.name, line)
            if not part.is_kept:
                self._parts.remove(part)
            elif not self._is_stopping:
                self._mend(part, code)
            elif code:
                self._log.say(f"{part.name} {how_it_ended(code)}")

    def _mend(self, part: Part, code: int) -> None:
        if not part.was_ready and not self._is_up and code > 0:
            # It never worked: starting it again would only repeat the sentence it ended with.
            self._log.say(f"{part.name} could not start, see above; Liasse stops")
            self._code = 1
            self.stop()
            return
        pause = part.plan_restart()
        self._log.say(f"{part.name} {how_it_ended(code)}; it starts again in {pause:g} s")

    def _start_again(self) -> None:
        for part in self._parts:
            if part.start_again_at is not None and time.monotonic() >= part.start_again_at:
                if self._is_stopping:
                    part.start_again_at = None
                else:
                    self._start(part)

    def _look_whether_up(self) -> None:
        if self._is_up or self._is_stopping:
            return
        for part in self._parts:
            part.was_ready = part.was_ready or part.is_ready()
        if all(part.was_ready for part in self._parts):
            self._is_up = True
            for part in self._on_ready():
                self._parts.append(part)
                self._start(part)
        elif time.monotonic() > self._next_reminder:
            self._next_reminder += _PATIENCE
            waiting = ", ".join(part.name for part in self._parts if not part.was_ready)
            self._log.say(f"still waiting for: {waiting}")

    def _hurry_stop(self) -> None:
        if self._stop_deadline is not None and time.monotonic() > self._stop_deadline:
            slow = ", ".join(part.name for part in self._parts if part.process)
            self._stop_deadline = None
            if slow:
                self._log.say(f"did not end within {GRACE:g} s and is killed: {slow}")
            self._signal_all(signal.SIGKILL)

    # -------------------------------------------------------------------------------------- the means

    def _start(self, part: Part) -> None:
        descriptor = part.start(lifeline=self._their_end)
        self._selector.register(descriptor, selectors.EVENT_READ, part)

    def _forget_output(self, part: Part) -> None:
        for key in list(self._selector.get_map().values()):
            if key.data is part:
                self._selector.unregister(key.fileobj)

    def _signal_all(self, number: int) -> None:
        for part in self._parts:
            part.signal(number)

    def _catch_signals(self) -> None:
        os.set_blocking(self._wake_in, False)
        signal.set_wakeup_fd(self._wake_in, warn_on_full_buffer=False)
        for number in (*_STOPPING, signal.SIGCHLD):
            signal.signal(number, _noted)
        self._selector.register(self._wake, selectors.EVENT_READ, None)


def _noted(_number: int, _frame: FrameType | None) -> None:
    """Do nothing: the signal's number has been written to the wake-up pipe, and the loop reads it there."""
