"""A mail saved from Outlook (.msg, MS-OXMSG): its attachments, mails within it and its text."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import olefile

from liasse.adapters.opening.limits import NotOpenedError
from liasse.adapters.opening.rtf import unpack_rtf
from liasse.adapters.opening.words import decode_text

_PROPERTY = "__substg1.0_"
_ATTACHMENT = "__attach_version1.0_"
_SUBJECT, _BODY, _HTML, _RTF, _HEADERS = "0037", "1000", "1013", "1009", "007D"
_FROM_NAME, _FROM_ADDRESS, _FROM_SMTP = "0C1A", "0C1F", "5D01"
_DATA, _NAME, _LONG_NAME, _MIME, _CONTENT_ID = "3701", "3704", "3707", "370E", "3712"
_EMBEDDED = f"{_PROPERTY}{_DATA}000D"
_LARGEST = 64 << 20
_MOST_STREAMS = 20_000


@dataclass(slots=True)
class OutlookFile:
    """An attachment; ``message`` is set when it is a mail itself."""

    name: str
    content: bytes = b""
    mime: str = ""
    content_id: str = ""
    message: OutlookMessage | None = None


@dataclass(slots=True)
class OutlookMessage:
    """A mail: ``bodies`` are its text as (name, media type, bytes), ``headers`` those of the transport, if any."""

    subject: str = ""
    from_name: str = ""
    from_address: str = ""
    headers: str = ""
    bodies: list[tuple[str, str, bytes]] = field(default_factory=list)
    files: list[OutlookFile] = field(default_factory=list)


def read_outlook(path: Path, *, max_depth: int) -> OutlookMessage:
    """Read a .msg. Raises NotOpenedError for what is none or is built too deep."""
    try:
        if path.stat().st_size > _LARGEST:
            raise NotOpenedError("too-large")
        # From memory: what the file says of its own tables is then bounded by the process.
        with olefile.OleFileIO(io.BytesIO(path.read_bytes())) as ole:
            streams = [tuple(name) for name in ole.listdir(streams=True, storages=False)]
            if len(streams) > _MOST_STREAMS:
                raise NotOpenedError("too-complex")
            if ("__properties_version1.0",) not in streams:
                raise NotOpenedError("damaged")
            return _Reader(ole, streams, max_depth).message(())
    except (OSError, ValueError, IndexError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NotOpenedError("damaged") from error


def is_outlook(path: Path) -> bool:
    """Tell a mail of Outlook from the Office files that lie in the same kind of box."""
    with path.open("rb") as source:
        window = source.read(1 << 20)
    return "__properties_version1.0".encode("utf-16-le") in window or _name_at_end(path)


def _name_at_end(path: Path) -> bool:
    with path.open("rb") as source:
        source.seek(max(path.stat().st_size - (1 << 20), 0))
        return "__properties_version1.0".encode("utf-16-le") in source.read()


class _Reader:
    def __init__(self, ole: olefile.OleFileIO, streams: list[tuple[str, ...]], max_depth: int) -> None:
        self._ole = ole
        self._streams = streams
        self._max_depth = max_depth

    def message(self, place: tuple[str, ...]) -> OutlookMessage:
        if len(place) > 2 * self._max_depth:
            raise NotOpenedError("too-complex")
        address = self._text(place, _FROM_SMTP) or self._text(place, _FROM_ADDRESS)
        found = OutlookMessage(
            subject=self._text(place, _SUBJECT),
            from_name=self._text(place, _FROM_NAME),
            from_address=address if "@" in address else "",
            headers=self._text(place, _HEADERS),
        )
        html, text, rtf = self._binary(place, _HTML), self._text(place, _BODY), self._binary(place, _RTF)
        if html:
            found.bodies.append(("message.html", "text/html", html))
        if text:
            found.bodies.append(("message.txt", "text/plain", text.encode("utf-8", "replace")))
        if rtf and not html:
            found.bodies.append(("message.rtf", "application/rtf", unpack_rtf(rtf) or rtf))
        found.files = [self._file(inner) for inner in self._attachments(place)]
        return found

    def _attachments(self, place: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        depth = len(place)
        names = {
            name[depth]
            for name in self._streams
            if len(name) > depth and name[:depth] == place and name[depth].startswith(_ATTACHMENT)
        }
        for name in sorted(names):
            yield (*place, name)

    def _file(self, place: tuple[str, ...]) -> OutlookFile:
        name = self._text(place, _LONG_NAME) or self._text(place, _NAME)
        file = OutlookFile(name, mime=self._text(place, _MIME), content_id=self._text(place, _CONTENT_ID))
        if any(stream[: len(place) + 1] == (*place, _EMBEDDED) for stream in self._streams):
            file.message = self.message((*place, _EMBEDDED))
        else:
            file.content = self._binary(place, _DATA)
        return file

    def _stream(self, place: tuple[str, ...], name: str) -> bytes:
        path = [*place, f"{_PROPERTY}{name}"]
        return bytes(self._ole.openstream(path).read()) if tuple(path) in self._known else b""

    @property
    def _known(self) -> frozenset[tuple[str, ...]]:
        if not hasattr(self, "_set"):
            self._set = frozenset(self._streams)
        return self._set

    def _binary(self, place: tuple[str, ...], number: str) -> bytes:
        return self._stream(place, f"{number}0102")

    def _text(self, place: tuple[str, ...], number: str) -> str:
        if wide := self._stream(place, f"{number}001F"):
            return wide.decode("utf-16-le", "replace").rstrip("\0")
        return decode_text(self._stream(place, f"{number}001E").rstrip(b"\0"), "")
