"""Addresses of mailboxes, taken apart as a mail server does: lenient in form, strict in characters."""

from __future__ import annotations

import re
from dataclasses import dataclass

_QUOTED_PAIR = re.compile(r"\\(.)")


class AddressSyntaxError(ValueError):
    """What was given is not an address."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address taken apart; ``tag`` is what stood after ``+``, ``given`` the address as typed."""

    given: str
    local_part: str
    tag: str
    domain: str


def parse_mailbox(address: str) -> Mailbox:
    """Take a recipient apart; the local part is lower-case, unquoted, and without its tag.

    Raises AddressSyntaxError when a side of the @ is missing.
    """
    local_part, at, domain = address.rpartition("@")
    if local_part.startswith('"') and local_part.endswith('"') and len(local_part) > 1:
        local_part = _QUOTED_PAIR.sub(r"\1", local_part[1:-1])
    name, _, tag = local_part.lower().partition("+")
    if not (at and name and domain):
        raise AddressSyntaxError
    return Mailbox(given=address, local_part=name, tag=tag, domain=same_domain(domain))


def same_domain(domain: str) -> str:
    """Give the one form of a domain: lower-case ASCII, without the root's dot."""
    domain = domain.lower().rstrip(".")
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain
