"""Suivi as CSV: the whole of what the list shows, some files at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from liasse.clients.actors import practice_id_of
from liasse.clients.lists import FilesQuery, files_page
from liasse.core.access import Actor
from liasse.core.scope import practice_scope
from liasse.documents.takeout import Reader
from liasse.lib.csv_text import as_csv
from liasse.web.follow_up.screen import FollowedRow, followed_rows

_AT_ONCE: Final = 500
_HEADINGS: Final[tuple[Promise, ...]] = (
    gettext_lazy("Client"),
    gettext_lazy("Client code"),
    gettext_lazy("Responsible"),
    pgettext_lazy("a file", "Late"),
    gettext_lazy("To review"),
    gettext_lazy("Ready"),
    gettext_lazy("To process"),
    gettext_lazy("Failed deliveries"),
    gettext_lazy("Last arrival"),
    gettext_lazy("Days since the last arrival"),
    gettext_lazy("Open invitations"),
)


def follow_up_csv(actor: Actor, *, query: FilesQuery, reader: Reader) -> Iterator[bytes]:
    """Yield the files of a list in its order, in UTF-8 with its mark; French has semicolons. No cell is a formula."""
    return as_csv(_lines(actor, query=query, reader=reader), is_french=reader.is_french)


def _lines(actor: Actor, *, query: FilesQuery, reader: Reader) -> Iterator[list[str]]:
    zone, after = ZoneInfo(reader.time_zone), ""
    with translation.override(reader.language):
        headings = [str(heading) for heading in _HEADINGS]
    yield headings
    while True:
        with practice_scope(practice_id_of(actor)), translation.override(reader.language):
            page = files_page(actor, query=query, after=after, size=_AT_ONCE)
            lines = [_cells(row, zone=zone) for row in followed_rows(page.files)]
        yield from lines
        if page.after is None:
            return
        after = page.after


def _cells(row: FollowedRow, *, zone: ZoneInfo) -> list[str]:
    file, arrival = row.file, row.file.last_arrival_at
    return [
        file.name,
        file.practice_code,
        row.responsible,
        _("no") if not row.reasons else ", ".join(row.reasons),
        str(file.count_to_review),
        str(file.count_ready),
        str(file.count_processing),
        str(file.count_failed),
        arrival.astimezone(zone).date().isoformat() if arrival else "",
        "" if row.days is None else str(row.days),
        str(row.count_invited),
    ]
