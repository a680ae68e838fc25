"""The process that reads mailboxes."""

from __future__ import annotations

import logging
import signal
import threading
from contextlib import suppress
from types import FrameType

from django.db import DatabaseError

from liasse.core.adapters import adapter
from liasse.core.blobs import BlobStore
from liasse.core.pulses import forget_others
from liasse.lib.mailboxes import same_domain
from liasse.mailgate.boxes.reader import BoxReader, Stop, Terms
from liasse.mailgate.boxes.types import account_of
from liasse.mailgate.desk import PipelineDesk
from liasse.pipeline.health import MAILBOX

log = logging.getLogger("liasse.mailboxes")

_GRACE = 8.0


def main() -> int:
    """Read all mailboxes of LIASSE_IMAP until told to stop; gives the exit status."""
    from django.conf import settings  # noqa: PLC0415 - the project is open by now

    blobs: BlobStore = adapter("blobs")
    desk = PipelineDesk(blobs=blobs, minimum_free=settings.LIASSE_MIN_FREE)
    terms = Terms(
        domain=same_domain(settings.LIASSE_MAIL_DOMAIN),
        message_bytes=settings.LIASSE_MESSAGE_LIMIT,
        poll=settings.LIASSE_IMAP_POLL,
    )
    stop = Stop()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.ask()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
    readers = [
        BoxReader(account_of(url), terms=terms, blobs=blobs, stop=stop, has_room=desk.has_room)
        for url in settings.LIASSE_IMAP
    ]
    with suppress(DatabaseError):
        forget_others(MAILBOX, keep=[f"{MAILBOX}{account_of(url).name}" for url in settings.LIASSE_IMAP])
    log.info("reading mailboxes=%d", len(readers))
    for reader in readers:
        reader.start()
    while not stop.is_asked:
        stop.pause(3600.0)
    _join(readers)
    log.info("stopped")
    return stop.status


def _join(readers: list[BoxReader]) -> None:
    """Let a mail on its way be finished, but not for ever: it would be fetched again."""
    waiting = threading.Event()
    threading.Timer(_GRACE, waiting.set).start()
    for reader in readers:
        while reader.is_alive() and not waiting.is_set():
            reader.join(0.1)
