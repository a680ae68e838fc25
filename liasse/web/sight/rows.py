"""The rows of Qui voit ce dossier ?: who it is, why they see the file, and how that ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liasse.clients.models import ClientFile, Member, TeamAccess
from liasse.clients.reach import Sight, sight_of
from liasse.clients.sentences import MEMBER_ROLES
from liasse.clients.types import MemberRole
from liasse.core.access import Actor, Level
from liasse.custody.types import ExportState
from liasse.custody.whole import exports_of
from liasse.invitations.models import Invitation
from liasse.invitations.types import InvitationState
from liasse.outside.selectors import destination, switch_of
from liasse.outside.sentences import warning
from liasse.practices.models import Colleague
from liasse.practices.types import ColleagueStatus
from liasse.ui.formats import format_moment

_ALLOWS: Final[dict[Level, Promise]] = {
    Level.READING: gettext_lazy("The practice gave this file to read: sees the documents."),
    Level.CODING: gettext_lazy("The practice gave this file to work on: sees and changes the documents."),
    Level.FULL: gettext_lazy("The practice gave full access: the documents, the settings, the access and the users."),
}
_MAY: Final[dict[Level, Promise]] = {
    Level.READING: gettext_lazy("Reading"),
    Level.CODING: gettext_lazy("Coding"),
    Level.FULL: gettext_lazy("Full access"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One person or thing; ``remove_url`` is blank where nothing here ends it, and ``manage_url`` says where else."""

    key: str
    name: str
    detail: str
    role: str
    why: str
    remove_url: str = ""
    is_asked: bool = False
    manage_url: str = ""
    manage_label: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """Those who see the file now, those who might soon, and what lies ready to be taken away."""

    practice: list[Row]
    teams: list[Row]
    client: list[Row]
    waiting: list[Row]
    exports: list[Row]
    outside: list[Row]

    @property
    def count(self) -> int:
        """Count the people who see the file."""
        return len(self.practice) + len(self.client)


def sight_rows(client_file: ClientFile, *, actor: Actor) -> Rows:
    """Give all rows, the people as ``clients.reach`` lets them in. Ten queries, one more where there is an engine."""
    sight = sight_of(client_file)
    return Rows(
        practice=[_colleague(person, level, client_file, sight=sight, actor=actor) for person, level in sight.seeing],
        teams=[_team(access, client_file) for access, _people in sight.teams],
        client=[_member(person, client_file) for person in sight.members],
        waiting=[
            *(_absent(person, level, client_file, sight=sight) for person, level in sight.waiting),
            *_invited(sight.invited, client_file),
        ],
        exports=_exports(client_file),
        outside=_outside(client_file),
    )


def _address(name: str, client_file: ClientFile, row_id: UUID) -> str:
    return reverse(name, args=[client_file.id, row_id])


def _colleague(person: Colleague, level: Level, client_file: ClientFile, *, sight: Sight, actor: Actor) -> Row:
    key, is_self = f"colleague-{person.id}", person.id == actor.person_id
    if person.is_administrator:
        why = _("Administrators of the practice see every file.")
        url = reverse("team-colleague", args=[person.id]) if actor.is_administrator and not is_self else ""
        return Row(
            key=key,
            name=person.name,
            detail=person.email,
            role=_("Administrator of the practice"),
            why=why,
            manage_url=url,
            manage_label=_("Change the role") if url else "",
        )
    is_own = person.id in sight.own
    return Row(
        key=key,
        name=person.name,
        detail=person.email,
        role=str(_MAY[level]),
        why=_why(person, level, sight=sight),
        remove_url=_address("file-sight-colleague", client_file, person.id) if is_own and not is_self else "",
    )


def _why(person: Colleague, level: Level, *, sight: Sight) -> str:
    """Say each way by which a colleague reaches the file: given by name, through a team, or as a lead of one."""
    teams = teams_of(person.id, sight=sight)
    said = [str(_ALLOWS[level])] if person.id in sight.own else []
    if teams:
        said.append(_("Through the team: %(teams)s.") % {"teams": ", ".join(teams)})
    return " ".join(said) or _("Leads a team in which somebody has this file.")


