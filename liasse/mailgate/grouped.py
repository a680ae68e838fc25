"""Work that costs nearly the same for one as for many, handed to threads in groups.

Whoever comes while all threads are busy goes with the next group: alone nobody waits for company, and under
load a group grows by itself.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial


class Grouped[Item, Result]:
    """A queue in front of ``work``, which gives one result an item, in order. Lives in one event loop."""

    def __init__(
        self, work: Callable[[Sequence[Item]], Sequence[Result]], *, name: str, threads: int, most: int
    ) -> None:
        """Let this many threads work, each on at most ``most`` items at once."""
        self._work = work
        self._threads = threads
        self._most = most
        self._busy = 0
        self._waiting: deque[tuple[Item, asyncio.Future[Result]]] = deque()
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)

    def put(self, item: Item) -> asyncio.Future[Result]:
        """Hand in one item; what the whole group's work raises is raised to each that waits for it."""
        answer: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, answer))
        self._begin()
        return answer

    def close(self) -> None:
        """Begin no more."""
        self._pool.shutdown(cancel_futures=True)

    def _begin(self) -> None:
        while self._waiting and self._busy < self._threads:
            group = [self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))]
            self._busy += 1
            done = asyncio.get_running_loop().run_in_executor(self._pool, self._work, [item for item, _ in group])
            done.add_done_callback(partial(self._end, group))

    def _end(
        self, group: Sequence[tuple[Item, asyncio.Future[Result]]], done: asyncio.Future[Sequence[Result]]
    ) -> None:
        self._busy -= 1
        error = asyncio.CancelledError() if done.cancelled() else done.exception()
        for number, (_item, answer) in enumerate(group):
            # Who waited may have gone away.
            with suppress(asyncio.InvalidStateError):
                if error is not None:
                    answer.set_exception(error)
                else:
                    answer.set_result(done.result()[number])
        self._begin()
