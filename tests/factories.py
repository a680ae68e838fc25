"""People and files for tests, written straight into the tables: no wizard, no mail, no slow password hash."""

from __future__ import annotations

from functools import cache

from django.contrib.auth.hashers import make_password
from django.test import Client

from liasse.clients.models import ClientFile, FileAccess, InboundAddress, Member
from liasse.clients.rules import name_sort, search_text
from liasse.clients.types import MemberRole, MemberStatus
from liasse.core.access import Level
from liasse.core.scope import practice_scope
from liasse.identity.models import User
from liasse.lib.ids import uuid7
from liasse.practices.models import Colleague, Practice
from liasse.practices.types import ColleagueStatus, Role

PASSWORD = "une-phrase-de-passe-longue"
"""What everybody here signs in with."""


@cache
def _hash() -> str:
    return make_password(PASSWORD)


def practice(name: str = "Cabinet Martin", **values: str | int) -> Practice:
    return Practice.objects.create(name=name, **values)


def user(name: str, *, email: str = "", language: str = "") -> User:
    """Give the user of an address, made if need be; the address is made of the name unless given."""
    address = email or f"{name.lower().replace(' ', '.')}@example.fr"
    found, _is_new = User.objects.get_or_create(
        email=address, defaults={"name": name, "language": language, "password": _hash()}
    )
    return found


def colleague(
    firm: Practice,
    name: str,
    *,
    role: Role = Role.COLLEAGUE,
    status: ColleagueStatus = ColleagueStatus.ACTIVE,
    can_add_clients: bool = False,
    email: str = "",
) -> Colleague:
    """Give a colleague; the invited has no login yet."""
    login = None if status == ColleagueStatus.INVITED else user(name, email=email)
    address = login.email if login else email or f"{name.lower().replace(' ', '.')}@example.fr"
    with practice_scope(firm.id):
        return Colleague.objects.create(
            practice=firm,
            user=login,
            email=address,
            name=name,
            role=role,
            status=status,
            can_add_clients=can_add_clients,
        )


def client_file(firm: Practice, name: str, *, local_part: str = "") -> ClientFile:
    """Give a file with an address and, as the wizard makes it, a first member of its name without a login."""
    with practice_scope(firm.id):
        made = ClientFile.objects.create(
            practice=firm,
            name=name,
            name_sort=name_sort(name),
            search_text=search_text(name),
            creation_key=uuid7(),
            creation_fingerprint="-",
            count_members=1,
        )
        InboundAddress.objects.create(practice=firm, client_file=made, local_part=local_part or f"file.{made.id.hex}")
        Member.objects.create(practice=firm, client_file=made, name=name, is_main=True)
    return made


def grant(file: ClientFile, *, to: Colleague, level: Level = Level.FULL) -> FileAccess:
    with practice_scope(file.practice_id):
        return FileAccess.objects.create(practice_id=file.practice_id, client_file=file, colleague=to, level=level)


def member(
    file: ClientFile,
    name: str,
    *,
    role: MemberRole = MemberRole.ADMINISTRATOR,
    status: MemberStatus = MemberStatus.ACTIVE,
    email: str = "",
) -> Member:
    """Give a person of the client; only the active and the suspended have a login."""
    has_login = status in {MemberStatus.ACTIVE, MemberStatus.SUSPENDED}
    login = user(name, email=email) if has_login else None
    with practice_scope(file.practice_id):
        return Member.objects.create(
            practice_id=file.practice_id,
            client_file=file,
            user=login,
            name=name,
            email=login.email if login else email,
            role=role,
            status=status,
        )


def signed_in(person: Colleague | Member | User | None, *, language: str = "fr") -> Client:
    """Give a browser in which this person is signed in; None is somebody who is not."""
    browser = Client(HTTP_ACCEPT_LANGUAGE=language)
    login = person if isinstance(person, User) or person is None else person.user
    if login is not None:
        browser.force_login(login)
    return browser
