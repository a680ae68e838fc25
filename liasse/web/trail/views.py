"""Historique: what was done in the practice or in one file, by whom and when; narrowed, paged and taken out."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from liasse.clients.models import ClientFile
from liasse.core.access import Rule, access
from liasse.core.trail import page_of_events
from liasse.documents.takeout import Reader
from liasse.web.practice import screen as practice_screen
from liasse.web.requests import FileRequest, PracticeRequest
from liasse.web.settings import screen
from liasse.web.trail.asked import Filter, asked_filter, people_of, wanted_of
from liasse.web.trail.csv_file import trail_csv
from liasse.web.trail.lines import line_of
from liasse.web.trail.names import names_for
from liasse.web.trail.words import KINDS

_PAGE: Final = 50


@access(Rule.ADMINISTRATOR)
@require_safe
def practice_trail(request: PracticeRequest) -> HttpResponse:
    context = {"tabs": practice_screen.tabs(current="trail"), "here": reverse("trail"), "csv": reverse("trail-csv")}
    return _answer(request, context)


@access(Rule.ADMINISTRATOR)
@require_safe
def practice_trail_csv(request: PracticeRequest) -> StreamingHttpResponse:
    return _csv(request, name=request.practice.name)


@access(Rule.FILE_MANAGE)
@require_safe
def file_trail(request: FileRequest, file_id: UUID) -> HttpResponse:
    file = request.client_file
    context = {
        "client_file": file,
        "crumbs": screen.crumbs(file),
        "tabs": screen.tabs(file, current="file-trail"),
        "here": reverse("file-trail", args=[file_id]),
        "csv": reverse("file-trail-csv", args=[file_id]),
    }
    return _answer(request, context, client_file=file)


@access(Rule.FILE_MANAGE)
@require_safe
def file_trail_csv(request: FileRequest, file_id: UUID) -> StreamingHttpResponse:
    del file_id
    return _csv(request, name=request.client_file.name, client_file=request.client_file)


def _answer(
    request: PracticeRequest, context: dict[str, Any], *, client_file: ClientFile | None = None
) -> HttpResponse:
    chosen = asked_filter(request.GET)
    wanted = wanted_of(chosen, practice=request.practice, client_file=client_file)
    page = page_of_events(wanted, after=request.GET.get("after", ""), limit=_PAGE)
    names = names_for(page.events)
    context |= {
        "lines": [line_of(event, names=names) for event in page.events],
        "more_url": f"{context['here']}?{chosen.query(after=page.after)}" if page.after else "",
        "csv_url": _with(context["csv"], chosen),
        "chosen": chosen,
        "is_of_file": client_file is not None,
    }
    if request.htmx:
        is_more = bool(request.GET.get("after"))
        return render(request, f"web/trail/{'lines' if is_more else 'list'}.html", context)
    context["people"] = people_of(request.practice, client_file=client_file)
    context["kinds"] = [(kind, label) for kind, (label, _verbs) in KINDS.items()]
    return render(request, "web/trail/trail.html", context)


def _with(address: str, chosen: Filter) -> str:
    return f"{address}?{chosen.query()}" if chosen.is_set else address


def _csv(request: PracticeRequest, *, name: str, client_file: ClientFile | None = None) -> StreamingHttpResponse:
    """Send the whole of what the filter leaves; taking a history out shows no document, so it is not in it."""
    wanted = wanted_of(asked_filter(request.GET), practice=request.practice, client_file=client_file)
    zone = timezone.get_current_timezone_name()
    reader = Reader(language=get_language() or "fr", time_zone=zone)
    response = StreamingHttpResponse(trail_csv(wanted, reader=reader), content_type="text/csv; charset=utf-8")
    title = "{}-{}-{:%Y-%m-%d}.csv".format(_("history"), slugify(name)[:60] or "liasse", timezone.localtime())
    response.headers["Content-Disposition"] = f'attachment; filename="{title}"'
    return response
