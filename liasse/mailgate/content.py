"""The little that the receiver looks at in a message before it is safe."""

from __future__ import annotations

import re

_HOP = re.compile(rb"^received:", re.IGNORECASE | re.MULTILINE)


def count_hops(head: bytes) -> int:
    """Count the servers that a message has passed, one ``Received`` line each."""
    return len(_HOP.findall(head))
