"""Who works in a client file and whom it is about: the practice's access, the client's members."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from liasse.clients import rules
from liasse.clients.actors import colleague_id_of
from liasse.clients.member_rights import require_another_administrator, require_may_manage
from liasse.clients.models import ClientFile, FileAccess, Member, TeamAccess
from liasse.clients.reach import levels_in
from liasse.clients.sentences import person_sentence, phone_sentence
from liasse.clients.services import give_address, subject_of
from liasse.clients.types import MemberRole, MemberStatus
from liasse.core import audit
from liasse.core.access import Actor, Level
from liasse.core.errors import ForbiddenError, InvalidError, NotThereError
from liasse.identity.sentences import email_sentence
from liasse.lib.people import clean_name, email_problem, normal_email
from liasse.practices.models import Colleague
from liasse.practices.teams import leads, team_of_practice
from liasse.practices.types import ColleagueStatus

MOST_MEMBERS: Final = 500
EMPLOYEE_CODE_LIMIT: Final = 20


@transaction.atomic
def set_access(client_file: ClientFile, *, colleague_id: UUID, level: str, actor: Actor) -> str:
    """Give a colleague a level in a file, or take the access away with a blank level.

    Administrators reach every file anyway; a grant only says that the file is theirs to follow.
    Raises NotThereError, InvalidError, and ForbiddenError to those who would shut themselves out.
    """
    locked = ClientFile.objects.select_for_update().get(id=client_file.id)
    colleague = _present(locked, colleague_id=colleague_id)
    if level and level not in set(Level):
        raise InvalidError({"level": _("Choose a value of the list.")})
    if colleague.id == actor.person_id and not actor.is_administrator and level != Level.FULL:
        raise ForbiddenError(_("You cannot take your own access away. Ask another colleague to do it."))
    require_may_grant(locked, colleague_id=colleague.id, actor=actor)
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


def _present(client_file: ClientFile, *, colleague_id: UUID) -> Colleague:
    colleague = Colleague.objects.filter(practice_id=client_file.practice_id, id=colleague_id).first()
    if colleague is None or colleague.status == ColleagueStatus.LEFT:
        raise NotThereError
    return colleague


def require_may_grant(client_file: ClientFile, *, colleague_id: UUID | None, actor: Actor) -> None:
    """Keep a team lead, to whom the file itself was not given in full, to the people of the own teams.

    None stands for a whole team. Raises ForbiddenError.
    """
    if not actor.is_team_lead or actor.is_administrator or actor.person_id == colleague_id:
        return
    own = FileAccess.objects.filter(
        practice_id=client_file.practice_id,
        client_file=client_file,
        colleague_id=colleague_id_of(actor),
        level=Level.FULL,
    )
    if not own.exists() and (colleague_id is None or not leads(actor, colleague_id=colleague_id)):
        raise ForbiddenError(_("You give access to the people of your teams. Ask an administrator for the others."))


@transaction.atomic
def set_team_access(client_file: ClientFile, *, team_id: UUID, level: str, actor: Actor) -> str:
    """Give a team a level in a file, or take it away with a blank level; whoever is in it reaches the file.

    Raises NotThereError, InvalidError, ForbiddenError.
    """
    locked = ClientFile.objects.select_for_update().get(id=client_file.id)
    team = team_of_practice(locked.practice_id, team_id=team_id)
    if team is None:
        raise NotThereError
    if level and level not in set(Level):
        raise InvalidError({"level": _("Choose a value of the list.")})
    require_may_grant(locked, colleague_id=None, actor=actor)
    grants = TeamAccess.objects.filter(practice_id=locked.practice_id, client_file=locked, team=team)
    before = grants.values_list("level", flat=True).first() or ""
    if before == level:
        return level
    if level:
        TeamAccess.objects.update_or_create(
            practice_id=locked.practice_id, client_file=locked, team=team, defaults={"level": level}
        )
    else:
        grants.delete()
    ClientFile.objects.filter(id=locked.id).update(activity=F("activity") + 1)
    audit.record(
        "file.access",
        actor=actor,
        practice_id=locked.practice_id,
        subject=subject_of(locked),
        before={"team": team.name, "level": before},
        after={"team": team.name, "level": level},
    )
    return level


@transaction.atomic
def set_responsible(client_file: ClientFile, *, colleague_id: UUID | None, actor: Actor) -> Colleague | None:
    """Say who answers for a file, or that nobody does; whoever does not reach it yet gets full access.

    Raises NotThereError, ForbiddenError.
    """
    locked = ClientFile.objects.select_for_update(of=("self",)).select_related("responsible").get(id=client_file.id)
    colleague = _present(locked, colleague_id=colleague_id) if colleague_id else None
    before = locked.responsible
    if before == colleague:
        return colleague
    if colleague is not None and not colleague.is_administrator and colleague.id not in levels_in(locked):
        set_access(locked, colleague_id=colleague.id, level=Level.FULL, actor=actor)
    ClientFile.objects.filter(id=locked.id).update(responsible=colleague, activity=F("activity") + 1)
    audit.record(
        "file.responsible",
        actor=actor,
        practice_id=locked.practice_id,
        subject=subject_of(locked),
        before={"colleague": before.name if before else ""},
        after={"colleague": colleague.name if colleague else ""},
    )
    return colleague


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
    """What is typed about a person of the client; email, phone and code may be blank. None leaves a value as it is."""

    name: str
    email: str = ""
    phone: str = ""
    role: str = MemberRole.STANDARD
    employee_code: str | None = None
    can_see_all: bool | None = None
    can_approve: bool | None = None
    can_claim: bool | None = None


@transaction.atomic
def add_member(client_file: ClientFile, *, typed: MemberForm, actor: Actor) -> Member:
    """Add a person without a login, who can own documents.

    Raises InvalidError with a sentence a field, ForbiddenError to a client's person who may not.
    """
    locked = lock_file(client_file.id)
    fields = _clean_member(typed, client_file=locked, member=None)
    require_may_manage(locked, roles=[typed.role], actor=actor)
    if locked.count_members >= MOST_MEMBERS:
        raise InvalidError({"name": _("This file has %(count)d users already.") % {"count": MOST_MEMBERS}})
    is_first = not Member.objects.filter(practice_id=locked.practice_id, client_file=locked, is_main=True).exists()
    member = Member.objects.create(practice_id=locked.practice_id, client_file=locked, is_main=is_first, **fields)
    give_address(locked, member=member)
    ClientFile.objects.filter(id=locked.id).update(count_members=F("count_members") + 1, activity=F("activity") + 1)
    record_member("member.added", member, actor=actor, after=_words(member))
    return member


@transaction.atomic
def change_member(member: Member, *, typed: MemberForm, actor: Actor) -> Member:
    """Change what is known of a person; the login stays the address that was accepted.

    The documents stay the person's: the row is the same. An invitation to another address or role than
    the new ones holds no more. Raises InvalidError with a sentence a field, ForbiddenError to a client's
    person who may not.
    """
    client_file = lock_file(member.client_file_id)
    locked = lock_member(member)
    fields = _clean_member(typed, client_file=client_file, member=locked)
    require_may_manage(client_file, roles=[locked.role, typed.role], actor=actor)
    if locked.status == MemberStatus.ACTIVE and fields["email"] != locked.email:
        raise InvalidError({"email": _("This person signs in with this address; it cannot be changed here.")})
    if typed.role != locked.role:
        require_another_administrator(locked, actor=actor)
    before = _words(locked)
    for name, value in fields.items():
        setattr(locked, name, value)
    after = _words(locked)
    changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    if changed:
        locked.save(update_fields=list(fields))
        record_member(
            "member.changed",
            locked,
            actor=actor,
            before={name: before[name] for name in changed if name in before},
            after={name: after[name] for name in changed if name in after},
        )
    return locked


@transaction.atomic
def make_main(member: Member, *, actor: Actor) -> Member:
    """Make somebody the person whom the practice deals with first, in the former one's place. Twice is once.

    Only the practice decides it. Raises ForbiddenError.
    """
    if not actor.is_colleague:
        raise ForbiddenError(_("Only the practice chooses its main contact."))
    client_file = lock_file(member.client_file_id)
    locked = lock_member(member)
    if locked.is_main:
        return locked
    former = Member.objects.filter(practice_id=client_file.practice_id, client_file=client_file, is_main=True).first()
    Member.objects.filter(practice_id=client_file.practice_id, client_file=client_file).update(is_main=False)
    locked.is_main = True
    locked.save(update_fields=["is_main"])
    names = {"before": {"main": former.name if former else ""}, "after": {"main": locked.name}}
    record_member("member.main", locked, actor=actor, **names)
    return locked


def lock_file(file_id: UUID) -> ClientFile:
    """Lock a file, so that what is decided about its people is decided one after the other."""
    return ClientFile.objects.select_for_update(of=("self",)).select_related("practice").get(id=file_id)


def lock_member(member: Member) -> Member:
    """Read a person again under the file's lock. Raises NotThereError for one who was taken out meanwhile."""
    found = Member.objects.filter(practice_id=member.practice_id, id=member.id).first()
    if found is None or found.status == MemberStatus.LEFT:
        raise NotThereError
    return found


