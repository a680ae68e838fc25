"""Qui voit ce dossier ?: everybody who sees a file, why, and the end of it in a click."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import trigger_client_event

from liasse.clients.models import Member
from liasse.clients.people import set_access, set_team_access
from liasse.clients.reach import sight_of
from liasse.clients.selectors import member_of_file
from liasse.clients.withdrawing import take_login_away
from liasse.core.access import Rule, access
from liasse.core.errors import LiasseError
from liasse.custody.models import WholeExport
from liasse.custody.types import ExportState
from liasse.custody.withdrawing import remove_export
from liasse.invitations.opening import withdraw_from
from liasse.outside.services import switch_off
from liasse.practices.models import Colleague, Team
from liasse.ui.errors import of_error
from liasse.web.requests import FileRequest
from liasse.web.settings import screen
from liasse.web.sight.rows import sight_rows
from liasse.web.windows import at_once

_WINDOW = ["GET", "HEAD", "POST"]


@access(Rule.FILE_MANAGE)
@require_safe
def sight(request: FileRequest, file_id: UUID) -> HttpResponse:
    del file_id
    file = request.client_file
    context = {
        "client_file": file,
        "crumbs": screen.crumbs(file),
        "tabs": screen.tabs(file, current="file-sight"),
        "rows": sight_rows(file, actor=request.actor),
    }
    return render(request, "web/sight/list.html" if request.htmx else "web/sight/sight.html", context)


@access(Rule.FILE_MANAGE)
@require_POST
def remove_colleague(request: FileRequest, file_id: UUID, colleague_id: UUID) -> HttpResponse:
    """Take a colleague's grant back: it can be given again at once, so nothing is asked first."""
    del file_id
    file = request.client_file
    name = (
        Colleague.objects.filter(practice_id=file.practice_id, id=colleague_id).values_list("name", flat=True).first()
    )
    try:
        set_access(file, colleague_id=colleague_id, level="", actor=request.actor)
    except LiasseError as error:
        return of_error(request, error)
    if any(person.id == colleague_id for person, _level in sight_of(file).seeing):
        return _done(request, _("%(name)s still sees this file through a team.") % {"name": name})
    return _done(request, _("%(name)s does not see this file any more.") % {"name": name})


@access(Rule.FILE_MANAGE)
@require_http_methods(_WINDOW)
def remove_team(request: FileRequest, file_id: UUID, team_id: UUID) -> HttpResponse:
    """Ask first: everybody in the team loses the file, and it is not said who had it by name as well."""
    del file_id
    file = request.client_file
    team = Team.objects.filter(practice_id=file.practice_id, id=team_id).first()
    if team is None:
        raise Http404
    if request.method != "POST":
        action = reverse("file-sight-team", args=[file.id, team.id])
        return _ask(request, "web/sight/remove_team.html", action=action, name=team.name)
    try:
        set_team_access(file, team_id=team.id, level="", actor=request.actor)
    except LiasseError as error:
        return of_error(request, error)
    return _done(request, _("The team %(name)s does not see this file any more.") % {"name": team.name})


@access(Rule.FILE_MANAGE)
@require_http_methods(_WINDOW)
def remove_member(request: FileRequest, file_id: UUID, member_id: UUID) -> HttpResponse:
    """Ask first: the person must be invited and accept again to come back."""
    del file_id
    member = _member(request, member_id)
    if request.method != "POST":
        action = reverse("file-sight-member", args=[request.client_file.id, member.id])
        return _ask(request, "web/sight/remove_member.html", action=action, name=member.name)
    take_login_away(member, actor=request.actor)
    return _done(request, _("%(name)s does not see this file any more.") % {"name": member.name})


@access(Rule.FILE_MANAGE)
@require_POST
def remove_invitation(request: FileRequest, file_id: UUID, member_id: UUID) -> HttpResponse:
    del file_id
    member = _member(request, member_id)
    try:
        withdraw_from(member, actor=request.actor)
    except LiasseError as error:
        return of_error(request, error)
    return _done(request, _("The invitation of %(name)s is cancelled.") % {"name": member.name})


@access(Rule.FILE_MANAGE)
@require_http_methods(_WINDOW)
def remove_whole(request: FileRequest, file_id: UUID, export_id: UUID) -> HttpResponse:
    """Ask first: the ZIP is gone afterwards, and another one takes its time."""
    del file_id
    file = request.client_file
    if request.method != "POST":
        exports = WholeExport.objects.filter(practice_id=file.practice_id, client_file=file, id=export_id)
        if not exports.filter(state=ExportState.READY).exists():
            raise Http404
        action = reverse("file-sight-export", args=[file.id, export_id])
        return _ask(request, "web/sight/remove_export.html", action=action)
    try:
        remove_export(file, export_id=export_id, actor=request.actor)
    except LiasseError as error:
        return of_error(request, error)
    return _done(request, _("The export is removed."))


@access(Rule.FILE_MANAGE)
@require_POST
def remove_engine(request: FileRequest, file_id: UUID) -> HttpResponse:
    del file_id
    switch_off(request.client_file, actor=request.actor)
    return _done(request, _("Switched off: no document of this file is sent any more."))


def _member(request: FileRequest, member_id: UUID) -> Member:
    member = member_of_file(request.client_file, member_id=member_id)
    if member is None:
        raise Http404
    return member


def _ask(request: FileRequest, template: str, *, action: str, name: str = "") -> HttpResponse:
    context = {"client_file": request.client_file, "action": action, "name": name}
    if request.htmx:
        return at_once(render(request, template, context))
    return render(request, "web/settings/window_page.html", {**context, "window": template})


def _done(request: FileRequest, text: str) -> HttpResponse:
    if not request.htmx:
        messages.success(request, text)
        return redirect("file-sight", request.client_file.id)
    response = trigger_client_event(HttpResponse(), "close-dialog", {})
    response = trigger_client_event(response, "toast", {"text": text})
    return trigger_client_event(response, "sight-changed", {}, after="settle")
