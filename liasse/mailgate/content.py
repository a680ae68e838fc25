"""The little that the receiver looks at in a message before it is safe."""

from __future__ import annotations

import re

_LOOP = re.compile(rb"^x-loop:[ \t]*([^\r\n]*?)[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_HOP = re.compile(rb"^received:", re.IGNORECASE | re.MULTILINE)


def count_hops(head: bytes) -> int:
    """Count the servers that a message has passed, one ``Received`` line each."""
    return len(_HOP.findall(head))


def is_ours(head: bytes, *, token: str) -> bool:
    """Tell whether a message is one that this instance sent itself, and that came back to it."""
    return bool(token) and token.lower().encode() in (found.lower() for found in _LOOP.findall(head))
