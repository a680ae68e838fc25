"""An administrator takes away the second factor of a colleague who lost it."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import trigger_client_event

from liasse.core.access import Rule, access
from liasse.core.errors import LiasseError
from liasse.practices.logins import reset_colleague_factor
from liasse.practices.models import Colleague
from liasse.practices.selectors import colleague_of_practice
from liasse.web.account.mails import tell_factor_reset
from liasse.web.requests import PracticeRequest
from liasse.web.windows import at_once


@access(Rule.ADMINISTRATOR, is_sensitive=True)
@require_http_methods(["GET", "HEAD", "POST"])
def reset_factor(request: PracticeRequest, colleague_id: UUID) -> HttpResponse:
    colleague = colleague_of_practice(request.practice.id, colleague_id=colleague_id)
    if colleague is None or colleague.user is None:
        raise Http404
    if request.method != "POST":
        return _ask(request, colleague)
    try:
        reset_colleague_factor(colleague, actor=request.actor)
    except LiasseError as error:
        return _ask(request, colleague, sentence=str(error.sentence))
    tell_factor_reset(colleague.user, by=request.actor.name)
    text = _("The second factor of %(name)s was reset.") % {"name": colleague.name}
    if not request.htmx:
        messages.success(request, text)
        return redirect("team")
    response = trigger_client_event(HttpResponse(), "close-dialog", {})
    response = trigger_client_event(response, "toast", {"text": text})
    return trigger_client_event(response, "team-changed", {}, after="settle")


def _ask(request: PracticeRequest, colleague: Colleague, *, sentence: str = "") -> HttpResponse:
    window = "web/account/reset_factor.html"
    context = {
        "action": reverse("team-factor", args=[colleague.id]),
        "colleague": colleague,
        "sentence": sentence,
        "window": window,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if sentence else HTTPStatus.OK
    if request.htmx:
        return at_once(render(request, window, context, status=status))
    return render(request, "web/team/window_page.html", context, status=status)
