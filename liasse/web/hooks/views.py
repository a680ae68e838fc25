"""What providers tell by themselves. Nobody is signed in here: each address looks at the provider's secret itself."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from liasse.core.access import Rule, access
from liasse.messaging import events

_LARGEST: Final = 1024 * 1024
_REALM: Final = {"WWW-Authenticate": 'Basic realm="Liasse"'}


@csrf_exempt
@access(Rule.PUBLIC)
@require_http_methods(["HEAD", "POST"])
def mail_events(request: HttpRequest) -> HttpResponse:
    """Take bounces and complaints. Known and unknown messages are answered alike."""
    reader = events.mail_events()
    if not reader.is_configured:
        raise Http404
    if not reader.is_from_provider(request.headers.get("Authorization", "")):
        return HttpResponse(status=HTTPStatus.UNAUTHORIZED, headers=_REALM)
    if _length(request) > _LARGEST:
        return HttpResponse(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    if request.method == "POST":
        try:
            told = reader.read(request.body, headers=request.headers)
        except ValueError:
            return HttpResponse(status=HTTPStatus.BAD_REQUEST)
        for event in told:
            events.take(event)
    return HttpResponse()


def _length(request: HttpRequest) -> int:
    """Give how much is announced; what comes without an announcement is more than enough."""
    announced = request.headers.get("Content-Length", "")
    if request.method == "HEAD":
        return 0
    return int(announced) if announced.isdecimal() else _LARGEST + 1
