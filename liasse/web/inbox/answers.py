"""The answer to an act on many documents of the list, with and without scripts."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django_htmx.http import trigger_client_event

from liasse.web.inbox.lists import asked_list, inbox_url
from liasse.web.requests import FileRequest


def said_of_many(request: FileRequest, text: str, *, is_whole: bool = True) -> HttpResponse:
    """Say what was done, as an error where documents were left behind, and draw the list anew."""
    if request.htmx:
        toast = {"text": text} if is_whole else {"text": text, "tone": "error"}
        response = trigger_client_event(HttpResponse(status=204), "toast", toast)
        return trigger_client_event(response, "documents-changed", {})
    (messages.success if is_whole else messages.error)(request, text)
    return redirect(inbox_url(request.client_file, asked_list(request.client_file, words=request.POST)))
