"""What all sessions of one receiver share: counts, room in memory, threads, and the way out."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import ssl
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Protocol

from liasse.core.blobs import StorageSyncError
from liasse.mailgate.grouped import Grouped
from liasse.mailgate.limits import Limits
from liasse.mailgate.ports import MailDesk
from liasse.mailgate.rates import Network, Rates, peer_key
from liasse.mailgate.types import Answer, Delivery, ReceivedMail, Standing

log = logging.getLogger("liasse.mailgate")

_ROOM_KNOWN_FOR = 1.0
_ADDRESS_KNOWN_FOR = 1.0
_MOST_KNOWN = 10_000
_MOST_LOOKUPS = 100
_MOST_DELIVERIES = 32


@dataclass(frozen=True, slots=True)
class Post:
    """What an operator chooses: the domain that is served, the limits, the certificate, the relays in front.

    ``loop_token`` is what this instance writes into the ``X-Loop`` of its own mails; blank looks for none.
    """

    domain: str
    limits: Limits = field(default_factory=Limits)
    tls: ssl.SSLContext | None = None
    trusted: tuple[Network, ...] = ()
    loop_token: str = ""
    lookup_threads: int = 1
    delivery_threads: int = 2


class OpenSession(Protocol):
    """A session as the gate sees it when it closes."""

    @property
    def is_idle(self) -> bool:
        """Tell whether it only waits for the peer's next command."""
        ...

    def dismiss(self, reply: str) -> None:
        """Say this and hang up."""
        ...


class Gate:
    """The receiver's shared state. Lives in one event loop; the desk is called in threads."""

    def __init__(self, desk: MailDesk, *, post: Post) -> None:
        """Serve this desk."""
        self.post = post
        self.limits = post.limits
        self.rates = Rates(post.limits, trusted=post.trusted)
        self.is_draining = False
        self.stopped = asyncio.Event()
        self.exit_status = 0
        self._desk = desk
        self._sessions: set[OpenSession] = set()
        self._per_peer: Counter[str] = Counter()
        self._memory_used = 0
        self._room: tuple[float, bool] = (0.0, True)
        self._known: dict[str, tuple[float, Answer]] = {}
        self._deliveries: set[asyncio.Future[Delivery]] = set()
        self._fewer = asyncio.Event()
        self._asides = ThreadPoolExecutor(1, thread_name_prefix="aside")
        # Two queues: finding an address must not wait behind deliveries that wait for a lock.
        self._lookups = Grouped(self._look_up_all, name="lookup", threads=post.lookup_threads, most=_MOST_LOOKUPS)
        self._writers = Grouped(desk.deliver_all, name="delivery", threads=post.delivery_threads, most=_MOST_DELIVERIES)

    # ------------------------------------------------------------------------------- sessions

    def admit(self, session: OpenSession, *, peer: str) -> str:
        """Count a session in; gives the reply that refuses it, or ""."""
        key = peer_key(peer)
        is_full = self._per_peer[key] >= self.limits.connections_per_peer
        if is_full and not self.rates.trusts(peer):
            return "421 4.7.0 Too many connections from your address, try again later"
        if self.is_draining or len(self._sessions) >= self.limits.connections:
            return "421 4.3.2 Too busy, try again later"
        self._per_peer[key] += 1
        self._sessions.add(session)
        return ""

    def dismissed(self, session: OpenSession, *, peer: str) -> None:
        """Count a session out; one that was not admitted is not counted."""
        if session not in self._sessions:
            return
        self._sessions.remove(session)
        self._fewer.set()
        key = peer_key(peer)
        self._per_peer[key] -= 1
        if not self._per_peer[key]:
            del self._per_peer[key]

    # --------------------------------------------------------------------------------- memory

    def reserve(self, size: int) -> bool:
        """Take room in memory for a message; False when there is none, and then nothing is taken."""
        if self._memory_used + size > self.limits.memory_bytes:
            return False
        self._memory_used += size
        return True

    def release(self, size: int) -> None:
        """Give room back."""
        self._memory_used -= size

    # ------------------------------------------------------------------------------- the desk

    async def has_room(self) -> bool:
        """Ask the desk about the disk, once a second at most."""
        asked_at, has_room = self._room
        now = time.monotonic()
        if now - asked_at >= _ROOM_KNOWN_FOR or not has_room:
            has_room = await asyncio.get_running_loop().run_in_executor(self._asides, self._desk.has_room)
            self._room = (now, has_room)
        return has_room

    async def lookup(self, local_part: str) -> Answer:
        """Ask the desk about an address; one that takes mail is not asked about again for a moment."""
        now = time.monotonic()
        asked_at, answer = self._known.get(local_part, (0.0, None))
        if answer is not None and now - asked_at < _ADDRESS_KNOWN_FOR:
            return answer
        answer = await self._lookups.put(local_part)
        if answer.standing == Standing.KNOWN:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[local_part] = (now, answer)
        return answer

    async def deliver(self, mail: ReceivedMail) -> Delivery:
        """Leave a message, whose reserved memory is given back when its thread is done with it.

        A peer that hangs up meanwhile does not stop it: the thread cannot be stopped, and the
        message is welcome, acknowledged or not.
        """
        delivery = self._writers.put(mail)
        self._deliveries.add(delivery)
        delivery.add_done_callback(lambda done: self._delivered(done, size=mail.size))
        return await asyncio.shield(delivery)

    def _look_up_all(self, local_parts: Sequence[str]) -> list[Answer]:
        return self._desk.lookup_all(local_parts, domain=self.post.domain)

    def _delivered(self, delivery: asyncio.Future[Delivery], *, size: int) -> None:
        self._deliveries.discard(delivery)
        self._fewer.set()
        self.release(size)
        if delivery.cancelled():
            return
        error = delivery.exception()
        faults = delivery.result().faults if error is None else (error,)
        if any(isinstance(fault, StorageSyncError) for fault in faults):
            log.critical("the disk would not confirm a write: the receiver stops, so that nothing trusts this disk")
            self.stop(exit_status=1)

    # ------------------------------------------------------------------------------ the way out

    def stop(self, *, exit_status: int = 0) -> None:
        """Ask the receiver to end, with this exit status."""
        self.exit_status = self.exit_status or exit_status
        self.stopped.set()

    async def drain(self) -> None:
        """Send idle peers away, let messages on their way finish for a while, then close."""
        self.is_draining = True
        reply = "421 4.3.2 Shutting down, try again later"
        for session in list(self._sessions):
            if session.is_idle:
                session.dismiss(reply)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.limits.drain):
                while self._sessions or self._deliveries:
                    self._fewer.clear()
                    await self._fewer.wait()
        if self._deliveries:
            await asyncio.wait(self._deliveries)
            await asyncio.sleep(0.05)
        for session in list(self._sessions):
            session.dismiss(reply)
        await asyncio.sleep(0)
        self._asides.shutdown(cancel_futures=True)
        self._lookups.close()
        self._writers.close()
