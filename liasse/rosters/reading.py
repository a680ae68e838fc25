"""From the words of a line to what the services take; all that is wrong is said at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from liasse.clients import rules
from liasse.clients.sectors import SECTORS
from liasse.clients.sentences import code_sentence, name_sentence, siren_sentence
from liasse.clients.services import clean_contact, clean_invitee
from liasse.clients.types import Contact, Invitee, NewClientFile
from liasse.core.errors import InvalidError
from liasse.identity.sentences import clean_person
from liasse.invitations.opening import is_sms_offered, sms_problem
from liasse.lib.csv_text import heading_key
from liasse.lib.people import clean_name, normal_email
from liasse.practices.models import Colleague, Practice, Team
from liasse.practices.sentences import ROLES
from liasse.practices.types import ColleagueStatus, Role

type Cells = Mapping[str, str]

_YES: Final = frozenset({"oui", "o", "yes", "y", "x", "1", "vrai", "true"})
_NO: Final = frozenset({"", "non", "n", "no", "0", "faux", "false", "aucune", "aucun", "none"})
_EMAIL: Final = _YES | {"email", "mail", "courriel", "paremail", "byemail"}
_SMS: Final = frozenset({"sms", "texto", "parsms", "bysms"})
_BOTH: Final = frozenset({"both", "lesdeux", "emailetsms", "smsetemail", "emailandsms", "smsandemail", "emailsms"})
_BETWEEN: Final = re.compile(r"[,;|\s]+")
_BETWEEN_NAMES: Final = re.compile(r"[,;|]+")


@dataclass(slots=True)
class People:
    """The colleagues and teams of a practice that a list can name, by address and by name. Two queries for a list."""

    practice: Practice
    by_email: dict[str, Colleague] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    teams: dict[str, Team] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read everybody."""
        self.teams = {heading_key(team.name): team for team in Team.objects.filter(practice_id=self.practice.id)}
        for colleague in Colleague.objects.filter(practice_id=self.practice.id):
            if colleague.status != ColleagueStatus.LEFT:
                self.taken.add(colleague.email)
            if colleague.status in {ColleagueStatus.ACTIVE, ColleagueStatus.INVITED}:
                self.by_email[colleague.email] = colleague


@dataclass(frozen=True, slots=True)
class ColleagueWish:
    """What a line asks for: the answers of the window that adds a colleague."""

    name: str
    email: str
    role: Role
    can_add_clients: bool
    can_see_progress: bool
    is_invited: bool
    team_ids: tuple[UUID, ...] = ()


def read_client(cells: Cells, *, key: UUID, people: People) -> NewClientFile:
    """Give what a line about a client asks for; raise InvalidError with a sentence for each column that is wrong."""
    problems: dict[str, str] = {}
    name = clean_name(cells.get("name", ""))
    if problem := rules.name_problem(name):
        problems["name"] = name_sentence(problem)
    code, siren = clean_name(cells.get("practice_code", "")), _siren(cells.get("siren", ""))
    if len(code) > rules.CODE_LIMIT:
        problems["practice_code"] = code_sentence()
    if siren is None:
        problems["siren"] = siren_sentence()
    colleagues = _named(cells.get("colleagues", ""), people=people, problems=problems)
    responsible = _responsible(cells.get("responsible", ""), people=people, problems=problems)
    teams = _teams(cells.get("teams", ""), people=people, problems=problems)
    sector = _sector(cells.get("sector", ""), problems=problems)
    invitee, contact = _whom(cells, name=name, country=people.practice.country, problems=problems)
    if problems:
        raise InvalidError(problems)
    return NewClientFile(
        key=key,
        # Nothing is older than this moment, so that two lines with equal words stay two files.
        opened_at=timezone.now(),
        name=name,
        sector=sector,
        colleague_ids=tuple(colleague.id for colleague in colleagues),
        invitee=invitee,
        contact=contact,
        practice_code=code,
        siren=siren or "",
        responsible_id=responsible.id if responsible else None,
        team_ids=tuple(team.id for team in teams),
    )


def read_colleague(cells: Cells, *, people: People) -> ColleagueWish:
    """Give what a line about a colleague asks for; raise InvalidError with a sentence for each column that is wrong."""
    problems: dict[str, str] = {}
    name = email = ""
    try:
        name, email = clean_person(name=cells.get("name", ""), email=cells.get("email", ""))
    except InvalidError as error:
        problems |= error.fields
    role = _role(cells.get("role", ""), problems=problems)
    may_add = _is_yes(cells, "can_add_clients", problems=problems)
    may_see = _is_yes(cells, "can_see_progress", problems=problems)
    is_invited = _is_yes(cells, "invite", problems=problems)
    teams = _teams(cells.get("teams", ""), people=people, problems=problems)
    if problems:
        raise InvalidError(problems)
    return ColleagueWish(
        name=name,
        email=email,
        role=role,
        can_add_clients=may_add,
        can_see_progress=may_see,
        is_invited=is_invited,
        team_ids=tuple(team.id for team in teams),
    )


