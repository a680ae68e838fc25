"""Mes clients, its news, and Liste des dossiers."""

from __future__ import annotations

import re
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from liasse.clients.lists import PAGE_SIZE, changes_since, files_page, newest_file_id
from liasse.clients.progress import active_files
from liasse.clients.sectors import sector_label
from liasse.clients.selectors import file_or_none, switchable_files
from liasse.core.access import Rule, access
from liasse.invitations.selectors import invitations_to
from liasse.invitations.sentences import offer_sentence
from liasse.lib.ids import as_uuid
from liasse.ui.shell import FileLink, Offer
from liasse.web.clients.listing import asked_files, client_rows, list_url, status_tabs
from liasse.web.requests import PracticeRequest

_FILE_IN_ADDRESS = re.compile(r"/files/([0-9a-f-]{36})/")
# More rows than this are on nobody's screen; the rest is told when the list is drawn again.
_MOST_WATCHED: Final = 200


@access(Rule.COLLEAGUE)
@require_safe
def clients(request: PracticeRequest) -> HttpResponse:
    context = list_context(request)
    if not request.htmx:
        context["offers"] = _offers(request)
        context["people"] = [(str(one.id), one.name) for one in active_files(request.actor).responsible()]
        context["responsible"] = request.GET.get("responsible", "")
        return render(request, "web/clients/clients.html", context)
    return render(request, "web/clients/rows.html" if request.GET.get("after") else "web/clients/list.html", context)


def _offers(request: PracticeRequest) -> list[Offer]:
    """Give the invitations that wait for the person; one query when there is none."""
    return [
        Offer(
            text=offer_sentence(invitation),
            url=reverse("invitation-own", args=[invitation.id]),
            label=_("See the invitation"),
        )
        for invitation in invitations_to(request.user)
    ]


def list_context(request: PracticeRequest) -> dict[str, Any]:
    query = asked_files(request.GET)
    page = files_page(request.actor, query=query, after=request.GET.get("after", ""))
    fresh = as_uuid(request.GET.get("fresh", ""))
    files = page.files
    if fresh and fresh not in {file.id for file in files}:
        # What was just opened is in the list at once, wherever its name would put it.
        opened = file_or_none(request.actor, file_id=fresh)
        files = [opened, *files] if opened and opened.status == query.status else files
    return {
        "query": query,
        "sort": query.sort,
        "q": query.text,
        "tabs": status_tabs(query),
        "rows": client_rows(files, actor=request.actor, fresh=fresh),
        "more_url": list_url(query, after=page.after) if page.after else "",
        "here": list_url(query),
        "newest": newest_file_id(request.actor) or "",
        "may_add": request.actor.can_add_clients,
        "more_menu": _more_menu(request),
    }


def _more_menu(request: PracticeRequest) -> list[dict[str, Any]]:
    """Give what else there is to do with the list: restoring a file is for administrators."""
    if not request.actor.can_add_clients:
        return []
    items = [
        {"label": _("Import clients"), "url": reverse("clients-lists"), "icon": "table-cells"},
        {"label": _("Ask for a file"), "url": reverse("clients-requests"), "icon": "hand-raised"},
    ]
    if request.actor.is_administrator:
        items.append({"label": _("Import a client file"), "url": reverse("clients-import"), "icon": "arrow-up-tray"})
    return items


@access(Rule.COLLEAGUE)
@require_POST
def news(request: PracticeRequest) -> HttpResponse:
    """Answer the rows whose counts moved on since they were drawn, and those to take out; 204 when nothing changed."""
    seen = _seen(request.POST)
    newest = as_uuid(request.POST.get("newest", ""))
    changes = changes_since(request.actor, seen=seen, newest=newest)
    was_moved = any(file.status != request.POST.get("status") for file in changes.files)
    if (changes.has_new or was_moved or changes.gone) and len(seen) <= PAGE_SIZE + 1:
        return trigger_client_event(HttpResponse(status=204), "clients-changed", {})
    if not (changes.files or changes.gone):
        return HttpResponse(status=204)
    rows = client_rows(changes.files, actor=request.actor)
    return render(request, "web/clients/news.html", {"rows": rows, "gone": changes.gone, "is_news": True})


def _seen(words: QueryDict) -> dict[UUID, int]:
    seen: dict[UUID, int] = {}
    for text in words.getlist("seen")[:_MOST_WATCHED]:
        found, _colon, activity = text.partition(":")
        file_id = as_uuid(found)
        if file_id and activity.isdecimal():
            seen[file_id] = int(activity[:18])
    return seen


@access(Rule.COLLEAGUE)
@require_safe
def files_list(request: PracticeRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()
    found = switchable_files(request.actor, text=text)
    here = _FILE_IN_ADDRESS.search(request.htmx.current_url or "")
    files = [
        FileLink(
            name=file.name,
            url=reverse("inbox", args=[file.id]),
            detail=" · ".join(part for part in (file.practice_code, sector_label(file.sector)) if part),
            is_current=here is not None and here[1] == str(file.id),
        )
        for file in found.files
    ]
    return render(request, "ui/files_list.html", {"files": files, "has_more": found.has_more, "q": text})
