"""A list is uploaded and looked at; confirmed, the worker makes its lines; its report stays for a month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import BinaryIO, Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from liasse.clients.actors import colleague_id_of, practice_id_of
from liasse.core import audit, jobs
from liasse.core.access import Actor
from liasse.core.errors import ConflictError, InvalidError, NotThereError
from liasse.lib.csv_text import CsvError, Record, records
from liasse.practices.models import Practice
from liasse.rosters.columns import Headings, read_headings
from liasse.rosters.judging import Judge, cells_of, has_more_cells
from liasse.rosters.models import Roster, RosterLine
from liasse.rosters.reading import People
from liasse.rosters.sentences import table_sentence
from liasse.rosters.types import Outcome, RosterKind, RosterState, Verdict

MAKE_ROSTER: Final = "make-roster"
"""The job that makes the lines of a confirmed list."""
DROP_ROSTER: Final = "drop-roster"
"""The job that removes a list, with its names and addresses, after a month."""
LARGEST: Final = 5_000_000
"""Bytes of a list."""
MOST_LINES: Final = 10_000
KEPT: Final = timedelta(days=30)
_AT_ONCE: Final = 1_000
_SHOWN: Final = 20


def upload(source: BinaryIO, *, size: int, kind: RosterKind, filename: str, practice: Practice, actor: Actor) -> Roster:
    """Read and judge a list, and keep it to be looked at; nothing of it is created.

    Raises InvalidError with a sentence under ``table`` for a list that cannot be read or is too
    large; single lines that are wrong are kept with why.
    """
    if size > LARGEST:
        limit = LARGEST // 1_000_000
        raise InvalidError({"table": _("This file is too large: at most %(limit)d MB.") % {"limit": limit}})
    try:
        head, *body = records(source, most=MOST_LINES)
    except CsvError as error:
        raise InvalidError({"table": table_sentence(error, most=MOST_LINES)}) from error
    headings = read_headings(head.cells, kind=kind)
    _require(headings, body=body)
    roster = Roster(
        practice=practice,
        kind=kind,
        filename=filename[:200],
        language=(get_language() or "fr")[:5],
        asked_by_id=colleague_id_of(actor),
        ignored=headings.ignored[:20],
    )
    lines = _judged(roster, body=body, headings=headings, width=len(head.cells), actor=actor)
    with transaction.atomic():
        roster.save(force_insert=True)
        RosterLine.objects.bulk_create(lines, batch_size=_AT_ONCE)
        jobs.enqueue(DROP_ROSTER, subject_id=roster.id, practice_id=practice.id, due_at=timezone.now() + KEPT)
    return roster


def _require(headings: Headings, *, body: list[Record]) -> None:
    if headings.missing:
        sentence = _("The first line must be the headings; this is missing: %(names)s. Start from the template.")
        raise InvalidError({"table": sentence % {"names": ", ".join(headings.missing)}})
    if not body:
        raise InvalidError({"table": _("There are headings in this file, but no line below them.")})


def _judged(roster: Roster, *, body: list[Record], headings: Headings, width: int, actor: Actor) -> list[RosterLine]:
    lines = [
        RosterLine(
            practice_id=roster.practice_id,
            roster=roster,
            number=record.number,
            cells=cells_of(record.cells, places=headings.places),
        )
        for record in body
    ]
    judge = Judge(kind=RosterKind(roster.kind), people=People(roster.practice), actor=actor)
    judge.judge(lines)
    for line, record in zip(lines, body, strict=True):
        if has_more_cells(record.cells, headings=width):
            sentence = _("This line has more cells than there are headings: put quotation marks around its texts.")
            line.verdict, line.outcome, line.remarks = Verdict.WRONG, Outcome.LEFT, [sentence]
    verdicts = Counter(line.verdict for line in lines)
    roster.count_lines, roster.count_invited = len(lines), judge.count_invited
    roster.count_warned, roster.count_wrong = verdicts[Verdict.WARNED], verdicts[Verdict.WRONG]
    return lines


def rosters_of(kind: RosterKind, *, actor: Actor) -> list[Roster]:
    """Give the newest lists that the asker may see, newest first. One query."""
    return list(_visible(kind, actor=actor).select_related("asked_by").order_by("-id")[:_SHOWN])


def roster_of(roster_id: UUID, *, kind: RosterKind, actor: Actor) -> Roster:
    """Give one list; somebody else's is shown to administrators alone. Raises NotThereError."""
    found = _visible(kind, actor=actor).select_related("asked_by").filter(id=roster_id).first()
    if found is None:
        raise NotThereError
    return found


