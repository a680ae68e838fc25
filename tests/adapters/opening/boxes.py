"""Small containers for the tests, honest ones and such as no honest program writes."""

import gzip
import io
import struct
import tarfile
import zipfile
from pathlib import Path
from typing import Any

from liasse.adapters.opening.entry import open_file

SIGNED_OID = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"
DATA_OID = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01"


def zipped(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as writer:
        for name, content in files:
            writer.writestr(name, content)
    return data.getvalue()


def tarred(*files: tuple[str, bytes]) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as writer:
        for name, content in files:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            writer.addfile(info, io.BytesIO(content))
    return gzip.compress(data.getvalue())


def attribute(number: int, value: bytes, level: int = 2) -> bytes:
    return struct.pack("<BII", level, number, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)


def tnef(*files: tuple[str, bytes]) -> bytes:
    found = b"\x78\x9f\x3e\x22\x01\x00"
    for name, content in files:
        found += attribute(0x00069002, bytes(14))
        found += attribute(0x00018010, name.encode("cp1252") + b"\0")
        found += attribute(0x0006800F, content)
    return found


def tnef_within(inner: bytes) -> bytes:
    """A winmail.dat whose attachment is a message, that is: a winmail.dat again."""
    value = bytes(16) + inner
    prop = struct.pack("<IHHII", 1, 0x000D, 0x3701, 1, len(value)) + value + bytes(-len(value) % 4)
    return b"\x78\x9f\x3e\x22\x01\x00" + attribute(0x00069002, bytes(14)) + attribute(0x00069005, prop)


def der(tag: int, content: bytes) -> bytes:
    size = len(content)
    length = bytes([size]) if size < 128 else b"\x84" + size.to_bytes(4, "big")
    return bytes([tag]) + length + content


def signed(content: bytes) -> bytes:
    """An envelope as S/MIME signs it, without the certificates."""
    inner = der(0x30, DATA_OID + der(0xA0, der(0x04, content)))
    return der(0x30, SIGNED_OID + der(0xA0, der(0x30, der(0x02, b"\x01") + der(0x31, b"") + inner + der(0x31, b""))))


def signed_in_pieces(content: bytes) -> bytes:
    """The same with lengths left open, as programs write that sign while they read."""
    pieces = b"".join(der(0x04, content[at : at + 1000]) for at in range(0, len(content), 1000))
    octets = b"\x24\x80" + pieces + b"\0\0"
    inner = b"\x30\x80" + DATA_OID + b"\xa0\x80" + octets + b"\0\0" + b"\0\0"
    fields = b"\x30\x80" + der(0x02, b"\x01") + der(0x31, b"") + inner + b"\0\0"
    return b"\x30\x80" + SIGNED_OID + b"\xa0\x80" + fields + b"\0\0" + b"\0\0"


def handed_in(folder: Path, content: bytes, filename: str, **limits: int) -> dict[str, Any]:
    path, out = folder / "handed-in", folder / "out"
    path.write_bytes(content)
    out.mkdir(exist_ok=True)
    return open_file(path, out, filename=filename, **limits)


def told(answer: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(part["filename"], part["verdict"], part["reason"]) for part in answer["parts"]]
