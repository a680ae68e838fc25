"""Modifier les paramètres clients: each field saved when left, its origin, and the file's history."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from liasse.clients import changes
from liasse.clients.selectors import history_of_file, submission_local_part
from liasse.core.access import Rule, access
from liasse.core.errors import InvalidError, LiasseError
from liasse.invitations.standing import invitation_ids
from liasse.ui.errors import of_error
from liasse.web.outside.screen import engine_card
from liasse.web.requests import FileRequest
from liasse.web.settings import screen
from liasse.web.settings.forms import SettingField, one_field, setting_fields
from liasse.web.settings.history import history_lines

_BOOKING: Final = ("currency", "vat_scheme", "chart", "due_days", "paid_status", "archive_rule")
_PLACE: Final = ("country", "language", "time_zone")


@access(Rule.FILE_MANAGE)
@require_safe
def settings_page(request: FileRequest, file_id: UUID) -> HttpResponse:
    del file_id
    file = request.client_file
    local_part = submission_local_part(file)
    context = {
        "client_file": file,
        "crumbs": screen.crumbs(file),
        "tabs": screen.tabs(file, current="file-settings"),
        "address": f"{local_part}@{settings.LIASSE_MAIL_DOMAIN}" if local_part else "",
        "general": setting_fields(file, names=changes.OWN_FIELDS),
        "engine": engine_card(file),
        **_defaults(request),
        **_history(request),
    }
    return render(request, "web/settings/settings.html", context)


def _defaults(request: FileRequest) -> dict[str, Any]:
    file = request.client_file
    fields = [*setting_fields(file, names=_BOOKING), *setting_fields(file, names=_PLACE)]
    return {"client_file": file, "defaults": fields}


def _history(request: FileRequest) -> dict[str, Any]:
    before = request.GET.get("before", "")
    found = history_of_file(
        request.client_file,
        also=invitation_ids(request.client_file),
        before=int(before[:18]) if before.isdecimal() else None,
    )
    return {"lines": history_lines(found.events), "before": found.next_before}


@access(Rule.FILE_MANAGE)
@require_safe
def history(request: FileRequest, file_id: UUID) -> HttpResponse:
    del file_id
    context = {"client_file": request.client_file, **_history(request)}
    return render(request, "web/settings/history_lines.html", context)


@access(Rule.FILE_MANAGE)
@require_POST
def save_field(request: FileRequest, file_id: UUID, field: str) -> HttpResponse:
    del file_id
    if field not in changes.FIELDS:
        raise Http404
    typed, sent = request.POST.get(field, ""), request.POST.get("version", "")
    version = int(sent[:10]) if sent.isdecimal() else 0
    try:
        request.client_file = changes.change_field(
            request.client_file, field=field, text=typed, version=version, actor=request.actor
        )
    except InvalidError as error:
        again = one_field(request.client_file, name=field, typed=typed, error=error.fields[field])
        return _field(request, again, status=422)
    except LiasseError as error:
        return of_error(request, error)
    return _field(request, one_field(request.client_file, name=field, state="saved"))


@access(Rule.FILE_MANAGE)
@require_POST
def reset_field(request: FileRequest, file_id: UUID, field: str) -> HttpResponse:
    del file_id
    if field not in changes.DEFAULT_FIELDS:
        raise Http404
    changes.reapply_defaults(request.client_file, fields=(field,), actor=request.actor)
    request.client_file.refresh_from_db()
    return _field(request, one_field(request.client_file, name=field, state="saved"))


def _field(request: FileRequest, field: SettingField, *, status: int = 200) -> HttpResponse:
    if not request.htmx:
        return redirect("file-settings", request.client_file.id)
    context = {"one": field, "client_file": request.client_file}
    response = render(request, "web/settings/field.html", context, status=status)
    return response if status != 200 else trigger_client_event(response, "history-changed", {}, after="settle")  # noqa: PLR2004 - HTTP's own figure


@access(Rule.FILE_MANAGE)
@require_POST
def reapply(request: FileRequest, file_id: UUID) -> HttpResponse:
    del file_id
    changed = changes.reapply_defaults(request.client_file, actor=request.actor)
    request.client_file.refresh_from_db()
    if not request.htmx:
        return redirect("file-settings", request.client_file.id)
    response = render(request, "web/settings/defaults.html", {**_defaults(request), "is_swapped": True})
    text = ngettext("%(count)d value taken again.", "%(count)d values taken again.", len(changed))
    said = text % {"count": len(changed)} if changed else _("Every value is the practice's already.")
    response = trigger_client_event(response, "toast", {"text": said})
    return trigger_client_event(response, "history-changed", {}, after="settle")
