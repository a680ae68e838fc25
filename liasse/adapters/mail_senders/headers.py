"""The headers that tell who sent a mail, by which way, and whether a machine wrote it."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator, Sequence
from email.utils import getaddresses
from typing import Final

_MAX_HEAD: Final = 256 * 1024
_MAX_HEADERS: Final = 1_000
_IN_BRACKETS: Final = re.compile(r"\[(?:IPv6:)?([0-9A-Fa-f.:]{3,45})\]")
_BULK: Final = {"bulk", "junk", "list", "auto_reply"}

type Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Head:
    """The header block of a mail, unfolded."""

    def __init__(self, message: bytes) -> None:
        """Read the headers up to the first blank line."""
        head = re.split(rb"\r?\n\r?\n", message[:_MAX_HEAD], maxsplit=1)[0]
        self._fields = list(_fields(head))[:_MAX_HEADERS]

    def all(self, name: str) -> list[str]:
        """Give the values of every header of this name, the topmost first."""
        return [value for key, value in self._fields if key == name]

    def has(self, beginning: str) -> bool:
        """Tell whether a header's name begins so."""
        return any(key.startswith(beginning) for key, _value in self._fields)


def _fields(head: bytes) -> Iterator[tuple[str, str]]:
    current = ""
    for line in head.split(b"\n"):
        text = line.rstrip(b"\r").decode("utf-8", "replace")
        if text[:1] in {" ", "\t"}:
            current += " " + text.strip()
            continue
        yield from _split(current)
        current = text
    yield from _split(current)


def _split(line: str) -> Iterator[tuple[str, str]]:
    name, colon, value = line.partition(":")
    if colon:
        yield name.strip().lower(), value.strip()


def author(head: Head, *, address: str) -> str:
    """Give the domain of the one author of a mail, in ASCII; "" when it is not the one ``address`` alone.

    What is checked must be what is shown: two authors, or an author that another reader of headers sees
    differently, cannot be vouched for.
    """
    lines = head.all("from")
    if len(lines) != 1:
        return ""
    found = {one.strip().lower() for _name, one in getaddresses(lines) if "@" in one}
    if found != {address.strip().lower()}:
        return ""
    return ascii_domain(address.rpartition("@")[2])


def ascii_domain(domain: str) -> str:
    """Give a domain as DNS knows it; "" for what is none."""
    try:
        return domain.strip().rstrip(".").lower().encode("idna").decode("ascii")
    except UnicodeError:
        return ""


def sending_server(head: Head, *, peer: str, relays: Sequence[str]) -> str:
    """Give the address of the server that handed the mail to us or to one of our own relays; "" when unknown.

    Behind own relays it stands in the line that they put on top of the mail.
    """
    networks = [ipaddress.ip_network(relay, strict=False) for relay in relays]
    at = _address(peer)
    if at is None or not _is_within(at, networks):
        return str(at) if at else ""
    for line in head.all("received")[:5]:
        found = _IN_BRACKETS.search(line.partition(" by ")[0])
        at = _address(found.group(1)) if found else None
        if at is None:
            return ""
        if not _is_within(at, networks):
            return str(at)
    return ""


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, ipaddress.IPv6Address) else found


def _is_within(at: ipaddress.IPv4Address | ipaddress.IPv6Address, networks: Iterable[Network]) -> bool:
    return any(at in network for network in networks)


def written_by_machine(head: Head) -> bool:
    """Tell whether an answer to this mail could reach a machine or a list, which must not be (RFC 3834 2)."""
    submitted = " ".join(head.all("auto-submitted")).partition(";")[0].strip().lower()
    precedence = {value.strip().lower() for value in head.all("precedence")}
    return (
        submitted not in {"", "no"}
        or bool(precedence & _BULK)
        or head.has("list-")
        or any(head.has(name) for name in ("x-auto-response-suppress", "x-autoreply", "x-autorespond", "x-loop"))
        or bool(head.all("feedback-id"))
    )
