"""Named points at which a forked part kills itself with -9: functions of the product, wrapped in the child alone.

The product knows nothing of this, so a point costs it nothing. A point is written into the record before the kill;
the page cache survives that, so what the record says was done.
"""

import functools
import importlib
import itertools
import os
import re
import signal
import threading
from collections.abc import Callable
from typing import Any

RECEIVER = {
    "bytes written, not synced": ("liasse.adapters.storage_files.putting:Put.write", "after"),
    "bytes synced, no name": ("liasse.adapters.storage_files.putting:Put.confirm", "after"),
    "name given, not synced": ("liasse.adapters.storage_files.putting:Put.rename", "after"),
    "name synced, no row": ("liasse.pipeline.flow:receive_all", "before"),
    "row written, not committed": ("liasse.intake.arrivals:_keep", "after"),
    "row committed, no answer": ("liasse.mailgate.desk:PipelineDesk.deliver_all", "after"),
}
UPLOADS = {
    "upload begun, no answer": ("liasse.intake.uploads:_begun", "after"),
    "piece written, not synced": ("liasse.intake.spool:Spooled._write", "after"),
    "piece synced, offset not noted": ("liasse.intake.uploads:_note_growth", "before"),
    "offset noted, no answer": ("liasse.intake.uploads:_note_growth", "after"),
    "bytes written, not synced": ("liasse.adapters.storage_files.putting:Put.write", "after"),
    "name given, not synced": ("liasse.adapters.storage_files.putting:Put.rename", "after"),
    "name synced, no row": ("liasse.pipeline.flow:receive", "before"),
    "row written, not committed": ("liasse.intake.arrivals:_keep", "after"),
    "row committed, upload not told": ("liasse.intake.uploads:note_receipt", "before"),
    "upload told, spool not emptied": ("liasse.intake.uploads:note_receipt", "after"),
    "all done, no answer": ("liasse.pipeline.deposits:finish_upload", "after"),
}
FORM = {
    "bytes written, not synced": ("liasse.adapters.storage_files.putting:Put.write", "after"),
    "name synced, no row": ("liasse.pipeline.flow:receive", "before"),
    "row written, not committed": ("liasse.intake.arrivals:_keep", "after"),
    "row committed, no answer": ("liasse.pipeline.deposits:take", "after"),
}
WEBHOOK = {
    "bytes written, not synced": ("liasse.adapters.storage_files.putting:Put.write", "after"),
    "stored, no row": ("liasse.pipeline.mailroom:register", "before"),
    "row written, not committed": ("liasse.intake.arrivals:_keep", "after"),
    "row committed, no answer": ("liasse.pipeline.mailroom:keep", "after"),
}
WATCH = {
    "taken into our hands": ("liasse.watchfolder.places:Place.take", "after"),
    "bytes written, not synced": ("liasse.adapters.storage_files.putting:Put.write", "after"),
    "stored, no row": ("liasse.pipeline.flow:receive", "before"),
    "row written, not committed": ("liasse.intake.arrivals:_keep", "after"),
    "row committed, not put away": ("liasse.pipeline.deposits:take", "after"),
    "put away": ("liasse.watchfolder.places:Place.put_away", "after"),
}
MAILBOXES = {
    "mail fetched, not stored": ("liasse.adapters.storage_files.store:FileBlobStore.put", "before"),
    "bytes written, not synced": ("liasse.adapters.storage_files.putting:Put.write", "after"),
    "stored, no row": ("liasse.pipeline.mailroom:register", "before"),
    "row written, not committed": ("liasse.pipeline.mailroom:register", "after"),
    "row committed, server not told": ("liasse.mailgate.boxes.session:BoxSession.mark", "before"),
    "server told, not noted": ("liasse.mailgate.boxes.session:BoxSession.mark", "after"),
}
WORKER = {
    "job taken": ("liasse.worker.main:claim", "after"),
    "receipt opened, not written": ("liasse.pipeline.child:open_receipt", "after"),
    "parts written, not committed": ("liasse.intake.services:record_opening", "after"),
    "documents written, not committed": ("liasse.documents.services:create_from_parts", "after"),
    "cut or not, not read": ("liasse.pipeline.arranging:cut_on_arrival", "after"),
    "read, not written": ("liasse.pipeline.child:read", "after"),
    "fields written, not committed": ("liasse.reading.services:store", "after"),
    "pages drawn, not written": ("liasse.pipeline.child:draw", "after"),
    "page written, not committed": ("liasse.pipeline.flow:_remember", "after"),
    "pages written, not committed": ("liasse.documents.services:store_pages", "after"),
    "done, job still there": ("liasse.worker.main:finish", "before"),
    "job gone": ("liasse.worker.main:finish", "after"),
}
POINTS = {
    "smtp": RECEIVER,
    "lmtp": RECEIVER,
    "uploads": UPLOADS,
    "form": FORM,
    "api": FORM,
    "link": UPLOADS,
    "webhook": WEBHOOK,
    "watch": WATCH,
    "imap": MAILBOXES,
    "worker": WORKER,
}


PATHS = {
    "uploads": re.compile("/files/.*/uploads/"),
    "form": re.compile("/files/.*/hand-in/"),
    "api": re.compile("/api/v1/"),
    "link": re.compile("/deposit/"),
    "webhook": re.compile("/hooks/arrivals/"),
}
"""One web server is the door of all these: a point counts only for requests that come that way."""


def arm(door: str, point: str, *, count: int, record: str) -> None:
    """Make this process die when it comes to a point of a door for the ``count``-th time."""
    where, when = POINTS[door][point]
    owner, name = _owner(where)
    real = getattr(owner, name)
    comings = itertools.count(1)
    is_ours = _same_way(door)

    def come() -> None:
        if is_ours() and next(comings) >= count:
            note(record, f"{door}: {point}")
            os.kill(os.getpid(), signal.SIGKILL)

    @functools.wraps(real)
    def wrapped(*arguments: Any, **words: Any) -> Any:  # noqa: ANN401 - whatever the function takes
        if when == "before":
            come()
        answer = real(*arguments, **words)
        # An empty look at the queue is no job that was taken.
        if when == "after" and not (name == "claim" and answer is None):
            come()
        return answer

    setattr(owner, name, wrapped)


def _same_way(door: str) -> Callable[[], bool]:
    """Give what tells whether the request that this thread answers came by a door of the web server."""
    if door not in PATHS:
        return lambda: True
    from django.core.handlers.base import BaseHandler

    real, this = BaseHandler.get_response, threading.local()

    def get_response(self: Any, request: Any) -> Any:  # noqa: ANN401 - stands in for the method
        this.path = request.path
        return real(self, request)

    BaseHandler.get_response = get_response  # type: ignore[method-assign]
    return lambda: bool(PATHS[door].match(getattr(this, "path", "")))


def note(record: str, line: str) -> None:
    """Add a line to the record in one call, as several processes do at once."""
    descriptor = os.open(record, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
    os.write(descriptor, f"{line}\n".encode())
    os.close(descriptor)


def _owner(where: str) -> tuple[Any, str]:
    module, _, path = where.partition(":")
    *owners, name = path.split(".")
    return functools.reduce(getattr, owners, importlib.import_module(module)), name


def check() -> list[str]:
    """Give the points that lead nowhere, because the product was rewritten under them."""
    lost = []
    for door, points in POINTS.items():
        for point, (where, _when) in points.items():
            try:
                found: Callable[..., Any] = getattr(*_owner(where))
                assert callable(found)
            except (ImportError, AttributeError, AssertionError):
                lost.append(f"{door}: {point} ({where})")
    return lost
