"""Teams: some colleagues under one name. Each change is one transaction, by an administrator, on record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from liasse.core import audit
from liasse.core.access import Actor
from liasse.core.errors import InvalidError
from liasse.lib.people import clean_name
from liasse.practices.errors import NotAdministratorError
from liasse.practices.models import Colleague, Practice, Team, TeamMember
from liasse.practices.sentences import team_name_sentence
from liasse.practices.types import ColleagueStatus


@dataclass(frozen=True, slots=True)
class TeamWithPeople:
    """A team, and its colleagues by name."""

    team: Team
    people: list[Colleague] = field(default_factory=list)


def teams_of(practice_id: UUID) -> list[TeamWithPeople]:
    """Give the practice's teams with their people, by name. Two queries."""
    found = {team.id: TeamWithPeople(team) for team in Team.objects.filter(practice_id=practice_id).order_by("name")}
    for membership in _present(practice_id).select_related("colleague").order_by("colleague__name", "colleague_id"):
        found[membership.team_id].people.append(membership.colleague)
    return list(found.values())


def team_of_practice(practice_id: UUID, *, team_id: UUID) -> Team | None:
    """Give one team; another practice's and a missing one are both None."""
    return Team.objects.filter(practice_id=practice_id, id=team_id).first()


def team_names(practice_id: UUID) -> dict[UUID, list[str]]:
    """Give for each colleague who is in a team the names of theirs. One query."""
    names: dict[UUID, list[str]] = {}
    for colleague_id, name in _present(practice_id).order_by("team__name").values_list("colleague_id", "team__name"):
        names.setdefault(colleague_id, []).append(name)
    return names


def _present(practice_id: UUID) -> QuerySet[TeamMember]:
    return TeamMember.objects.filter(practice_id=practice_id).exclude(colleague__status=ColleagueStatus.LEFT)


def mates(*, practice_id: UUID, colleague_id: UUID) -> QuerySet[TeamMember]:
    """Give the query of the memberships in all teams that a colleague is in: the own ones and the others'."""
    own = TeamMember.objects.filter(practice_id=practice_id, colleague_id=colleague_id)
    return TeamMember.objects.filter(practice_id=practice_id, team_id__in=own.values("team_id"))


def leads(actor: Actor, *, colleague_id: UUID) -> bool:
    """Tell whether somebody runs a team that a colleague is in; administrators run everybody's."""
    if actor.is_administrator:
        return True
    if not actor.is_team_lead or actor.practice_id is None or actor.person_id is None:
        return False
    people = mates(practice_id=actor.practice_id, colleague_id=actor.person_id)
    return people.filter(colleague_id=colleague_id).exists()


@transaction.atomic
def save_team(practice: Practice, *, team: Team | None, name: str, colleague_ids: Iterable[UUID], actor: Actor) -> Team:
    """Make a team, or give one another name and other people. Raises InvalidError (name), ForbiddenError.

    Those who come in reach the team's files at once, those who go out lose them at once.
    """
    _require_administrator(actor)
    locked = Practice.objects.select_for_update().get(id=practice.id)
    clean = _clean(name, practice=locked, team=team)
    before = _words(team) if team else {}
    saved = team or Team(practice=locked)
    saved.name = clean
    saved.save()
    people = Colleague.objects.filter(practice=locked, id__in=list(colleague_ids))
    wanted = set(people.exclude(status=ColleagueStatus.LEFT).values_list("id", flat=True))
    members = TeamMember.objects.filter(practice=locked, team=saved)
    there = set(members.values_list("colleague_id", flat=True))
    members.exclude(colleague_id__in=wanted).delete()
    TeamMember.objects.bulk_create(
        TeamMember(practice=locked, team=saved, colleague_id=each) for each in sorted(wanted - there)
    )
    after = _words(saved)
    if before != after:
        _record("team.saved", saved, actor=actor, before=before, after=after)
    return saved


@transaction.atomic
def join_teams(colleague: Colleague, *, team_ids: Iterable[UUID], actor: Actor) -> None:
    """Put a colleague into some teams, beside those that they are in; they reach the teams' files at once.

    Raises ForbiddenError, and InvalidError (teams) for one that is not there any more.
    """
    ids = set(team_ids)
    if not ids:
        return
    _require_administrator(actor)
    Practice.objects.select_for_update().get(id=colleague.practice_id)
    teams = list(Team.objects.filter(practice_id=colleague.practice_id, id__in=ids).order_by("name"))
    if len(teams) < len(ids):
        raise InvalidError({"teams": _("A team that was named is not there any more.")})
    for team in teams:
        before = _words(team)
        _membership, is_new = TeamMember.objects.get_or_create(
            practice_id=colleague.practice_id, team=team, colleague=colleague
        )
        if is_new:
            _record("team.saved", team, actor=actor, before=before, after=_words(team))


@transaction.atomic
def remove_team(team: Team, *, actor: Actor) -> None:
    """Take a team away with what was given to it; its people stay. Raises ForbiddenError."""
    _require_administrator(actor)
    Practice.objects.select_for_update().get(id=team.practice_id)
    _record("team.removed", team, actor=actor, before=_words(team), after={})
    team.delete()


def _clean(name: str, *, practice: Practice, team: Team | None) -> str:
    clean = clean_name(name)
    sentence = team_name_sentence(clean)
    others = Team.objects.filter(practice=practice, name__iexact=clean)
    if not sentence and (others.exclude(id=team.id) if team else others).exists():
        sentence = _("There is a team of this name already.")
    if sentence:
        raise InvalidError({"name": sentence})
    return clean


def _words(team: Team) -> dict[str, object]:
    people = TeamMember.objects.filter(practice_id=team.practice_id, team=team).order_by("colleague__name")
    return {"team": team.name, "colleagues": list(people.values_list("colleague__name", flat=True))}


def _require_administrator(actor: Actor) -> None:
    if not actor.is_administrator:
        raise NotAdministratorError(_("Only an administrator of the practice may do this."))


def _record(verb: str, team: Team, *, actor: Actor, before: dict[str, object], after: dict[str, object]) -> None:
    subject = audit.Subject(kind="team", id=team.id)
    audit.record(verb, actor=actor, practice_id=team.practice_id, subject=subject, before=before, after=after)
