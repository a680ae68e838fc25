"""Who may decide about a whole file, looked at again when it happens."""

from __future__ import annotations

from django.utils.translation import gettext as _

from liasse.clients.models import ClientFile, Member
from liasse.clients.types import MemberRole, MemberStatus
from liasse.core.access import Actor
from liasse.custody.errors import NotInChargeError
from liasse.practices.models import Colleague, Practice
from liasse.practices.types import ColleagueStatus, Role


def require_administrator(client_file: ClientFile, *, actor: Actor) -> None:
    """Let an active administrator of the file's practice pass. Raises NotInChargeError."""
    if not actor.is_colleague or actor.person_id not in {one.id for one in administrators(client_file.practice)}:
        raise NotInChargeError(_("Only an administrator of the practice may do this."))


def require_client(client_file: ClientFile, *, actor: Actor) -> Member:
    """Give the active administrator of the file, on the client's side, that the actor is. Raises NotInChargeError."""
    members = keepers(client_file) if actor.kind == "member" else []
    found = next((member for member in members if member.id == actor.person_id), None)
    if found is None:
        raise NotInChargeError(_("Only an administrator of the file may do this."))
    return found


def administrators(practice: Practice) -> list[Colleague]:
    """Give a practice's active administrators, in a fixed order."""
    people = Colleague.objects.filter(practice=practice, role=Role.ADMINISTRATOR, status=ColleagueStatus.ACTIVE)
    return list(people.order_by("id"))


def keepers(client_file: ClientFile) -> list[Member]:
    """Give the people of the client who can sign in and run the file, in a fixed order."""
    members = Member.objects.filter(
        client_file_id=client_file.id,
        role=MemberRole.ADMINISTRATOR,
        status=MemberStatus.ACTIVE,
        user__is_active=True,
    )
    return list(members.select_related("user").order_by("id"))
