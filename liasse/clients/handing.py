"""Many files at once: given to a colleague from the colleague's own page, or handed on when somebody leaves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import batched
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from liasse.clients.actors import practice_id_of
from liasse.clients.models import ClientFile, FileAccess
from liasse.clients.reach import highest, reachable_files
from liasse.clients.selectors import levels_of_files
from liasse.clients.services import subject_of
from liasse.core import audit
from liasse.core.access import Actor, Level
from liasse.core.errors import ForbiddenError, InvalidError, NotThereError
from liasse.practices.models import Colleague
from liasse.practices.teams import leads
from liasse.practices.types import ColleagueStatus

MOST_AT_ONCE = 1_000


@transaction.atomic
def give_files(colleague_id: UUID, *, file_ids: Iterable[UUID], level: str, actor: Actor) -> int:
    """Give a colleague a level in each of some files, or take them away with a blank level; gives how many changed.

    For administrators, and for team leads with the people of their teams, in files that they manage.
    About ten queries. Raises NotThereError (also when one file is not there), InvalidError, ForbiddenError.
    """
    practice_id, ids = practice_id_of(actor), set(file_ids)
    colleague = Colleague.objects.filter(practice_id=practice_id, id=colleague_id).first()
    if colleague is None or colleague.status == ColleagueStatus.LEFT or not leads(actor, colleague_id=colleague_id):
        raise NotThereError
    if level and level not in set(Level):
        raise InvalidError({"level": _("Choose a value of the list.")})
    if colleague.id == actor.person_id and not actor.is_administrator:
        raise ForbiddenError(_("You cannot change your own access. Ask an administrator to do it."))
    reached = list(reachable_files(actor).filter(id__in=ids).values_list("id", flat=True))
    files = list(ClientFile.objects.select_for_update(of=("self",)).filter(id__in=reached).order_by("id"))
    if len(files) < len(ids):
        raise NotThereError
    may = levels_of_files(files, actor=actor)
    if any(may.get(file.id) is not Level.FULL for file in files):
        raise ForbiddenError(_("You do not manage one of these files."))
    return _write(colleague, files=files, level=level, actor=actor)


def _write(colleague: Colleague, *, files: list[ClientFile], level: str, actor: Actor) -> int:
    rows = FileAccess.objects.filter(practice_id=colleague.practice_id, colleague=colleague)
    before = dict(rows.filter(client_file__in=files).values_list("client_file_id", "level"))
    changed = [file for file in files if before.get(file.id, "") != level]
    new = [file for file in changed if file.id not in before]
    gone = [file for file in changed if not level]
    if level:
        rows.filter(client_file__in=changed).update(level=level)
        FileAccess.objects.bulk_create(
            FileAccess(practice_id=colleague.practice_id, client_file=file, colleague=colleague, level=level)
            for file in new
        )
    else:
        rows.filter(client_file__in=changed).delete()
    _count(new, by=1)
    _count(gone, by=-1)
    _count([file for file in changed if file not in new and file not in gone], by=0)
    facts = [_access(file, colleague, before=before.get(file.id, ""), after=level) for file in changed]
    audit.record_all(facts, actor=actor, practice_id=colleague.practice_id)
    return len(changed)


def _access(file: ClientFile, colleague: Colleague, *, before: str, after: str) -> audit.Fact:
    return audit.Fact(
        "file.access",
        subject=subject_of(file),
        before={"colleague": colleague.name, "level": before},
        after={"colleague": colleague.name, "level": str(after)},
    )


def _count(files: list[ClientFile], *, by: int) -> None:
    rows = ClientFile.objects.filter(id__in=[file.id for file in files])
    rows.update(count_colleagues=F("count_colleagues") + by, activity=F("activity") + 1)


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a colleague has: how many files were given to them, and for how many they answer."""

    count_files: int
    count_responsible: int


def holdings_of(colleague: Colleague) -> Holdings:
    """Count what a colleague has. Two queries."""
    grants = FileAccess.objects.filter(practice_id=colleague.practice_id, colleague=colleague)
    answers = ClientFile.objects.filter(practice_id=colleague.practice_id, responsible=colleague)
    return Holdings(count_files=grants.count(), count_responsible=answers.count())


@transaction.atomic
def hand_on(colleague: Colleague, *, to: Colleague | None, actor: Actor) -> Holdings:
    """Give another colleague all files of one who leaves, and what they answer for; without another, just end it.

    Who has a file already keeps the higher of both levels. Each file's history says it. Needs the
    practice's row lock.
    """
    held = holdings_of(colleague)
    practice_id = colleague.practice_id
    grants = FileAccess.objects.filter(practice_id=practice_id, colleague=colleague)
    old = {grant.client_file_id: grant for grant in grants}
    answered = ClientFile.objects.filter(practice_id=practice_id, responsible=colleague)
    answers = set(answered.values_list("id", flat=True))
    files = {file.id: file for file in ClientFile.objects.filter(practice_id=practice_id, id__in=[*old, *answers])}
    facts = _hand_grants(old, to=to, wanted=answers, files=files) if to is not None else []
    facts += [
        audit.Fact(
            "file.responsible",
            subject=subject_of(files[file_id]),
            before={"colleague": colleague.name},
            after={"colleague": to.name if to else ""},
        )
        for file_id in sorted(answers)
    ]
    answered.update(responsible=to)
    grants.delete()
    facts += [
        _access(files[file_id], colleague, before=grant.level, after="") for file_id, grant in sorted(old.items())
    ]
    _recount(list(files))
    audit.record_all(facts, actor=actor, practice_id=practice_id)
    return held


def _hand_grants(
    old: dict[UUID, FileAccess], *, to: Colleague, wanted: set[UUID], files: dict[UUID, ClientFile]
) -> list[audit.Fact]:
    rows = FileAccess.objects.filter(practice_id=to.practice_id, colleague=to, client_file__in=list(files))
    there = {grant.client_file_id: grant for grant in rows}
    facts, made, raised = [], [], []
    for file_id, file in sorted(files.items()):
        given = [grant.level for grant in (old.get(file_id), there.get(file_id)) if grant]
        # Whoever answers for a file works in full in it.
        level = highest([*given, *([Level.FULL] if file_id in wanted else [])]) or Level.FULL
        before = there[file_id].level if file_id in there else ""
        if before == level:
            continue
        if file_id in there:
            there[file_id].level = level
            raised.append(there[file_id])
        else:
            made.append(FileAccess(practice_id=to.practice_id, client_file=file, colleague=to, level=level))
        facts.append(_access(file, to, before=before, after=level))
    FileAccess.objects.bulk_create(made, batch_size=500)
    FileAccess.objects.bulk_update(raised, ["level"], batch_size=500)
    return facts


def _recount(ids: list[UUID]) -> None:
    """Count the grants of some files anew."""
    grants = FileAccess.objects.filter(client_file=OuterRef("pk")).order_by().values("client_file")
    counted = Coalesce(Subquery(grants.annotate(n=Count("id")).values("n")), 0)
    for some in batched(ids, 500):
        ClientFile.objects.filter(id__in=some).update(count_colleagues=counted, activity=F("activity") + 1)
