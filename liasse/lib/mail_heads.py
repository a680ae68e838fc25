"""For whom a fetched mail is: its envelope is gone, and the servers on its way have written it into the head."""

from __future__ import annotations

import re
from typing import Final

# The most certain first: what the last server was told, then what the sender wrote.
_HEADERS: Final = (b"delivered-to", b"x-original-to", b"envelope-to", b"x-envelope-to", b"x-delivered-to", b"to", b"cc")
_LONGEST_HEAD: Final = 256 * 1024
_MOST: Final = 100


def recipients_of(start: bytes, *, domain: str) -> list[str]:
    """Give the addresses of our domain in the first of the telling headers that has one.

    ``start`` is the beginning of the mail. Nothing of it is parsed but the lines of these headers.
    """
    address = re.compile(
        rb"[\w.!#$%&'*/=?^`{|}~+-]{1,128}@" + re.escape(domain.encode()) + rb"(?![\w.-]*\w)", re.IGNORECASE
    )
    values = _values(start[:_LONGEST_HEAD])
    for name in _HEADERS:
        found = [match.decode("ascii", "replace") for value in values.get(name, ()) for match in address.findall(value)]
        if found:
            return list(dict.fromkeys(found))[:_MOST]
    return []


def sender_of(start: bytes) -> str:
    """Give the envelope's sender as the last server wrote it down; "" where it did not."""
    for value in _values(start[:_LONGEST_HEAD]).get(b"return-path", ()):
        found = re.search(rb"<([^<>\s]{1,320})>", value)
        return found[1].decode("utf-8", "replace") if found else ""
    return ""


def _values(start: bytes) -> dict[bytes, list[bytes]]:
    """Give the headers' values by their names in lower case, unfolded, the topmost first."""
    head = re.split(rb"\r?\n\r?\n", start, maxsplit=1)[0]
    values: dict[bytes, list[bytes]] = {}
    for line in re.sub(rb"\r?\n[ \t]+", b" ", head).splitlines():
        name, colon, value = line.partition(b":")
        if colon:
            values.setdefault(name.strip().lower(), []).append(value.strip())
    return values
