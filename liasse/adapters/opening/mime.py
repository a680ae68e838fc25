"""The structure of a mail, found in its bytes: entities, their headers and their bodies, within limits.

The parsers of the standard library build the whole tree first, by recursion and line by line: 1 MB
of empty parts costs them 15 seconds, and a thousand nested messages their stack. Here every
boundary is searched for in the bytes, the limits are checked on the way, and nothing recurses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from functools import cached_property
from typing import Any

from liasse.adapters.opening.limits import OpeningLimits
from liasse.adapters.opening.transfer import decode_transfer

_HEADER_LINE = re.compile(rb"(?:From |[\x21-\x39\x3b-\x7e]+[ \t]*:|[ \t])")
_MESSAGE_TYPES = frozenset({"message/rfc822", "message/global", "message/news"})
# The library's reader of parameters is quadratic; no honest value is so long.
_MAX_PARAMETERS, _MAX_PARAMETERS_SIZE = 100, 4_096


class TooComplexError(Exception):
    """The mail goes beyond a limit of structure."""


class Headers:
    """The headers of one entity, as text and with forgiving reading of parameters."""

    def __init__(self, block: bytes) -> None:
        """Unfold and decode the block; lines in no known form are left out."""
        self._fields: list[tuple[str, str]] = []
        for line in _unfolded(block):
            name, colon, value = line.partition(":")
            if colon and not line.startswith("From "):
                self._fields.append((name.strip().lower(), value.strip()))

    def get(self, name: str) -> str:
        """Return the first header of this name as it stands, "" when there is none."""
        return next((value for key, value in self._fields if key == name), "")

    def _message(self) -> Message:
        message = Message()
        for name in ("content-type", "content-disposition"):
            if value := self.get(name):
                message[name] = ";".join(value[:_MAX_PARAMETERS_SIZE].split(";")[:_MAX_PARAMETERS])
        return message

    def content_type(self, default: str = "text/plain") -> str:
        """Return the declared type in small letters, the default where it is none."""
        if "/" not in self.get("content-type").partition(";")[0]:
            return default
        return self._message().get_content_type()

    def parameter(self, name: str) -> str:
        """Return a parameter of the content type, "" when there is none."""
        value = self._message().get_param(name)
        return value[2] if isinstance(value, tuple) else str(value or "")

    @cached_property
    def raw_filename(self) -> str:
        """Return the name given to the content, still with encoded words; "" when there is none."""
        try:
            return self._message().get_filename("") or ""
        except (ValueError, LookupError, TypeError):
            return ""

    @property
    def is_attachment(self) -> bool:
        """Tell whether the sender asked to show it beside the mail."""
        return self.get("content-disposition").partition(";")[0].strip().lower() == "attachment"

    @property
    def is_inline(self) -> bool:
        """Tell whether the sender asked to show it within the mail."""
        return self.get("content-disposition").partition(";")[0].strip().lower() == "inline"


def _unfolded(block: bytes) -> Iterator[str]:
    current: list[bytes] = []
    for line in block.split(b"\n"):
        if current and (line[:1] in {b" ", b"\t"} or not _HEADER_LINE.match(line)):
            current.append(b" " + line.strip())
            continue
        if current:
            yield decode_header_bytes(b"".join(current))
        current = [line.strip(b"\r")]
    if current:
        yield decode_header_bytes(b"".join(current))


def decode_header_bytes(line: bytes) -> str:
    """Decode a header written with raw 8-bit letters, which many senders do: UTF-8, else Western."""
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace")


@dataclass(frozen=True, slots=True)
class Leaf:
    """An entity that holds content: its headers, its bytes as sent, and where in the mail it stands."""

    headers: Headers
    content_type: str
    body: memoryview
    containers: tuple[str, ...] = ()
    message: int = 0
    alternative: int = 0
    in_report: bool = False
    in_related: bool = False
    depth: int = 0

    def content(self) -> bytes:
        """Return the bytes with the encoding for the transport taken off."""
        return decode_transfer(bytes(self.body), self.headers.get("content-transfer-encoding"))


@dataclass(slots=True)
class _Entity:
    data: bytes
    start: int
    end: int
    default: str = "text/plain"
    depth: int = 0
    containers: tuple[str, ...] = ()
    message: int = 0
    within: int = 0
    alternative: int = 0
    in_report: bool = False
    in_related: bool = False
    headers: Headers = field(init=False)

    def child(self, start: int, end: int, **changed: Any) -> _Entity:  # noqa: ANN401 - the fields of an entity.
        kept = {
            name: getattr(self, name) for name in ("containers", "message", "alternative", "in_report", "in_related")
        }
        return _Entity(self.data, start, end, depth=self.depth + 1, **{**kept, **changed})


class Walk:
    """One pass through a mail, outer before inner and in order."""

    def __init__(self, data: bytes, limits: OpeningLimits, *, depth: int = 0, counted: int = 0) -> None:
        """Take the whole mail; lone carriage returns, as old machines wrote them, are made line ends.

        ``depth`` and ``counted`` are how deep it lies in what arrived, and how many parts that had before it.
        """
        self.data = data if b"\n" in data else data.replace(b"\r", b"\n")
        self.limits = limits
        self.messages: dict[int, tuple[int, Headers]] = {}
        self._depth = depth
        self._count = counted
        self._serial = 0

    def top_headers(self) -> Headers:
        """Return the mail's own headers, as far as the limit on their size goes."""
        start = _skip_blanks(self.data)
        try:
            return self._headers(self.data, start, len(self.data))[0]
        except TooComplexError:
            return Headers(self.data[start : start + self.limits.max_header_block].rpartition(b"\n")[0])

    def leaves(self) -> list[Leaf]:
        """Return all entities that hold content. Raises TooComplexError."""
        found: list[Leaf] = []
        waiting = [_Entity(self.data, _skip_blanks(self.data), len(self.data), depth=self._depth)]
        while waiting:
            entity = waiting.pop()
            if entity.depth > self.limits.max_depth:
                raise TooComplexError("depth")
            entity.headers, start = self._headers(entity.data, entity.start, entity.end)
            entity.start = min(start, entity.end)
            self.messages.setdefault(entity.message, (entity.within, entity.headers))
            inner = self._inner(entity)
            if inner is None:
                found.append(_leaf(entity))
            else:
                waiting.extend(reversed(inner))
        return found

    def _count_one(self) -> None:
        self._count += 1
        if self._count > self.limits.max_parts:
            raise TooComplexError("parts")

    def _headers(self, data: bytes, start: int, end: int) -> tuple[Headers, int]:
        """Read headers up to the blank line, or to the first line that cannot be one."""
        position, before = start, b""
        while position < end:
            stop = data.find(b"\n", position, end)
            stop = end if stop < 0 else stop + 1
            if not data[position:stop].strip(b"\r\n"):
                return Headers(data[start:position]), stop
            if not _HEADER_LINE.match(data, position, stop) and not before.rstrip().endswith(b";"):
                # After a semicolon it is the rest of a parameter list that a sender has wrapped badly.
                return Headers(data[start:position]), position
            if stop - position > self.limits.max_header_line:
                raise TooComplexError("header line")
            if stop - start > self.limits.max_header_block:
                raise TooComplexError("header block")
            before, position = data[max(position, stop - 200) : stop], stop
        return Headers(data[start:end]), end

    def _inner(self, entity: _Entity) -> list[_Entity] | None:
        """Return what an entity contains, None when it is content itself."""
        content_type = entity.headers.content_type(entity.default)
        if content_type.startswith("multipart/") and content_type != "multipart/encrypted":
            return self._children(entity, content_type)
        is_mail_file = entity.headers.raw_filename.lower().endswith(".eml") and not content_type.startswith("text/")
        if (content_type in _MESSAGE_TYPES or is_mail_file) and not entity.in_report:
            return [self._enclosed(entity)]
        return None

    def _children(self, entity: _Entity, content_type: str) -> list[_Entity] | None:
        boundary = entity.headers.parameter("boundary").encode("utf-8", "surrogateescape").rstrip()
        if not boundary:
            return None
        self._serial += 1
        changed: dict[str, Any] = {}
        if content_type == "multipart/digest":
            changed["default"] = "message/rfc822"
        if content_type == "multipart/alternative":
            changed["alternative"] = self._serial
        if content_type == "multipart/report":
            changed["in_report"] = True
        if content_type == "multipart/related":
            changed["in_related"] = True
        return [entity.child(*span, **changed) for span in self._spans(entity, boundary)] or None

    def _spans(self, entity: _Entity, boundary: bytes) -> Iterator[tuple[int, int]]:
        """Give the places between boundary lines; parts after a closing line are parts all the same."""
        data = entity.data
        # Beginning with a fixed text, the pattern is searched for at the speed of memory.
        line = re.compile(rb"\n--" + re.escape(boundary) + rb"(--)?[ \t]*\r?(?=\n|\Z)")
        begun: int | None = None
        for found in line.finditer(data, max(entity.start - 1, 0), entity.end):
            if begun is not None:
                self._count_one()
                yield begun, max(begun, found.start() - (data[found.start() - 1 : found.start()] == b"\r"))
            begun = None if found.group(1) else found.end() + 1
        if begun is not None and begun < entity.end:
            self._count_one()
            yield begun, entity.end

    def _enclosed(self, entity: _Entity) -> _Entity:
        self._count_one()
        self._serial += 1
        changed: dict[str, Any] = {
            "containers": (*entity.containers, "message/rfc822"),
            "message": self._serial,
            "within": entity.message,
            "alternative": 0,
            "in_related": False,
        }
        inner = entity.child(entity.start, entity.end, **changed)
        encoding = entity.headers.get("content-transfer-encoding").strip().lower()
        if encoding in {"base64", "quoted-printable"}:
            # Forbidden, and done all the same.
            inner.data = decode_transfer(entity.data[entity.start : entity.end], encoding)
            inner.start, inner.end = 0, len(inner.data)
        inner.start += _skip_blanks(inner.data[inner.start : inner.start + 64])
        return inner


def _leaf(entity: _Entity) -> Leaf:
    content_type = entity.headers.content_type(entity.default)
    if content_type.startswith("multipart/") and content_type != "multipart/encrypted":
        # Without a boundary there are no parts, only text.
        content_type = "text/plain"
    return Leaf(
        headers=entity.headers,
        content_type=content_type,
        body=memoryview(entity.data)[entity.start : entity.end],
        containers=entity.containers,
        message=entity.message,
        alternative=entity.alternative,
        in_report=entity.in_report,
        in_related=entity.in_related,
        depth=entity.depth,
    )


def _skip_blanks(data: bytes) -> int:
    head = data[:64]
    return len(head) - len(head.lstrip(b"\r\n"))
