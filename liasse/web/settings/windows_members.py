"""Windows over Utilisateurs du dossier: how they are shown, and what a finished one answers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django_htmx.http import trigger_client_event

from liasse.invitations.opening import is_sms_offered
from liasse.web.requests import FileRequest
from liasse.web.settings.forms_members import HeirForm, PersonForm
from liasse.web.windows import at_once


def ask(
    request: FileRequest,
    template: str,
    *,
    form: PersonForm | HeirForm | None = None,
    **more: Any,  # noqa: ANN401 - a template's context
) -> HttpResponse:
    """Show a window; to a browser without scripts, on a page of its own."""
    context = {"client_file": request.client_file, "form": form, "has_sms": is_sms_offered(), **more}
    status = 422 if form is not None and form.is_refused else 200
    if request.htmx:
        return at_once(render(request, template, context, status=status))
    return render(request, "web/settings/window_page.html", {**context, "window": template}, status=status)


def done(request: FileRequest, text: str) -> HttpResponse:
    """Close the window, say what was done and let the list be read again."""
    if not request.htmx:
        messages.success(request, text)
        return redirect("file-members", request.client_file.id)
    response = trigger_client_event(HttpResponse(), "close-dialog", {})
    response = trigger_client_event(response, "toast", {"text": text})
    return trigger_client_event(response, "members-changed", {}, after="settle")
