"""Reads of client files, their members, colleagues, addresses and history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import F, Q, Value
from django.db.models.lookups import GreaterThan
from django.utils import timezone

from liasse.clients import rules
from liasse.clients.actors import colleague_id_of, practice_id_of
from liasse.clients.models import ClientFile, FileAccess, InboundAddress, Member, TeamAccess
from liasse.clients.reach import highest, levels_granted, listed_files, reachable_files
from liasse.clients.types import AddressKind, FileStatus, FoundAddress, MemberStatus
from liasse.core.access import Actor, Level
from liasse.core.models import AuditEvent
from liasse.core.scope import instance_scope
from liasse.practices.models import Colleague, Team
from liasse.practices.types import ColleagueStatus

_NAMES_IN_A_ROW = 200
_PRESENT = (ColleagueStatus.ACTIVE, ColleagueStatus.INVITED)


def find_address(local_part: str) -> FoundAddress:
    """Find what a submission address leads to, over the whole instance; needs the instance's scope.

    ``local_part`` is in lower case and without its tag. One query.
    """
    return find_addresses([local_part])[local_part]


def find_addresses(local_parts: Sequence[str]) -> dict[str, FoundAddress]:
    """Find what each of these submission addresses leads to, as ``find_address`` does. One query for all of them."""
    rows = (
        InboundAddress.objects.filter(local_part__in=set(local_parts))
        .select_related("client_file")
        .only("local_part", "practice_id", "member_id", "retired_at", "client_file__status", "client_file__archived_at")
    )
    found = {row.local_part: _found(row) for row in rows}
    return {local_part: found.get(local_part, FoundAddress(kind=AddressKind.UNKNOWN)) for local_part in local_parts}


def _found(found: InboundAddress) -> FoundAddress:
    client_file = found.client_file
    if client_file is None:
        return FoundAddress(kind=AddressKind.CLOSED, id=found.id, practice_id=found.practice_id)
    kind = rules.address_kind(
        status=client_file.status,
        archived_at=client_file.archived_at,
        retired_at=found.retired_at,
        now=timezone.now(),
    )
    return FoundAddress(
        kind=kind,
        id=found.id,
        practice_id=found.practice_id,
        client_file_id=found.client_file_id,
        member_id=found.member_id,
    )


def submission_local_part(client_file: ClientFile) -> str:
    """Give the part before the @ of the file's own address; blank when it has none that is open."""
    addresses = InboundAddress.objects.filter(
        practice_id=client_file.practice_id, client_file=client_file, member__isnull=True, retired_at__isnull=True
    )
    newest = addresses.order_by("-id").first()
    return newest.local_part if newest else ""


def choosable_colleagues(actor: Actor) -> list[Colleague]:
    """Give the other colleagues to whom a file may be given: the active and the invited, by name."""
    others = Colleague.objects.filter(practice_id=practice_id_of(actor), status__in=_PRESENT)
    return list(others.exclude(id=colleague_id_of(actor)).order_by("name", "id"))


def has_other_colleagues(actor: Actor) -> bool:
    """Tell whether there is anybody else to give a file to."""
    others = Colleague.objects.filter(practice_id=practice_id_of(actor), status__in=_PRESENT)
    return others.exclude(id=colleague_id_of(actor)).exists()


def colleagues_named(actor: Actor, *, ids: tuple[UUID, ...]) -> list[Colleague]:
    """Give the named colleagues of the practice whatever became of them, by name."""
    return list(Colleague.objects.filter(practice_id=practice_id_of(actor), id__in=ids).order_by("name", "id"))


def has_same_name(actor: Actor, *, name: str) -> bool:
    """Tell whether a file that the asker reaches bears this name already, however it is typed."""
    same = reachable_files(actor).filter(name_sort=rules.name_sort(name))
    wanted = name.casefold()
    return any(found.casefold() == wanted for found in same.values_list("name", flat=True)[:_NAMES_IN_A_ROW])


def file_or_none(actor: Actor, *, file_id: UUID) -> ClientFile | None:
    """Give a file that the asker reaches, else None."""
    return reachable_files(actor).filter(id=file_id).select_related("responsible").first()


@dataclass(frozen=True, slots=True)
class Switch:
    """The files for Liste des dossiers, and whether there are more than these."""

    files: list[ClientFile]
    has_more: bool


def switchable_files(actor: Actor, *, text: str, limit: int = 50) -> Switch:
    """Give the open files that the asker reaches and whose words match, by name."""
    files = listed_files(actor, status=FileStatus.ACTIVE, text=text)
    found = list(files.order_by("name_sort", "id")[: limit + 1])
    return Switch(files=found[:limit], has_more=len(found) > limit)


