"""Whether something that arrived becomes documents at once, or waits in *À trier*. Facts in, answer out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from liasse.clients.types import SenderMode
from liasse.intake.types import Hold

_SHARED: Final = frozenset(
    {
        *("gmail.com", "googlemail.com", "outlook.com", "outlook.fr", "hotmail.com", "hotmail.fr", "live.com"),
        *("live.fr", "msn.com", "yahoo.com", "yahoo.fr", "icloud.com", "me.com", "mac.com", "aol.com", "gmx.com"),
        *("gmx.fr", "gmx.net", "proton.me", "protonmail.com", "orange.fr", "wanadoo.fr", "free.fr", "sfr.fr"),
        *("neuf.fr", "laposte.net", "bbox.fr", "numericable.fr", "cegetel.net", "club-internet.fr", "yandex.com"),
        *("mail.com", "zoho.com"),
    }
)
"""Domains of which anybody gets an address."""


def is_shared_domain(domain: str) -> bool:
    """Tell whether strangers get addresses of this domain, so that trusting the whole of it would trust them all."""
    return domain.lower() in _SHARED


def sender_name(text: str) -> str | None:
    """Give an address (``a@b.fr``) or a domain (``@b.fr``) as trusted senders are kept; None for what is neither."""
    name = text.strip().lower()
    local_part, at, domain = name.rpartition("@")
    if not at or "." not in domain or any(letter.isspace() for letter in name) or "@" in local_part:
        return None
    return name


def is_everybodys(name: str) -> bool:
    """Tell whether a name is a whole domain of which anybody gets an address."""
    return name.startswith("@") and is_shared_domain(name[1:])


@dataclass(frozen=True, slots=True)
class Arrived:
    """What is known of a mail: the file's mode, and who sent it.

    ``is_ours`` says that its author is a member of the file or a colleague of the practice, ``was_here`` that mail of
    this author became documents before, ``is_forged`` that the author's domain disowns it.
    """

    mode: str = SenderMode.OPEN
    is_file_active: bool = True
    has_null_sender: bool = False
    is_accepted: bool = False
    is_ours: bool = False
    is_trusted: bool = False
    was_here: bool = False
    is_forged: bool = False
    has_usable: bool = True


def hold_of(arrived: Arrived) -> Hold | None:
    """Say why a mail must wait for a person, or None. Never a reason to drop it.

    A mail in which nothing is a document waits only for what concerns the whole of it: there is nothing to let in.
    """
    if arrived.is_accepted:
        return None
    if not arrived.is_file_active:
        return Hold.FILE_CLOSED
    if arrived.has_null_sender:
        return Hold.NULL_SENDER
    if arrived.mode == SenderMode.OPEN or not arrived.has_usable:
        return None
    is_welcome = arrived.is_ours or arrived.is_trusted or (arrived.mode == SenderMode.KNOWN and arrived.was_here)
    if is_welcome:
        return Hold.NOT_GENUINE if arrived.is_forged else None
    return Hold.NO_MEMBER if arrived.mode == SenderMode.MEMBERS else Hold.UNKNOWN_SENDER
