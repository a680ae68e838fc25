"""Opening client files, looking whether an email is in use, archiving. Each is one transaction."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from liasse.clients import rules
from liasse.clients.actors import colleague_id_of, practice_id_of
from liasse.clients.errors import ColleagueGoneError, MayNotAddClientsError
from liasse.clients.models import ClientFile, EmailCheck, FileAccess, InboundAddress, Member
from liasse.clients.sectors import SECTORS
from liasse.clients.selectors import instance_addresses_taken
from liasse.clients.sentences import name_sentence, person_sentence, phone_sentence
from liasse.clients.types import FileStatus, Invitee, NewClientFile
from liasse.core import audit
from liasse.core.access import Actor, Level
from liasse.core.errors import InvalidError, TransientError
from liasse.core.scope import instance_scope
from liasse.identity.sentences import email_sentence
from liasse.lib.people import clean_name, email_problem, normal_email
from liasse.practices.models import Colleague, Practice
from liasse.practices.types import BOOKING_DEFAULTS, ColleagueStatus

_ADDRESS_TRIES = 8
_RANDOM_BYTES = 8
_RANDOM_CHARACTERS = 12


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file that the wizard opened, its first member, and whether an earlier click had opened it already."""

    client_file: ClientFile
    member: Member
    local_part: str
    was_already_there: bool


class EmailUse(StrEnum):
    """What a look at an email address tells."""

    FREE = "free"
    IN_USE = "in-use"
    LIMITED = "limited"


@transaction.atomic
def open_file(new: NewClientFile, *, actor: Actor) -> OpenedFile:
    """Open a client file with its accesses, its first member and its address; all of it or nothing.

    The same wizard, or the same person's same answers from a wizard that was open before the
    file was made, give the file that is there already. Raises MayNotAddClientsError,
    ColleagueGoneError (naming who), InvalidError (with a sentence a field).
    """
    practice = _lock_practice(actor)
    creator = _creator(actor)
    cleaned = _clean(new, country=practice.country)
    mark = rules.fingerprint(cleaned, person=str(creator.id))
    there = _already_opened(cleaned, practice=practice, mark=mark)
    if there is not None:
        return there
    colleagues = _chosen(cleaned.colleague_ids, practice=practice)
    client_file = _insert_file(cleaned, practice=practice, creator=creator, mark=mark)
    granted = {creator.id: creator} | {colleague.id: colleague for colleague in colleagues}
    for colleague in granted.values():
        FileAccess.objects.create(practice=practice, client_file=client_file, colleague=colleague, level=Level.FULL)
    ClientFile.objects.filter(id=client_file.id).update(count_colleagues=len(granted))
    member = _first_member(cleaned, client_file=client_file)
    local_part = give_address(client_file)
    _record_opening(client_file, actor=actor, colleagues=[*granted.values()], member=member, local_part=local_part)
    return OpenedFile(client_file=client_file, member=member, local_part=local_part, was_already_there=False)


def _lock_practice(actor: Actor) -> Practice:
    if not actor.is_colleague:
        raise MayNotAddClientsError(_("You may not open client files. Ask an administrator of your practice."))
    return Practice.objects.select_for_update().get(id=practice_id_of(actor))


def _creator(actor: Actor) -> Colleague:
    """Read the asker's rights again: they may have changed since the request came in."""
    creator = Colleague.objects.filter(id=colleague_id_of(actor), status=ColleagueStatus.ACTIVE).first()
    if creator is None or not creator.may_add_clients:
        raise MayNotAddClientsError(_("You may not open client files. Ask an administrator of your practice."))
    return creator


def _clean(new: NewClientFile, *, country: str) -> NewClientFile:
    name = clean_name(new.name)
    problem = rules.name_problem(name)
    if problem:
        raise InvalidError({"name": name_sentence(problem)})
    if new.sector and new.sector not in SECTORS:
        raise InvalidError({"sector": _("Choose a sector of the list.")})
    return NewClientFile(
        key=new.key,
        opened_at=new.opened_at,
        name=name,
        sector=new.sector,
        colleague_ids=tuple(dict.fromkeys(new.colleague_ids)),
        invitee=clean_invitee(new.invitee, country=country) if new.invitee else None,
    )


