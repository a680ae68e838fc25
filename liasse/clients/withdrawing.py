"""Taking the access to a file away from a person of the client, who stays in the file as an owner of documents."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from liasse.clients.models import ClientFile, Member
from liasse.clients.types import MemberStatus
from liasse.core import audit
from liasse.core.access import Actor


@transaction.atomic
def take_login_away(member: Member, *, actor: Actor) -> bool:
    """End a person's way into the file at once; gives False when there was none.

    The person stays, with the documents and the address, and can be invited again. The login itself
    stays too: it may lead into other files.
    """
    ClientFile.objects.select_for_update().get(id=member.client_file_id)
    locked = Member.objects.get(practice_id=member.practice_id, id=member.id)
    if locked.user_id is None or locked.status not in {MemberStatus.ACTIVE, MemberStatus.SUSPENDED}:
        return False
    before = {"member": locked.name, "email": locked.email, "role": locked.role, "status": locked.status}
    locked.user, locked.status = None, MemberStatus.NO_LOGIN
    locked.save(update_fields=["user", "status"])
    ClientFile.objects.filter(id=locked.client_file_id).update(activity=F("activity") + 1)
    audit.record(
        "member.login-removed",
        actor=actor,
        practice_id=locked.practice_id,
        subject=audit.Subject(kind="member", id=locked.id, client_file_id=locked.client_file_id),
        before=before,
        after={"member": locked.name, "status": locked.status},
    )
    return True
