"""Refusals as programs read them (RFC 9457): a stable code, a status and a sentence."""

from __future__ import annotations

from http import HTTPStatus

from django.http import JsonResponse
from django.utils.translation import gettext as _


def problem(code: str, *, status: HTTPStatus, detail: str = "", retry_after: int = 0) -> JsonResponse:
    """Give the answer of a request that failed; ``code`` is what a program may act upon."""
    said = {"type": f"urn:liasse:{code}", "title": status.phrase, "status": int(status), "code": code}
    response = JsonResponse(said | ({"detail": str(detail)} if detail else {}), status=status)
    response.headers["Content-Type"] = "application/problem+json"
    response.headers["Cache-Control"] = "no-store"
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    if status is HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = 'Bearer realm="Liasse"'
    return response


def not_there() -> JsonResponse:
    """Answer for what does not exist, and alike for what this token may not know of."""
    return problem("not-found", status=HTTPStatus.NOT_FOUND, detail=_("There is nothing here for this token."))
