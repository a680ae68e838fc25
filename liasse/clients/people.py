"""Who works in a client file and whom it is about: the practice's access, the client's members."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from liasse.clients import rules
from liasse.clients.models import ClientFile, FileAccess, Member
from liasse.clients.sentences import person_sentence, phone_sentence
from liasse.clients.services import subject_of
from liasse.clients.types import MemberRole, MemberStatus
from liasse.core import audit
from liasse.core.access import Actor, Level
from liasse.core.errors import ForbiddenError, InvalidError, NotThereError
from liasse.identity.sentences import email_sentence
from liasse.lib.people import clean_name, email_problem, normal_email
from liasse.practices.models import Colleague
from liasse.practices.types import ColleagueStatus


@transaction.atomic
def set_access(client_file: ClientFile, *, colleague_id: UUID, level: str, actor: Actor) -> str:
    """Give a colleague a level in a file, or take the access away with a blank level.

    Administrators reach every file anyway; a grant only says that the file is theirs to follow.
    Raises NotThereError, InvalidError, and ForbiddenError to those who would shut themselves out.
    """
    locked = ClientFile.objects.select_for_update().get(id=client_file.id)
    colleague = Colleague.objects.filter(practice_id=locked.practice_id, id=colleague_id).first()
    if colleague is None or colleague.status == ColleagueStatus.LEFT:
        raise NotThereError
    if level and level not in set(Level):
        raise InvalidError({"level": _("Choose a value of the list.")})
    if colleague.id == actor.person_id and not actor.is_administrator and level != Level.FULL:
        raise ForbiddenError(_("You cannot take your own access away. Ask another colleague to do it."))
    grant = FileAccess.objects.filter(practice_id=locked.practice_id, client_file=locked, colleague=colleague).first()
    before = grant.level if grant else ""
    if before == level:
        return level
    _write_grant(locked, colleague=colleague, grant=grant, level=level)
    change = (0 if before else 1) - (0 if level else 1)
    ClientFile.objects.filter(id=locked.id).update(
        count_colleagues=F("count_colleagues") + change, activity=F("activity") + 1
    )
    audit.record(
        "file.access",
        actor=actor,
        practice_id=locked.practice_id,
        subject=subject_of(locked),
        before={"colleague": colleague.name, "level": before},
        after={"colleague": colleague.name, "level": level},
    )
    return level


def _write_grant(client_file: ClientFile, *, colleague: Colleague, grant: FileAccess | None, level: str) -> None:
    if grant is None:
        FileAccess.objects.create(
            practice_id=client_file.practice_id, client_file=client_file, colleague=colleague, level=level
        )
    elif level:
        grant.level = level
        grant.save(update_fields=["level"])
    else:
        grant.delete()


@dataclass(frozen=True, slots=True)
class MemberForm:
    """What is typed about a person of the client; email and phone may be blank."""

    name: str
    email: str = ""
    phone: str = ""
    role: str = MemberRole.STANDARD


@transaction.atomic
def add_member(client_file: ClientFile, *, typed: MemberForm, actor: Actor) -> Member:
    """Add a person without a login, who can own documents. Raises InvalidError with a sentence a field."""
    locked = ClientFile.objects.select_for_update(of=("self",)).select_related("practice").get(id=client_file.id)
    cleaned = _clean_member(typed, client_file=locked, member=None)
    member = Member.objects.create(
        practice_id=locked.practice_id,
        client_file=locked,
        name=cleaned.name,
        email=cleaned.email,
        phone=cleaned.phone,
        role=cleaned.role,
    )
    ClientFile.objects.filter(id=locked.id).update(count_members=F("count_members") + 1, activity=F("activity") + 1)
    _record("member.added", member, actor=actor, before={}, after=_words(member))
    return member


@transaction.atomic
def change_member(member: Member, *, typed: MemberForm, actor: Actor) -> Member:
    """Change what is known of a person; the login stays the address that was accepted.

    The documents stay the person's: the row is the same. Raises InvalidError with a sentence a
    field.
    """
    client_file = (
        ClientFile.objects.select_for_update(of=("self",)).select_related("practice").get(id=member.client_file_id)
    )
    locked = Member.objects.get(id=member.id)
    cleaned = _clean_member(typed, client_file=client_file, member=locked)
    if locked.status == MemberStatus.ACTIVE and cleaned.email != locked.email:
        raise InvalidError({"email": _("This person signs in with this address; it cannot be changed here.")})
    before = _words(locked)
    locked.name, locked.email, locked.phone, locked.role = cleaned.name, cleaned.email, cleaned.phone, cleaned.role
    after = _words(locked)
    changed = [name for name, value in after.items() if before[name] != value]
    if changed:
        locked.save(update_fields=["name", "email", "phone", "role"])
        _record(
            "member.changed",
            locked,
            actor=actor,
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
        )
    return locked


def _clean_member(typed: MemberForm, *, client_file: ClientFile, member: Member | None) -> MemberForm:
    problems: dict[str, str] = {}
    name, email, phone = clean_name(typed.name), normal_email(typed.email), ""
    if name_problem := rules.name_problem(name):
        problems["name"] = person_sentence(name_problem)
    if email:
        if problem := email_problem(email):
            problems["email"] = email_sentence(problem)
        elif _is_taken(email, client_file=client_file, member=member):
            problems["email"] = _("Another user of this file has this address already.")
    if typed.phone.strip():
        phone = rules.normal_phone(typed.phone.strip(), country=client_file.practice.country) or ""
        if not phone:
            problems["phone"] = phone_sentence()
    if typed.role not in set(MemberRole):
        problems["role"] = _("Choose a value of the list.")
    if problems:
        raise InvalidError(problems)
    return MemberForm(name=name, email=email, phone=phone, role=typed.role)


def _is_taken(email: str, *, client_file: ClientFile, member: Member | None) -> bool:
    others = Member.objects.filter(practice_id=client_file.practice_id, client_file=client_file, email=email)
    return (others.exclude(id=member.id) if member else others).exists()


def _words(member: Member) -> dict[str, str]:
    return {"member": member.name, "email": member.email, "phone": member.phone, "role": member.role}


def _record(verb: str, member: Member, *, actor: Actor, before: dict[str, str], after: dict[str, str]) -> None:
    subject = audit.Subject(kind="member", id=member.id, client_file_id=member.client_file_id)
    audit.record(verb, actor=actor, practice_id=member.practice_id, subject=subject, before=before, after=after)
