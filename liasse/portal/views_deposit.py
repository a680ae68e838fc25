"""Déposer: the page behind an upload link. It says what was received, and nothing else of the file."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from liasse.core.access import Rule, access
from liasse.core.scope import practice_scope
from liasse.intake import uploads
from liasse.lib.pace import Pace
from liasse.passes import links
from liasse.passes.links import Standing
from liasse.passes.sentences import CLOSED
from liasse.passes.types import LinkState
from liasse.pipeline import deposits
from liasse.ui.hand_in import Sizes, Ways, form_of, say_taken
from liasse.ui.shell import HandIn

PACE: Final = Pace(most=120, seconds=60)
"""How often one address may ask for pages of links: nobody guesses a token, and nobody keeps the server busy."""


@access(Rule.LINK_HOLDER)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def deposit(request: HttpRequest, token: str) -> HttpResponse:
    """Show the form, or take what it sends without scripts."""
    response = _answer(request, token)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _answer(request: HttpRequest, token: str) -> HttpResponse:
    seconds = PACE.wait(str(request.META.get("REMOTE_ADDR", "")))
    if seconds:
        context: dict[str, Any] = {"sentence": _("Too many requests at once. Wait a minute, then try again.")}
        response = render(request, "portal/deposit_closed.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)
        response.headers["Retry-After"] = str(seconds)
        return response
    standing = links.look(token)
    if standing is None:
        raise Http404
    # Whoever has just used the link up still reads that all was received.
    if standing.state is not LinkState.OPEN:
        context = {"sentence": CLOSED[standing.state], "link": standing.link}
        return render(request, "portal/deposit_closed.html", context, status=HTTPStatus.GONE)
    if request.method == "POST":
        return _take(request, standing, token=token)
    context = {"hand_in": _form(standing, token=token), "link": standing.link, "left": _left(standing)}
    return render(request, "portal/deposit.html", context)


def _left(standing: Standing) -> int:
    return standing.link.most_files - standing.taken.files


def _form(standing: Standing, *, token: str) -> HandIn:
    limits = uploads.limits()
    left = standing.link.most_bytes - standing.taken.size
    file_bytes, archive_bytes = min(limits.file_bytes, left), min(limits.archive_bytes, left)
    return form_of(
        Ways(
            action=reverse("deposit", args=[token]),
            uploads=reverse("deposit-uploads", args=[token]),
            outcomes=reverse("deposit-outcomes", args=[token]),
        ),
        who=standing.link.holder,
        sizes=Sizes(file_bytes, archive_bytes, uploads.megabytes),
        sides={},
    )


def _take(request: HttpRequest, standing: Standing, *, token: str) -> HttpResponse:
    depositor = links.depositor_of(standing.link, peer=str(request.META.get("REMOTE_ADDR", "")))
    with practice_scope(standing.link.practice_id):
        taken = deposits.take_by_upload(request.FILES.getlist("files"), request.POST.dict(), depositor=depositor)
    say_taken(request, taken)
    return redirect("deposit", token=token)
