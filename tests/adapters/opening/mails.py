"""Small mails for the tests, written as bytes so that the mistakes of senders can be written too."""

import base64
from pathlib import Path
from typing import Any

from liasse.adapters.opening.entry import open_mail

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\n%%EOF"
UBL = b'<?xml version="1.0"?><Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>'


def mail(body: bytes, *headers: bytes) -> bytes:
    return b"\r\n".join([b"From: Paul <paul@b.example>", b"Subject: x", *headers, b"", body])


def part(content: bytes, *headers: bytes, encoding: bytes = b"base64") -> bytes:
    if encoding == b"base64":
        content = base64.encodebytes(content)
    return b"\r\n".join([b"--b", *headers, b"Content-Transfer-Encoding: " + encoding, b"", content])


def mixed(*parts: bytes, kind: bytes = b"mixed") -> bytes:
    return mail(b"\r\n".join([*parts, b"--b--", b""]), b"Content-Type: multipart/" + kind + b'; boundary="b"')


def attached(content: bytes, name: bytes, kind: bytes = b"application/octet-stream") -> bytes:
    return part(content, b"Content-Type: " + kind, b'Content-Disposition: attachment; filename="' + name + b'"')


def opened(folder: Path, raw: bytes, **limits: int) -> dict[str, Any]:
    path = folder / "raw"
    path.write_bytes(raw)
    out = folder / "out"
    out.mkdir(exist_ok=True)
    return open_mail(path, out, **limits)


def only(folder: Path, raw: bytes) -> dict[str, Any]:
    """Open a mail that has exactly one part."""
    (found,) = opened(folder, raw)["parts"]
    return dict(found)
