"""Addresses of the SMTP envelope (RFC 5321 4.1.2): lenient in form, strict in characters."""

from __future__ import annotations

import re

from liasse.lib.mailboxes import AddressSyntaxError

_ROUTE = re.compile(r"@[^:<>]*:")
_PATH = re.compile(r"""<((?:"(?:[^"\\]|\\.)*"|[^"<>])*)>(?:\s+(.*))?""")
_BARE = re.compile(r"""([^\s<>"]+)(?:\s+(.*))?""")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_LONGEST = 320


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
