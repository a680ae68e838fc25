"""The worker: takes due jobs one after the other in a few threads, until it is told to stop."""

from __future__ import annotations

import argparse
import logging
import signal
import threading
from contextlib import suppress
from types import FrameType
from typing import Final

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, close_old_connections

from liasse.core.errors import LiasseError
from liasse.core.jobs import MAXIMUM_ATTEMPTS, ClaimedJob, claim, finish, postpone, put_back
from liasse.core.scope import instance_scope, practice_scope
from liasse.messaging import services as messaging
from liasse.pipeline.outcomes import Waiting
from liasse.worker.handlers import HANDLERS
from liasse.worker.watch import keep_watch

log = logging.getLogger("liasse.worker")

_PAUSE: Final = 0.15
"""Seconds between two looks at an empty queue."""

_PAUSE_AFTER_FAULT: Final = 2.0


def main(argv: list[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT; a job in hand is finished first."""
    parser = argparse.ArgumentParser(
        prog="liasse worker",
        description="Do due jobs: open receipts, read documents, send messages.",
        epilog="Example: LIASSE_DATA=/srv/liasse liasse worker",
    )
    parser.parse_args(argv)
    stop = threading.Event()

    def told_to_stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, told_to_stop)
    _take_up_messages()
    threads = [
        threading.Thread(target=work, args=(stop,), name=f"worker-{number}")
        for number in range(settings.LIASSE_WORKERS)
    ]
    threads.append(threading.Thread(target=keep_watch, args=(stop,), name="watch"))
    for thread in threads:
        thread.start()
    log.info("ready, %d jobs at once", settings.LIASSE_WORKERS)
    for thread in threads:
        thread.join()
    log.info("stopped")
    return 0


def _take_up_messages() -> None:
    """Messages that waited while there was no relay go out once there is one."""
    with instance_scope():
        messaging.enqueue_waiting()


def work(stop: threading.Event) -> None:
    """Do jobs in this thread until told to stop."""
    while not stop.is_set():
        try:
            if not run_next():
                stop.wait(_PAUSE)
        except DatabaseError as error:
            # The database is away or locked: the job's lease runs out and it is taken up again.
            log.warning("the database did not answer: %s", error)
            with suppress(DatabaseError):
                close_old_connections()
            stop.wait(_PAUSE_AFTER_FAULT)


def run_next() -> bool:
    """Do the job that is longest due; False when none is."""
    with instance_scope():
        job = claim()
    if job is None:
        return False
    _run(job)
    return True


def _run(job: ClaimedJob) -> None:
    handler = HANDLERS.get(job.kind)
    if handler is None:
        _fail(job, error=f"no handler for {job.kind}", permanent=True)
        return
    if job.attempts > MAXIMUM_ATTEMPTS:
        # Each of its tries ended with the worker itself: it is taken from the queue.
        _fail(job, error="the worker did not survive this job", permanent=True)
        return
    try:
        with practice_scope(job.practice_id):
            outcome = handler.do(job.subject_id)
    except (InterfaceError, OperationalError):
        raise
    except LiasseError as error:
        _fail(job, error=error.sentence or error.code, permanent=error.permanent)
    except Exception as error:
        log.exception("%s %s failed", job.kind, job.subject_id)
        _fail(job, error=f"{type(error).__name__}: {error}", permanent=False)
    else:
        with instance_scope():
            if isinstance(outcome, Waiting):
                postpone(job, until=outcome.until)
            else:
                finish(job)


def _fail(job: ClaimedJob, *, error: str, permanent: bool) -> None:
    log.warning("%s %s: %s", job.kind, job.subject_id, error)
    with instance_scope():
        is_stopped = put_back(job, error=error, permanent=permanent)
    handler = HANDLERS.get(job.kind)
    if is_stopped and handler is not None:
        with practice_scope(job.practice_id):
            handler.give_up(job.subject_id)
