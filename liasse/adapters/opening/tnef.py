"""What Outlook packs into a winmail.dat (MS-OXTNEF): attachments, messages within it and the text.

Every length is checked against what is there; attributes and properties are only ever walked forwards.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from liasse.adapters.opening.limits import NotOpenedError
from liasse.adapters.opening.rtf import unpack_rtf
from liasse.adapters.opening.words import decode_text

_SIGNATURE = b"\x78\x9f\x3e\x22"
_LEVELS = frozenset({1, 2})
# Attributes, in the order of MS-OXTNEF 2.1.3.3.
_SUBJECT, _BODY, _PROPERTIES = 0x00018004, 0x0002800C, 0x00069003
_BEGIN_ATTACHMENT, _TITLE, _DATA, _ATTACHMENT = 0x00069002, 0x00018010, 0x0006800F, 0x00069005
_CODEPAGE = 0x00069007
# Properties (MS-OXPROPS).
_P_SUBJECT, _P_BODY, _P_RTF, _P_HTML = 0x0037, 0x1000, 0x1009, 0x1013
_P_DATA, _P_NAME, _P_LONG_NAME, _P_MIME, _P_CONTENT_ID = 0x3701, 0x3704, 0x3707, 0x370E, 0x3712
_MULTIPLE = 0x1000
_NAMED = 0x8000
_FIXED = {
    0x0001: 4, 0x0002: 4, 0x0003: 4, 0x0004: 4, 0x000A: 4, 0x000B: 4,
    0x0005: 8, 0x0006: 8, 0x0007: 8, 0x0014: 8, 0x0040: 8, 0x0048: 16,
}  # fmt: skip
_BYTES, _WIDE, _NARROW, _OBJECT = 0x0102, 0x001F, 0x001E, 0x000D
_CLASS_ID = 16
_MOST = 10_000


@dataclass(slots=True)
class TnefFile:
    """An attachment; ``is_message`` when its content is a TNEF again."""

    name: str = ""
    content: bytes = b""
    mime: str = ""
    content_id: str = ""
    is_message: bool = False


@dataclass(slots=True)
class Tnef:
    """What a winmail.dat holds; ``bodies`` are its text as (name, media type, bytes)."""

    subject: str = ""
    bodies: list[tuple[str, str, bytes]] = field(default_factory=list)
    files: list[TnefFile] = field(default_factory=list)
    is_whole: bool = True


def read_tnef(data: bytes) -> Tnef:
    """Read a winmail.dat as far as it goes. Raises NotOpenedError for what is none."""
    if data[:4] != _SIGNATURE:
        raise NotOpenedError("damaged")
    found, codepage, title = Tnef(), "cp1252", ""
    for level, attribute, value in _attributes(data, found):
        if attribute == _CODEPAGE and len(value) >= 4:  # noqa: PLR2004 - a number of four bytes.
            codepage = f"cp{struct.unpack_from('<I', value)[0]}"
        elif level == 1:
            _take_of_message(found, attribute, value, codepage)
        elif attribute == _BEGIN_ATTACHMENT:
            found.files.append(TnefFile())
        elif found.files or attribute in {_TITLE, _DATA, _ATTACHMENT}:
            if not found.files:
                found.files.append(TnefFile())
            title = _take_of_file(found.files[-1], attribute, value, codepage) or title
    return found


def _attributes(data: bytes, found: Tnef) -> Iterator[tuple[int, int, bytes]]:
    place = 6
    for _ in range(_MOST):
        if place + 11 > len(data):
            break
        level, attribute, size = struct.unpack_from("<BII", data, place)
        if level not in _LEVELS or place + 9 + size > len(data):
            found.is_whole = False
            break
        yield level, attribute, data[place + 9 : place + 9 + size]
        place += 11 + size


def _take_of_message(found: Tnef, attribute: int, value: bytes, codepage: str) -> None:
    if attribute == _SUBJECT:
        found.subject = _narrow(value, codepage)
    elif attribute == _BODY and value.strip(b"\0"):
        found.bodies.append(("message.txt", "text/plain", value.rstrip(b"\0")))
    elif attribute == _PROPERTIES:
        for number, kind, content in _properties(value):
            if number == _P_SUBJECT:
                found.subject = _text(kind, content, codepage) or found.subject
            elif number == _P_HTML and content:
                found.bodies.append(("message.html", "text/html", content))
            elif number == _P_RTF and content:
                unpacked = unpack_rtf(content)
                name = "message.rtf" if unpacked is not None else "message.rtf.lzfu"
                found.bodies.append((name, "application/rtf", unpacked if unpacked is not None else content))
            elif number == _P_BODY and content and kind == _WIDE:
                text = _text(kind, content, codepage)
                found.bodies.append(("message.txt", "text/plain", text.encode()))
            elif number == _P_BODY and content:
                found.bodies.append(("message.txt", "text/plain", content.rstrip(b"\0")))


def _take_of_file(file: TnefFile, attribute: int, value: bytes, codepage: str) -> str:
    if attribute == _TITLE:
        file.name = file.name or _narrow(value, codepage)
    elif attribute == _DATA:
        file.content = value
    elif attribute == _ATTACHMENT:
        for number, kind, content in _properties(value):
            _take_property(file, number, kind, content, codepage)
    return file.name


def _take_property(file: TnefFile, number: int, kind: int, content: bytes, codepage: str) -> None:
    if number == _P_LONG_NAME:
        file.name = _text(kind, content, codepage) or file.name
    elif number == _P_NAME:
        file.name = file.name or _text(kind, content, codepage)
    elif number == _P_MIME:
        file.mime = _text(kind, content, codepage)
    elif number == _P_CONTENT_ID:
        file.content_id = _text(kind, content, codepage)
    elif number == _P_DATA and kind == _OBJECT and len(content) > _CLASS_ID:
        file.content = content[_CLASS_ID:]
        file.is_message = file.content[:4] == _SIGNATURE
    elif number == _P_DATA and kind == _BYTES and not file.content:
        file.content = content


def _properties(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield number, kind and first value of each property; ends where the bytes make no sense."""
    if len(data) < 4:  # noqa: PLR2004 - the count alone is four bytes.
        return
    (count,) = struct.unpack_from("<I", data)
    place = 4
    for _ in range(min(count, _MOST)):
        try:
            kind, number = struct.unpack_from("<HH", data, place)
            place = _after_name(data, place + 4) if number >= _NAMED else place + 4
            values, place = _values(data, place, kind)
        except (struct.error, IndexError):
            return
        yield number, kind & ~_MULTIPLE, values[0] if values else b""


