"""The watch as a process of its own, which kills itself at a named point: POINT FOLDER FILE-ID; or `setup`, `list`."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID


def setup() -> None:
    """Make the tables and a client file; print its id."""
    from django.core.management import call_command

    from liasse.core.scope import instance_scope
    from liasse.practices.models import Practice
    from tests import factories

    call_command("migrate", verbosity=0)
    with instance_scope():
        firm = Practice.objects.create(name="Cabinet Martin")
    print(factories.client_file(firm, "Boulangerie Dupont").id)


def found() -> None:
    """Print name and hash of each receipt."""
    from liasse.core.scope import instance_scope
    from liasse.intake.models import Receipt

    with instance_scope():
        print(json.dumps(list(Receipt.objects.order_by("filename").values_list("filename", "sha256"))))


def look(point: str, folder: str, file_id: str) -> None:
    """Look at the folder twice, so that what is there counts as complete, and die at the point."""
    from django.conf import settings

    from liasse.pipeline import child, flow
    from liasse.watchfolder import main as watch
    from liasse.watchfolder import places

    settings.LIASSE_WATCH_QUIET = 0
    spots: dict[str, tuple[Any, str]] = {
        "taken": (places.Place, "take"),
        "stored": (child.blobs(), "put"),
        "received": (flow, "receive"),
        "put-away": (places.Place, "put_away"),
    }
    name, _dash, when = point.rpartition("-")
    if name in spots:
        owner, attribute = spots[name]
        setattr(owner, attribute, _deadly(getattr(owner, attribute), is_before=when == "before"))
    place = places.Place(folder=Path(folder), client_file_id=UUID(file_id))
    place.ready()
    for _time in range(3):
        watch.look(place)


def _deadly(done: Callable[..., Any], *, is_before: bool) -> Callable[..., None]:
    def act(*words: Any, **named: Any) -> None:  # noqa: ANN401 - whatever stands there
        if not is_before:
            done(*words, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    return act


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liasse.config.settings")
    django.setup()
    what, *rest = sys.argv[1:]
    {"setup": setup, "list": found}[what]() if not rest else look(what, *rest)
