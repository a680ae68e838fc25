"""What a run exercised, as JSON for `bin/faults.py`, in the folder FAULTS_REPORT; without it, nowhere."""

import json
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from tests.faults.lanes import DoorLane


class Exercised(Protocol):
    """A run as the report sees it."""

    @property
    def lanes(self) -> Sequence[DoorLane]:
        """Give what hurt the parts."""
        ...

    @property
    def callers(self) -> Sequence[Any]:
        """Give who called at the doors."""
        ...


@dataclass(frozen=True)
class Told:
    """A run in figures."""

    name: str
    is_postgresql: bool
    seconds: float
    lost: int
    doubled: int


def write(told: Told, run: Exercised, *, points: Counter[str]) -> None:
    """Leave what was done to each part and what came of it."""
    folder = os.environ.get("FAULTS_REPORT", "")
    if not folder:
        return
    database = "PostgreSQL" if told.is_postgresql else "SQLite"
    at_random: Counter[str] = Counter()
    for lane in run.lanes:
        at_random[lane.kind] += lane.random_kills
    answer = {
        "name": told.name,
        "database": database,
        "seconds": round(told.seconds),
        "kills": sum(lane.kills for lane in run.lanes),
        "points": dict(points),
        "at_random": dict(at_random),
        "callers": {caller.door.name: dict(caller.counts) for caller in run.callers},
        "lost": told.lost,
        "doubled": told.doubled,
    }
    Path(folder, f"{told.name}-{database}.json").write_text(json.dumps(answer, indent=1), encoding="utf-8")
