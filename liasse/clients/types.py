"""Words of client files: sectors, members, the answers of the wizard."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class FileStatus(StrEnum):
    """Whether a file is worked on, or kept without being read any more."""

    ACTIVE = "active"
    ARCHIVED = "archived"


class MemberRole(StrEnum):
    """What a person of the client may do in the file.

    Administrators also decide which practice has it; managers look after its users, administrators apart.
    """

    ADMINISTRATOR = "administrator"
    MANAGER = "manager"
    STANDARD = "standard"


class MemberStatus(StrEnum):
    """Where a member stands; only the active, with a login, may enter."""

    NO_LOGIN = "no-login"
    INVITED = "invited"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    LEFT = "left"


class DuplicateRule(StrEnum):
    """What is done with documents that may be there twice, without asking anybody; blank asks for each.

    IDENTICAL sets files of the same bytes aside.
    """

    ASK = ""
    KEEP = "keep"
    IDENTICAL = "identical"


class AccountingBasis(StrEnum):
    """When a business books: on the invoice, or on the payment."""

    ACCRUAL = "accrual"
    CASH = "cash"


class SenderMode(StrEnum):
    """Whose mail becomes documents at once; what does not fit waits in *À trier* and is never dropped."""

    OPEN = "open"
    KNOWN = "known"
    MEMBERS = "members"


class AddressKind(StrEnum):
    """What the mail receiver must do with an address."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class FoundAddress:
    """An address of the instance as the mail receiver sees it; ids are None when unknown.

    ``member_id`` is whose own address it is, to whom belongs what comes there.
    """

    kind: AddressKind
    id: UUID | None = None
    practice_id: UUID | None = None
    client_file_id: UUID | None = None
    member_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Invitee:
    """The person of the client who is to be invited, and how."""

    name: str
    email: str
    phone: str = ""
    by_email: bool = True
    by_sms: bool = False


@dataclass(frozen=True, slots=True)
class Contact:
    """The person of the client who is written down without being invited; email and phone may be blank."""

    name: str
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class NewClientFile:
    """All answers of the wizard, or of one line of an uploaded list, confirmed at once.

    ``key`` is the wizard's own id, so that a double click makes one file; ``opened_at`` is
    when the wizard was opened, so that two tabs with the same answers make one file. Who answers
    for the file gets full access, as its teams do.
    """

    key: UUID
    opened_at: datetime
    name: str
    sector: str = ""
    colleague_ids: tuple[UUID, ...] = field(default_factory=tuple)
    invitee: Invitee | None = None
    contact: Contact | None = None
    practice_code: str = ""
    siren: str = ""
    responsible_id: UUID | None = None
    team_ids: tuple[UUID, ...] = ()
