"""Words in the headers of a mail: one line, and domains as mail carries them."""

from __future__ import annotations

import unicodedata


def one_line(text: str) -> str:
    """Give a text without anything that could end a header's line."""
    plain = "".join(" " if unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} else letter for letter in text)
    return " ".join(plain.split())


def split_address(address: str) -> tuple[str, str]:
    """Give an address's two halves, the domain in ASCII; raise ValueError for what no relay takes.

    Letters beyond ASCII before the sign are refused, for relays that take them are few.
    """
    local_part, _at, domain = one_line(address).rpartition("@")
    if not (local_part.isascii() and local_part and domain):
        raise ValueError(f"“{address}” is no address for a relay")
    return local_part, domain.encode("idna").decode("ascii")
