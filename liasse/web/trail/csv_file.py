"""A history as CSV: each line can be checked against the chain by its number and its hash."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Final
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from liasse.core.models import AuditEvent
from liasse.core.scope import practice_scope
from liasse.core.trail import Wanted, all_events
from liasse.documents.takeout import Reader, harmless
from liasse.web.settings.history import Change
from liasse.web.trail.lines import line_of
from liasse.web.trail.names import names_for

_HEADINGS: Final[tuple[Promise, ...]] = (
    gettext_lazy("Number"),
    gettext_lazy("Day and time"),
    gettext_lazy("Who"),
    gettext_lazy("As"),
    gettext_lazy("What was done"),
    gettext_lazy("File"),
    gettext_lazy("Before"),
    gettext_lazy("After"),
    gettext_lazy("Act"),
    gettext_lazy("SHA-256"),
)


def trail_csv(wanted: Wanted, *, reader: Reader) -> Iterator[bytes]:
    """Yield the events, newest first, in UTF-8 with its mark; French has semicolons. No cell is a formula."""
    with translation.override(reader.language):
        headings = [str(heading) for heading in _HEADINGS]
    yield b"\xef\xbb\xbf" + _bytes([headings], reader=reader)
    for events in all_events(wanted):
        with practice_scope(wanted.practice_id), translation.override(reader.language):
            rows = list(_rows(events, zone=ZoneInfo(reader.time_zone)))
        yield _bytes(rows, reader=reader)


def _rows(events: list[AuditEvent], *, zone: ZoneInfo) -> Iterator[list[str]]:
    names = names_for(events)
    for event in events:
        line = line_of(event, names=names)
        yield [
            str(line.sequence),
            line.at.astimezone(zone).replace(microsecond=0, tzinfo=None).isoformat(sep=" "),
            line.actor,
            line.actor_kind,
            line.text,
            line.file,
            _values(line.changes, "before"),
            _values(line.changes, "after"),
            line.verb,
            line.hash,
        ]


def _values(changes: list[Change], side: str) -> str:
    return " | ".join(f"{change.label}: {value}" for change in changes if (value := getattr(change, side)))


def _bytes(rows: Iterable[list[str]], *, reader: Reader) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";" if reader.is_french else ",", lineterminator="\r\n")
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8", errors="replace")
