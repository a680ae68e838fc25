"""Mails that a provider brings by itself. Nobody is signed in: the provider shows its secret.

200 means that its work is done: the mail is kept, or it is for nobody here, and bringing it again changes nothing.
Every fault of ours is a 503, and the provider brings it again.
"""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Final

from django.conf import settings
from django.db import Error as DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from liasse.core.access import Rule, access
from liasse.core.adapters import adapter
from liasse.core.errors import TransientError
from liasse.intake.ports import ArrivedMail, MailArrivals
from liasse.lib.mail_heads import recipients_of
from liasse.lib.mailboxes import same_domain
from liasse.pipeline import mailroom

log = logging.getLogger("liasse.arrivals")

_REALM: Final = {"WWW-Authenticate": 'Basic realm="Liasse"'}
_LATER: Final = {"Retry-After": "60"}
_ROUND_IT: Final = 1024 * 1024


@csrf_exempt
@access(Rule.PUBLIC)
@require_http_methods(["HEAD", "POST"])
def arrivals(request: HttpRequest) -> HttpResponse:
    """Take the mails of a provider's request, each once however often it comes."""
    reader: MailArrivals = adapter("mail_arrivals")
    if not reader.is_configured:
        raise Http404
    if not reader.is_from_provider(request.headers.get("Authorization", "")):
        return HttpResponse(status=HTTPStatus.UNAUTHORIZED, headers=_REALM)
    if request.method == "HEAD":
        return HttpResponse()
    # A mail in JSON is a third longer, and its text may stand there twice.
    if _length(request) > 2 * settings.LIASSE_MESSAGE_LIMIT + _ROUND_IT:
        return HttpResponse(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    try:
        if not mailroom.has_room(minimum_free=settings.LIASSE_MIN_FREE):
            raise TransientError  # noqa: TRY301 - one answer for all that passes by itself
        for mail in reader.read(request.read(), headers=request.headers):
            _take(mail)
    except ValueError as error:
        log.warning("a request that is no mail: %s", error)
        return HttpResponse(status=HTTPStatus.BAD_REQUEST)
    except (TransientError, DatabaseError, OSError):
        log.exception("not taken")
        return HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE, headers=_LATER)
    return HttpResponse()


def _take(mail: ArrivedMail) -> None:
    domain = same_domain(settings.LIASSE_MAIL_DOMAIN)
    to = mailroom.addressed(mail.recipients or recipients_of(mail.content, domain=domain), domain=domain)
    for address in to.unknown:
        log.warning("nobody here recipient=%r from=%r", address, mail.sender)
    if len(mail.content) > settings.LIASSE_MESSAGE_LIMIT:
        log.warning("too large size=%d from=%r", len(mail.content), mail.sender)
    elif to.known:
        sha256 = mailroom.keep(
            mail.content, to=to, brought=mailroom.Brought(received_at=timezone.now(), sender=mail.sender)
        )
        log.info("taken sha256=%s size=%d to=%d", sha256, len(mail.content), len(to.known))


def _length(request: HttpRequest) -> int:
    """Give how much is announced; what comes without an announcement is more than enough."""
    announced = request.headers.get("Content-Length", "")
    return int(announced) if announced.isdecimal() else 10**12
