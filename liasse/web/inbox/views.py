"""A file's inbox: four tabs of documents, and moving chosen ones between them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from liasse.clients.selectors import members_of
from liasse.core.access import Level, Rule, access
from liasse.core.errors import NotThereError
from liasse.documents import selectors
from liasse.documents.sentences import KIND_LABELS, SIDE_LABELS
from liasse.documents.services import mark_ready, move, unarchive
from liasse.documents.types import DocumentStatus
from liasse.ui.formats import format_count
from liasse.web.inbox import loaders
from liasse.web.inbox.answers import said_of_many
from liasse.web.inbox.lists import AskedList, asked_list, elsewhere, inbox_url, tab_label, tabs, way_on
from liasse.web.inbox.readiness import marked_text
from liasse.web.inbox.rows import BACK, bulk_actions, document_rows
from liasse.web.requests import FileRequest


@access(Rule.FILE_READ)
@require_safe
def inbox(request: FileRequest, file_id: UUID) -> HttpResponse:
    del file_id
    asked = asked_list(request.client_file, words=request.GET)
    after = request.GET.get("after", "")
    if not request.htmx:
        return render(request, "web/inbox/inbox.html", _list(request, asked, after=after))
    template = "web/inbox/rows.html" if after else "web/inbox/list.html"
    return render(request, template, _list(request, asked, after=after) | {"is_partial": True})


@access(Rule.FILE_READ)
@require_safe
def news(request: FileRequest, file_id: UUID) -> HttpResponse:
    """Say what is new since the list was drawn, or 204 for nothing at the price of the guard's own reads."""
    del file_id
    if request.GET.get("since") == str(request.client_file.activity):
        return HttpResponse(status=204)
    asked = asked_list(request.client_file, words=request.GET)
    return render(request, "web/inbox/list.html", _list(request, asked) | {"is_partial": True})


@access(Rule.FILE_WORK)
@require_POST
def move_documents(request: FileRequest, file_id: UUID) -> HttpResponse:
    del file_id
    try:
        ids = [UUID(text) for text in request.POST.getlist("document")]
        text, is_whole = _move(request, ids, to=request.POST.get("to", ""))
    except (ValueError, NotThereError) as error:
        raise Http404 from error
    return said_of_many(request, text, is_whole=is_whole)


def _move(request: FileRequest, ids: list[UUID], *, to: str) -> tuple[str, bool]:
    """Move documents; give what was done in a sentence, and whether none was left behind."""
    if to == BACK:
        moved = unarchive(ids, actor=request.actor, client_file=request.client_file)
        text = ngettext(
            "%(count)s document is back where it was.", "%(count)s documents are back where they were.", moved
        )
        return text % {"count": format_count(moved)}, True
    status = DocumentStatus(to)
    if status == DocumentStatus.READY:
        marked = mark_ready(ids, actor=request.actor, client_file=request.client_file)
        if marked.left:
            return marked_text(marked), False
        return _moved_text(marked.ready, status), True
    moved = move(ids, actor=request.actor, client_file=request.client_file, to=status)
    return _moved_text(moved, status), True


def _moved_text(moved: int, to: DocumentStatus) -> str:
    if not moved:
        return _("Nothing was moved: documents that are being read stay where they are.")
    text = ngettext("%(count)s document moved to “%(tab)s”.", "%(count)s documents moved to “%(tab)s”.", moved)
    return text % {"count": format_count(moved), "tab": tab_label(to)}


def _list(request: FileRequest, asked: AskedList, *, after: str = "") -> dict[str, Any]:
    client_file, query = request.client_file, asked.query
    page = selectors.page_of_documents(client_file, query=query, after=after)
    is_empty = not page.documents
    drawn = tabs(client_file, asked, matches=page.matches)
    return {
        "client_file": client_file,
        "asked": asked,
        "words": asked.words().items(),
        "tabs": drawn,
        "tab_label": tab_label(query.status),
        "sort": asked.sort,
        "q": query.text,
        "members": members_of(client_file),
        "sides": list(SIDE_LABELS.items()),
        "kinds": list(KIND_LABELS.items()),
        "rows": document_rows(page.documents, client_file=client_file, asked=asked),
        "more_url": inbox_url(client_file, asked, after=page.after) if page.after else "",
        "actions": bulk_actions(query.status) if request.file_level.allows(Level.CODING) else [],
        "can_decide": request.file_level.allows(Level.CODING),
        "address": loaders.address(client_file) if is_empty and not query.is_narrowed else "",
        "elsewhere": elsewhere(drawn) if is_empty else [],
        **(way_on(client_file, asked) if is_empty else {}),
        "is_fresh_file": is_empty and not client_file.last_arrival_at,
    }
