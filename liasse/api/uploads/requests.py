"""Requests as the views of uploads see them, behind the guard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from liasse.clients.models import ClientFile, Member
    from liasse.identity.models import User


class ColleagueRequest(HttpRequest):
    """A request of a colleague who works in ``client_file``."""

    user: User
    client_file: ClientFile


class MemberRequest(ColleagueRequest):
    """A request of a person of the client."""

    member: Member
