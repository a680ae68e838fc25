"""The compressed rich text of Outlook (MS-OXRTFCP): a window of 4 KiB, and no more out than its header says."""

from __future__ import annotations

import struct
from typing import Final

_COMPRESSED, _PLAIN = 0x75465A4C, 0x414C454D
_HEADER: Final = 16
_WINDOW: Final = 4096
_LARGEST: Final = 16 << 20
_PRESET: Final = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans "
    rb"SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)


def unpack_rtf(data: bytes) -> bytes | None:
    """Return the rich text, None where the bytes are none of it."""
    if len(data) < _HEADER:
        return None
    _size, raw_size, kind = struct.unpack_from("<III", data)
    if kind == _PLAIN:
        return data[_HEADER : _HEADER + raw_size]
    if kind != _COMPRESSED or raw_size > _LARGEST:
        return None
    return _inflate(data, raw_size)


def _inflate(data: bytes, raw_size: int) -> bytes:
    window = bytearray(_PRESET.ljust(_WINDOW, b"\0"))
    write, place, out = len(_PRESET), _HEADER, bytearray()
    while place < len(data) and len(out) < raw_size:
        flags = data[place]
        place += 1
        for bit in range(8):
            if flags >> bit & 1:
                if place + 2 > len(data):
                    return bytes(out)
                token = data[place] << 8 | data[place + 1]
                place += 2
                start, length = token >> 4, (token & 0xF) + 2
                if start == write:
                    # A reference to the place of writing is the end.
                    return bytes(out)
                piece = [0] * length
                for step in range(length):
                    byte = window[(start + step) % _WINDOW]
                    window[write] = piece[step] = byte
                    write = (write + 1) % _WINDOW
                out += bytes(piece)
            elif place < len(data):
                window[write] = data[place]
                out.append(data[place])
                write = (write + 1) % _WINDOW
                place += 1
    return bytes(out[:raw_size])
