"""Which list of files Suivi is asked for, and its rows as the screen and the table show them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext, pgettext

from liasse.clients.lists import FilesQuery, SortKey
from liasse.clients.models import ClientFile
from liasse.clients.progress import Progress, invited_of_files
from liasse.clients.rules import lateness
from liasse.lib.ids import as_uuid
from liasse.ui.shell import Tab

_LONGEST_SEARCH: Final = 200
_KEYS: Final = frozenset({
    *(SortKey.LATE, SortKey.NAME, SortKey.RESPONSIBLE, SortKey.REVIEW, SortKey.READY),
    *(SortKey.PROCESSING, SortKey.FAILED, SortKey.ARRIVAL),
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class FollowedRow:
    """One client file; ``reasons`` say why it is late, ``days`` since when nothing arrived."""

    file: ClientFile
    responsible: str
    reasons: list[str]
    days: int | None
    count_invited: int


def asked_list(words: QueryDict) -> FilesQuery:
    """Read which list an address asks for; what cannot be understood is the default: the late files first."""
    sort = words.get("sort", "")
    key = sort.removeprefix("-")
    is_known = key in _KEYS
    return FilesQuery(
        key=SortKey(key) if is_known else SortKey.LATE,
        is_falling=is_known and sort.startswith("-"),
        text=words.get("q", "").strip()[:_LONGEST_SEARCH],
        responsible_id=as_uuid(words.get("responsible", "")),
        team_id=as_uuid(words.get("team", "")),
        is_late=words.get("late") == "1",
    )


def list_url(query: FilesQuery, *, name: str = "follow-up", **more: str) -> str:
    """Give the address of a list, without the words that only say the default."""
    words = {
        "sort": "" if query.sort == SortKey.LATE else query.sort,
        "q": query.text,
        "responsible": str(query.responsible_id or ""),
        "team": str(query.team_id or ""),
        "late": "1" if query.is_late else "",
    } | more
    said = {name: value for name, value in words.items() if value}
    return reverse(name) + (f"?{urlencode(said)}" if said else "")


def late_tabs(query: FilesQuery, progress: Progress) -> list[Tab]:
    """Give the two halves of the list with their sizes: all files, and the late ones."""
    counts = {False: progress.count_files, True: progress.count_late}
    labels = {False: pgettext("files", "All"), True: pgettext("files", "Late")}
    return [
        Tab(
            label=labels[is_late],
            url=list_url(replace(query, is_late=is_late)),
            is_current=is_late is query.is_late,
            count=counts[is_late],
        )
        for is_late in (False, True)
    ]


def followed_rows(files: list[ClientFile], *, now: datetime | None = None) -> list[FollowedRow]:
    """Give the rows of some files; one query for all of them."""
    invited, moment = invited_of_files(files), now or timezone.now()
    return [_row(file, count_invited=invited.get(file.id, 0), now=moment) for file in files]


def _row(file: ClientFile, *, count_invited: int, now: datetime) -> FollowedRow:
    late = lateness(
        waiting_since=file.waiting_since,
        last_arrival_at=file.last_arrival_at,
        created_at=file.created_at,
        now=now,
    )
    reasons = []
    if late.waiting_days is not None:
        count = late.waiting_days
        reasons.append(
            ngettext("to review for %(count)d day", "to review for %(count)d days", count) % {"count": count}
        )
    if late.silent_days is not None:
        count = late.silent_days
        reasons.append(ngettext("nothing for %(count)d day", "nothing for %(count)d days", count) % {"count": count})
    return FollowedRow(
        file=file,
        responsible=file.responsible.name if file.responsible else "",
        reasons=reasons,
        days=(now - file.last_arrival_at).days if file.last_arrival_at else None,
        count_invited=count_invited,
    )


def is_narrowed(query: FilesQuery) -> bool:
    """Tell whether something beside the tab leaves files out."""
    return bool(query.text or query.responsible_id or query.team_id)


def chosen(found: UUID | None) -> str:
    """Give an id as a template compares it."""
    return str(found or "")
