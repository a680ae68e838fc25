"""The watched folders of scanners: each complete file becomes one receipt, whatever ends the process in between."""

from __future__ import annotations

import fcntl
import logging
import os
import signal
import threading
import time
from contextlib import ExitStack
from types import FrameType
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.utils import translation

from liasse.clients.models import ClientFile
from liasse.core.blobs import StorageFaultError
from liasse.core.errors import LiasseError
from liasse.core.scope import instance_scope
from liasse.intake.types import Depositor, Door, NewUpload
from liasse.pipeline import deposits
from liasse.watchfolder.places import HANDS, Held, Place

log = logging.getLogger("liasse.watch")

_PAUSE: Final = 1.0
_PAUSE_AFTER_FAULT: Final = 10.0


def main() -> int:
    """Watch until SIGTERM or SIGINT; a file in hand is put away first."""
    stop = threading.Event()

    def told_to_stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, told_to_stop)
    places = [Place(folder=folder, client_file_id=UUID(file_id)) for folder, file_id in settings.LIASSE_WATCH]
    if not places:
        log.error("LIASSE_WATCH names no folder")
        return 1
    with ExitStack() as locks:
        for place in places:
            place.ready()
            if not _lock(place, locks):
                log.error("%s is watched by another process already", place.folder)
                return 1
        log.info("ready, %d folders", len(places))
        while not stop.is_set():
            # Each is looked at, also behind one that has a fault.
            went = [_once(place, stop=stop) for place in places]
            stop.wait(_PAUSE if all(went) else _PAUSE_AFTER_FAULT)
    log.info("stopped")
    return 0


def _lock(place: Place, locks: ExitStack) -> bool:
    """Hold a folder as long as this process lives, so that two never take from it."""
    descriptor = os.open(place.folder / HANDS, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    locks.callback(os.close, descriptor)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _once(place: Place, *, stop: threading.Event) -> bool:
    """Look at a folder once; False when a fault asks for a longer pause. What is in hand stays there till then."""
    try:
        look(place, stop=stop)
    except (DatabaseError, StorageFaultError) as error:
        log.warning("%s waits: %s", place.folder, str(error) or type(error).__name__)
        close_old_connections()
        return False
    except OSError as error:
        log.warning("%s cannot be read or written: %s", place.folder, error.strerror)
        return False
    except LiasseError as error:
        log.warning("%s waits: %s", place.folder, error.sentence or error.code)
        return False
    return True


def look(place: Place, *, stop: threading.Event | None = None) -> int:
    """Put away what is in our hands, then take what is complete; gives how many files were put away."""
    count = 0
    for held in place.in_hands():
        count += _hand_in(place, held)
    for path in place.complete(now=time.monotonic(), quiet=settings.LIASSE_WATCH_QUIET):
        if stop is not None and stop.is_set():
            break
        taken = place.take(path)
        if taken is not None:
            count += _hand_in(place, taken)
    return count


def _hand_in(place: Place, held: Held) -> int:
    """Make the receipt and put the file away. Done again after a kill, it is the same receipt: the id is its key."""
    with instance_scope(), translation.override("fr"):
        file = ClientFile.objects.filter(id=place.client_file_id).first()
        if file is None:
            message = "no client file has the id that LIASSE_WATCH names"
            raise LiasseError(message)
        before = held.path.stat()
        if 0 <= time.time() - before.st_mtime < settings.LIASSE_WATCH_QUIET:
            # Somebody who had it open writes on after it was taken.
            return 0
        new = NewUpload(filename=held.path.name, size=before.st_size, key=f"folder:{held.id}")
        try:
            with held.path.open("rb") as content:
                deposits.take(content, new, depositor=_depositor(file))
        except LiasseError as error:
            if not error.permanent:
                raise
            put = place.put_away(held, sentence=str(error.sentence))
            log.warning("refused %s", put)
            return 1
    if _moment(held.path.stat()) != _moment(before):
        log.warning("%s grew while it was read: what is there now comes as another one", held.path.name)
        place.take_again(held)
        return 0
    put = place.put_away(held)
    log.info("received %s", put)
    return 1


def _moment(found: os.stat_result) -> tuple[int, int]:
    return found.st_size, found.st_mtime_ns


def _depositor(file: ClientFile) -> Depositor:
    return Depositor(
        practice_id=file.practice_id,
        client_file_id=file.id,
        door=Door.FOLDER,
        holder="folder",
    )
