"""Decisions about client files: facts in, answer out. No database, no clock, no words for people."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import phonenumbers

from liasse.clients.types import AddressKind, FileStatus, NewClientFile
from liasse.lib.identifiers import compact, is_siren
from liasse.lib.people import NAME_LIMIT, clean_name, is_blank_name
from liasse.lib.text import fold

SLUG_LIMIT: Final = 20
ANSWERS_AFTER_ARCHIVING: Final = timedelta(days=90)
"""How long the address of an archived file still takes mail, into "to sort" (product.md)."""

CODE_LIMIT: Final = 30
"""Characters of the code under which a practice keeps a client."""

CHECK_WINDOW: Final = timedelta(hours=1)
CHECKS_BY_PERSON: Final = 30
CHECKS_BY_PRACTICE: Final = 200

# The library would find a number in any sentence, and drop the rest of it in silence.
_PHONE = re.compile(r"\+?[\d\s().\-/\u2010-\u2015]{3,40}")


class NameProblem(StrEnum):
    """Why a name cannot be used."""

    BLANK = "blank"
    TOO_LONG = "too-long"


def name_problem(name: str) -> NameProblem | None:
    """Say why a clean name cannot be used, or None. Invisible characters alone are a blank."""
    if is_blank_name(name):
        return NameProblem.BLANK
    return NameProblem.TOO_LONG if len(name) > NAME_LIMIT else None


def normal_phone(phone: str, *, country: str) -> str | None:
    """Give a number in international form (E.164), or None when it is no number one can call.

    Without a prefix it is read as a number of the country (ISO 3166 code).
    """
    if not _PHONE.fullmatch(phone):
        return None
    try:
        number = phonenumbers.parse(phone, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def readable_phone(phone: str) -> str:
    """Give a kept number with the blanks that its country writes: +33 6 12 34 56 78."""
    try:
        number = phonenumbers.parse(phone, None)
    except phonenumbers.NumberParseException:
        return phone
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def name_sort(name: str) -> str:
    """Give the text by which names are put in order: without accents, capitals and leading marks."""
    return fold(name).lstrip(" '\"«([{-_.,;:!?#&*/\\")[:NAME_LIMIT] or fold(name)[:NAME_LIMIT]


def search_text(*parts: str) -> str:
    """Give the text that a search looks into."""
    return fold(" ".join(part for part in parts if part))[:600]


def search_words(query: str) -> list[str]:
    """Give the words that must all be found; a long query is cut, nobody types ten words.

    Control characters are no letters, and one of them, NUL, no database takes.
    """
    return fold(clean_name(query[:NAME_LIMIT])).split()[:10]


def slug(name: str) -> str:
    """Give the readable half of a submission address: ASCII, at most 20 characters, never blank.

    The single letters of "l'épi d'or" say nothing and are left out, where there is more.
    """
    every = re.findall(r"[a-z0-9]+", fold(name))
    words = [word for word in every if len(word) > 1] or every
    cut = ""
    for word in words:
        longer = f"{cut}-{word}" if cut else word[:SLUG_LIMIT]
        if len(longer) > SLUG_LIMIT:
            break
        cut = longer
    return cut or "client"


def address_kind(
    *, status: str, archived_at: datetime | None, retired_at: datetime | None, now: datetime
) -> AddressKind:
    """Say whether an address still takes mail: archived files' for 90 days, changed ones to their end."""
    if retired_at is not None and retired_at <= now:
        return AddressKind.CLOSED
    if status == FileStatus.ACTIVE:
        return AddressKind.OPEN
    is_late = archived_at is not None and now - archived_at > ANSWERS_AFTER_ARCHIVING
    return AddressKind.CLOSED if is_late else AddressKind.OPEN


def fingerprint(new: NewClientFile, *, person: str) -> str:
    """Give the hash of who answers what, so that the same answers in two tabs are recognised."""
    invitee = new.invitee
    words = [
        person,
        new.name,
        new.sector,
        sorted(map(str, new.colleague_ids)),
        [invitee.name, invitee.email, invitee.phone, invitee.by_email, invitee.by_sms] if invitee else [],
    ]
    canonical = json.dumps(words, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def is_limited(*, by_person: int, by_practice: int) -> bool:
    """Tell whether no further look at an address is allowed within the hour."""
    return by_person >= CHECKS_BY_PERSON or by_practice >= CHECKS_BY_PRACTICE


def currency_is_locked(*, count_ready: int, count_archived: int) -> bool:
    """Tell whether a file's currency may no longer change: a document of it is coded."""
    return count_ready + count_archived > 0


def normal_siren(text: str) -> str | None:
    """Give the nine digits of a SIREN typed with blanks or as part of a SIRET's form; None when wrong."""
    digits = compact(text)
    return digits if is_siren(digits) else None


def is_stale(field: str, *, sent_version: int, version: int, changes: Iterable[tuple[int, Iterable[str]]]) -> bool:
    """Tell whether a field changed since the version that the editor saw.

    Other fields may change meanwhile: each is saved by itself. ``changes`` gives the newest
    changes, as the version each made and its fields; a version they do not reach back to is stale.
    """
    if sent_version >= version:
        return False
    oldest = version
    for made, fields in changes:
        oldest = min(oldest, made)
        if made > sent_version and field in fields:
            return True
    return oldest > sent_version + 1


LATE_WAITING: Final = timedelta(days=7)
"""A file is late when one of its documents has been waiting to be checked for so long."""
LATE_SILENT: Final = timedelta(days=30)
"""And when nothing has arrived for so long; before the first arrival it counts from the day of opening."""


@dataclass(frozen=True, slots=True)
class Lateness:
    """How late a file is, in whole days: by the practice, by the client; None where it is not."""

    waiting_days: int | None = None
    silent_days: int | None = None

    @property
    def is_late(self) -> bool:
        """Tell whether either holds."""
        return self.waiting_days is not None or self.silent_days is not None


def lateness(
    *, waiting_since: datetime | None, last_arrival_at: datetime | None, created_at: datetime, now: datetime
) -> Lateness:
    """Say whether a file is late: the rule that *Suivi* states, in full days of 24 hours."""
    waiting = now - waiting_since if waiting_since else timedelta()
    silent = now - (last_arrival_at or created_at)
    return Lateness(
        waiting_days=waiting.days if waiting >= LATE_WAITING else None,
        silent_days=silent.days if silent >= LATE_SILENT else None,
    )