def _clean_member(typed: MemberForm, *, client_file: ClientFile, member: Member | None) -> dict[str, Any]:
    problems: dict[str, str] = {}
    name, email, phone = clean_name(typed.name), normal_email(typed.email), ""
    code = clean_name(typed.employee_code or "") if typed.employee_code is not None or member is None else None
    if name_problem := rules.name_problem(name):
        problems["name"] = person_sentence(name_problem)
    if sentence := _email_sentence(email, client_file=client_file, member=member):
        problems["email"] = sentence
    if typed.phone.strip():
        phone = rules.normal_phone(typed.phone.strip(), country=client_file.practice.country) or ""
        if not phone:
            problems["phone"] = phone_sentence()
    if typed.role not in set(MemberRole):
        problems["role"] = _("Choose a value of the list.")
    if code and (sentence := _code_sentence(code, client_file=client_file, member=member)):
        problems["employee_code"] = sentence
    if problems:
        raise InvalidError(problems)
    rights = {name: getattr(typed, name) for name in ("can_see_all", "can_approve", "can_claim")}
    kept = {name: value for name, value in {**rights, "employee_code": code}.items() if value is not None}
    return {"name": name, "email": email, "phone": phone, "role": typed.role, **kept}


def _email_sentence(email: str, *, client_file: ClientFile, member: Member | None) -> str:
    if not email:
        return ""
    if problem := email_problem(email):
        return email_sentence(problem)
    if _others(client_file, member=member).filter(email=email).exists():
        return _("Another user of this file has this address already.")
    return ""


