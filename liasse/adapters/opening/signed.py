"""What is inside a signed S/MIME envelope (RFC 5652): its content, or that it is encrypted.

No signature is checked here.
"""

from __future__ import annotations

import binascii
import re
from typing import Final

_DATA_OID: Final = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07"
_SIGNED: Final = _DATA_OID + b"\x02"
_ENCRYPTED: Final = frozenset({_DATA_OID + b"\x03", bytes.fromhex("2a864886f70d0109100117")})
_COMPRESSED: Final = bytes.fromhex("2a864886f70d0109100109")
_SEQUENCE, _SET, _OID, _OCTETS, _CONSTRUCTED_OCTETS, _CONTEXT = 0x30, 0x31, 0x06, 0x04, 0x24, 0xA0
_INTEGER = 0x02
_DEEPEST = 8
_PEM = re.compile(rb"-----BEGIN [A-Z0-9 ]+-----\s*(.*?)-----END", re.DOTALL)
_BASE64 = re.compile(rb"\A[A-Za-z0-9+/=\s]+\Z")


class NotSignedError(Exception):
    """It is no signed envelope; ``code`` is a reason."""

    def __init__(self, code: str) -> None:
        """Keep the code of the reason."""
        super().__init__(code)
        self.code = code


def signed_content(data: bytes) -> bytes | None:
    """Return the content of a signed envelope, None when it holds only certificates or a detached signature.

    Raises NotSignedError, with "encrypted-mail" for an encrypted one.
    """
    reader = _Reader(_binary(data))
    try:
        outer = reader.enter(0, len(reader.data), _SEQUENCE)
        kind, after = reader.value(outer, _OID)
        if kind in _ENCRYPTED:
            raise NotSignedError("encrypted-mail")
        if kind != _SIGNED:
            raise NotSignedError("not-supported")
        fields = reader.enter(reader.enter(after, len(reader.data), _CONTEXT), len(reader.data), _SEQUENCE)
        _version, after = reader.value(fields, _INTEGER)
        after = reader.skip(after)  # The set of digest algorithms.
        inner = reader.enter(after, len(reader.data), _SEQUENCE)
        _kind, after = reader.value(inner, _OID)
        if reader.tag(after) != _CONTEXT:
            return None
        content = reader.enter(after, len(reader.data), _CONTEXT)
        return reader.octets(content)[0]
    except (IndexError, RecursionError) as error:
        raise NotSignedError("damaged") from error


def _binary(data: bytes) -> bytes:
    """Take base64 and its PEM lines off, which many senders of .p7m leave on."""
    if data[:1] == b"0":
        return data
    armoured = _PEM.search(data)
    text = armoured.group(1) if armoured else data
    if not _BASE64.match(text):
        return data
    try:
        return binascii.a2b_base64(text)
    except binascii.Error:
        return data


class _Reader:
    """Walks BER: definite and indefinite lengths, strings in one piece or in many."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def tag(self, place: int) -> int:
        return self.data[place]

    def _length(self, place: int) -> tuple[int | None, int]:
        """Return the length (None for indefinite) and where the content begins."""
        first = self.data[place + 1]
        if first < 0x80:  # noqa: PLR2004 - the short form of a length.
            return first, place + 2
        count = first & 0x7F
        if count == 0:
            return None, place + 2
        if count > 5:  # noqa: PLR2004 - more bytes than any file here has.
            raise IndexError
        return int.from_bytes(self.data[place + 2 : place + 2 + count], "big"), place + 2 + count

    def enter(self, place: int, end: int, tag: int) -> int:
        if place >= end or self.data[place] != tag:
            raise IndexError
        return self._length(place)[1]

    def value(self, place: int, tag: int) -> tuple[bytes, int]:
        if self.data[place] != tag:
            raise IndexError
        size, start = self._length(place)
        if size is None or start + size > len(self.data):
            raise IndexError
        return self.data[start : start + size], start + size

    def skip(self, place: int, *, depth: int = 0) -> int:
        size, start = self._length(place)
        if size is not None:
            return start + size
        if depth > _DEEPEST:
            raise IndexError
        while self.data[start : start + 2] != b"\0\0":
            start = self.skip(start, depth=depth + 1)
        return start + 2

    def octets(self, place: int, *, depth: int = 0) -> tuple[bytes, int]:
        """Return a string of octets, put together from its pieces, and where it ends."""
        if self.data[place] == _OCTETS:
            size, start = self._length(place)
            if size is None or start + size > len(self.data):
                raise IndexError
            return self.data[start : start + size], start + size
        if self.data[place] != _CONSTRUCTED_OCTETS or depth > _DEEPEST:
            raise IndexError
        size, start = self._length(place)
        end = len(self.data) if size is None else start + size
        pieces: list[bytes] = []
        while start < end and self.data[start : start + 2] != b"\0\0":
            piece, start = self.octets(start, depth=depth + 1)
            pieces.append(piece)
        return b"".join(pieces), start + 2 if size is None else start
