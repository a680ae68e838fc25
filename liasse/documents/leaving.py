"""Taking a person out of a client's file: the documents are handed on, the access ends, the history stays."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from liasse.clients.member_rights import require_another_administrator, require_may_manage
from liasse.clients.models import ClientFile, Member
from liasse.clients.people import lock_file, lock_member, record_member
from liasse.clients.types import MemberStatus
from liasse.core.access import Actor
from liasse.core.errors import ConflictError, InvalidError
from liasse.documents.models import Document
from liasse.documents.types import DocumentStatus
from liasse.invitations.services import end_invitations


def count_owned(member: Member) -> int:
    """Count the documents that belong to a person."""
    return _seen(Document.objects.filter(practice_id=member.practice_id, owner=member)).count()


def _seen(documents: QuerySet[Document]) -> QuerySet[Document]:
    """Give documents without those that were cut or joined, which nobody sees any more."""
    return documents.exclude(status=DocumentStatus.REPLACED)


def heirs_of(client_file: ClientFile, *, leaving: Member) -> list[Member]:
    """Give the people to whom somebody's documents can be handed on, the main contact first."""
    members = Member.objects.filter(practice_id=client_file.practice_id, client_file=client_file)
    staying = members.exclude(id=leaving.id).exclude(status=MemberStatus.LEFT)
    return list(staying.order_by("-is_main", "name", "id"))


@transaction.atomic
def take_out(member: Member, *, heir_id: UUID | None, actor: Actor) -> int:
    """Take a person out of the file and give whatever they own to another; gives how many documents moved.

    The row stays for the history, without login, address, number and code, so that whoever gets them next is not
    taken for this person. Open invitations end. Raises NotThereError, InvalidError (heir) while there are
    documents and nobody to have them, ConflictError for the main contact and for the last person of the file,
    ForbiddenError to a client's person who may not, or who would lock the client out.
    """
    client_file = lock_file(member.client_file_id)
    locked = lock_member(member)
    require_may_manage(client_file, roles=[locked.role], actor=actor)
    require_another_administrator(locked, actor=actor)
    staying = {person.id: person for person in heirs_of(client_file, leaving=locked)}
    if not staying:
        raise ConflictError(_("This is the only user of the file. Add somebody else first."))
    if locked.is_main:
        raise ConflictError(_("This is the main contact of the file. The practice chooses another one first."))
    heir = staying.get(heir_id) if heir_id else None
    owned = Document.objects.filter(practice_id=locked.practice_id, owner=locked)
    count = _seen(owned).count()
    if heir is None and count:
        raise InvalidError({"heir": _("Choose who gets the documents of this person.")})
    owned.update(owner=heir)
    end_invitations(locked, actor=actor)
    _forget(locked, heir=heir, count=count, actor=actor)
    ClientFile.objects.filter(id=client_file.id).update(count_members=len(staying), activity=F("activity") + 1)
    return count


def _forget(member: Member, *, heir: Member | None, count: int, actor: Actor) -> None:
    before = {"member": member.name, "email": member.email, "role": member.role, "status": member.status}
    after: dict[str, str | int] = {"status": MemberStatus.LEFT}
    if heir is not None and count:
        after |= {"heir": heir.name, "documents": count}
    record_member("member.removed", member, actor=actor, before=before, after=after)
    member.status, member.user, member.is_main = MemberStatus.LEFT, None, False
    member.email = member.phone = member.employee_code = ""
    member.save(update_fields=["status", "user", "is_main", "email", "phone", "employee_code"])
