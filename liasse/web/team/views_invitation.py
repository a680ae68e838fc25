"""A colleague's invitation on Équipe: followed, and cancelled."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from liasse.core.access import Rule, access
from liasse.core.errors import LiasseError
from liasse.invitations.models import Invitation
from liasse.invitations.opening import withdraw_from_colleague
from liasse.invitations.standing import events_of
from liasse.invitations.team import TeamRow, team_row
from liasse.ui.errors import of_error
from liasse.web.requests import PracticeRequest
from liasse.web.settings.history import history_lines
from liasse.web.windows import at_once


def _row(request: PracticeRequest, colleague_id: UUID) -> TeamRow:
    found = team_row(request.practice.id, colleague_id=colleague_id)
    if found is None:
        raise Http404
    return found


@access(Rule.ADMINISTRATOR)
@require_safe
def invitation(request: PracticeRequest, colleague_id: UUID) -> HttpResponse:
    """Show where a colleague's invitation stands and all that happened to it."""
    row = _row(request, colleague_id)
    if row.standing is None:
        raise Http404
    practice_id = request.practice.id
    ids = Invitation.objects.filter(practice_id=practice_id, colleague=row.colleague).values_list("id", flat=True)
    context = {
        "standing": row.standing,
        "lines": history_lines(events_of(practice_id, ids)),
        "resend_url": reverse("team-resend", args=[colleague_id]),
        "revoke_url": reverse("team-revoke", args=[colleague_id]),
    }
    if request.htmx:
        return at_once(render(request, "web/settings/invitation.html", context))
    return render(request, "web/team/window_page.html", {**context, "window": "web/settings/invitation.html"})


@access(Rule.ADMINISTRATOR)
@require_POST
def revoke(request: PracticeRequest, colleague_id: UUID) -> HttpResponse:
    """End an open invitation: its link opens nothing, and it can be sent again."""
    colleague = _row(request, colleague_id).colleague
    try:
        withdraw_from_colleague(colleague, actor=request.actor)
    except LiasseError as error:
        return of_error(request, error)
    text = _("The invitation of %(name)s is cancelled.") % {"name": colleague.name}
    if not request.htmx:
        messages.success(request, text)
        return redirect("team")
    response = trigger_client_event(HttpResponse(), "close-dialog", {})
    response = trigger_client_event(response, "toast", {"text": text})
    return trigger_client_event(response, "team-changed", {}, after="settle")
