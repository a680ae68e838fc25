"""Letting a file go (détacher) and deleting it, for administrators of the practice."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import trigger_client_event

from liasse.core.access import Rule, access
from liasse.core.errors import InvalidError, LiasseError
from liasse.custody.deleting import delete_file, obstacle_sentences, obstacles_of
from liasse.custody.people import keepers
from liasse.custody.services import detach, nobody_left_sentence
from liasse.ui.errors import of_error
from liasse.web.requests import FileRequest
from liasse.web.settings.forms_custody import DeleteForm
from liasse.web.windows import at_once

_WINDOW = ["GET", "HEAD", "POST"]


@access(Rule.FILE_ADMINISTRATOR, is_sensitive=True)
@require_http_methods(_WINDOW)
def detach_file(request: FileRequest, file_id: UUID) -> HttpResponse:
    del file_id
    if request.method != "POST":
        people = keepers(request.client_file)
        obstacles = [] if people else [nobody_left_sentence()]
        return _ask(request, "detach", people=people, obstacles=obstacles)
    try:
        detach(request.client_file, actor=request.actor)
    except LiasseError as error:
        return of_error(request, error)
    said = _("“%(name)s” is detached: its client alone has it now.")
    return _done(request, said % {"name": request.client_file.name})


@access(Rule.FILE_ADMINISTRATOR, is_sensitive=True)
@require_http_methods(_WINDOW)
def delete(request: FileRequest, file_id: UUID) -> HttpResponse:
    del file_id
    if request.method != "POST":
        obstacles = obstacle_sentences(obstacles_of(request.client_file))
        return _ask(request, "delete", form=DeleteForm(), obstacles=obstacles)
    typed = request.POST.get("name", "")
    try:
        delete_file(request.client_file, typed_name=typed, actor=request.actor)
    except InvalidError as error:
        form = DeleteForm({"name": typed})
        form.add_error("name", error.fields["name"])
        return _ask(request, "delete", form=form, obstacles=[], status=422)
    except LiasseError as error:
        return of_error(request, error)
    return _done(request, _("“%(name)s” is deleted.") % {"name": request.client_file.name})


def _ask(request: FileRequest, what: str, *, status: int = 200, **words: Any) -> HttpResponse:  # noqa: ANN401 - a template's own
    context = {
        "client_file": request.client_file,
        "action": reverse(f"file-{what}", args=[request.client_file.id]),
        "window": f"web/settings/{what}.html",
        **words,
    }
    if request.htmx:
        return at_once(render(request, context["window"], context, status=status))
    return render(request, "web/settings/window_page.html", context, status=status)


def _done(request: FileRequest, text: str) -> HttpResponse:
    """Say it, and lead to the list: whatever page of the file was open is not there any more."""
    if not request.htmx:
        messages.success(request, text)
        return redirect("clients")
    response = HttpResponse()
    response = trigger_client_event(response, "close-dialog", {})
    response = trigger_client_event(response, "toast", {"text": text})
    response = trigger_client_event(response, "clients-changed", {}, after="settle")
    return trigger_client_event(response, "files-changed", {}, after="settle")