def clean_invitee(invitee: Invitee, *, country: str) -> Invitee:
    """Give an invitee in the forms that are kept; raise InvalidError with a sentence a field."""
    problems: dict[str, str] = {}
    name, email, phone = clean_name(invitee.name), normal_email(invitee.email), ""
    if name_problem := rules.name_problem(name):
        problems["contact_name"] = person_sentence(name_problem)
    if problem := email_problem(email):
        problems["email"] = email_sentence(problem)
    if invitee.phone.strip():
        phone = rules.normal_phone(invitee.phone.strip(), country=country) or ""
        if not phone:
            problems["phone"] = phone_sentence()
    if not (invitee.by_email or invitee.by_sms):
        problems["channels"] = _("Choose at least one way to invite.")
    elif invitee.by_sms and not invitee.phone.strip():
        problems["phone"] = _("Type a phone number, or do not invite by SMS.")
    if problems:
        raise InvalidError(problems)
    return Invitee(name=name, email=email, phone=phone, by_email=invitee.by_email, by_sms=invitee.by_sms)


def _already_opened(new: NewClientFile, *, practice: Practice, mark: str) -> OpenedFile | None:
    files = ClientFile.objects.filter(practice=practice)
    same_wizard = files.filter(creation_key=new.key).first()
    same_answers = files.filter(creation_fingerprint=mark, created_at__gte=new.opened_at).order_by("id")
    client_file = same_wizard or same_answers.first()
    if client_file is None:
        return None
    member = Member.objects.filter(practice=practice, client_file=client_file).order_by("id").first()
    address = InboundAddress.objects.filter(practice=practice, client_file=client_file).order_by("id").first()
    if member is None or address is None:
        raise LookupError(client_file.id)
    return OpenedFile(client_file=client_file, member=member, local_part=address.local_part, was_already_there=True)


def _chosen(ids: tuple[UUID, ...], *, practice: Practice) -> list[Colleague]:
    """Give the ticked colleagues, if each is still there; name those who are not."""
    found = {colleague.id: colleague for colleague in Colleague.objects.filter(practice=practice, id__in=ids)}
    present = {ColleagueStatus.ACTIVE, ColleagueStatus.INVITED}
    gone = [colleague.name for colleague in found.values() if colleague.status not in present]
    if gone:
        sentence = _("%(names)s left the practice or was suspended meanwhile. Go back and choose again.")
        raise ColleagueGoneError({"colleagues": sentence % {"names": ", ".join(sorted(gone))}})
    if len(found) < len(ids):
        sentence = _("A colleague whom you chose is not there any more. Go back and choose again.")
        raise ColleagueGoneError({"colleagues": sentence})
    return list(found.values())


def _insert_file(new: NewClientFile, *, practice: Practice, creator: Colleague, mark: str) -> ClientFile:
    copied: dict[str, Any] = {field: getattr(practice, field) for field in BOOKING_DEFAULTS}
    return ClientFile.objects.create(
        practice=practice,
        name=new.name,
        name_sort=rules.name_sort(new.name),
        search_text=rules.search_text(new.name),
        sector=new.sector,
        created_by=creator,
        creation_key=new.key,
        creation_fingerprint=mark,
        count_members=1,
        **copied,
    )


def _first_member(new: NewClientFile, *, client_file: ClientFile) -> Member:
    """Make the one member: the invitee, else somebody who bears the client's name and cannot sign in."""
    invitee = new.invitee
    return Member.objects.create(
        practice_id=client_file.practice_id,
        client_file=client_file,
        name=invitee.name if invitee else client_file.name,
        email=invitee.email if invitee else "",
        phone=invitee.phone if invitee else "",
    )


def give_address(client_file: ClientFile, *, wished: str = "") -> str:
    """Give the file an address that nobody in the instance has or ever had: the wished one, if it is free."""
    readable = rules.slug(client_file.name)
    for number in range(_ADDRESS_TRIES):
        local_part = wished if wished and not number else f"{readable}.{random_part()}"
        if not instance_addresses_taken(local_part):
            InboundAddress.objects.create(
                practice_id=client_file.practice_id, client_file=client_file, local_part=local_part
            )
            return local_part
    raise TransientError(_("No free address was found for this file. Try again."))


