"""The wall of client files: who reaches which file, decided in one place, in one query each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, Final
from uuid import UUID

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat, StrIndex
from django.db.models.lookups import Exact, GreaterThan

from liasse.clients.actors import colleague_id_of, practice_id_of
from liasse.clients.models import ClientFile, FileAccess, Member, TeamAccess
from liasse.clients.rules import search_words
from liasse.clients.types import FileStatus, MemberStatus
from liasse.core.access import Actor, Level
from liasse.core.scope import instance_scope
from liasse.core.search import FEW, few_ids
from liasse.practices.models import Colleague, TeamMember
from liasse.practices.selectors import actor_of
from liasse.practices.types import ColleagueStatus, Role

_MAY_ENTER: Final = Q(status=ColleagueStatus.ACTIVE, user_id__isnull=False)
_MAY_SIGN_IN: Final = Q(status=MemberStatus.ACTIVE, user_id__isnull=False)


@dataclass(frozen=True, slots=True)
class Reach:
    """A file that somebody reaches: as whom, and up to which level."""

    client_file: ClientFile
    actor: Actor
    level: Level


@dataclass(frozen=True, slots=True)
class MemberReach:
    """A file that a person of the client reaches, and the member that the person is."""

    client_file: ClientFile
    actor: Actor
    member: Member


def reach_file(user_id: UUID, *, file_id: UUID) -> Reach | None:
    """Give the file as the user reaches it as an active colleague; None to everybody else.

    Three queries at most, whatever the role; a missing file and a foreign one are both None.
    """
    with instance_scope():
        client_file = ClientFile.objects.select_related("practice").filter(id=file_id).first()
        if client_file is None:
            return None
        colleague = Colleague.objects.filter(_MAY_ENTER, practice_id=client_file.practice_id, user_id=user_id).first()
        if colleague is None:
            return None
        level = _level(colleague, client_file)
    if level is None:
        return None
    return Reach(client_file=client_file, actor=actor_of(colleague), level=level)


def _level(colleague: Colleague, client_file: ClientFile) -> Level | None:
    if colleague.is_administrator:
        return Level.FULL
    return highest(level for _file_id, level in levels_granted(actor_of(colleague), files=[client_file]))


def highest(levels: Iterable[str]) -> Level | None:
    """Give the highest of some levels; None of none."""
    return max(map(Level, levels), key=list(Level).index, default=None)


def _of_actor(actor: Actor) -> list[QuerySet[Any]]:
    """Give the queries of what a colleague reaches files by; the whole rule, for one file and for lists alike.

    The own grants, those of the teams that the colleague is in, and for a team lead those of the others in them.
    """
    practice_id, me = practice_id_of(actor), colleague_id_of(actor)
    teams = TeamMember.objects.filter(practice_id=practice_id, colleague_id=me).values("team_id")
    grants = FileAccess.objects.filter(practice_id=practice_id)
    ways: list[QuerySet[Any]] = [
        grants.filter(colleague_id=me),
        TeamAccess.objects.filter(practice_id=practice_id, team_id__in=teams),
    ]
    if actor.is_team_lead:
        people = TeamMember.objects.filter(practice_id=practice_id, team_id__in=teams)
        ways.append(grants.filter(colleague_id__in=people.exclude(colleague_id=me).values("colleague_id")))
    return ways


def levels_granted(actor: Actor, *, files: list[ClientFile]) -> list[tuple[UUID, str]]:
    """Give what a colleague was given in some files, by whichever way; one file may come twice. One query.

    A team lead works in full in whatever reaches the teams.
    """
    own, *others = (way.filter(client_file__in=files).order_by() for way in _of_actor(actor))
    if actor.is_team_lead:
        others = [
            way.annotate(highest=Value(str(Level.FULL))).values_list("client_file_id", "highest") for way in others
        ]
    else:
        others = [way.values_list("client_file_id", "level") for way in others]
    return list(own.values_list("client_file_id", "level").union(*others))


def granted_ids(actor: Actor) -> QuerySet[Any, UUID]:
    """Give the query of the ids of all files that a restricted colleague reaches, each once."""
    own, *others = (way.order_by().values_list("client_file_id", flat=True) for way in _of_actor(actor))
    return own.union(*others)


def levels_in(client_file: ClientFile) -> dict[UUID, Level]:
    """Give by their ids the colleagues who were given a file, by themselves or through a team. Three queries."""
    rows = {"practice_id": client_file.practice_id, "client_file": client_file}
    own = dict(FileAccess.objects.filter(**rows).values_list("colleague_id", "level"))
    levels: dict[UUID, list[str]] = {colleague_id: [level] for colleague_id, level in own.items()}
    teams = dict(TeamAccess.objects.filter(**rows).values_list("team_id", "level"))
    people = (
        TeamMember.objects.filter(practice_id=client_file.practice_id) if own or teams else TeamMember.objects.none()
    )
    memberships = list(people.values_list("team_id", "colleague_id", "colleague__role"))
    for team_id, colleague_id, role in memberships:
        if role == Role.TEAM_LEAD:
            theirs = {one for team, one, _role in memberships if team == team_id and one != colleague_id}
            if team_id in teams or theirs & own.keys():
                levels.setdefault(colleague_id, []).append(Level.FULL)
        elif team_id in teams:
            levels.setdefault(colleague_id, []).append(teams[team_id])
    return {colleague_id: best for colleague_id, given in levels.items() if (best := highest(given))}


def reach_as_member(user_id: UUID, *, file_id: UUID) -> MemberReach | None:
    """Give the file as the user reaches it as an active member; None to everybody else."""
    with instance_scope():
        member = (
            Member.objects.filter(_MAY_SIGN_IN, client_file_id=file_id, user_id=user_id)
            .select_related("client_file__practice")
            .first()
        )
    if member is None:
        return None
    actor = Actor(
        kind="member",
        user_id=user_id,
        practice_id=member.practice_id,
        person_id=member.id,
        name=member.name,
    )
    return MemberReach(client_file=member.client_file, actor=actor, member=member)


@dataclass(frozen=True, slots=True)
class Sight:
    """Who is around a file: those who see it now, and those who would if they accepted or came back.

    The level is what a colleague may do. ``own`` are the colleagues to whom the file was given by name, ``teams``
    the teams that have it, each with its people.
    """

    seeing: list[tuple[Colleague, Level]]
    waiting: list[tuple[Colleague, Level]]
    members: list[Member]
    invited: list[Member]
    own: frozenset[UUID]
    teams: list[tuple[TeamAccess, frozenset[UUID]]]


def sight_of(client_file: ClientFile) -> Sight:
    """Give everybody who reaches a file by the rules of ``reach_file`` and ``reach_as_member``. Eight queries."""
    granted, rows = levels_in(client_file), {"practice_id": client_file.practice_id, "client_file": client_file}
    colleagues = _administrators_and(list(granted), client_file=client_file).annotate(
        is_in=ExpressionWrapper(_MAY_ENTER, BooleanField())
    )
    seeing: list[tuple[Colleague, Level]] = []
    waiting: list[tuple[Colleague, Level]] = []
    for person in colleagues.order_by("name", "id"):
        level = Level.FULL if person.is_administrator else granted.get(person.id)
        if level is not None:
            (seeing if person.is_in else waiting).append((person, level))
    members = Member.objects.filter(practice_id=client_file.practice_id, client_file=client_file).order_by("name", "id")
    may = members.annotate(is_in=ExpressionWrapper(_MAY_SIGN_IN, BooleanField()))
    people = list(may.filter(Q(_MAY_SIGN_IN) | Q(status=MemberStatus.INVITED)))
    return Sight(
        seeing=seeing,
        waiting=waiting,
        members=[person for person in people if person.is_in],
        invited=[person for person in people if not person.is_in],
        own=frozenset(FileAccess.objects.filter(**rows).values_list("colleague_id", flat=True)),
        teams=_teams(client_file),
    )


def _teams(client_file: ClientFile) -> list[tuple[TeamAccess, frozenset[UUID]]]:
    accesses = TeamAccess.objects.filter(practice_id=client_file.practice_id, client_file=client_file)
    people: dict[UUID, set[UUID]] = {}
    inside = TeamMember.objects.filter(practice_id=client_file.practice_id, team__in=accesses.values("team_id"))
    for team_id, colleague_id in inside.values_list("team_id", "colleague_id"):
        people.setdefault(team_id, set()).add(colleague_id)
    found = accesses.select_related("team").order_by("team__name", "id")
    return [(access, frozenset(people.get(access.team_id, ()))) for access in found]


def reachable_files(actor: Actor) -> QuerySet[ClientFile]:
    """Give the query of the files that a colleague reaches, in the practice's scope.

    For a restricted colleague it starts from the grants. Lists use ``listed_files``, which costs
    as much as the colleague has files, not as the practice has.
    """
    if actor.practice_id is None or actor.person_id is None or not actor.is_colleague:
        return ClientFile.objects.none()
    files = ClientFile.objects.filter(practice_id=actor.practice_id)
    if actor.is_administrator:
        return files
    return files.filter(id__in=granted_ids(actor))


def listed_files(actor: Actor, *, status: FileStatus, text: str = "") -> QuerySet[ClientFile]:
    """Give the reachable files of a status with each word of a text, for lists that show the first in some order.

    A colleague of few files costs those; one of many costs what a walk along the list meets, as for
    an administrator. One query more for a restricted colleague, and one for a text unless the files are few.
    """
    if actor.practice_id is None or actor.person_id is None or not actor.is_colleague:
        return ClientFile.objects.none()
    files = ClientFile.objects.filter(practice_id=actor.practice_id)
    # PostgreSQL takes LIKE for so rare that it would read and sort everything where a walk meets a page at once.
    has_words = Q(*(GreaterThan(StrIndex("search_text", Value(word)), Value(0)) for word in search_words(text)))
    if not actor.is_administrator:
        granted = list(granted_ids(actor)[: FEW + 1])
        if len(granted) <= FEW:
            # The joined text keeps SQLite from walking the whole list for the few of these ids.
            has_status = Exact(Concat("status", Value("")), Value(str(status)))
            return files.filter(has_status, has_words, id__in=granted)
        ways = [Exists(way.filter(client_file=OuterRef("pk"))) for way in _of_actor(actor)]
        files = files.filter(reduce(or_, map(Q, ways)))
    found = files.filter(has_words, status=status)
    few = few_ids(found) if has_words else None
    return found if few is None else files.filter(id__in=few)


def colleagues_reaching(client_file: ClientFile) -> QuerySet[Colleague]:
    """Give the query of the colleagues who reach a file: administrators and those granted."""
    return _administrators_and(list(levels_in(client_file)), client_file=client_file)


def _administrators_and(ids: list[UUID], *, client_file: ClientFile) -> QuerySet[Colleague]:
    people = Colleague.objects.filter(Q(role=Role.ADMINISTRATOR) | Q(id__in=ids), practice_id=client_file.practice_id)
    return people.exclude(status=ColleagueStatus.LEFT)


def files_of_member_user(user_id: UUID) -> list[Member]:
    """Give a user's active memberships with their files, by the file's name, over all practices."""
    with instance_scope():
        members = Member.objects.filter(_MAY_SIGN_IN, user_id=user_id)
        rows = members.select_related("client_file__practice").order_by("client_file__name_sort")
        return list(rows)
