"""Names of files as every operating system takes them; what a sender wrote decides nothing but the look."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath
from typing import Final

from liasse.lib import media_types

_SUFFIXES: Final = {
    media_types.PDF: (".pdf",),
    media_types.JPEG: (".jpg", ".jpeg"),
    media_types.PNG: (".png",),
    media_types.TIFF: (".tif", ".tiff"),
    media_types.WEBP: (".webp",),
    media_types.GIF: (".gif",),
    media_types.HEIC: (".heic", ".heif"),
    media_types.HEIF: (".heif", ".heic"),
    media_types.XML: (".xml",),
    "message/rfc822": (".eml",),
}
_FORBIDDEN: Final = re.compile(r'[<>:"/\\|?*]')
_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
_LONGEST: Final = 120


def safe_name(wished: str, *, media_type: str, fallback: str) -> str:
    """Give a file name without folders, controls, hidden direction marks and reserved words.

    Its suffix is one of the media type's: what is not a program is never named like one.
    """
    text = unicodedata.normalize("NFC", wished).replace("\\", "/").rsplit("/", 1)[-1]
    visible = "".join(" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in text)
    name = " ".join(_FORBIDDEN.sub("_", visible).split()).strip(". ")
    if not name or _RESERVED.match(name):
        name = f"{fallback} {name}".strip()
    suffixes = _SUFFIXES.get(media_type, ("",))
    stem, suffix = PurePosixPath(name).stem, PurePosixPath(name).suffix
    if suffix.lower() not in suffixes:
        stem, suffix = name, suffixes[0]
    return f"{stem[: _LONGEST - len(suffix)].rstrip('. ')}{suffix}"


class UniqueNames:
    """Gives each name once, also on systems that take capitals for small letters."""

    def __init__(self, *taken: str) -> None:
        """Start with names that nobody may get."""
        self._taken = {name.casefold() for name in taken}
        self._next: dict[str, int] = {}

    def give(self, name: str) -> str:
        """Give the name, or the name with the first free number behind it."""
        unique, key = name, name.casefold()
        while unique.casefold() in self._taken:
            number = self._next.get(key, 2)
            self._next[key] = number + 1
            path = PurePosixPath(name)
            unique = f"{path.stem} ({number}){path.suffix}"
        self._taken.add(unique.casefold())
        return unique
