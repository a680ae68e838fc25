"""Signs of life of what runs by itself, so that people see on a screen whether it does."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from liasse.core.models import Pulse


def beat(name: str, *, problem: str = "") -> None:
    """Say that something lives, and the code of what is wrong with it; blank for nothing."""
    now = timezone.now()
    with transaction.atomic():
        made, is_new = Pulse.objects.get_or_create(name=name, defaults={"at": now, "problem": problem, "since": now})
        if not is_new:
            since = made.since if made.problem == problem else now
            Pulse.objects.filter(id=made.id).update(at=now, problem=problem, since=since)


def pulses(prefix: str) -> list[Pulse]:
    """Give the signs of life whose names begin so, by name. One query."""
    return list(Pulse.objects.filter(name__startswith=prefix).order_by("name"))


def last_beat(name: str) -> datetime | None:
    """Give when something last said that it lives; None for never."""
    return Pulse.objects.filter(name=name).values_list("at", flat=True).first()


def forget_others(prefix: str, *, keep: Collection[str]) -> None:
    """Forget what lived under such names and is there no more."""
    Pulse.objects.filter(name__startswith=prefix).exclude(name__in=keep).delete()
