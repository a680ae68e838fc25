"""Words of uploaded lists: what is in them, where they stand, what is said and done about a line."""

from __future__ import annotations

from enum import StrEnum


class RosterKind(StrEnum):
    """What each line of a list becomes."""

    CLIENTS = "clients"
    COLLEAGUES = "colleagues"


class RosterState(StrEnum):
    """Where a list stands; before it is asked for nothing was created."""

    PREVIEWED = "previewed"
    ASKED = "asked"
    UNDER_WAY = "under-way"
    DONE = "done"
    STOPPED = "stopped"
    """Ended before its last line, with why: the right of whoever asked is gone, or it failed again and again."""


class Verdict(StrEnum):
    """What is said of a line before anything is created."""

    READY = "ready"
    WARNED = "warned"
    WRONG = "wrong"


class Outcome(StrEnum):
    """What became of a line."""

    WAITING = "waiting"
    MADE = "made"
    FAILED = "failed"
    LEFT = "left"
    """Not made on purpose: it was wrong already when the list was looked at."""
