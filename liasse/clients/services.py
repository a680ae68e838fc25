"""Opening client files and archiving them. Each is one transaction."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from liasse.clients import rules
from liasse.clients.actors import colleague_id_of, practice_id_of
from liasse.clients.errors import ColleagueGoneError, MayNotAddClientsError
from liasse.clients.models import ClientFile, FileAccess, InboundAddress, Member, TeamAccess
from liasse.clients.sectors import SECTORS
from liasse.clients.selectors import addresses_taken
from liasse.clients.sentences import code_sentence, name_sentence, person_sentence, phone_sentence, siren_sentence
from liasse.clients.types import Contact, FileStatus, Invitee, NewClientFile
from liasse.core import audit
from liasse.core.access import Actor, Level
from liasse.core.errors import InvalidError, TransientError
from liasse.identity.sentences import email_sentence
from liasse.lib.ids import first_id_at
from liasse.lib.people import clean_name, email_problem, normal_email
from liasse.practices.models import Colleague, Practice, Team
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


def open_file(new: NewClientFile, *, actor: Actor) -> OpenedFile:
    """Open a client file with its accesses, its first member and its address; all of it or nothing.

    The same wizard, or the same person's same answers from a wizard that was open before the
    file was made, give the file that is there already. Raises MayNotAddClientsError,
    ColleagueGoneError (naming who), InvalidError (with a sentence a field).
    """
    return open_files([new], actor=actor)[0]


@transaction.atomic
def open_files(wanted: Sequence[NewClientFile], *, actor: Actor) -> list[OpenedFile]:
    """Open several files as ``open_file`` does each, in the order given; all of them or none.

    About a dozen queries, however many they are. Raises what ``open_file`` raises.
    """
    practice = _lock_practice(actor)
    creator = _creator(actor)
    asked = [_asked(new, practice=practice, creator=creator) for new in wanted]
    there = _already_opened(asked, practice=practice)
    fresh = [one for one in asked if one.new.key not in there]
    _choose(fresh, practice=practice)
    made = there | _insert(fresh, practice=practice, actor=actor)
    return [made[one.new.key] for one in asked]


@dataclass(slots=True)
class _Asked:
    """One file that is asked for: the answers in the forms that are kept, their fingerprint, who gets it."""

    new: NewClientFile
    creator: Colleague
    mark: str
    colleagues: list[Colleague] = field(default_factory=list)
    responsible: Colleague | None = None
    teams: list[Team] = field(default_factory=list)


def _asked(new: NewClientFile, *, practice: Practice, creator: Colleague) -> _Asked:
    cleaned = _clean(new, country=practice.country)
    return _Asked(new=cleaned, creator=creator, mark=rules.fingerprint(cleaned, person=str(creator.id)))


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
    code, siren = clean_name(new.practice_code), rules.normal_siren(new.siren) if new.siren.strip() else ""
    if len(code) > rules.CODE_LIMIT:
        raise InvalidError({"practice_code": code_sentence()})
    if siren is None:
        raise InvalidError({"siren": siren_sentence()})
    return NewClientFile(
        key=new.key,
        opened_at=new.opened_at,
        name=name,
        sector=new.sector,
        colleague_ids=tuple(dict.fromkeys(new.colleague_ids)),
        invitee=clean_invitee(new.invitee, country=country) if new.invitee else None,
        contact=clean_contact(new.contact, country=country) if new.contact else None,
        practice_code=code,
        siren=siren,
        responsible_id=new.responsible_id,
        team_ids=tuple(dict.fromkeys(new.team_ids)),
    )


def clean_invitee(invitee: Invitee, *, country: str) -> Invitee:
    """Give an invitee in the forms that are kept; raise InvalidError with a sentence a field."""
    person, problems = _clean_person(invitee, country=country)
    if problem := email_problem(person.email):
        problems["email"] = email_sentence(problem)
    if not (invitee.by_email or invitee.by_sms):
        problems["channels"] = _("Choose at least one way to invite.")
    elif invitee.by_sms and not invitee.phone.strip():
        problems["phone"] = _("Type a phone number, or do not invite by SMS.")
    if problems:
        raise InvalidError(problems)
    return Invitee(
        name=person.name,
        email=person.email,
        phone=person.phone,
        by_email=invitee.by_email,
        by_sms=invitee.by_sms,
    )


def clean_contact(contact: Contact, *, country: str) -> Contact:
    """Give a contact in the forms that are kept; raise InvalidError with a sentence a field."""
    person, problems = _clean_person(contact, country=country)
    if person.email and (problem := email_problem(person.email)):
        problems["email"] = email_sentence(problem)
    if problems:
        raise InvalidError(problems)
    return person


def _clean_person(person: Invitee | Contact, *, country: str) -> tuple[Contact, dict[str, str]]:
    problems: dict[str, str] = {}
    name, phone = clean_name(person.name), ""
    if name_problem := rules.name_problem(name):
        problems["contact_name"] = person_sentence(name_problem)
    if person.phone.strip():
        phone = rules.normal_phone(person.phone.strip(), country=country) or ""
        if not phone:
            problems["phone"] = phone_sentence()
    return Contact(name=name, email=normal_email(person.email), phone=phone), problems


def _already_opened(asked: Sequence[_Asked], *, practice: Practice) -> dict[UUID, OpenedFile]:
    """Give by their keys the files that an earlier click opened, or the same answers in another tab."""
    since = min(one.new.opened_at for one in asked)
    files = ClientFile.objects.filter(practice=practice)
    by_key = {file.creation_key: file for file in files.filter(creation_key__in=[one.new.key for one in asked])}
    # Ids grow with time: of all files only those made since are looked at.
    recent = files.filter(id__gte=first_id_at(since), creation_fingerprint__in=[one.mark for one in asked])
    by_mark: dict[str, list[ClientFile]] = {}
    for file in recent.order_by("id"):
        by_mark.setdefault(file.creation_fingerprint, []).append(file)
    found: dict[UUID, ClientFile] = {}
    for one in asked:
        same_answers = (file for file in by_mark.get(one.mark, []) if file.created_at >= one.new.opened_at)
        same = by_key.get(one.new.key) or next(same_answers, None)
        if same is not None:
            found[one.new.key] = same
    return {key: _there(file) for key, file in found.items()}


def _there(client_file: ClientFile) -> OpenedFile:
    rows = {"practice_id": client_file.practice_id, "client_file": client_file}
    member = Member.objects.filter(**rows).order_by("id").first()
    address = InboundAddress.objects.filter(**rows).order_by("id").first()
    if member is None or address is None:
        raise LookupError(client_file.id)
    return OpenedFile(client_file=client_file, member=member, local_part=address.local_part, was_already_there=True)


def _choose(asked: Sequence[_Asked], *, practice: Practice) -> None:
    """Give each file its creator, colleagues, responsible and teams, if each is still there; name who is not."""
    ids = {colleague_id for one in asked for colleague_id in one.new.colleague_ids}
    ids |= {one.new.responsible_id for one in asked if one.new.responsible_id is not None}
    found = {colleague.id: colleague for colleague in Colleague.objects.filter(practice=practice, id__in=ids)}
    present = {ColleagueStatus.ACTIVE, ColleagueStatus.INVITED}
    gone = [colleague.name for colleague in found.values() if colleague.status not in present]
    if gone:
        sentence = _("%(names)s left the practice or was suspended meanwhile. Go back and choose again.")
        raise ColleagueGoneError({"colleagues": sentence % {"names": ", ".join(sorted(gone))}})
    if len(found) < len(ids):
        sentence = _("A colleague whom you chose is not there any more. Go back and choose again.")
        raise ColleagueGoneError({"colleagues": sentence})
    for one in asked:
        chosen = {one.creator.id: one.creator} | {each: found[each] for each in one.new.colleague_ids}
        if one.new.responsible_id is not None:
            one.responsible = found[one.new.responsible_id]
            if not one.responsible.is_administrator:
                chosen[one.responsible.id] = one.responsible
        one.colleagues = list(chosen.values())
    _choose_teams(asked, practice=practice)


def _choose_teams(asked: Sequence[_Asked], *, practice: Practice) -> None:
    ids = {team_id for one in asked for team_id in one.new.team_ids}
    found = {team.id: team for team in Team.objects.filter(practice=practice, id__in=ids)} if ids else {}
    if len(found) < len(ids):
        raise InvalidError({"teams": _("A team that was named is not there any more.")})
    for one in asked:
        one.teams = [found[each] for each in one.new.team_ids]


def _insert(asked: Sequence[_Asked], *, practice: Practice, actor: Actor) -> dict[UUID, OpenedFile]:
    """Write the files with all that belongs to them, and give them by their keys."""
    files = ClientFile.objects.bulk_create([_file(one, practice=practice) for one in asked])
    pairs = list(zip(asked, files, strict=True))
    FileAccess.objects.bulk_create(
        FileAccess(practice=practice, client_file=file, colleague=colleague, level=Level.FULL)
        for one, file in pairs
        for colleague in one.colleagues
    )
    TeamAccess.objects.bulk_create(
        TeamAccess(practice=practice, client_file=file, team=team, level=Level.FULL)
        for one, file in pairs
        for team in one.teams
    )
    members = Member.objects.bulk_create(_first_member(one.new, client_file=file) for one, file in pairs)
    addresses = _give_addresses(files)
    opened = [
        OpenedFile(client_file=file, member=member, local_part=addresses[file.id], was_already_there=False)
        for file, member in zip(files, members, strict=True)
    ]
    facts = [_opening(one, opened=each) for one, each in zip(asked, opened, strict=True)]
    audit.record_all(facts, actor=actor, practice_id=practice.id)
    return {one.new.key: each for one, each in zip(asked, opened, strict=True)}


def _file(asked: _Asked, *, practice: Practice) -> ClientFile:
    copied: dict[str, Any] = {field: getattr(practice, field) for field in BOOKING_DEFAULTS}
    new = asked.new
    return ClientFile(
        practice=practice,
        name=new.name,
        name_sort=rules.name_sort(new.name),
        search_text=rules.search_text(new.name, new.practice_code, "", new.siren),
        sector=new.sector,
        practice_code=new.practice_code,
        siren=new.siren,
        responsible=asked.responsible,
        created_by=asked.creator,
        creation_key=new.key,
        creation_fingerprint=asked.mark,
        count_members=1,
        count_colleagues=len(asked.colleagues),
        **copied,
    )


def _first_member(new: NewClientFile, *, client_file: ClientFile) -> Member:
    """Make the one member: the invitee, the contact, else somebody who bears the client's name and cannot sign in."""
    person = new.invitee or new.contact
    return Member(
        practice_id=client_file.practice_id,
        client_file=client_file,
        is_main=True,
        name=person.name if person else client_file.name,
        email=person.email if person else "",
        phone=person.phone if person else "",
    )


