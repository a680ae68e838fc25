"""What a step ended with. A failure is an exception, permanent or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final


@dataclass(frozen=True, slots=True)
class Done:
    """The step is done; its outcome is stored."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The step cannot run before ``until``; waiting is no failure."""

    until: datetime


type Outcome = Done | Waiting
DONE: Final = Done()