def teams_of(colleague_id: UUID, *, sight: Sight) -> list[str]:
    """Give the names of the teams through which somebody reaches the file."""
    return [access.team.name for access, people in sight.teams if colleague_id in people]


def _team(access: TeamAccess, client_file: ClientFile) -> Row:
    return Row(
        key=f"team-{access.team_id}",
        name=access.team.name,
        detail=_("team"),
        role=str(_MAY[Level(access.level)]),
        why=_("Whoever is in this team, or comes into it, sees the file."),
        remove_url=_address("file-sight-team", client_file, access.team_id),
        is_asked=True,
    )


def _absent(person: Colleague, level: Level, client_file: ClientFile, *, sight: Sight) -> Row:
    is_invited = person.status == ColleagueStatus.INVITED
    role = _("Administrator of the practice") if person.is_administrator else str(_MAY[level])
    why = (
        _("Invited to the practice: sees the file once the invitation is accepted.")
        if is_invited
        else _("Suspended in the practice: sees the file again when reactivated.")
    )
    is_own = person.id in sight.own and not person.is_administrator
    url = _address("file-sight-colleague", client_file, person.id) if is_own else ""
    return Row(key=f"colleague-{person.id}", name=person.name, detail=person.email, role=role, why=why, remove_url=url)


def _member(person: Member, client_file: ClientFile) -> Row:
    sees_all = getattr(person, "sees_all", person.role == MemberRole.ADMINISTRATOR)
    why = (
        _("User of the file, signs in: sees everything that was handed in.")
        if sees_all
        else _("User of the file, signs in: sees their own documents.")
    )
    return Row(
        key=f"member-{person.id}",
        name=person.name,
        detail=person.email,
        role=str(MEMBER_ROLES.get(person.role, person.role)),
        why=why,
        remove_url=_address("file-sight-member", client_file, person.id),
        is_asked=True,
    )


def _invited(people: list[Member], client_file: ClientFile) -> list[Row]:
    pending = Invitation.objects.filter(
        practice_id=client_file.practice_id,
        member__in=people,
        state__in=(InvitationState.WAITING, InvitationState.OPENED),
    )
    ends = dict(pending.order_by("id").values_list("member_id", "expires_at"))
    rows = []
    for person in people:
        until = ends.get(person.id)
        if until is None:
            continue
        is_over = until <= timezone.now()
        why = (
            _("Invited, but the link ended: it opens nothing until it is sent again.")
            if is_over
            else _("Invited until %(moment)s: sees the file once the invitation is accepted.")
            % {"moment": format_moment(until)}
        )
        rows.append(
            Row(
                key=f"member-{person.id}",
                name=person.name,
                detail=person.email,
                role=str(MEMBER_ROLES.get(person.role, person.role)),
                why=why,
                remove_url=_address("file-sight-invitation", client_file, person.id),
            )
        )
    return rows


def _outside(client_file: ClientFile) -> list[Row]:
    """Give the engine that documents are sent to, where somebody switched one on."""
    goal, switch = destination(), switch_of(client_file)
    if goal is None or switch is None or not switch.is_on:
        return []
    said = _("Switched on by %(name)s, %(moment)s.") % {"name": switch.by, "moment": format_moment(switch.at)}
    return [
        Row(
            key="engine",
            name=switch.host,
            detail=goal.model,
            role=_("Outside engine"),
            why=f"{warning(goal)} {said}",
            remove_url=reverse("file-sight-engine", args=[client_file.id]),
        )
    ]


def _exports(client_file: ClientFile) -> list[Row]:
    rows = []
    for export in exports_of(client_file):
        if export.state != ExportState.READY:
            continue
        until = format_moment(export.expires_at) if export.expires_at else ""
        why = _("Everything in one ZIP: whoever has full access can download it until %(moment)s.") % {"moment": until}
        rows.append(
            Row(
                key=f"export-{export.id}",
                name=_("Export of %(moment)s") % {"moment": format_moment(export.asked_at)},
                detail=_("asked for by %(name)s") % {"name": export.asked_by_name},
                role=_("Whole export"),
                why=why,
                remove_url=_address("file-sight-export", client_file, export.id),
                is_asked=True,
            )
        )
    return rows