def _visible(kind: RosterKind, *, actor: Actor) -> QuerySet[Roster]:
    rosters = Roster.objects.filter(practice_id=practice_id_of(actor), kind=kind)
    return rosters if actor.is_administrator else rosters.filter(asked_by_id=colleague_id_of(actor))


def lines_of(
    roster: Roster, *, verdict: str = "", outcome: str = "", after: int = 0, size: int = 100
) -> list[RosterLine]:
    """Give a part of the lines, by number, behind one of them."""
    lines = _lines(roster).filter(number__gt=after)
    if verdict:
        lines = lines.filter(verdict=verdict)
    if outcome:
        lines = lines.filter(outcome=outcome)
    return list(lines.order_by("number")[:size])


def all_lines(roster: Roster) -> Iterator[RosterLine]:
    """Yield every line by its number, some at a time."""
    after = 0
    while some := lines_of(roster, after=after, size=_AT_ONCE):
        yield from some
        after = some[-1].number


def _lines(roster: Roster) -> QuerySet[RosterLine]:
    return RosterLine.objects.filter(practice_id=roster.practice_id, roster=roster)


@transaction.atomic
def confirm(roster: Roster, *, actor: Actor) -> Roster:
    """Have the good lines of a list made by the worker. Twice is once. Raises ConflictError when none is good."""
    locked = Roster.objects.select_for_update(of=("self",)).get(practice_id=roster.practice_id, id=roster.id)
    if locked.state != RosterState.PREVIEWED:
        return locked
    if not locked.count_good:
        raise ConflictError(_("No line of this list can be made. Correct the file and upload it again."))
    locked.state, locked.confirmed_at, locked.asked_by_id = RosterState.ASKED, timezone.now(), colleague_id_of(actor)
    locked.save(update_fields=["state", "confirmed_at", "asked_by"])
    jobs.enqueue(MAKE_ROSTER, subject_id=locked.id, practice_id=locked.practice_id)
    _record("roster.confirmed", locked, actor=actor)
    return locked


def _record(verb: str, roster: Roster, *, actor: Actor) -> None:
    counts = {"lines": roster.count_lines, "wrong": roster.count_wrong}
    audit.record(
        verb,
        actor=actor,
        practice_id=roster.practice_id,
        subject=audit.Subject(kind="roster", id=roster.id),
        after={"kind": roster.kind, "filename": roster.filename, **counts},
    )


@transaction.atomic
def discard(roster: Roster) -> None:
    """Throw a list away that was only looked at. Raises ConflictError for a confirmed one."""
    locked = Roster.objects.select_for_update(of=("self",)).get(practice_id=roster.practice_id, id=roster.id)
    if locked.state != RosterState.PREVIEWED:
        raise ConflictError(_("This list is confirmed already."))
    _remove(locked)


@transaction.atomic
def drop(roster_id: UUID) -> datetime | None:
    """Remove a list whose month is over; what was made of it stays. Gives when to look again at one under way."""
    roster = Roster.objects.select_for_update(of=("self",)).filter(id=roster_id).first()
    if roster is None:
        return None
    if roster.is_under_way:
        return timezone.now() + timedelta(days=1)
    _remove(roster)
    return None


def _remove(roster: Roster) -> None:
    _lines(roster).delete()
    roster.delete()
