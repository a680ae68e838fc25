"""Whether a password is among those that were leaked and used most, of a length that could be chosen here.

Nothing is asked of anybody outside. `bin/leaked_passwords.py` says where the list comes from and writes it anew.
"""

from __future__ import annotations

import hashlib
import unicodedata
from bisect import bisect_left
from functools import cache
from pathlib import Path
from typing import Final

LIST: Final = Path(__file__).with_name("leaked.bin")
_BYTES: Final = 5


def mark(password: str) -> bytes:
    """Give the few bytes by which a password is found, however its letters are written."""
    plain = unicodedata.normalize("NFKC", password).casefold().strip()
    return hashlib.sha256(plain.encode(errors="replace")).digest()[:_BYTES]


def is_leaked(password: str) -> bool:
    """Tell whether the list has a password."""
    marks, wanted = _marks(), mark(password)
    spot = bisect_left(marks, wanted)
    return spot < len(marks) and marks[spot] == wanted


@cache
def _marks() -> tuple[bytes, ...]:
    known = LIST.read_bytes()
    return tuple(known[start : start + _BYTES] for start in range(0, len(known), _BYTES))