def _code_sentence(code: str, *, client_file: ClientFile, member: Member | None) -> str:
    if len(code) > EMPLOYEE_CODE_LIMIT:
        return _("This code is too long: at most %(limit)d characters.") % {"limit": EMPLOYEE_CODE_LIMIT}
    # Two codes that differ by case alone would be taken for one another in every list and ledger.
    if _others(client_file, member=member).filter(employee_code__iexact=code).exists():
        return _("Another user of this file has this code already.")
    return ""


def _others(client_file: ClientFile, *, member: Member | None) -> QuerySet[Member]:
    others = Member.objects.filter(practice_id=client_file.practice_id, client_file=client_file)
    return others.exclude(id=member.id) if member else others


def _words(member: Member) -> dict[str, Any]:
    """Give what the trail keeps of a person; what is blank or refused by default is left out."""
    always = {"member": member.name, "email": member.email, "phone": member.phone, "role": member.role}
    more = {name: getattr(member, name) for name in ("employee_code", "can_see_all", "can_approve", "can_claim")}
    return always | {name: value for name, value in more.items() if value}


def record_member(
    verb: str,
    member: Member,
    *,
    actor: Actor,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write into the trail what became of a person of a client."""
    subject = audit.Subject(kind="member", id=member.id, client_file_id=member.client_file_id)
    audit.record(verb, actor=actor, practice_id=member.practice_id, subject=subject, before=before, after=after)
