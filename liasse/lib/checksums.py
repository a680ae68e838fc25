"""Hashes of files and check digits of numbers."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from typing import BinaryIO

CHUNK = 1024 * 1024


def sha256_of(chunks: Iterable[bytes]) -> str:
    """Return the hexadecimal SHA-256 of the chunks in their order."""
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


def sha256_of_file(path: Path) -> str:
    """Return the hexadecimal SHA-256 of a file, read in pieces; raises OSError."""
    with path.open("rb") as stream:
        return sha256_of_stream(stream)


def sha256_of_stream(stream: BinaryIO) -> str:
    """Return the hexadecimal SHA-256 of what is left in a stream."""
    return sha256_of(iter(lambda: stream.read(CHUNK), b""))


def luhn_is_right(digits: str) -> bool:
    """Tell whether the last digit is the Luhn check digit of the others (ISO/IEC 7812-1)."""
    if not (digits.isascii() and digits.isdigit()):
        return False
    total = 0
    for position, character in enumerate(reversed(digits)):
        number = int(character) * (1 + position % 2)
        total += number - 9 if number > 9 else number  # noqa: PLR2004 - the digits' sum
    return total % 10 == 0


def mod97_is_right(text: str) -> bool:
    """Tell whether letters and digits leave 1 modulo 97 (ISO/IEC 7064), as an IBAN must."""
    if not (text.isascii() and text.isalnum()):
        return False
    return int("".join(str(int(character, 36)) for character in text)) % 97 == 1
