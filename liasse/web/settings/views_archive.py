"""Archiving a file (désactiver) and taking it up again."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import trigger_client_event

from liasse.clients.services import archive_file, reactivate_file
from liasse.core.access import Rule, access
from liasse.web.requests import FileRequest
from liasse.web.windows import at_once


@access(Rule.FILE_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def archive(request: FileRequest, file_id: UUID) -> HttpResponse:
    if request.method != "POST":
        return _ask(request, "file-archive")
    archive_file(request.client_file, actor=request.actor)
    del file_id
    return _done(request, _("“%(name)s” is archived.") % {"name": request.client_file.name})


@access(Rule.FILE_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def reactivate(request: FileRequest, file_id: UUID) -> HttpResponse:
    if request.method != "POST":
        return _ask(request, "file-reactivate")
    reactivate_file(request.client_file, actor=request.actor)
    del file_id
    return _done(request, _("“%(name)s” is active again.") % {"name": request.client_file.name})


def _ask(request: FileRequest, name: str) -> HttpResponse:
    context = {
        "client_file": request.client_file,
        "action": reverse(name, args=[request.client_file.id]),
        "is_archiving": name == "file-archive",
    }
    if request.htmx:
        return at_once(render(request, "web/settings/archive.html", context))
    return render(request, "web/settings/archive_page.html", context)


def _done(request: FileRequest, text: str) -> HttpResponse:
    if not request.htmx:
        messages.success(request, text)
        return redirect("clients")
    response = HttpResponse()
    response = trigger_client_event(response, "close-dialog", {})
    response = trigger_client_event(response, "toast", {"text": text})
    response = trigger_client_event(response, "clients-changed", {}, after="settle")
    return trigger_client_event(response, "files-changed", {}, after="settle")
