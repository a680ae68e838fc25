"""What an invitation is bound to: address, role, place and inviter. Whichever is gone, its link holds no more."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.utils import timezone

from liasse.clients.models import ClientFile, Member
from liasse.clients.reach import levels_in, reach_file
from liasse.clients.types import FileStatus, MemberRole, MemberStatus
from liasse.core.access import Level
from liasse.invitations.models import Invitation
from liasse.invitations.types import InvitationState, LinkState
from liasse.practices.models import Colleague
from liasse.practices.types import ColleagueStatus

_ANSWERED = {
    InvitationState.ACCEPTED: LinkState.USED,
    InvitationState.REVOKED: LinkState.REVOKED,
    InvitationState.DECLINED: LinkState.DECLINED,
}
_RUNS_USERS = {MemberRole.ADMINISTRATOR, MemberRole.MANAGER}

type MayInvite = Callable[[Colleague, ClientFile], bool]


def state_of(invitation: Invitation, *, may_invite: MayInvite | None = None) -> LinkState:
    """Say what a link's holder may do with it now; needs the invitation's practice, people and file.

    ``may_invite`` tells whether a colleague still runs a file, for whoever asks about many at once.
    """
    answered = _ANSWERED.get(InvitationState(invitation.state))
    if answered is not None:
        return answered
    if gone := _what_is_gone(invitation):
        return gone
    if invitation.member and invitation.member.client_file.status != FileStatus.ACTIVE:
        return LinkState.FILE_ARCHIVED
    if not _inviter_may(invitation, may_invite=may_invite or runs_file):
        return LinkState.INVITER_SUSPENDED
    if invitation.state == InvitationState.EXPIRED or invitation.expires_at <= timezone.now():
        return LinkState.EXPIRED
    return LinkState.OPEN


def _what_is_gone(invitation: Invitation) -> LinkState | None:
    """Tell whether the person still waits to be let in, at the address and in the role that were offered."""
    person, waits = _person_of(invitation)
    if person is None or person.status != waits:
        return LinkState.USED if person and person.user_id else LinkState.PERSON_GONE
    if person.email != invitation.email:
        return LinkState.ADDRESS_CHANGED
    # Invitations of before roles were kept hold for any.
    return LinkState.ROLE_CHANGED if invitation.role not in {"", person.role} else None


def _person_of(invitation: Invitation) -> tuple[Colleague | Member | None, str]:
    if invitation.colleague:
        return invitation.colleague, ColleagueStatus.INVITED
    return invitation.member, MemberStatus.INVITED


def _inviter_may(invitation: Invitation, *, may_invite: MayInvite) -> bool:
    if by := invitation.invited_by:
        is_here = by.status == ColleagueStatus.ACTIVE
        return is_here and (invitation.member is None or may_invite(by, invitation.member.client_file))
    if member := invitation.invited_by_member:
        return member.status == MemberStatus.ACTIVE and member.role in _RUNS_USERS
    return True


def runs_file(colleague: Colleague, client_file: ClientFile) -> bool:
    """Tell whether a colleague has full access to a file."""
    if colleague.user_id is None:
        return False
    reach = reach_file(colleague.user_id, file_id=client_file.id)
    return reach is not None and reach.level.allows(Level.FULL)


def runs_file_once() -> MayInvite:
    """Give ``runs_file`` for a list: three queries for each file, however many colleagues are asked about."""
    levels: dict[UUID, dict[UUID, Level]] = {}

    def ask(colleague: Colleague, client_file: ClientFile) -> bool:
        if colleague.user_id is None or colleague.status != ColleagueStatus.ACTIVE:
            return False
        if colleague.practice_id != client_file.practice_id:
            return False
        if colleague.is_administrator:
            return True
        if client_file.id not in levels:
            levels[client_file.id] = levels_in(client_file)
        level = levels[client_file.id].get(colleague.id)
        return level is not None and level.allows(Level.FULL)

    return ask
