"""Requests as the views of the API see them, behind the guard."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from liasse.clients.models import ClientFile
    from liasse.passes.models import ApiToken


class TokenRequest(HttpRequest):
    """A request of a program, in the scope of its token's practice; ``client_file`` where the address names one."""

    token: ApiToken
    client_file: ClientFile
    scopes: ExitStack
