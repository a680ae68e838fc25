"""Uploads by a link: who holds it is the depositor, and hears that it was received, nothing more."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from liasse.api.uploads import protocol
from liasse.core.access import Rule, access
from liasse.core.scope import practice_scope
from liasse.intake.models import Receipt
from liasse.intake.selectors import receipts_of_holder
from liasse.intake.types import Depositor
from liasse.lib.pace import Pace
from liasse.passes import links
from liasse.passes.models import UploadLink
from liasse.passes.sentences import CLOSED
from liasse.passes.types import LinkState

PACE: Final = Pace(most=600, seconds=60)
"""How often one address may send a piece or ask; a link of a few files needs a fraction of it."""

_GOES_ON: Final = frozenset({LinkState.OPEN, LinkState.FULL})
"""What has begun counts already, so a link that is used up lets it end."""


@access(Rule.LINK_HOLDER)
@require_http_methods(["OPTIONS", "POST"])
def uploads(request: HttpRequest, token: str) -> HttpResponse:
    """Begin an upload by a link."""
    return _answered(request, token)


@access(Rule.LINK_HOLDER)
@require_http_methods(["OPTIONS", "HEAD", "PATCH", "DELETE", "POST"])
def upload(request: HttpRequest, token: str, upload_id: UUID) -> HttpResponse:
    """Go on with an upload of the same link."""
    return _answered(request, token, upload_id=upload_id)


@access(Rule.LINK_HOLDER)
@never_cache
@require_safe
def outcomes(request: HttpRequest, token: str) -> HttpResponse:
    """Say of the receipts that are asked for, and came by this link, that they were received."""
    refusal = _too_fast(request)
    if refusal is not None:
        return refusal
    standing = links.look(token)
    if standing is None:
        raise Http404
    with practice_scope(standing.link.practice_id):
        found = receipts_of_holder(standing.link.holder, asked=request.GET.getlist("receipt"))
    return JsonResponse({"receipts": [_told(receipt) for receipt in found]})


def _told(receipt: Receipt) -> dict[str, Any]:
    return {
        "id": str(receipt.id),
        "state": "received",
        "settled": True,
        "tone": "ok",
        "sentence": _("Received safely. Your contact will look at it."),
        "url": "",
        "count": 1,
        "documents": [],
        "refused": [],
    }


def _answered(request: HttpRequest, token: str, *, upload_id: UUID | None = None) -> HttpResponse:
    refusal = _too_fast(request)
    if refusal is not None:
        return refusal
    standing = links.look(token)
    if standing is None:
        raise Http404
    if standing.state not in _GOES_ON:
        return _plain(str(CLOSED[standing.state]), status=HTTPStatus.GONE, code=f"link-{standing.state}")
    depositor = _depositor(request, standing.link)
    with practice_scope(standing.link.practice_id):
        if upload_id is None:
            return protocol.answer_all(request, depositor=depositor)
        return protocol.answer_one(request, upload_id=upload_id, depositor=depositor)


def _depositor(request: HttpRequest, link: UploadLink) -> Depositor:
    return links.depositor_of(link, peer=str(request.META.get("REMOTE_ADDR", "")))


def _too_fast(request: HttpRequest) -> HttpResponse | None:
    seconds = PACE.wait(str(request.META.get("REMOTE_ADDR", "")))
    if not seconds:
        return None
    said = _("Too many requests at once. Wait a minute, then try again.")
    response = _plain(said, status=HTTPStatus.TOO_MANY_REQUESTS, code="too-fast")
    response.headers["Retry-After"] = str(seconds)
    return response


def _plain(sentence: str, *, status: HTTPStatus, code: str) -> HttpResponse:
    response = HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
    response.headers["Liasse-Error"] = code
    response.headers["Cache-Control"] = "no-store"
    return response
