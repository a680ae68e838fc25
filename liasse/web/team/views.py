"""Équipe: the people of the practice, their invitations, and who may still come in."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import trigger_client_event

from liasse.clients.actors import colleague_id_of
from liasse.core.access import Rule, access
from liasse.core.errors import InvalidError, LiasseError
from liasse.invitations.services import invite_colleague
from liasse.invitations.team import TeamRow, add_to_team, former_of, team_of, team_row
from liasse.lib.ids import as_uuid
from liasse.messaging.services import can_send_email
from liasse.practices.sentences import ROLES
from liasse.practices.services import change_colleague, reactivate, suspend
from liasse.practices.teams import mates, team_names
from liasse.practices.types import ColleagueStatus, Role
from liasse.ui.errors import of_error
from liasse.web.proof import proof_wanted
from liasse.web.requests import PracticeRequest
from liasse.web.team.forms import ColleagueForm
from liasse.web.windows import at_once

_STATUSES: Final[dict[str, tuple[Promise, str]]] = {
    ColleagueStatus.INVITED: (pgettext_lazy("colleague", "Invited"), "info"),
    ColleagueStatus.ACTIVE: (pgettext_lazy("colleague", "Active"), "ok"),
    ColleagueStatus.SUSPENDED: (pgettext_lazy("colleague", "Suspended"), "warn"),
}
_PAGE = ["GET", "HEAD", "POST"]


@access(Rule.TEAM_LEAD)
@require_safe
def team(request: PracticeRequest) -> HttpResponse:
    """Show everybody to administrators; to a team lead the people of the own teams."""
    found = team_of(request.practice.id)
    if not request.actor.is_administrator:
        people = mates(practice_id=request.practice.id, colleague_id=colleague_id_of(request.actor))
        ids = set(people.values_list("colleague_id", flat=True))
        found = [row for row in found if row.colleague.id in ids]
    names = team_names(request.practice.id)
    rows = [_shown(row, request=request, teams=names.get(row.colleague.id, [])) for row in found]
    more = [
        {"label": _("Teams"), "url": reverse("teams"), "icon": "user-group"},
        {"label": _("Import colleagues"), "url": reverse("colleagues-lists"), "icon": "table-cells"},
    ]
    is_administrator = request.actor.is_administrator
    context = {
        "rows": rows,
        "more_menu": more,
        "is_administrator": is_administrator,
        "former": former_of(request.practice.id) if is_administrator else [],
    }
    return render(request, "web/team/list.html" if request.htmx else "web/team/team.html", context)


def _shown(row: TeamRow, *, request: PracticeRequest, teams: list[str]) -> dict[str, Any]:
    colleague = row.colleague
    status, tone = _STATUSES.get(colleague.status, (colleague.status, "neutral"))
    return {
        "colleague": colleague,
        "row": row,
        "role": ROLES.get(colleague.role, colleague.role),
        "status": status,
        "tone": tone,
        "is_self": colleague.id == request.actor.person_id,
        "teams": teams,
    }


def _row(request: PracticeRequest, colleague_id: UUID) -> TeamRow:
    found = team_row(request.practice.id, colleague_id=colleague_id)
    if found is None:
        raise Http404
    return found


@access(Rule.ADMINISTRATOR)
@require_http_methods(_PAGE)
def add(request: PracticeRequest) -> HttpResponseBase:
    action = reverse("team-add")
    if request.method != "POST":
        form = ColleagueForm(initial=_known_before(request))
        return _ask(request, "web/team/form.html", form=form, action=action)
    form = ColleagueForm(request.POST)
    if form.typed("role") == Role.ADMINISTRATOR and (proof := proof_wanted(request)):
        return proof
    try:
        colleague = add_to_team(
            practice=request.practice,
            name=form.typed("name"),
            email=form.typed("email"),
            role=form.typed("role"),
            can_add_clients="can_add_clients" in form.data,
            can_see_progress="can_see_progress" in form.data,
            actor=request.actor,
        )
    except InvalidError as error:
        return _ask(request, "web/team/form.html", form=form.refused(error), action=action)
    return _done(request, _("%(name)s is invited.") % {"name": colleague.name} + " " + _sent_text())


def _known_before(request: PracticeRequest) -> dict[str, str]:
    """Give name and address of somebody who left and is to come back, to begin with."""
    again = as_uuid(request.GET.get("again", ""))
    found = next((one.colleague for one in former_of(request.practice.id) if one.colleague.id == again), None)
    return {"name": found.name, "email": found.email} if found else {}


@access(Rule.ADMINISTRATOR)
@require_http_methods(_PAGE)
def change(request: PracticeRequest, colleague_id: UUID) -> HttpResponseBase:
    colleague = _row(request, colleague_id).colleague
    action = reverse("team-colleague", args=[colleague.id])
    if request.method != "POST":
        names = ("name", "role", "can_add_clients", "can_see_progress")
        form = ColleagueForm(initial={name: getattr(colleague, name) for name in names}, is_known=True)
        return _ask(request, "web/team/form.html", form=form, action=action, colleague=colleague)
    form = ColleagueForm(request.POST, is_known=True)
    is_raised = form.typed("role") == Role.ADMINISTRATOR and not colleague.is_administrator
    if is_raised and (proof := proof_wanted(request)):
        return proof
    try:
        change_colleague(
            colleague,
            name=form.typed("name"),
            role=form.typed("role"),
            can_add_clients="can_add_clients" in form.data,
            can_see_progress="can_see_progress" in form.data,
            actor=request.actor,
        )
    except InvalidError as error:
        return _ask(request, "web/team/form.html", form=form.refused(error), action=action, colleague=colleague)
    except LiasseError as error:
        refused = form.refused(InvalidError({"role": str(error.sentence)}))
        return _ask(request, "web/team/form.html", form=refused, action=action, colleague=colleague)
    return _done(request, _("Saved."))


@access(Rule.ADMINISTRATOR)
@require_safe
def link(request: PracticeRequest, colleague_id: UUID) -> HttpResponse:
    """Show the secret link of an open invitation, for a firm that hands it over by itself."""
    row = _row(request, colleague_id)
    if not row.link:
        raise Http404
    return _ask(request, "web/team/link.html", row=row, colleague=row.colleague)


@access(Rule.ADMINISTRATOR)
@require_POST
def resend(request: PracticeRequest, colleague_id: UUID) -> HttpResponse:
    try:
        invite_colleague(_row(request, colleague_id).colleague, actor=request.actor)
    except LiasseError as error:
        return of_error(request, error)
    return _done(request, _sent_text())


@access(Rule.ADMINISTRATOR)
@require_http_methods(_PAGE)
def suspend_colleague(request: PracticeRequest, colleague_id: UUID) -> HttpResponse:
    colleague = _row(request, colleague_id).colleague
    action = reverse("team-suspend", args=[colleague.id])
    if request.method != "POST":
        return _ask(request, "web/team/suspend.html", action=action, colleague=colleague)
    try:
        suspend(colleague, actor=request.actor)
    except LiasseError as error:
        return _ask(
            request,
            "web/team/suspend.html",
            status=HTTPStatus.UNPROCESSABLE_ENTITY,
            action=action,
            colleague=colleague,
            sentence=error.sentence,
        )
    return _done(request, _("%(name)s has no access any more.") % {"name": colleague.name})


@access(Rule.ADMINISTRATOR)
@require_POST
def reactivate_colleague(request: PracticeRequest, colleague_id: UUID) -> HttpResponse:
    colleague = reactivate(_row(request, colleague_id).colleague, actor=request.actor)
    return _done(request, _("%(name)s has access again.") % {"name": colleague.name})


def _sent_text() -> str:
    if can_send_email():
        return _("The invitation is on its way.")
    return _("The invitation waits in the outbox: no mail relay is set up. Its link can be copied.")


def _ask(
    request: PracticeRequest,
    template: str,
    *,
    form: ColleagueForm | None = None,
    status: HTTPStatus = HTTPStatus.OK,
    **more: Any,  # noqa: ANN401 - a template's context
) -> HttpResponse:
    if form is not None and form.is_refused:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    context = {"form": form, **more}
    if request.htmx:
        return at_once(render(request, template, context, status=status))
    return render(request, "web/team/window_page.html", {**context, "window": template}, status=status)


def _done(request: PracticeRequest, text: str) -> HttpResponse:
    if not request.htmx:
        messages.success(request, text)
        return redirect("team")
    response = trigger_client_event(HttpResponse(), "close-dialog", {})
    response = trigger_client_event(response, "toast", {"text": text})
    return trigger_client_event(response, "team-changed", {}, after="settle")
