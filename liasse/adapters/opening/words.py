"""Header values as people read them: names, addresses, subjects, dates, file names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC
from email.errors import HeaderParseError
from email.header import decode_header
from email.utils import parsedate_to_datetime

# The library's readers take seconds for a hostile hundred KiB, and no honest value is so long.
_MAX_VALUE = 4_096
_MAX_FILENAME = 200
_MAX_EXTENSION = 12
# Overrides and isolates turn "fdp.exe" into "exe.pdf" for the eye.
_INVISIBLE = re.compile("[\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_BLANKS = re.compile(r"\s+")
_UNSAFE_CHARSETS = frozenset(
    {"punycode", "idna", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem", "utf-7"}
)
_WESTERN = frozenset({"iso-8859-1", "latin-1", "latin1", "iso8859-1", "l1", "8859", "cp819", "iso-ir-100"})
_PLAIN = frozenset({"", "us-ascii", "ascii", "ansi-x3.4-1968", "unknown-8bit", "x-unknown", "utf-8", "utf8"})


def decode_text(data: bytes, charset: str) -> str:
    """Decode text in the charset it claims; in a wrong, unknown or unsafe one, as UTF-8, else Western."""
    name = charset.strip().strip("\"'").lower().replace("_", "-")
    if name in _WESTERN:
        # What says Latin-1 and holds curly quotes is Windows' own.
        return data.decode("cp1252", errors="replace")
    if name not in _PLAIN and name not in _UNSAFE_CHARSETS:
        try:
            return data.decode(name, errors="replace")
        except (LookupError, ValueError):
            pass
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def decode_words(value: str) -> str:
    """Return a header value with its encoded words (RFC 2047) read, on one line, free of controls."""
    value = value[:_MAX_VALUE]
    try:
        pieces = decode_header(value) if "=?" in value else [(value, None)]
    except (HeaderParseError, ValueError, RecursionError):
        pieces = [(value, None)]
    text = "".join(
        # The library gives the unencoded stretches back as if they had been Latin-1.
        piece if isinstance(piece, str) else _decode_piece(piece, charset)
        for piece, charset in pieces
    )
    return one_line(text)


def _decode_piece(piece: bytes, charset: str | None) -> str:
    return piece.decode("raw-unicode-escape", "replace") if charset is None else decode_text(piece, charset)


def one_line(text: str) -> str:
    """Return text without line ends, controls, invisible marks and halves of characters."""
    return _CONTROLS.sub("", _BLANKS.sub(" ", _INVISIBLE.sub("", text))).strip()


def clean(text: str) -> str:
    """Return text of several lines without controls and halves of characters."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def read_address(value: str) -> tuple[str, str]:
    """Return the name and the address of the first sender; the address in its domain's small letters."""
    name, address = _split_address(value[:_MAX_VALUE])
    local, at, domain = _BLANKS.sub("", one_line(address)).rpartition("@")
    return decode_words(name), f"{local}{at}{domain.lower()}"


def _split_address(value: str) -> tuple[str, str]:
    """Split `Name (comment) <address>, others` without the library's recursion, which 50,000 brackets exhaust."""
    words: dict[str, list[str]] = {"name": [], "address": [], "comment": []}
    place = "name"
    for kind, character in _marked(value):
        if kind == "comment":
            words["comment"].append(character)
        elif kind == "quoted" or character not in "<>,":
            words[place].append(character)
        elif character == "<":
            place = "address"
        elif character == ">" or "@" in words[place]:
            # The first sender is enough; a comma before any address is part of a badly quoted name.
            break
        else:
            words[place].append(character)
    name, address, comment = ("".join(words[key]).strip() for key in ("name", "address", "comment"))
    if place == "name":
        bare = name.split()
        address = next((word for word in bare if "@" in word), "")
        name = " ".join(bare[: bare.index(address)] if address else bare)
    return name or comment, address


def _marked(value: str) -> Iterator[tuple[str, str]]:
    """Give each character with whether it stands plain, quoted or in a comment; quotes that never close are none."""
    if re.sub(r"\\.", "", value).count('"') % 2:
        value = value.replace('"', "")
    depth, is_quoted, is_escaped = 0, False, False
    for character in value:
        if character == "\\" and not is_escaped:
            is_escaped = True
            continue
        is_mark = not is_escaped
        is_escaped = False
        if is_mark and character == '"' and not depth:
            is_quoted = not is_quoted
        elif is_mark and character in "()" and not is_quoted:
            depth = max(depth + (1 if character == "(" else -1), 0)
        else:
            yield "comment" if depth else "quoted" if is_quoted or not is_mark else "plain", character


def read_date(value: str) -> str | None:
    """Return a Date header as ISO 8601 in UTC, None where it is none."""
    try:
        date = parsedate_to_datetime(value[:_MAX_FILENAME])
        # "-0000" says that the zone is not known; UTC is what the clock showed then.
        aware = date if date.tzinfo else date.replace(tzinfo=UTC)
        return aware.astimezone(UTC).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def read_filename(raw: str) -> str:
    """Return a name for display only: no folders, controls or tricks, at most 200 characters."""
    name = unicodedata.normalize("NFC", decode_words(raw))
    name = re.split(r"[/\\]", name)[-1].strip(" .\"'")
    if len(name) <= _MAX_FILENAME:
        return name
    stem, dot, extension = name.rpartition(".")
    if dot and len(extension) <= _MAX_EXTENSION:
        return stem[: _MAX_FILENAME - len(extension) - 1].rstrip() + "." + extension
    return name[:_MAX_FILENAME].rstrip()
