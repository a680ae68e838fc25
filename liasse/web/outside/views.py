"""The switch of a file's outside engine, among its settings."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from liasse.core.access import Rule, access
from liasse.core.errors import ConflictError
from liasse.outside.services import switch_off, switch_on
from liasse.web.requests import FileRequest


@access(Rule.FILE_MANAGE)
@require_POST
def engine_on(request: FileRequest, file_id: UUID) -> HttpResponse:
    """Switch it on for the host that the page named, and for no other."""
    del file_id
    host = request.POST.get("host", "")
    try:
        switch_on(request.client_file, host=host, actor=request.actor)
    except ConflictError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _("Switched on: documents in doubt are sent to %(host)s.") % {"host": host})
    return redirect("file-settings", request.client_file.id)


@access(Rule.FILE_MANAGE)
@require_POST
def engine_off(request: FileRequest, file_id: UUID) -> HttpResponse:
    del file_id
    switch_off(request.client_file, actor=request.actor)
    messages.success(request, _("Switched off: no document of this file is sent any more."))
    return redirect("file-settings", request.client_file.id)
