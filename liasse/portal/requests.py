"""Requests as the client's views see them, behind the guard."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from liasse.clients.models import ClientFile, Member
    from liasse.core.access import Actor
    from liasse.identity.models import User
    from liasse.practices.models import Practice


class MemberRequest(HttpRequest):
    """A request of a person of the client, in the scope of the file's practice."""

    user: User
    actor: Actor
    practice: Practice
    client_file: ClientFile
    member: Member
    scopes: ExitStack
    htmx: HtmxDetails
