"""What the people of a client may decide about each other. The practice decides about everybody."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.utils.translation import gettext as _

from liasse.clients.models import ClientFile, Member
from liasse.clients.types import MemberRole, MemberStatus
from liasse.core.access import Actor
from liasse.core.errors import ForbiddenError

_LOOKS_AFTER: Final = {
    MemberRole.ADMINISTRATOR: frozenset(MemberRole),
    MemberRole.MANAGER: frozenset({MemberRole.MANAGER, MemberRole.STANDARD}),
}
RUNS_USERS: Final = frozenset(_LOOKS_AFTER)
"""The roles that look after the users of a file."""


def roles_in_reach(client_file: ClientFile, *, actor: Actor) -> frozenset[MemberRole]:
    """Give the roles that somebody may give, and whose holders they may change, invite and take out.

    A client's person is looked up again: the role may have changed since the request came in.
    """
    if actor.kind != "member":
        return frozenset(MemberRole)
    if actor.person_id is None:
        return frozenset()
    found = Member.objects.filter(
        practice_id=client_file.practice_id, client_file=client_file, id=actor.person_id, status=MemberStatus.ACTIVE
    ).first()
    return _LOOKS_AFTER.get(MemberRole(found.role), frozenset()) if found else frozenset()


def require_may_manage(client_file: ClientFile, *, roles: Iterable[str], actor: Actor) -> None:
    """Raise ForbiddenError to whoever may not decide about people of all these roles."""
    if not set(roles) <= roles_in_reach(client_file, actor=actor):
        raise ForbiddenError(_("Only an administrator of the file may do this."))


def require_another_administrator(member: Member, *, actor: Actor) -> None:
    """Keep a client's people from locking themselves out; the practice, which can invite again, may do it.

    Raises ForbiddenError when the person is the last active administrator. Needs the file's lock.
    """
    if actor.kind != "member" or member.role != MemberRole.ADMINISTRATOR or member.status != MemberStatus.ACTIVE:
        return
    others = Member.objects.filter(
        practice_id=member.practice_id,
        client_file_id=member.client_file_id,
        role=MemberRole.ADMINISTRATOR,
        status=MemberStatus.ACTIVE,
        user__is_active=True,
    ).exclude(id=member.id)
    if not others.exists():
        sentence = _("%(name)s is the last administrator of the file. Make somebody else an administrator first.")
        raise ForbiddenError(sentence % {"name": member.name})
