"""Suivi: how far the work on each client file is, and which files are late."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from liasse.clients.lists import files_page, matching_files
from liasse.clients.progress import active_files, progress_of
from liasse.clients.rules import LATE_SILENT, LATE_WAITING
from liasse.core.access import Rule, access
from liasse.documents.takeout import Reader
from liasse.pipeline.journeys import count_late, of_actor
from liasse.web.follow_up.screen import asked_list, chosen, followed_rows, is_narrowed, late_tabs, list_url
from liasse.web.follow_up.table import follow_up_csv as table
from liasse.web.requests import PracticeRequest


@access(Rule.PROGRESS)
@require_safe
def follow_up(request: PracticeRequest) -> HttpResponse:
    query, after = asked_list(request.GET), request.GET.get("after", "")
    page = files_page(request.actor, query=query, after=after)
    context = {
        "query": query,
        "sort": query.sort,
        "q": query.text,
        "rows": followed_rows(page.files),
        "more_url": list_url(query, after=page.after) if page.after else "",
    }
    if request.htmx and after:
        return render(request, "web/follow_up/rows.html", context)
    now = timezone.now()
    progress = progress_of(matching_files(request.actor, query=replace(query, is_late=False)), now=now)
    context |= {
        "progress": progress,
        "tabs": late_tabs(query, progress),
        "is_narrowed": is_narrowed(query),
        "waiting_days": LATE_WAITING.days,
        "silent_days": LATE_SILENT.days,
        "csv_url": list_url(query, name="follow-up-csv"),
        "here": reverse("follow-up"),
    }
    if request.htmx:
        return render(request, "web/follow_up/list.html", context)
    reachable = active_files(request.actor)
    if not request.actor.is_administrator:
        # Administrators read it on every screen.
        context |= {"count_late": count_late(of_actor(request.actor)), "late_url": f"{reverse('arrivals')}?state=late"}
    context |= {
        "people": [(str(person.id), person.name) for person in reachable.responsible()],
        "teams": [(str(team.id), team.name) for team in reachable.teams()],
        "responsible": chosen(query.responsible_id),
        "team": chosen(query.team_id),
    }
    return render(request, "web/follow_up/follow_up.html", context)


@access(Rule.PROGRESS)
@require_safe
def follow_up_csv(request: PracticeRequest) -> StreamingHttpResponse:
    """Send the list as its address narrows it, whole."""
    reader = Reader(language=get_language() or "fr", time_zone=timezone.get_current_timezone_name())
    content = table(request.actor, query=asked_list(request.GET), reader=reader)
    response = StreamingHttpResponse(content, content_type="text/csv; charset=utf-8")
    practice = slugify(request.practice.name)[:60] or "liasse"
    title = f"{_('follow-up')}-{practice}-{timezone.localtime():%Y-%m-%d}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{title}"'
    return response
