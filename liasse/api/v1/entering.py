"""Who asks: the bearer token, its practice's scope, the file in the address; and how often it asks."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from liasse.api.v1.problems import not_there, problem
from liasse.api.v1.requests import TokenRequest
from liasse.core.scope import practice_scope
from liasse.lib.pace import Pace
from liasse.passes.tokens import files_of, token_of_secret

PACE: Final = Pace(most=300, seconds=60)
"""How many requests a minute are answered to one token."""

STRANGERS: Final = Pace(most=30, seconds=60)
"""How many requests without a valid token are looked at from one address."""


def enter_by_token(request: TokenRequest, *, file_id: UUID | None) -> HttpResponse | None:
    """Let a program in, or answer in the view's place. A file out of reach is answered as one that does not exist."""
    kind, _blank, secret = request.headers.get("Authorization", "").partition(" ")
    token = token_of_secret(secret.strip()) if kind.lower() == "bearer" else None
    if token is None:
        return _refused(str(request.META.get("REMOTE_ADDR", "")))
    seconds = PACE.wait(str(token.id))
    if seconds:
        return _too_fast(seconds)
    request.token = token
    request.scopes.enter_context(practice_scope(token.practice_id))
    if file_id is None:
        return None
    client_file = files_of(token).filter(id=file_id).first()
    if client_file is None:
        return not_there()
    request.client_file = client_file
    return None


def _refused(peer: str) -> HttpResponse:
    seconds = STRANGERS.wait(peer)
    if seconds:
        return _too_fast(seconds)
    said = _("Send a valid token: Authorization: Bearer liasse_…")
    return problem("unauthorized", status=HTTPStatus.UNAUTHORIZED, detail=said)


def _too_fast(seconds: int) -> HttpResponse:
    said = _("Too many requests at once. Wait a minute, then try again.")
    return problem("too-many-requests", status=HTTPStatus.TOO_MANY_REQUESTS, detail=said, retry_after=seconds)
