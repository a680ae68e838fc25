"""Reads about outside engines: where documents would go, and whether those of a file may."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from liasse.clients.models import ClientFile
from liasse.core.adapters import adapter
from liasse.outside.models import EngineSwitch
from liasse.outside.ports import OutsideEngine
from liasse.outside.types import Destination


@dataclass(frozen=True, slots=True)
class Switched:
    """Who let documents of a file go to which host, and whether that is still the one in the settings."""

    host: str
    by: str
    at: datetime
    is_on: bool


def engine() -> OutsideEngine:
    """Give the instance's engine."""
    found: OutsideEngine = adapter("outside_engine")
    return found


def destination() -> Destination | None:
    """Tell where documents would go; None where the administrator of the instance set no engine up. No query."""
    return engine().destination


def switch_of(client_file: ClientFile) -> Switched | None:
    """Give how the engine was switched on for a file; None where it was not. One query, none without an engine."""
    goal = destination()
    if goal is None:
        return None
    row = EngineSwitch.objects.filter(practice_id=client_file.practice_id, client_file=client_file).first()
    if row is None:
        return None
    return Switched(host=row.host, by=row.switched_by, at=row.switched_at, is_on=row.host == goal.host)


def is_on(client_file_id: UUID) -> bool:
    """Tell whether documents of a file of the open scope may be sent now. One query, none without an engine."""
    goal = destination()
    if goal is None:
        return False
    return EngineSwitch.objects.filter(client_file_id=client_file_id, host=goal.host).exists()
