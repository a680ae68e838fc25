"""Words of what arrives."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Door(StrEnum):
    """The way by which something came in."""

    MAIL = "mail"
    WEB = "web"
    PHONE = "phone"
    LINK = "link"
    API = "api"
    FOLDER = "folder"


class Side(StrEnum):
    """What the papers are to the client: paid by it, or its own sales."""

    COSTS = "costs"
    SALES = "sales"


class Cutting(StrEnum):
    """How a file becomes documents: found out, one a file, one a page, or one of all pages that are in it."""

    AUTOMATIC = "automatic"
    WHOLE = "whole"
    PAGES = "pages"
    JOINED = "joined"


class ReceiptState(StrEnum):
    """Where a receipt stands; ``FAILED`` keeps its bytes and can be tried again."""

    STORED = "stored"
    OPENED = "opened"
    UNUSABLE = "unusable"
    FAILED = "failed"
    HELD = "held"
    """Opened, and waits in *À trier* until a person decides; no documents are made of it yet."""
    ASIDE = "aside"
    """Put aside by a person; it can be taken back."""


class Hold(StrEnum):
    """Why something waits in *À trier*."""

    FILE_CLOSED = "file-closed"
    NULL_SENDER = "null-sender"
    UNKNOWN_SENDER = "unknown-sender"
    NO_MEMBER = "no-member"
    NOT_GENUINE = "not-genuine"


class SenderState(StrEnum):
    """What the check of a mail's sender said; blank where none was made."""

    WAITING = "waiting"
    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    UNKNOWN = "unknown"
    """DNS gave no answer for days."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a virus scanner found: the name of a signature, blank for none, or that it takes no file of this size."""

    infection: str = ""
    is_too_large: bool = False


class Verdict(StrEnum):
    """What became of a part."""

    DOCUMENT = "document"
    IGNORED = "ignored"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the sender said before sending; ``owner_id`` is a member of the file, None where not said."""

    owner_id: UUID | None = None
    side: Side = Side.COSTS
    cutting: Cutting = Cutting.AUTOMATIC
    note: str = ""


@dataclass(frozen=True, slots=True)
class Room:
    """How many files and bytes a holder may hand in altogether."""

    files: int
    size: int


@dataclass(frozen=True, slots=True)
class Depositor:
    """Who hands files in, by which door and into which client file, once the door has found that out.

    ``holder`` is whose uploads they are: ``user:<id>``, ``link:<id>``, ``token:<id>``; nobody else sees them.
    ``owner_id`` is a member to whom everything that this one hands in belongs, whatever is wished; ``side``
    likewise. ``room`` is how much this one may hand in at all, None for any amount.
    """

    practice_id: UUID
    client_file_id: UUID
    door: Door
    holder: str
    user_id: UUID | None = None
    owner_id: UUID | None = None
    peer: str = ""
    side: Side | None = None
    room: Room | None = None


@dataclass(frozen=True, slots=True)
class NewUpload:
    """A file that somebody is about to hand in: ``size`` in bytes, ``key`` the same however often it is asked for.

    ``given_sender`` is who it says that it is from, where nobody is signed in.
    """

    filename: str
    size: int
    key: str = ""
    wish: Wish = field(default_factory=Wish)
    given_sender: str = ""


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """How much is taken: bytes of a file, of a ZIP and of all that a practice has (0 is any number).

    ``open_uploads`` is how many one person may have unfinished, ``hours`` how long an unfinished one is kept.
    """

    file_bytes: int
    archive_bytes: int
    practice_bytes: int
    open_uploads: int
    hours: int


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """One thing at the door, its bytes already safe in the store under ``sha256``.

    ``delivery_key`` names one delivery at its door, where the door knows better than the bytes: a
    repeated upload is the same, two uploads of the same bytes are two receipts. ``user_id`` is
    who handed it in, signed in; ``filename`` is blank for a mail. ``holder`` is by what it came in where nobody was
    signed in (``link:<id>``, ``token:<id>``), ``given_sender`` who it was said to be from there.
    """

    door: Door
    practice_id: UUID
    client_file_id: UUID
    address_id: UUID | None
    sha256: str
    size: int
    received_at: datetime
    envelope_from: str = ""
    envelope_to: str = ""
    peer: str = ""
    filename: str = ""
    delivery_key: str = ""
    user_id: UUID | None = None
    holder: str = ""
    given_sender: str = ""
    wish: Wish = field(default_factory=Wish)


@dataclass(frozen=True, slots=True)
class OpenedPart:
    """A part of an opened receipt; ``has_bytes`` says that its bytes are in the store under ``sha256``."""

    index: int
    path: str
    filename: str
    media_type: str
    size: int
    sha256: str
    verdict: Verdict
    reason: str
    has_bytes: bool = False


@dataclass(frozen=True, slots=True)
class OpenedReceipt:
    """What opening a receipt found; ``problem`` is a code when it could not be opened."""

    from_name: str = ""
    from_address: str = ""
    subject: str = ""
    sent_at: datetime | None = None
    message_id: str = ""
    text: str = ""
    parts: tuple[OpenedPart, ...] = field(default_factory=tuple)
    problem: str = ""
    task: dict[str, str] | None = None
    links: list[dict[str, str]] = field(default_factory=list)
