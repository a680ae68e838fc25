"""The window in which a leaving colleague hands everything on, in one step."""

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
from liasse.invitations.team import team_row
from liasse.lib.ids import as_uuid
from liasse.rosters.leaving import leaving_of, let_go, successors
from liasse.web.requests import PracticeRequest
from liasse.web.windows import at_once


@access(Rule.ADMINISTRATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: PracticeRequest, colleague_id: UUID) -> HttpResponse:
    found = team_row(request.practice.id, colleague_id=colleague_id)
    if found is None:
        raise Http404
    colleague, sentence = found.colleague, ""
    chosen = as_uuid(request.POST.get("successor", ""))
    if request.method == "POST":
        try:
            let_go(colleague, to_id=chosen, actor=request.actor)
        except LiasseError as error:
            sentence = str(error.sentence)
        else:
            return _done(request, _("%(name)s left the practice.") % {"name": colleague.name})
    context = {
        "colleague": colleague,
        "leaving": leaving_of(colleague),
        "successors": successors(colleague),
        "chosen": chosen,
        "sentence": sentence,
        "action": reverse("team-leave", args=[colleague.id]),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if sentence else HTTPStatus.OK
    if request.htmx:
        return at_once(render(request, "web/team/leave.html", context, status=status))
    return render(request, "web/team/window_page.html", {**context, "window": "web/team/leave.html"}, status=status)


def _done(request: PracticeRequest, text: str) -> HttpResponse:
    if not request.htmx:
        messages.success(request, text)
        return redirect("team")
    response = trigger_client_event(HttpResponse(), "close-dialog", {})
    response = trigger_client_event(response, "toast", {"text": text})
    return trigger_client_event(response, "team-changed", {}, after="settle")
