"""A colleague's files: which ones, up to which level, one by one or many at once."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from liasse.clients.handing import give_files
from liasse.clients.lists import FilesQuery, files_page
from liasse.clients.models import ClientFile
from liasse.clients.reach import levels_granted
from liasse.clients.selectors import levels_of_files, own_levels
from liasse.clients.sentences import LEVELS, level_label
from liasse.core.access import Level, Rule, access
from liasse.core.errors import LiasseError
from liasse.invitations.team import TeamRow, team_row
from liasse.lib.ids import as_uuid
from liasse.practices.models import Colleague
from liasse.practices.selectors import actor_of
from liasse.practices.teams import leads
from liasse.ui.errors import of_error
from liasse.ui.shell import Crumb, Tab
from liasse.web.requests import PracticeRequest

_LONGEST_SEARCH = 200


@dataclass(frozen=True, slots=True)
class Row:
    """One file: what was given to the colleague, what they reach beside that, and whether the reader may change it."""

    file: ClientFile
    level: str
    beside: str
    may_change: bool


@access(Rule.TEAM_LEAD)
@require_safe
def files(request: PracticeRequest, colleague_id: UUID) -> HttpResponse:
    colleague = _led(request, colleague_id).colleague
    words = request.GET
    text, is_theirs = words.get("q", "").strip()[:_LONGEST_SEARCH], words.get("show") == "theirs"
    query = FilesQuery(text=text)
    asker = actor_of(colleague) if is_theirs and not colleague.is_administrator else request.actor
    page = files_page(asker, query=query, after=words.get("after", ""))
    here = reverse("team-files", args=[colleague.id])
    kept = {"q": text} | ({"show": "theirs"} if is_theirs else {})
    plain = {name: value for name, value in kept.items() if value}
    context = {
        "colleague": colleague,
        "rows": _rows(request, colleague, page.files),
        "levels": LEVELS.items(),
        "q": text,
        "show": words.get("show", ""),
        "here": here,
        "set_url": reverse("team-files-set", args=[colleague.id]),
        "back": f"{here}?{urlencode(plain)}" if plain else here,
        "more_url": f"{here}?{urlencode({**plain, 'after': page.after})}" if page.after else "",
        "crumbs": [Crumb(label=_("Team"), url=reverse("team"))],
        "tabs": [
            Tab(label=_("All files"), url=here, is_current=not is_theirs),
            Tab(label=_("Theirs"), url=f"{here}?show=theirs", is_current=is_theirs),
        ],
    }
    part = "files_rows" if "after" in words else "files_list"
    return render(request, f"web/team/{part if request.htmx else 'files'}.html", context)


def _led(request: PracticeRequest, colleague_id: UUID) -> TeamRow:
    """Give a colleague whom the reader may give files to; everybody else is not there."""
    found = team_row(request.practice.id, colleague_id=colleague_id)
    if found is None or not leads(request.actor, colleague_id=colleague_id):
        raise Http404
    return found


def _rows(request: PracticeRequest, colleague: Colleague, files: list[ClientFile]) -> list[Row]:
    """Give the rows of a page that the reader reaches too. Three queries."""
    may = levels_of_files(files, actor=request.actor)
    own = own_levels(colleague, files=files)
    reached: dict[UUID, set[str]] = {}
    for file_id, level in [] if colleague.is_administrator else levels_granted(actor_of(colleague), files=files):
        reached.setdefault(file_id, set()).add(level)
    is_self = colleague.id == request.actor.person_id and not request.actor.is_administrator
    return [
        Row(
            file=file,
            level=own.get(file.id, ""),
            beside=_beside(reached.get(file.id, set()), own=own.get(file.id, "")),
            may_change=may[file.id] is Level.FULL and not is_self,
        )
        for file in files
        if file.id in may
    ]


def _beside(reached: set[str], *, own: str) -> str:
    """Say what a colleague reaches through a team, where it is more than the own grant."""
    best = max(map(Level, reached), key=list(Level).index, default=None)
    return level_label(best) if best is not None and best != own else ""


@access(Rule.TEAM_LEAD)
@require_POST
def set_files(request: PracticeRequest, colleague_id: UUID) -> HttpResponse:
    """Give one level in all ticked files."""
    colleague = _led(request, colleague_id).colleague
    ids = [each for text in request.POST.getlist("file") if (each := as_uuid(text))]
    level = request.POST.get("given", "")
    try:
        count = give_files(colleague.id, file_ids=ids, level="" if level == "none" else level, actor=request.actor)
    except LiasseError as error:
        return of_error(request, error)
    text = ngettext("%(count)d file changed.", "%(count)d files changed.", count) % {"count": count}
    messages.success(request, text)
    return redirect(_back(request, colleague))


@access(Rule.TEAM_LEAD)
@require_POST
def set_file(request: PracticeRequest, colleague_id: UUID, file_id: UUID) -> HttpResponse:
    """Give a level in the file of one row, and answer the row."""
    colleague = _led(request, colleague_id).colleague
    try:
        give_files(
            colleague.id, file_ids=[file_id], level=request.POST.get(f"level-{file_id}", ""), actor=request.actor
        )
    except LiasseError as error:
        return of_error(request, error)
    rows = _rows(request, colleague, list(ClientFile.objects.filter(id=file_id)))
    context = {"rows": rows, "levels": LEVELS.items(), "colleague": colleague, "is_saved": True}
    return render(request, "web/team/files_rows.html", context)


def _back(request: PracticeRequest, colleague: Colleague) -> str:
    here, wanted = reverse("team-files", args=[colleague.id]), request.POST.get("back", "")
    return wanted if wanted == here or wanted.startswith(f"{here}?") else here
