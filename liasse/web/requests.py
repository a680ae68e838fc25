"""Requests as the practice's views see them, behind the guard."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from liasse.clients.models import ClientFile
    from liasse.core.access import Actor, Level
    from liasse.identity.models import User
    from liasse.practices.models import Practice


class PersonRequest(HttpRequest):
    """A request whose asker is known; ``actor`` is anonymous on public routes."""

    user: User
    actor: Actor
    scopes: ExitStack
    htmx: HtmxDetails


class PracticeRequest(PersonRequest):
    """A request of a colleague, in the scope of ``practice``."""

    practice: Practice


class FileRequest(PracticeRequest):
    """A request of a colleague who reaches ``client_file``, up to ``file_level``."""

    client_file: ClientFile
    file_level: Level