def _after_name(data: bytes, place: int) -> int:
    """Step over the name of a named property: a number, or a text of its own."""
    is_text = struct.unpack_from("<I", data, place + 16)[0]
    if not is_text:
        return place + 24
    size = int(struct.unpack_from("<I", data, place + 20)[0])
    return place + 24 + _padded(size)


def _padded(size: int) -> int:
    return (size + 3) & ~3


def _values(data: bytes, place: int, kind: int) -> tuple[list[bytes], int]:
    simple, count = kind & ~_MULTIPLE, 1
    if kind & _MULTIPLE or simple in {_BYTES, _WIDE, _NARROW, _OBJECT}:
        (count,) = struct.unpack_from("<I", data, place)
        place += 4
    values: list[bytes] = []
    for _ in range(min(count, _MOST)):
        if simple in _FIXED:
            size, step = _FIXED[simple], max(_FIXED[simple], 4)
        elif simple in {_BYTES, _WIDE, _NARROW, _OBJECT}:
            size = int(struct.unpack_from("<I", data, place)[0])
            place, step = place + 4, _padded(size)
        else:
            raise IndexError
        if place + size > len(data):
            raise IndexError
        values.append(data[place : place + size])
        place += step
    return values, place


def _text(kind: int, content: bytes, codepage: str) -> str:
    if kind == _WIDE:
        return content.decode("utf-16-le", "replace").partition("\0")[0]
    return _narrow(content, codepage) if kind == _NARROW else ""


def _narrow(content: bytes, codepage: str) -> str:
    return decode_text(content.partition(b"\0")[0], codepage)