def colleagues_of_files(files: list[ClientFile]) -> dict[UUID, list[Colleague]]:
    """Give for each file the colleagues with a grant, by name. One query for all."""
    grants = FileAccess.objects.filter(client_file__in=files).exclude(colleague__status=ColleagueStatus.LEFT)
    found: dict[UUID, list[Colleague]] = {file.id: [] for file in files}
    for grant in grants.select_related("colleague").order_by("colleague__name", "colleague_id"):
        found[grant.client_file_id].append(grant.colleague)
    return found


def levels_of_files(files: list[ClientFile], *, actor: Actor) -> dict[UUID, Level]:
    """Give what the asker may do in each of some files; files without a grant are left out. One query at most."""
    if actor.is_administrator:
        return {file.id: Level.FULL for file in files}
    levels: dict[UUID, list[str]] = {}
    for file_id, level in levels_granted(actor, files=files):
        levels.setdefault(file_id, []).append(level)
    return {file_id: best for file_id, given in levels.items() if (best := highest(given))}


def own_levels(colleague: Colleague, *, files: list[ClientFile]) -> dict[UUID, str]:
    """Give what was given to a colleague themselves in some files. One query."""
    grants = FileAccess.objects.filter(practice_id=colleague.practice_id, colleague=colleague, client_file__in=files)
    return dict(grants.values_list("client_file_id", "level"))


@dataclass(frozen=True, slots=True)
class TeamAccessRow:
    """What one team may do in a file; ``level`` is blank without a grant."""

    team: Team
    level: str


def team_access_rows(client_file: ClientFile) -> list[TeamAccessRow]:
    """Give every team of the practice with its level in this file, by name. Two queries."""
    grants = TeamAccess.objects.filter(practice_id=client_file.practice_id, client_file=client_file)
    levels = dict(grants.values_list("team_id", "level"))
    teams = Team.objects.filter(practice_id=client_file.practice_id).order_by("name", "id")
    return [TeamAccessRow(team=team, level=levels.get(team.id, "")) for team in teams]


@dataclass(frozen=True, slots=True)
class AccessRow:
    """What one colleague may do in a file; ``level`` is blank without a grant."""

    colleague: Colleague
    level: str


def access_rows(client_file: ClientFile) -> list[AccessRow]:
    """Give every present colleague of the practice with the level in this file, by name. Two queries."""
    grants = FileAccess.objects.filter(practice_id=client_file.practice_id, client_file=client_file)
    levels = dict(grants.values_list("colleague_id", "level"))
    people = Colleague.objects.filter(practice_id=client_file.practice_id).filter(
        Q(status__in=_PRESENT) | Q(id__in=levels, status=ColleagueStatus.SUSPENDED)
    )
    return [AccessRow(colleague=person, level=levels.get(person.id, "")) for person in people.order_by("name", "id")]


def members_of(client_file: ClientFile, *, limit: int = 500) -> list[Member]:
    """Give the people of a file who were not taken out of it, by name."""
    members = Member.objects.filter(practice_id=client_file.practice_id, client_file=client_file)
    return list(members.exclude(status=MemberStatus.LEFT).order_by("name", "id")[:limit])


def member_of_file(client_file: ClientFile, *, member_id: UUID) -> Member | None:
    """Give one person of a file; another file's, one who was taken out and a missing one are all None."""
    members = Member.objects.filter(practice_id=client_file.practice_id, client_file=client_file, id=member_id)
    return members.exclude(status=MemberStatus.LEFT).first()


@dataclass(frozen=True, slots=True)
class History:
    """A part of a file's history, newest first, and where the next part begins."""

    events: list[AuditEvent] = field(default_factory=list)
    next_before: int | None = None


def history_of_file(
    client_file: ClientFile, *, also: list[UUID] | None = None, before: int | None = None, limit: int = 20
) -> History:
    """Give what was done to a file, its access and its members; documents have their own history.

    ``also`` names more subjects, such as the invitations, of which this area knows nothing.
    """
    members = Member.objects.filter(practice_id=client_file.practice_id, client_file=client_file)
    subjects = [client_file.id, *members.values_list("id", flat=True)[:_NAMES_IN_A_ROW], *(also or [])]
    events = AuditEvent.objects.filter(practice_id=client_file.practice_id, subject_id__in=subjects)
    # The sum keeps SQLite from walking the whole practice's events in their order for the few of these subjects.
    place = F("sequence") + 0
    if before is not None:
        events = events.filter(GreaterThan(Value(before), place))
    found = list(events.order_by(place.desc())[: limit + 1])
    has_more = len(found) > limit
    found = found[:limit]
    return History(events=found, next_before=found[-1].sequence if has_more else None)


def addresses_taken(local_parts: list[str]) -> set[str]:
    """Give those of some addresses that were ever given out, in any practice."""
    with instance_scope():
        return set(InboundAddress.objects.filter(local_part__in=local_parts).values_list("local_part", flat=True))
