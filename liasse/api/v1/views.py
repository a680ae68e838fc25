"""The API for programs, version 1. Who may is the guard's business and the token's scopes'."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from liasse.api.v1 import shapes
from liasse.api.v1.handing import hand_in
from liasse.api.v1.openapi import document
from liasse.api.v1.problems import not_there, problem
from liasse.api.v1.requests import TokenRequest
from liasse.core.access import Rule, access
from liasse.intake.models import Receipt
from liasse.lib.ids import as_uuid
from liasse.passes.tokens import files_of
from liasse.passes.types import TokenScope

_PAGE: Final = 100


def _route(method: str, *, scope: TokenScope | None = None) -> Callable[..., Any]:
    """Answer one method, with a token that has the scope; a cookie never counts here, so no CSRF token is asked for."""

    def wrap(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def answered(request: TokenRequest, **names: Any) -> HttpResponse:  # noqa: ANN401 - as the address has them
            if request.method not in {method, "HEAD" if method == "GET" else method}:
                response = problem("method-not-allowed", status=HTTPStatus.METHOD_NOT_ALLOWED)
                response.headers["Allow"] = method
                return response
            if scope is not None and scope not in request.token.scopes:
                said = _("This token has not the scope %(scope)s.") % {"scope": scope}
                return problem("scope", status=HTTPStatus.FORBIDDEN, detail=said)
            return view(request, **names)

        return csrf_exempt(never_cache(answered))

    return wrap


@access(Rule.PUBLIC)
@_route("GET")
def openapi(request: HttpRequest) -> HttpResponse:
    """Give the description of this API (OpenAPI 3.1)."""
    del request
    return JsonResponse(document())


@access(Rule.TOKEN)
@_route("GET")
def files(request: TokenRequest) -> HttpResponse:
    """Give the client files that the token reaches, by pages of a hundred."""
    after = request.GET.get("after")
    found = files_of(request.token)
    if after is not None:
        last = as_uuid(after)
        if last is None:
            said = _("after is the id with which the page before ended.")
            return problem("bad-request", status=HTTPStatus.BAD_REQUEST, detail=said)
        found = found.filter(id__gt=last)
    page = list(found[: _PAGE + 1])
    shown = page[:_PAGE]
    after_next = str(shown[-1].id) if len(page) > _PAGE else None
    return JsonResponse({"files": [shapes.of_file(one) for one in shown], "next": after_next})


@access(Rule.TOKEN)
@_route("POST", scope=TokenScope.HAND_IN)
def receipts(request: TokenRequest, file_id: UUID) -> HttpResponse:
    """Hand in one file."""
    del file_id
    return hand_in(request)


@access(Rule.TOKEN)
@_route("GET", scope=TokenScope.READ)
def receipt(request: TokenRequest, file_id: UUID, receipt_id: UUID) -> HttpResponse:
    """Give a receipt of the file, with its documents and their fields."""
    del file_id
    receipts_there = Receipt.objects.filter(client_file=request.client_file, id=receipt_id)
    found = receipts_there.select_related("client_file").prefetch_related("parts").first()
    return not_there() if found is None else JsonResponse(shapes.of_receipt(found))


@access(Rule.PUBLIC)
@csrf_exempt
@never_cache
def nowhere(request: HttpRequest, rest: str) -> HttpResponse:
    """Answer in the API's own form at addresses that it does not have."""
    del request, rest
    return not_there()