def _give_addresses(files: Sequence[ClientFile]) -> dict[UUID, str]:
    """Give each new file an address that nobody in the instance has or ever had."""
    given: dict[UUID, str] = {}
    for _number in range(_ADDRESS_TRIES):
        tried = {f"{rules.slug(file.name)}.{random_part()}": file for file in files if file.id not in given}
        free = [local_part for local_part in tried if local_part not in addresses_taken(list(tried))]
        InboundAddress.objects.bulk_create(
            InboundAddress(practice_id=tried[each].practice_id, client_file=tried[each], local_part=each)
            for each in free
        )
        given |= {tried[each].id: each for each in free}
        if len(given) == len(files):
            return given
    raise TransientError(_("No free address was found for this file. Try again."))


def give_address(client_file: ClientFile, *, wished: str = "", member: Member | None = None) -> str:
    """Give the file, or a member, an address that nobody in the instance has or ever had: the wished one, if free."""
    if member is not None:
        return _give_to(member, wished=wished)
    if wished and not addresses_taken([wished]):
        InboundAddress.objects.create(practice_id=client_file.practice_id, client_file=client_file, local_part=wished)
        return wished
    return _give_addresses([client_file])[client_file.id]


def _give_to(member: Member, *, wished: str) -> str:
    for number in range(_ADDRESS_TRIES):
        local_part = wished if wished and not number else f"{rules.slug(member.name)}.{random_part()}"
        if not addresses_taken([local_part]):
            words = {"practice_id": member.practice_id, "client_file_id": member.client_file_id}
            InboundAddress.objects.create(member=member, local_part=local_part, **words)
            return local_part
    raise TransientError(_("No free address was found for this file. Try again."))


def random_part() -> str:
    """Give the secret half of an address: 60 random bits as 12 letters and digits that read alike in any case."""
    return base64.b32encode(secrets.token_bytes(_RANDOM_BYTES)).decode().lower()[:_RANDOM_CHARACTERS]


def _opening(asked: _Asked, *, opened: OpenedFile) -> audit.Fact:
    file = opened.client_file
    after = {
        "name": file.name,
        "sector": file.sector,
        **{name: value for name in ("practice_code", "siren") if (value := getattr(file, name))},
        "colleagues": sorted(colleague.name for colleague in asked.colleagues),
        **({"responsible": asked.responsible.name} if asked.responsible else {}),
        **({"teams": sorted(team.name for team in asked.teams)} if asked.teams else {}),
        "member": opened.member.name,
        "address": opened.local_part,
        **{name: getattr(file, name) for name in BOOKING_DEFAULTS},
    }
    return audit.Fact("file.opened", subject=subject_of(file), after=after)


def subject_of(client_file: ClientFile) -> audit.Subject:
    """Name a file as the subject of an event."""
    return audit.Subject(kind="client-file", id=client_file.id, client_file_id=client_file.id)


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
