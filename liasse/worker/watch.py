"""What the worker does besides jobs: it takes up what was left, and says what waits too long."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from django.db import DatabaseError, close_old_connections

from liasse.core import pulses
from liasse.pipeline.alarm import sound
from liasse.pipeline.health import SWEEP
from liasse.pipeline.sweeping import sweep

log = logging.getLogger("liasse.worker")

EVERY: Final = 300.0
"""Seconds between two looks; the first is at the start."""

_AFTER_FAULT: Final = 5.0


def keep_watch(stop: threading.Event) -> None:
    """Sweep and look for what waits too long, at the start and then every five minutes, until told to stop."""
    pause = 0.0
    while not stop.wait(pause):
        done = [_attempt(look) for look in (sweep, sound, _say_that_it_lives)]
        pause = EVERY if all(done) else _AFTER_FAULT


def _say_that_it_lives() -> None:
    pulses.beat(SWEEP)


def _attempt(look: Callable[[], object]) -> bool:
    """Look, and tell whether that went well; a fault of one look must not end the watch for ever."""
    try:
        look()
    except DatabaseError as error:
        log.warning("the watch could not look: %s", error)
        with suppress(DatabaseError):
            close_old_connections()
        return False
    except Exception:
        # The next look may do better, and nobody else takes up what was left.
        log.exception("the watch failed")
        return False
    return True
