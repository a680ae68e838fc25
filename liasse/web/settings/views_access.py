"""Accès du cabinet: which colleague reaches this file, and up to which level."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from liasse.clients.people import set_access
from liasse.clients.selectors import AccessRow, access_rows
from liasse.clients.sentences import LEVELS
from liasse.core.access import Rule, access
from liasse.core.errors import LiasseError
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
        "rows": access_rows(file),
        "levels": LEVELS.items(),
        "myself": request.actor.person_id,
    }
    return render(request, "web/settings/access.html", context)


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
