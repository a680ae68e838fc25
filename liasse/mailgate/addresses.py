"""Addresses of the SMTP envelope (RFC 5321 4.1.2): lenient in form, strict in characters."""

from __future__ import annotations

import re

from liasse.mailgate.types import Mailbox

_ROUTE = re.compile(r"@[^:<>]*:")
_PATH = re.compile(r"""<((?:"(?:[^"\\]|\\.)*"|[^"<>])*)>(?:\s+(.*))?""")
_BARE = re.compile(r"""([^\s<>"]+)(?:\s+(.*))?""")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_QUOTED_PAIR = re.compile(r"\\(.)")
_LONGEST = 320


class AddressSyntaxError(ValueError):
    """What was given is not an address."""


def split_command(argument: str, *, keyword: str) -> tuple[str, list[str]]:
    """Take ``FROM:<a@b> SIZE=1`` apart into the address and its parameters.

    The address is "" for ``<>``; a source route is dropped, as RFC 5321 appendix C has it.
    Raises AddressSyntaxError.
    """
    if argument[: len(keyword)].upper() != keyword:
        raise AddressSyntaxError
    rest = argument[len(keyword) :].strip()
    match = _PATH.fullmatch(rest) if rest.startswith("<") else _BARE.fullmatch(rest)
    if match is None or _CONTROL.search(rest):
        raise AddressSyntaxError
    address = match[1].strip()
    route = _ROUTE.match(address)
    if route:
        address = address[route.end() :]
    if len(address) > _LONGEST:
        raise AddressSyntaxError
    return address, (match[2] or "").split()


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
