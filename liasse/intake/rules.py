"""Pure decisions about what is handed in: its name, and whether it is too much."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final, Protocol

from liasse.clients.rules import search_text
from liasse.intake.types import Cutting, Side, UploadLimits, Wish
from liasse.lib.ids import as_uuid

_LONGEST_NAME: Final = 200
_LONGEST_SUFFIX: Final = 16
_GIGABYTE: Final = 1000**3
_LEAST_FREE: Final = 5 * _GIGABYTE
_LEAST_FREE_SHARE: Final = 20
_LONGEST_SEARCH: Final = 400


class Delivered(Protocol):
    """What a delivery says of itself."""

    subject: str
    from_name: str
    from_address: str
    envelope_from: str
    filename: str


def search_text_of(delivered: Delivered) -> str:
    """Give the text that a search for a delivery looks into: subject, sender and file, in 400 letters."""
    sender = {delivered.from_address.lower(), delivered.envelope_from.lower()}
    file = "" if delivered.filename == delivered.subject else delivered.filename
    return search_text(delivered.subject[:200], delivered.from_name, *sorted(sender), file)[:_LONGEST_SEARCH]


def given_name(text: str) -> str:
    """Give a file's name as its sender wrote it, without folders, controls and marks that turn the direction.

    At most 200 letters; one that is longer keeps its suffix. It is shown and decides nothing: bytes are kept
    under their hash.
    """
    last = unicodedata.normalize("NFC", text).replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    plain = "".join(" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in last)
    name = " ".join(plain.split())
    if name in {"", ".", ".."}:
        return ""
    if len(name) <= _LONGEST_NAME:
        return name
    suffix = PurePosixPath(name).suffix
    suffix = suffix if len(suffix) <= _LONGEST_SUFFIX else ""
    return name[: _LONGEST_NAME - len(suffix)].rstrip() + suffix


def is_archive_name(filename: str) -> bool:
    """Tell whether a name is that of a ZIP, of which more is taken than of any other file."""
    return filename.lower().endswith(".zip")


def most_bytes(filename: str, *, limits: UploadLimits) -> int:
    """Give how many bytes a file of this name may have (reliability.md 3.3)."""
    return limits.archive_bytes if is_archive_name(filename) else limits.file_bytes


def least_free(total: int, *, wished: int) -> int:
    """Give the free bytes that a disk must keep: those wished for, else 5 GB or 5 %, whichever is more."""
    return wished or max(_LEAST_FREE, total // _LEAST_FREE_SHARE)


def sender_of(words: Mapping[str, str]) -> str:
    """Give who something is said to be from, as ``Name <address>``, out of words that nobody has checked."""
    name, address = (
        given_name(words.get(key, "").replace("/", " ").replace("\\", " ")) for key in ("sender_name", "sender_email")
    )
    return f"{name} <{address}>" if name and address else name or address


def wish_of(words: Mapping[str, str]) -> Wish:
    """Read what somebody wishes for a file out of words from outside; what is not understood is the default."""
    side, cutting = words.get("side", ""), words.get("cutting", "")
    return Wish(
        owner_id=as_uuid(words.get("owner", "")),
        side=Side(side) if side in set(Side) else Side.COSTS,
        cutting=Cutting(cutting) if cutting in set(Cutting) else Cutting.AUTOMATIC,
        note=words.get("note", ""),
    )
