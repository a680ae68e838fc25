"""Mes clients: the list of files in any order, page by page, at the same cost for each page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.core import signing
from django.db.models import Case, F, IntegerField, OrderBy, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from liasse.clients.actors import practice_id_of
from liasse.clients.models import ClientFile
from liasse.clients.progress import is_late, late_first, of_team
from liasse.clients.reach import granted_ids, listed_files, reachable_files
from liasse.clients.sectors import ranked_sectors
from liasse.clients.types import FileStatus
from liasse.core.access import Actor

PAGE_SIZE: Final = 50
_SALT: Final = "liasse.clients.list"


class SortKey(StrEnum):
    """By what the list may be put in order."""

    NAME = "name"
    SECTOR = "sector"
    COLLEAGUES = "colleagues"
    MEMBERS = "members"
    PROCESSING = "process"
    REVIEW = "review"
    READY = "ready"
    ARRIVAL = "arrival"
    RESPONSIBLE = "responsible"
    FAILED = "failed"
    LATE = "late"


_COLUMNS: Final = {
    SortKey.NAME: "name_sort",
    SortKey.SECTOR: "sector_rank",
    SortKey.COLLEAGUES: "count_colleagues",
    SortKey.MEMBERS: "count_members",
    SortKey.PROCESSING: "count_processing",
    SortKey.REVIEW: "count_to_review",
    SortKey.READY: "count_ready",
    SortKey.ARRIVAL: "last_arrival_at",
    SortKey.RESPONSIBLE: "responsible_name",
    SortKey.FAILED: "count_failed",
    SortKey.LATE: "late_first",
}


@dataclass(frozen=True, slots=True)
class FilesQuery:
    """Which files, in which order. A team's are those given to it or answered for by its people."""

    status: FileStatus = FileStatus.ACTIVE
    key: SortKey = SortKey.NAME
    is_falling: bool = False
    text: str = ""
    responsible_id: UUID | None = None
    team_id: UUID | None = None
    is_late: bool = False

    @property
    def sort(self) -> str:
        """Give the order as an address says it: ``name``, ``-arrival``."""
        return f"-{self.key}" if self.is_falling else str(self.key)


@dataclass(frozen=True, slots=True)
class FilesPage:
    """One page, and the cursor behind its last row; None at the end."""

    files: list[ClientFile]
    after: str | None


def files_page(actor: Actor, *, query: FilesQuery, after: str = "", size: int = PAGE_SIZE) -> FilesPage:
    """Give the page behind a cursor. One query, one more each for a search and a
    restricted colleague; a cursor that is not ours is the list's beginning.

    The cursor holds the last row's value and id, so a page costs the same wherever it stands,
    and what is added meanwhile shifts nothing.
    """
    column = _COLUMNS[query.key]
    rows = matching_files(actor, query=query)
    place = _read_cursor(after, query)
    if place is not None:
        rows = rows.filter(_behind(column, place, is_falling=query.is_falling))
    ordered = rows.select_related("responsible").order_by(*_order(column, is_falling=query.is_falling))
    found = list(ordered[: size + 1])
    page, has_more = found[:size], len(found) > size
    return FilesPage(files=page, after=_cursor(query, page[-1]) if has_more else None)


def matching_files(actor: Actor, *, query: FilesQuery) -> QuerySet[ClientFile]:
    """Give the query of the files that a list asks for, without its order."""
    files = listed_files(actor, status=query.status, text=query.text)
    if query.responsible_id is not None:
        files = files.filter(responsible_id=query.responsible_id)
    if query.team_id is not None:
        files = of_team(files, query.team_id)
    now = timezone.now()
    if query.is_late:
        files = files.filter(is_late(now))
    if query.key is SortKey.SECTOR:
        return files.annotate(sector_rank=_sector_rank())
    if query.key is SortKey.RESPONSIBLE:
        return files.annotate(responsible_name=Coalesce("responsible__name", Value("")))
    return files.annotate(late_first=late_first(now)) if query.key is SortKey.LATE else files


def _sector_rank() -> Case:
    """Put sectors in the order of their names in the reader's language; files without one come last."""
    ranks = [When(sector=sector, then=Value(rank)) for rank, sector in enumerate(ranked_sectors())]
    return Case(*ranks, default=Value(len(ranks)), output_field=IntegerField())


def _order(column: str, *, is_falling: bool) -> list[OrderBy | str]:
    if column == "last_arrival_at":
        # No arrival at all counts as the oldest, on both databases.
        value = F(column)
        first = value.desc(nulls_last=True) if is_falling else value.asc(nulls_first=True)
        return [first, "-id" if is_falling else "id"]
    return [f"-{column}", "-id"] if is_falling else [column, "id"]


def _behind(column: str, place: tuple[Any, UUID], *, is_falling: bool) -> Q:
    value, last_id = place
    by_id = Q(id__lt=last_id) if is_falling else Q(id__gt=last_id)
    if value is None:
        return (
            Q((f"{column}__isnull", True)) & by_id
            if is_falling
            else ((Q((f"{column}__isnull", True)) & by_id) | Q((f"{column}__isnull", False)))
        )
    bound, beyond = ("lte", "lt") if is_falling else ("gte", "gt")
    # Said twice, so that the database starts at the value in its index instead of reading up to it.
    behind = Q((f"{column}__{bound}", value)) & (Q((f"{column}__{beyond}", value)) | by_id)
    if column == "last_arrival_at" and is_falling:
        return behind | Q((f"{column}__isnull", True))
    return behind


def _cursor(query: FilesQuery, last: ClientFile) -> str:
    value = getattr(last, _COLUMNS[query.key])
    if isinstance(value, datetime):
        value = value.isoformat()
    return signing.dumps([query.sort, value, str(last.id)], salt=_SALT, compress=True)


def _read_cursor(after: str, query: FilesQuery) -> tuple[Any, UUID] | None:
    if not after:
        return None
    try:
        sort, value, last_id = signing.loads(after, salt=_SALT)
    except signing.BadSignature:
        return None
    if sort != query.sort:
        return None
    if query.key is SortKey.ARRIVAL and value is not None:
        value = datetime.fromisoformat(value)
    return value, UUID(last_id)


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed in a list since it was drawn: rows to draw again, whether files came in, and which are not there."""

    files: list[ClientFile]
    has_new: bool
    gone: frozenset[UUID]


def changes_since(actor: Actor, *, seen: dict[UUID, int], newest: UUID | None) -> Changes:
    """Give the drawn files whose activity moved on, those that are out of reach, and whether the newest is another.

    ``seen`` maps a file's id to the activity that the row was drawn with. Two queries, each
    bounded by what is on the screen: ids grow with time, so newer files are the end of an index.
    """
    drawn = list(reachable_files(actor).filter(id__in=seen).select_related("responsible"))
    moved = [file for file in drawn if file.activity != seen[file.id]]
    gone = seen.keys() - {file.id for file in drawn}
    return Changes(files=moved, has_new=newest_file_id(actor) != newest, gone=frozenset(gone))


def newest_file_id(actor: Actor) -> UUID | None:
    """Give the id of the newest file that the asker reaches."""
    if actor.is_administrator:
        files = ClientFile.objects.filter(practice_id=practice_id_of(actor))
        return files.order_by("-id").values_list("id", flat=True).first()
    return granted_ids(actor).order_by("-client_file_id").first()
