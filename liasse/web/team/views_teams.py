"""The teams of a practice: who is in which, and what is given to all of them at once."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import trigger_client_event

from liasse.core.access import Rule, access
from liasse.core.errors import InvalidError
from liasse.invitations.team import team_of
from liasse.lib.ids import as_uuid
from liasse.practices.models import Team
from liasse.practices.teams import remove_team, save_team, team_of_practice, teams_of
from liasse.ui.shell import Crumb
from liasse.web.requests import PracticeRequest
from liasse.web.windows import at_once


@access(Rule.ADMINISTRATOR)
@require_safe
def teams(request: PracticeRequest) -> HttpResponse:
    crumbs = [Crumb(label=_("Team"), url=reverse("team"))]
    context = {"teams": teams_of(request.practice.id), "crumbs": crumbs}
    return render(request, f"web/team/{'teams_list' if request.htmx else 'teams'}.html", context)


@access(Rule.ADMINISTRATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: PracticeRequest) -> HttpResponse:
    return _window(request, team=None)


@access(Rule.ADMINISTRATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: PracticeRequest, team_id: UUID) -> HttpResponse:
    return _window(request, team=_team(request, team_id))


@access(Rule.ADMINISTRATOR)
@require_POST
def remove(request: PracticeRequest, team_id: UUID) -> HttpResponse:
    team = _team(request, team_id)
    remove_team(team, actor=request.actor)
    return _done(request, _("The team %(name)s is removed; its people stay.") % {"name": team.name})


def _team(request: PracticeRequest, team_id: UUID) -> Team:
    found = team_of_practice(request.practice.id, team_id=team_id)
    if found is None:
        raise Http404
    return found


def _window(request: PracticeRequest, *, team: Team | None) -> HttpResponse:
    """Show the window of one team, or save it."""
    name, problem = team.name if team else "", ""
    people = next((one.people for one in teams_of(request.practice.id) if team and one.team.id == team.id), [])
    ticked = {colleague.id for colleague in people}
    if request.method == "POST":
        name = request.POST.get("name", "")
        ticked = {each for text in request.POST.getlist("colleague") if (each := as_uuid(text))}
        try:
            saved = save_team(request.practice, team=team, name=name, colleague_ids=ticked, actor=request.actor)
        except InvalidError as error:
            problem = error.fields["name"]
        else:
            return _done(request, _("The team %(name)s is saved.") % {"name": saved.name})
    context = {
        "team": team,
        "name": name,
        "problem": problem,
        "action": reverse("teams-change", args=[team.id]) if team else reverse("teams-add"),
        "colleagues": [(row.colleague, row.colleague.id in ticked) for row in team_of(request.practice.id)],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    if request.htmx:
        return at_once(render(request, "web/team/teams_form.html", context, status=status))
    whole = {**context, "window": "web/team/teams_form.html"}
    return render(request, "web/team/window_page.html", whole, status=status)


def _done(request: PracticeRequest, text: str) -> HttpResponse:
    if not request.htmx:
        messages.success(request, text)
        return redirect("teams")
    response = trigger_client_event(HttpResponse(), "close-dialog", {})
    response = trigger_client_event(response, "toast", {"text": text})
    return trigger_client_event(response, "teams-changed", {}, after="settle")
