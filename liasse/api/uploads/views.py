"""Who asks, turned into a depositor; what is asked is `protocol`'s business, and the same for every door."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from liasse.api.uploads import answers, protocol
from liasse.api.uploads.requests import ColleagueRequest, MemberRequest
from liasse.core.access import Rule, access
from liasse.intake import depositors
from liasse.intake.types import Depositor, Door

_OF_ALL = ["OPTIONS", "POST"]
_OF_ONE = ["OPTIONS", "HEAD", "PATCH", "DELETE", "POST"]


def _colleague(request: ColleagueRequest) -> Depositor:
    return depositors.colleague(request.client_file, user_id=request.user.id, peer=_peer(request))


def _member(request: MemberRequest) -> Depositor:
    # The app on a phone says that it is one.
    door = Door.PHONE if request.GET.get("door") == Door.PHONE else Door.WEB
    return depositors.person_of_client(request.client_file, member=request.member, door=door, peer=_peer(request))


def _peer(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


@access(Rule.FILE_WORK)
@require_http_methods(_OF_ALL)
def uploads(request: ColleagueRequest, file_id: UUID) -> HttpResponse:
    """Begin an upload into a file that the colleague works in."""
    del file_id
    return protocol.answer_all(request, depositor=_colleague(request))


@access(Rule.FILE_WORK)
@require_http_methods(_OF_ONE)
def upload(request: ColleagueRequest, file_id: UUID, upload_id: UUID) -> HttpResponse:
    """Go on with one of the colleague's own uploads."""
    del file_id
    return protocol.answer_one(request, upload_id=upload_id, depositor=_colleague(request))


@access(Rule.FILE_WORK)
@require_safe
def outcomes(request: ColleagueRequest, file_id: UUID) -> HttpResponse:
    """Say what came of the receipts that are asked for by ``receipt=``."""
    del file_id
    found = answers.of_file(request.client_file, asked=request.GET.getlist("receipt"))
    return JsonResponse({"receipts": found})


@access(Rule.FILE_MEMBER)
@require_http_methods(_OF_ALL)
def portal_uploads(request: MemberRequest, file_id: UUID) -> HttpResponse:
    """Begin an upload into the client's own file.

    A queue kept on a phone says whose it is (``as=``): what one person left there is not taken under another's name.
    """
    del file_id
    if request.GET.get("as", str(request.user.id)) != str(request.user.id):
        said = _("Somebody else is signed in on this device. Nothing was sent.")
        return HttpResponse(
            said,
            status=HTTPStatus.FORBIDDEN,
            content_type="text/plain; charset=utf-8",
            headers={"Liasse-Error": "other-person"},
        )
    return protocol.answer_all(request, depositor=_member(request))


@access(Rule.FILE_MEMBER)
@require_http_methods(_OF_ONE)
def portal_upload(request: MemberRequest, file_id: UUID, upload_id: UUID) -> HttpResponse:
    """Go on with one of the person's own uploads."""
    del file_id
    return protocol.answer_one(request, upload_id=upload_id, depositor=_member(request))


@access(Rule.FILE_MEMBER)
@require_safe
def portal_outcomes(request: MemberRequest, file_id: UUID) -> HttpResponse:
    """Say what came of the receipts that are asked for, as far as this person may see them."""
    del file_id
    found = answers.of_member(request.client_file, member=request.member, asked=request.GET.getlist("receipt"))
    return JsonResponse({"receipts": found})
