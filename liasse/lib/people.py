"""Names and email addresses as people type them: one form to keep, and what is wrong with the rest."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from typing import Final

NAME_LIMIT: Final = 200
EMAIL_LIMIT: Final = 254
_LOCAL_PART_LIMIT: Final = 64
"""RFC 5321, 4.5.3.1.1."""

# Marks that turn or hide the text around them; a name keeps its letters, not these.
_DIRECTION_MARKS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF])
_LOCAL_PART = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.ASCII)
_DOMAIN = re.compile(r"(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]", re.ASCII)


class EmailProblem(StrEnum):
    """Why an email address cannot be used."""

    BLANK = "blank"
    SPACES = "spaces"
    QUOTED = "quoted"
    ACCENTS = "accents"
    TOO_LONG = "too-long"
    MALFORMED = "malformed"


def clean_name(name: str) -> str:
    """Give a name on one line: blanks joined, control and direction marks out, letters as typed."""
    spaced = "".join(" " if character.isspace() else character for character in name.translate(_DIRECTION_MARKS))
    kept = "".join(character for character in spaced if unicodedata.category(character) not in {"Cc", "Cs"})
    return " ".join(unicodedata.normalize("NFC", kept).split())


def is_blank_name(name: str) -> bool:
    """Tell whether nothing of a name is seen: invisible characters alone are a blank."""
    return not any(unicodedata.category(character)[0] not in "ZC" for character in name)


def normal_email(email: str) -> str:
    """Give the one form in which an address is kept and compared: trimmed, lower case."""
    return email.strip().lower()


def email_problem(email: str) -> EmailProblem | None:
    """Say why an address in its normal form cannot be written to, or None.

    Tags (``a+b@``) are fine, and domains in any script. The local part must be plain ASCII
    (RFC 5321), because few relays carry others, and unquoted, because nobody types quotes on purpose.
    """
    local_part, at, domain = email.rpartition("@")
    if not email:
        return EmailProblem.BLANK
    if any(character.isspace() for character in email):
        return EmailProblem.SPACES
    if '"' in email or "<" in email or ">" in email:
        return EmailProblem.QUOTED
    if len(email) > EMAIL_LIMIT:
        return EmailProblem.TOO_LONG
    if at and not local_part.isascii():
        return EmailProblem.ACCENTS
    is_right = at and len(local_part) <= _LOCAL_PART_LIMIT and _LOCAL_PART.fullmatch(local_part) and is_domain(domain)
    return None if is_right else EmailProblem.MALFORMED


def is_domain(domain: str) -> bool:
    """Tell whether a domain, in any script, is one that mail can be sent to."""
    try:
        ascii_form = domain.encode("idna").decode("ascii")
    except UnicodeError:
        return False
    return _DOMAIN.fullmatch(ascii_form.lower()) is not None