def random_part() -> str:
    """Give the secret half of an address: 60 random bits as 12 letters and digits that read alike in any case."""
    return base64.b32encode(secrets.token_bytes(_RANDOM_BYTES)).decode().lower()[:_RANDOM_CHARACTERS]


def _record_opening(
    client_file: ClientFile, *, actor: Actor, colleagues: list[Colleague], member: Member, local_part: str
) -> None:
    after = {
        "name": client_file.name,
        "sector": client_file.sector,
        "colleagues": sorted(colleague.name for colleague in colleagues),
        "member": member.name,
        "address": local_part,
        **{field: getattr(client_file, field) for field in BOOKING_DEFAULTS},
    }
    audit.record(
        "file.opened", actor=actor, practice_id=client_file.practice_id, subject=subject_of(client_file), after=after
    )


def subject_of(client_file: ClientFile) -> audit.Subject:
    """Name a file as the subject of an event."""
    return audit.Subject(kind="client-file", id=client_file.id, client_file_id=client_file.id)


@transaction.atomic
def check_email(email: str, *, actor: Actor) -> EmailUse:
    """Look whether an address is used by another client's account, and count the look.

    Looks over the whole instance, or the practice alone if ``LIASSE_EMAIL_WARNING`` says so, at
    members and their logins, the invited included. At most 30 looks an hour a person and 200 a
    practice; beyond, the answer is LIMITED and tells nothing. Every look is in the audit trail,
    without the address.
    """
    practice = Practice.objects.select_for_update().get(id=practice_id_of(actor))
    normal = normal_email(email)
    recent = EmailCheck.objects.filter(practice=practice, at__gt=timezone.now() - rules.CHECK_WINDOW)
    by_person = recent.filter(colleague_id=colleague_id_of(actor)).count()
    if rules.is_limited(by_person=by_person, by_practice=recent.count()):
        _record_check(practice, actor=actor, subject_id=practice.id, outcome=EmailUse.LIMITED)
        return EmailUse.LIMITED
    outcome = EmailUse.IN_USE if _is_in_use(normal, practice_id=practice.id) else EmailUse.FREE
    check = EmailCheck.objects.create(
        practice=practice,
        colleague_id=colleague_id_of(actor),
        email_hash=salted_hmac("liasse.clients.email-check", normal, algorithm="sha256").hexdigest(),
        is_in_use=outcome is EmailUse.IN_USE,
    )
    _record_check(practice, actor=actor, subject_id=check.id, outcome=outcome)
    return outcome


def _is_in_use(email: str, *, practice_id: UUID) -> bool:
    with instance_scope():
        members = Member.objects.filter(Q(email=email) | Q(user__email=email))
        if settings.LIASSE_EMAIL_WARNING == "practice":
            members = members.filter(practice_id=practice_id)
        return members.exists()


def _record_check(practice: Practice, *, actor: Actor, subject_id: UUID, outcome: EmailUse) -> None:
    subject = audit.Subject(kind="email-check", id=subject_id)
    audit.record("email.checked", actor=actor, practice_id=practice.id, subject=subject, after={"answer": outcome})


def archive_file(client_file: ClientFile, *, actor: Actor) -> ClientFile:
    """Keep a file without reading it any more; its address takes mail for 90 more days. Twice is once."""
    return _set_status(client_file, actor=actor, status=FileStatus.ARCHIVED, verb="file.archived")


def reactivate_file(client_file: ClientFile, *, actor: Actor) -> ClientFile:
    """Take an archived file up again, with its address. Twice is once."""
    return _set_status(client_file, actor=actor, status=FileStatus.ACTIVE, verb="file.reactivated")


@transaction.atomic
def _set_status(client_file: ClientFile, *, actor: Actor, status: FileStatus, verb: str) -> ClientFile:
    locked = ClientFile.objects.select_for_update().get(id=client_file.id)
    if locked.status == status:
        return locked
    before = {"status": locked.status}
    locked.status = status
    locked.archived_at = timezone.now() if status is FileStatus.ARCHIVED else None
    locked.version += 1
    locked.activity += 1
    locked.save(update_fields=["status", "archived_at", "version", "activity"])
    audit.record(
        verb,
        actor=actor,
        practice_id=locked.practice_id,
        subject=subject_of(locked),
        before=before,
        after={"status": locked.status, "version": locked.version},
    )
    return locked
