"""What a person says of an alarm: that it is all right, or that the document belongs into another file."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from liasse.clients.reach import reach_file
from liasse.core.access import Level, Rule, access
from liasse.core.errors import ConflictError, NotThereError
from liasse.documents.refiling import refile
from liasse.documents.selectors import neighbours
from liasse.lib.ids import as_uuid
from liasse.suppliers import alarms
from liasse.web.inbox.lists import asked_list, inbox_url
from liasse.web.inbox.loaders import document_or_404
from liasse.web.inbox.screen import document_url
from liasse.web.requests import FileRequest


@access(Rule.FILE_WORK)
@require_POST
def dismiss_alarm(request: FileRequest, file_id: UUID, document_id: UUID) -> HttpResponse:
    del file_id
    found = document_or_404(request, document_id)
    try:
        alarms.dismiss(found, code=request.POST.get("alarm", ""), actor=request.actor)
    except NotThereError as error:
        raise Http404 from error
    except ConflictError as error:
        messages.error(request, error.sentence)
    return redirect(document_url(found, asked_list(request.client_file, words=request.POST)))


@access(Rule.FILE_WORK)
@require_POST
def move_to_file(request: FileRequest, file_id: UUID, document_id: UUID) -> HttpResponse:
    """Move a document to another file in which the person works, and open the next one of the list."""
    del file_id
    found = document_or_404(request, document_id)
    target_id = as_uuid(request.POST.get("to", ""))
    reach = reach_file(request.user.id, file_id=target_id) if target_id else None
    if reach is None or not reach.level.allows(Level.CODING):
        raise Http404
    asked = asked_list(request.client_file, words=request.POST)
    following = neighbours(found, query=asked.query).next
    try:
        refile(found, to=reach.client_file, actor=request.actor, version=_version(request))
    except NotThereError as error:
        raise Http404 from error
    except ConflictError as error:
        messages.error(request, error.sentence)
        return redirect(document_url(found, asked))
    messages.success(
        request, _("Moved to the file “%(name)s”, where it is read anew.") % {"name": reach.client_file.name}
    )
    if following is None:
        return redirect(inbox_url(request.client_file, asked))
    return redirect(document_url(found, asked, document_id=following))


def _version(request: FileRequest) -> int:
    sent = request.POST.get("version", "")
    return int(sent[:9]) if sent.isdecimal() else 0
