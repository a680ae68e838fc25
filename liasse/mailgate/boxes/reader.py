"""Reads one mailbox: what is new is stored, then marked on its server; then it waits for news."""

from __future__ import annotations

import imaplib
import itertools
import logging
import os
import select
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import DatabaseError, close_old_connections, transaction
from django.db.models import QuerySet

from liasse.core import pulses
from liasse.core.blobs import BlobStore, StorageFullError, StorageSyncError
from liasse.intake.models import FetchedMail
from liasse.lib.mail_heads import recipients_of, sender_of
from liasse.mailgate.boxes.session import BoxError, BoxSession
from liasse.mailgate.boxes.types import Account, Fate
from liasse.pipeline import mailroom
from liasse.pipeline.health import MAILBOX

log = logging.getLogger("liasse.mailboxes")

_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 300.0
# Servers end an IDLE after half an hour, and routers forget a silent line sooner.
_LONGEST_IDLE = 9 * 60.0
_FLAGS = {Fate.TAKEN: r"\Seen", Fate.UNKNOWN: r"\Flagged", Fate.TOO_LARGE: r"\Flagged"}


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for every mailbox: our domain, the largest mail in bytes, how often one without IDLE is asked."""

    domain: str
    message_bytes: int
    poll: float


class Stop:
    """Tells readers to end, also those that wait; ``status`` is the process's."""

    def __init__(self) -> None:
        """Make the pipe that wakes them."""
        self.wake, self._waker = os.pipe()
        self.is_asked = False
        self.status = 0

    def ask(self, *, status: int = 0) -> None:
        """Ask all to end; the pipe is never emptied, so that each of them wakes."""
        self.is_asked = True
        self.status = self.status or status
        os.write(self._waker, b"x")

    def pause(self, seconds: float) -> None:
        """Wait, unless the end is asked for."""
        select.select([self.wake], [], [], seconds)


class BoxReader(threading.Thread):
    """Reads one account; a lost line is taken up again, each time a little later."""

    def __init__(
        self, account: Account, *, terms: Terms, blobs: BlobStore, stop: Stop, has_room: Callable[[], bool]
    ) -> None:
        """Read this account until the stop is asked for."""
        super().__init__(name=f"mailbox {account.name}", daemon=True)
        self._account = account
        self._terms = terms
        self._blobs = blobs
        self._end = stop
        self._has_room = has_room
        self._pause = _FIRST_PAUSE

    def run(self) -> None:
        """Connect, read, wait, again and again."""
        while not self._end.is_asked:
            try:
                self._read_while_it_lasts()
            except StorageSyncError:
                log.critical("the disk would not confirm a write: the reader stops, so that nothing trusts this disk")
                self._end.ask(status=1)
            except (OSError, imaplib.IMAP4.error, BoxError) as error:
                log.warning("mailbox=%s lost: %s", self._account.name, error)
                self._say("lost")
            except Exception:  # A fault of ours is told, and the mail stays where it is.
                log.exception("mailbox=%s fault", self._account.name)
                self._say("fault")
            finally:
                close_old_connections()
            if not self._end.is_asked:
                # Not all at the same moment, when one server has sent many away.
                self._end.pause(self._pause * (1 + zlib.crc32(self.name.encode()) % 100 / 400))
                self._pause = min(2 * self._pause, _LONGEST_PAUSE)

    def _say(self, problem: str = "") -> None:
        """Let administrators see how the mailbox does; a database that is away keeps no mail from being read."""
        with suppress(DatabaseError):
            pulses.beat(f"{MAILBOX}{self._account.name}", problem=problem)

    def _read_while_it_lasts(self) -> None:
        session = BoxSession(self._account)
        try:
            log.info("mailbox=%s open validity=%d", self._account.name, session.uid_validity)
            self._mark_what_was_not(session)
            seen = 0
            while not self._end.is_asked:
                close_old_connections()
                seen = self._read_what_is_new(session, above=seen)
                self._pause = _FIRST_PAUSE
                self._say()
                if not self._end.is_asked:
                    idle = min(self._terms.poll, _LONGEST_IDLE) if self._terms.poll else _LONGEST_IDLE
                    session.wait(seconds=idle, wake=self._end.wake)
        finally:
            session.close()

    def _rows(self, session: BoxSession) -> QuerySet[FetchedMail]:
        return FetchedMail.objects.filter(mailbox=self._account.name, uid_validity=session.uid_validity)

    def _mark_what_was_not(self, session: BoxSession) -> None:
        """Tell the server what a killed reader had no time to tell it. Nothing is fetched again."""
        present = {uid for uid, _size in session.mails(above=0)}
        for row in self._rows(session).filter(is_marked=False).order_by("uid"):
            if row.uid in present:
                self._mark(session, row)
            else:
                FetchedMail.objects.filter(id=row.id).update(is_marked=True)

    def _read_what_is_new(self, session: BoxSession, *, above: int) -> int:
        """Take the mails above this UID that were not taken yet; gives the highest that is settled now."""
        known = set(self._rows(session).filter(uid__gt=above).values_list("uid", flat=True))
        for uid, size in session.mails(above=above):
            if self._end.is_asked:
                break
            if uid not in known:
                if not self._has_room():
                    raise StorageFullError
                self._take(session, uid, size=size)
            above = uid
        return above

    def _take(self, session: BoxSession, uid: int, *, size: int) -> None:
        sha256 = ""
        if size > self._terms.message_bytes:
            fate = Fate.TOO_LARGE
        else:
            pieces = session.pieces(uid)
            start = next(pieces)
            fate, sha256 = self._keep(uid, start, pieces, session=session)
        if fate != Fate.TAKEN:
            row = FetchedMail.objects.create(
                mailbox=self._account.name, uid_validity=session.uid_validity, uid=uid, fate=fate
            )
        else:
            row = self._rows(session).get(uid=uid)
        log.info("mailbox=%s uid=%d size=%d %s sha256=%s", self._account.name, uid, size, fate, sha256)
        self._mark(session, row)

    def _keep(self, uid: int, start: bytes, rest: Iterator[bytes], *, session: BoxSession) -> tuple[Fate, str]:
        recipients = [self._account.to] if self._account.to else recipients_of(start, domain=self._terms.domain)
        to = mailroom.addressed(recipients, domain=self._terms.domain)
        if not to.known:
            return Fate.UNKNOWN, ""
        brought = mailroom.Brought(received_at=datetime.now(tz=UTC), sender=sender_of(start), peer=self._account.host)
        blob = self._blobs.put(itertools.chain([start], rest))
        with transaction.atomic():
            mailroom.register(blob, to=to, brought=brought)
            FetchedMail.objects.create(
                mailbox=self._account.name,
                uid_validity=session.uid_validity,
                uid=uid,
                fate=Fate.TAKEN,
                sha256=blob.sha256,
            )
        return Fate.TAKEN, blob.sha256

    def _mark(self, session: BoxSession, row: FetchedMail) -> None:
        """Only now, with everything committed, does the server hear of it."""
        fate = Fate(row.fate)
        folder = self._account.done if fate == Fate.TAKEN else self._account.unknown
        session.mark(row.uid, flag=_FLAGS[fate], folder=folder)
        FetchedMail.objects.filter(id=row.id).update(is_marked=True)
