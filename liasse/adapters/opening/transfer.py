"""Encodings that mail wraps around bytes: base64, quoted-printable, uuencode; forgiving, for senders are not exact."""

from __future__ import annotations

import binascii
import re

_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
_NOT_BASE64 = bytes(set(range(256)) - set(_BASE64))
_BASE64_LINES = re.compile(rb"[A-Za-z0-9+/=\s]*\Z")
_MAX_PIECES = 10_000
_MAX_UU_TRIES = 100
_UU_BEGIN = re.compile(rb"^begin(?:-base64)? ([0-7]{3,4}) ([^\r\n]{1,255})\r?\n", re.MULTILINE)
_UU_END = re.compile(rb"^(?:end|====)[ \t]*\r?$", re.MULTILINE)


def decode_transfer(data: bytes, encoding: str) -> bytes:
    """Take the encoding off; what is in none of them is returned as it stands."""
    name = encoding.strip().lower()
    if name == "base64":
        return decode_base64(data)
    if name == "quoted-printable":
        return binascii.a2b_qp(data)
    if name in {"x-uuencode", "uuencode", "uue", "x-uue"}:
        found, _ = split_uuencoded(data)
        return found[0][1] if found else data
    return data


def decode_base64(data: bytes) -> bytes:
    """Decode base64 with blanks, other junk or a missing end.

    A sender that encodes in pieces leaves padding in the middle; it is decoded on when all that
    follows is base64 too. Anything else after padding, such as the footer of a mailing list, is not.
    """
    head, _, rest = data.partition(b"=")
    if rest.strip(b"= \t\r\n") and _BASE64_LINES.match(rest) and rest.count(b"=") < _MAX_PIECES:
        pieces = re.split(rb"=+", data.translate(None, _NOT_BASE64))
        return b"".join(_decode_piece(piece) for piece in pieces)
    return _decode_piece(head.translate(None, _NOT_BASE64))


def _decode_piece(piece: bytes) -> bytes:
    left_over = len(piece) % 4
    if left_over == 1:
        # One letter alone carries no whole byte.
        piece, left_over = piece[:-1], 0
    return binascii.a2b_base64(piece + b"=" * (-left_over % 4))


def split_uuencoded(data: bytes) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """Find files written into a text by uuencode: their names and bytes, and the text without them."""
    found: list[tuple[bytes, bytes]] = []
    text: list[bytes] = []
    position = 0
    end: re.Match[bytes] | None = None
    for _ in range(_MAX_UU_TRIES):
        begin = _UU_BEGIN.search(data, position)
        if begin is None:
            break
        if end is None or end.start() < begin.end():
            end = _UU_END.search(data, begin.end())
        if end is None:
            break
        body = _decode_uu(data, begin.end(), end.start())
        if body is None:
            text.append(data[position : begin.end()])
            position = begin.end()
            continue
        found.append((begin.group(2).strip(), body))
        text.append(data[position : begin.start()])
        position = end.end()
    return found, b"".join(text) + data[position:]


def _decode_uu(data: bytes, start: int, end: int) -> bytes | None:
    """Decode the lines between two places, None at the first that is no such line."""
    decoded = bytearray()
    while start < end:
        stop = data.find(b"\n", start, end)
        stop = end if stop < 0 else stop
        bare, start = data[start:stop].strip(b"\r"), stop + 1
        if not bare or bare in {b"`", b" "}:
            continue
        try:
            decoded += binascii.a2b_uu(bare)
        except binascii.Error:
            # Some encoders write more letters than the length at the front of the line asks for.
            wanted = (((bare[0] - 32) & 63) * 4 + 5) // 3
            try:
                decoded += binascii.a2b_uu(bare[: wanted + 1])
            except binascii.Error:
                return None
    return bytes(decoded) or None