def _siren(text: str) -> str | None:
    """Give a SIREN, taken out of a SIRET too; None when it is neither."""
    digits = "".join(text.split())
    if len(digits) == len("73282932000074") and digits.isdecimal():
        digits = digits[:9]
    return rules.normal_siren(digits) if digits else ""


def _named(text: str, *, people: People, problems: dict[str, str]) -> list[Colleague]:
    emails = dict.fromkeys(normal_email(part) for part in _BETWEEN.split(text) if part)
    unknown = [email for email in emails if email not in people.by_email]
    if unknown:
        sentence = _("No colleague of the practice has the address %(addresses)s.")
        problems["colleagues"] = sentence % {"addresses": ", ".join(unknown[:5])[:300]}
    return [people.by_email[email] for email in emails if email in people.by_email]


def _responsible(text: str, *, people: People, problems: dict[str, str]) -> Colleague | None:
    if not text:
        return None
    found = people.by_email.get(normal_email(text))
    if found is None:
        sentence = _("No colleague of the practice has the address %(addresses)s.")
        problems["responsible"] = sentence % {"addresses": text[:300]}
    return found


def _teams(text: str, *, people: People, problems: dict[str, str]) -> list[Team]:
    names = {heading_key(part): part.strip() for part in _BETWEEN_NAMES.split(text) if part.strip()}
    unknown = [name for key, name in names.items() if key not in people.teams]
    if unknown:
        sentence = _("No team of the practice is called %(names)s.")
        problems["teams"] = sentence % {"names": ", ".join(unknown[:5])[:300]}
    return [people.teams[key] for key in names if key in people.teams]


def _sector(text: str, *, problems: dict[str, str]) -> str:
    if not text:
        return ""
    sector = _by_label("sector").get(heading_key(text))
    if sector is None:
        problems["sector"] = _("“%(text)s” is not in the list of sectors.") % {"text": text[:60]}
    return sector or ""


def _role(text: str, *, problems: dict[str, str]) -> Role:
    role = _by_label("role").get(heading_key(text), "") if text else Role.COLLEAGUE
    if not role:
        problems["role"] = _("“%(text)s” is not a role.") % {"text": text[:60]}
        return Role.COLLEAGUE
    return Role(role)


@cache
def _by_label(what: str) -> dict[str, str]:
    """Give the words of a list by what any language calls them."""
    known: Mapping[str, str | Promise] = SECTORS if what == "sector" else ROLES
    found = {heading_key(word): word for word in known}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found |= {heading_key(str(label)): word for word, label in known.items()}
    return found


def _is_yes(cells: Cells, name: str, *, problems: dict[str, str]) -> bool:
    word = heading_key(cells.get(name, ""))
    if word not in _YES | _NO:
        problems[name] = _("“%(text)s” is neither yes nor no.") % {"text": cells[name][:60]}
    return word in _YES


def _whom(cells: Cells, *, name: str, country: str, problems: dict[str, str]) -> tuple[Invitee | None, Contact | None]:
    """Give who is invited, or the contact who is only written down."""
    way = heading_key(cells.get("invite", ""))
    typed = {part: cells.get(part, "") for part in ("contact_name", "email", "phone")}
    if way in _NO:
        return None, _contact(typed, name=name, country=country, problems=problems)
    if way not in _EMAIL | _SMS | _BOTH:
        problems["invite"] = _("“%(text)s” is no way to invite: write email, SMS or both.") % {
            "text": cells["invite"][:60]
        }
        return None, None
    by_sms = way in _SMS | _BOTH
    asked = Invitee(
        name=typed["contact_name"], email=typed["email"], phone=typed["phone"], by_email=way not in _SMS, by_sms=by_sms
    )
    try:
        invitee = clean_invitee(asked, country=country)
    except InvalidError as error:
        problems |= error.fields
        return None, None
    if by_sms and not is_sms_offered():
        problems["invite"] = _("No SMS provider is set up: invite by email.")
    elif by_sms and (sentence := sms_problem(invitee.phone)):
        problems["phone"] = sentence
    return invitee, None


def _contact(typed: Cells, *, name: str, country: str, problems: dict[str, str]) -> Contact | None:
    if not any(typed.values()):
        return None
    contact = Contact(name=typed["contact_name"] or name, email=typed["email"], phone=typed["phone"])
    try:
        return clean_contact(contact, country=country)
    except InvalidError as error:
        problems |= {field: said for field, said in error.fields.items() if field not in problems}
        return None


def remarks_of(error: InvalidError, *, labels: Mapping[str, str | Promise]) -> list[str]:
    """Give the sentences of a refusal, each with the column that it is about."""
    about = _("%(column)s: %(sentence)s")
    return [
        about % {"column": labels[name], "sentence": said} if name in labels else said
        for name, said in error.fields.items()
    ]
