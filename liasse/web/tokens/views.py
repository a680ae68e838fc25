"""Programmes: tokens by which other programs hand in and read, made by an administrator and shown once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from liasse.clients.models import ClientFile
from liasse.core.access import Rule, access
from liasse.core.errors import InvalidError, NotThereError
from liasse.passes import tokens as passes
from liasse.passes.models import ApiToken
from liasse.passes.sentences import SCOPES
from liasse.passes.types import TokenScope
from liasse.web.practice import screen
from liasse.web.requests import PracticeRequest

_MOST_FILES: Final = 2_000
_ALL: Final = "all"


@dataclass(frozen=True, slots=True)
class Shown:
    """A token as the list draws it."""

    token: ApiToken
    scopes: list[str]


@access(Rule.ADMINISTRATOR, is_sensitive=True)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: PracticeRequest) -> HttpResponse:
    """Show the practice's tokens, or make one and show its secret on this answer alone."""
    if request.method != "POST":
        return render(request, "web/tokens/tokens.html", _context(request))
    typed = request.POST
    # No files is all of them only where that was said; a choice of none names a file that is none.
    chosen = [] if typed.get("reach") == _ALL else typed.getlist("files") or [""]
    try:
        _token, secret = passes.make_token(
            request.practice,
            name=typed.get("name", ""),
            scopes=typed.getlist("scopes"),
            file_ids=chosen,
            days=typed.get("days", ""),
            actor=request.actor,
        )
    except InvalidError as error:
        context = _context(request, typed=typed) | {"errors": error.fields}
        return render(request, "web/tokens/tokens.html", context, status=422)
    response = render(request, "web/tokens/tokens.html", _context(request) | {"secret": secret})
    response.headers["Cache-Control"] = "no-store"
    return response


@access(Rule.ADMINISTRATOR)
@require_POST
def revoke(request: PracticeRequest, token_id: UUID) -> HttpResponse:
    try:
        passes.revoke_token(request.practice, token_id=token_id, actor=request.actor)
    except NotThereError as error:
        raise Http404 from error
    messages.success(request, _("The token is revoked: the program is let in no more."))
    return redirect("tokens")


def _context(request: PracticeRequest, *, typed: QueryDict | None = None) -> dict[str, Any]:
    chosen = set(typed.getlist("files")) if typed is not None else set()
    wanted = set(typed.getlist("scopes")) if typed is not None else {TokenScope.HAND_IN}
    files = ClientFile.objects.filter(practice=request.practice).order_by("name_sort", "id")[:_MOST_FILES]
    return {
        "tabs": screen.tabs(current="tokens"),
        "tokens": [_shown(token) for token in passes.tokens_of(request.practice)],
        "files": [(str(one.id), one.name, str(one.id) in chosen) for one in files],
        "scopes": [(scope, label, scope in wanted) for scope, label in SCOPES.items()],
        "reach": typed.get("reach", "") if typed is not None else "some",
        "name": typed.get("name", "") if typed is not None else "",
        "days": typed.get("days", "") if typed is not None else "365",
        "errors": {},
        "api_url": str(settings.LIASSE_PUBLIC_URL) + reverse("api-openapi"),
    }


def _shown(token: ApiToken) -> Shown:
    return Shown(token=token, scopes=[str(SCOPES[scope]) for scope in SCOPES if scope in token.scopes])
