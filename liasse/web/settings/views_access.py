"""Accès du cabinet: which colleague reaches this file, and up to which level."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from liasse.clients.people import set_access, set_responsible, set_team_access
from liasse.clients.selectors import AccessRow, access_rows, team_access_rows
from liasse.clients.sentences import LEVELS
from liasse.core.access import Rule, access
from liasse.core.errors import LiasseError, NotThereError
from liasse.lib.ids import as_uuid
from liasse.practices.types import ColleagueStatus
from liasse.ui.errors import of_error
from liasse.web.requests import FileRequest
from liasse.web.settings import screen


@access(Rule.FILE_MANAGE)
@require_safe
def access_page(request: FileRequest, file_id: UUID) -> HttpResponse:
    del file_id
    file = request.client_file
    context = {
        "client_file": file,
        "crumbs": screen.crumbs(file),
        "tabs": screen.tabs(file, current="file-access"),
        "levels": LEVELS.items(),
        "myself": request.actor.person_id,
        "teams": team_access_rows(file),
        **_people(request),
    }
    return render(request, "web/settings/access.html", context)


def _people(request: FileRequest) -> dict[str, Any]:
    """Give the colleagues with their levels, and who of them may answer for the file."""
    rows = access_rows(request.client_file)
    present = [row.colleague for row in rows if row.colleague.status != ColleagueStatus.SUSPENDED]
    return {"rows": rows, "choosable": present, "responsible_id": request.client_file.responsible_id}


@access(Rule.FILE_MANAGE)
@require_POST
def set_level(request: FileRequest, file_id: UUID, colleague_id: UUID) -> HttpResponse:
    del file_id
    try:
        set_access(
            request.client_file, colleague_id=colleague_id, level=request.POST.get("level", ""), actor=request.actor
        )
    except LiasseError as error:
        return of_error(request, error)
    if not request.htmx:
        return redirect("file-access", request.client_file.id)
    row = next(row for row in access_rows(request.client_file) if row.colleague.id == colleague_id)
    return _row(request, row)


def _row(request: FileRequest, row: AccessRow) -> HttpResponse:
    context = {
        "client_file": request.client_file,
        "row": row,
        "levels": LEVELS.items(),
        "is_saved": True,
        "myself": request.actor.person_id,
    }
    return render(request, "web/settings/access_row.html", context)


@access(Rule.FILE_MANAGE)
@require_POST
def set_team_level(request: FileRequest, file_id: UUID, team_id: UUID) -> HttpResponse:
    del file_id
    file = request.client_file
    try:
        set_team_access(file, team_id=team_id, level=request.POST.get("level", ""), actor=request.actor)
    except LiasseError as error:
        return of_error(request, error)
    if not request.htmx:
        return redirect("file-access", file.id)
    row = next(row for row in team_access_rows(file) if row.team.id == team_id)
    context = {"client_file": file, "row": row, "levels": LEVELS.items(), "is_saved": True}
    return render(request, "web/settings/access_team.html", context)


@access(Rule.FILE_MANAGE)
@require_POST
def choose_responsible(request: FileRequest, file_id: UUID) -> HttpResponse:
    del file_id
    text = request.POST.get("responsible", "")
    chosen = as_uuid(text)
    try:
        if text and chosen is None:
            raise NotThereError
        set_responsible(request.client_file, colleague_id=chosen, actor=request.actor)
    except LiasseError as error:
        return of_error(request, error)
    if not request.htmx:
        return redirect("file-access", request.client_file.id)
    request.client_file.refresh_from_db(fields=["responsible"])
    context = {"client_file": request.client_file, "is_saved": True, **_people(request)}
    return render(request, "web/settings/access_responsible.html", context)
