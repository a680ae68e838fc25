"""A receiver that runs in a thread of the test, on a port of its own."""

import asyncio
import contextlib
import threading
import time
from collections.abc import Iterator

from liasse.mailgate.gate import Gate, Post
from liasse.mailgate.listener import Place, listen
from liasse.mailgate.ports import MailDesk


class Receiver:
    """One running receiver; ``stop`` asks it to end, ``join`` waits for its exit status."""

    def __init__(self, desk: MailDesk, *, post: Post) -> None:
        self.port = self.lmtp_port = 0
        self.gate: Gate
        self.exit_status: int | None = None
        self._loop: asyncio.AbstractEventLoop
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(desk, post), daemon=True)
        self._thread.start()
        assert self._ready.wait(10)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self.gate.stop)

    def join(self) -> int | None:
        self._thread.join(30)
        assert not self._thread.is_alive()
        return self.exit_status

    def _run(self, desk: MailDesk, post: Post) -> None:
        async def serve() -> int:
            self._loop = asyncio.get_running_loop()
            self.gate = Gate(desk, post=post)
            places = [Place(host="127.0.0.1"), Place(host="127.0.0.1", is_lmtp=True)]
            return await listen(self.gate, places=places, is_ready=self._note)

        self.exit_status = asyncio.run(serve())

    def _note(self, ports: list[int]) -> None:
        self.port, self.lmtp_port = ports
        self._ready.set()


@contextlib.contextmanager
def receiver(desk: MailDesk, *, post: Post) -> Iterator[Receiver]:
    running = Receiver(desk, post=post)
    try:
        yield running
    finally:
        with contextlib.suppress(RuntimeError):
            running.stop()
        running.join()


def no_session_left(running: Receiver) -> bool:
    """Tell whether every session was counted out, soon."""
    deadline = time.monotonic() + 5
    while running.gate._sessions and time.monotonic() < deadline:
        time.sleep(0.01)
    return not running.gate._sessions and not running.gate._per_peer
