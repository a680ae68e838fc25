"""Containers built to hurt: each gets a sentence within seconds, in the memory of a job."""

import gzip
import io
import os
import struct
import tarfile
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from liasse.core import sandbox
from liasse.core.sandbox import Limits
from liasse.intake.sentences import REASONS
from tests.adapters.opening.boxes import der, signed_in_pieces, tnef, tnef_within, zipped
from tests.adapters.opening.mails import PDF, attached, mail, mixed, part

CALL = "liasse.adapters.opening.entry:open_file"
ZEROS = bytes(64 << 20)

pytestmark = pytest.mark.house


def lying(said: int) -> bytes:
    """A ZIP whose directory says another size than its entry unpacks to."""
    data = bytearray(zipped(("a.pdf", PDF * 1000)))
    for magic, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", data, data.index(magic) + at, said)
    return bytes(data)


def overlapping(count: int) -> bytes:
    """Many names for the same packed bytes (as in "a better zip bomb")."""
    packed = zlib.compress(ZEROS, 9)[2:-4]
    local = struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 8, 0, 0, zlib.crc32(ZEROS), len(packed), len(ZEROS), 1, 0)
    local += b"a" + packed
    directory = b"".join(
        struct.pack(
            "<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, 0, 8, 0, 0, zlib.crc32(ZEROS), len(packed), len(ZEROS), 4,
            0, 0, 0, 0, 0, 0,
        ) + f"{number:04}".encode()
        for number in range(count)
    )  # fmt: skip
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, count, count, len(directory), len(local), 0)
    return local + directory + end


def huge_directory() -> bytes:
    """An end that says its directory has gigabytes."""
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 0xFFFE, 0xFFFE, 89 << 20, 0, 0)
    return b"PK\x03\x04" + bytes(90 << 20) + end


def entries(count: int) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as writer:
        for number in range(count):
            writer.writestr(f"{number}", b"")
    return data.getvalue()


def nested(depth: int) -> bytes:
    found = zipped(("a.pdf", PDF))
    for _ in range(depth):
        found = zipped(("a.zip", found))
    return found


def wide(count: int) -> bytes:
    """Archives side by side that each stay within the ratio and together do not."""
    one = zipped(("a.bin", bytes(9 << 20)))
    return zipped(*[(f"{number}.zip", one + bytes([number])) for number in range(count)], method=zipfile.ZIP_STORED)


def pax_bomb() -> bytes:
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.XHDTYPE, 1 << 33
    return info.tobuf() + b"30 path=a\n" * 1000


def tnef_loop(depth: int) -> bytes:
    found = tnef(("a.pdf", PDF))
    for _ in range(depth):
        found = tnef_within(found)
    return found


def tnef_counts() -> bytes:
    """Properties that say they have four thousand million values."""
    value = struct.pack("<IHHI", 0xFFFFFFFF, 0x1102, 0x3701, 0xFFFFFFFF) + bytes(1000)
    from tests.adapters.opening.boxes import attribute

    return b"\x78\x9f\x3e\x22\x01\x00" + attribute(0x00069002, bytes(14)) + attribute(0x00069005, value)


def signed_deep(depth: int) -> bytes:
    found = b"\x04\x01a"
    for _ in range(depth):
        found = b"\x24\x80" + found + b"\0\0"
    return b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02" + b"\xa0\x80" + b"\x30\x80" + der(2, b"\1") + found


def mails_within(depth: int) -> bytes:
    """Mails as files in archives in mails: neither limit alone sees how deep it is."""
    found = mixed(attached(PDF, b"a.pdf"))
    for number in range(depth):
        found = mixed(attached(found if number % 2 else zipped(("a.eml", found)), b"a.eml" if number % 2 else b"a.zip"))
    return found


def ole(kind: bytes) -> bytes:
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + b"\x3e\x00\x03\x00\xfe\xff\x09\x00\x06\x00" + bytes(10)
    return head + kind * 400


HOSTILE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "a bomb": ("a.zip", lambda: zipped(("a.pdf", ZEROS * 8)), "archive-bomb"),
    "a bomb of bzip2": ("a.zip", lambda: zipped(("a.pdf", ZEROS * 8), method=zipfile.ZIP_BZIP2), "archive-method"),
    "a bomb of gzip": ("a.gz", lambda: gzip.compress(ZEROS * 8), "archive-bomb"),
    "a bomb of lzma": ("a.zip", lambda: zipped(("a.pdf", ZEROS), method=zipfile.ZIP_LZMA), "archive-method"),
    "1,000 names for one bomb": ("a.zip", lambda: overlapping(400), "archive-odd"),
    "a size that is too small": ("a.zip", lambda: lying(5), "damaged"),
    "a size that is too large": ("a.zip", lambda: lying(1 << 31), ""),
    "a directory of gigabytes": ("a.zip", huge_directory, "archive-too-many"),
    "100,000 entries": ("a.zip", lambda: entries(100_000), "archive-too-many"),
    "501 entries": ("a.zip", lambda: entries(501), "archive-too-many"),
    "archives in archives": ("a.zip", lambda: nested(40), "archive-nested"),
    "small bombs side by side": ("a.zip", lambda: wide(60), "archive-too-large"),
    "a way out": ("a.zip", lambda: zipped(("../../etc/cron.d/a", PDF)), "archive-odd"),
    "an absolute way": ("a.zip", lambda: zipped(("/etc/passwd", PDF)), "archive-odd"),
    "another absolute way": ("a.zip", lambda: zipped(("C:\\a.pdf", PDF)), "archive-odd"),
    "noise called ZIP": ("a.zip", lambda: b"PK\x03\x04" + os.urandom(1 << 20), "archive-damaged"),
    "a tar header of gigabytes": ("a.tar", pax_bomb, "archive-damaged"),
    "winmail.dat in winmail.dat": ("winmail.dat", lambda: tnef_loop(60), "too-complex"),
    "counts without values": ("winmail.dat", tnef_counts, "empty"),
    "a winmail.dat of noise": ("winmail.dat", lambda: b"\x78\x9f\x3e\x22\x00\x00" + b"\x01" * 5_000_000, "damaged"),
    "a deep signature": ("smime.p7m", lambda: signed_deep(5000), "damaged"),
    "a signature of many pieces": ("smime.p7m", lambda: signed_in_pieces(bytes(8_000_000)), ""),
    "mails in archives in mails": ("a.eml", lambda: mails_within(30), "too-complex"),
    "an Outlook mail of loops": ("a.msg", lambda: ole(b"\x00\x00\x00\x00"), "damaged"),
    "an Outlook mail of ends": ("a.msg", lambda: ole(b"\xfe\xff\xff\xff"), "damaged"),
    "PDF and ZIP in one": ("a.pdf", lambda: PDF + zipped(("b.pdf", PDF)), ""),
    "ZIP before a PDF's mark": ("a.zip", lambda: zipped(("b.txt", PDF), method=zipfile.ZIP_STORED), ""),
    "a header of 40 MB": ("a.eml", lambda: mail(b"x", b"X: " + b"x" * 40_000_000), "too-complex"),
    "40 MB of junk as base64": (
        "a.eml",
        lambda: mixed(part(b"\xff\x00" * 20_000_000, b"Content-Type: application/pdf", encoding=b"8bit").replace(
            b"8bit", b"base64")),
        "empty",
    ),
    "a thousand letters": (
        "a.zip",
        lambda: zipped(*[(f"{n}.eml", mail(b"Recu 7\nTVA 5,00 EUR\nTotal 3,00 EUR %d" % n)) for n in range(490)]),
        "",
    ),
    "links without end": (
        "a.eml", lambda: mail(b"<a href=https://a.b/facture>" * 100_000, b"Content-Type: text/html"), "",
    ),
    "amounts without end": ("a.eml", lambda: mail(b"Facture 1 111 111 111,1 1.1.1.1.1.1 " * 100_000), ""),
}  # fmt: skip


@pytest.fixture
def reports(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What each job used, as the process around it counted."""
    found: list[dict[str, Any]] = []
    answer = sandbox._answer

    def remember(report: dict[str, Any], data: bytes, limits: Limits) -> dict[str, Any]:
        found.append(report)
        return answer(report, data, limits)

    monkeypatch.setattr(sandbox, "_answer", remember)
    return found


@pytest.mark.parametrize("name", HOSTILE)
def test_answers_a_hostile_container(tmp_path: Path, reports: list[dict[str, Any]], name: str) -> None:
    filename, build, reason = HOSTILE[name]
    answer = run(tmp_path, build(), filename)
    [used] = reports
    print(f"{name}: {used['cpu']:.1f} s of processor, {used['memory'] >> 20} MiB")
    reasons = {found["reason"] for found in answer["parts"]} | {answer["problem"] or ""}
    assert reason in reasons
    assert reasons - {""} <= set(REASONS)
    assert used["cpu"] < 20
    assert used["memory"] < 512 << 20
    assert sum(file.stat().st_size for file in (tmp_path / "out").iterdir()) < 600 << 20


def test_a_zip_that_holds_itself_ends(tmp_path: Path) -> None:
    # The quine of Russ Cox's idea needs its own bytes; one that holds its like again and again does the same to us.
    answer = run(tmp_path, nested(200), "r.zip")
    assert {found["reason"] for found in answer["parts"]} == {"archive-nested"}


def run(folder: Path, content: bytes, filename: str) -> dict[str, Any]:
    (folder / "in").write_bytes(content)
    (folder / "out").mkdir()
    return sandbox.run(CALL, folder / "in", folder / "out", filename=filename)


def test_a_zip_of_400_files_and_500_mb_is_opened_in_flat_memory(tmp_path: Path) -> None:
    piece = os.urandom(1 << 20)
    with zipfile.ZipFile(tmp_path / "in", "w", zipfile.ZIP_DEFLATED) as writer:
        for number in range(400):
            writer.writestr(f"{number}.pdf", PDF + str(number).encode() + piece + piece[: 200 * 1024])
    (tmp_path / "out").mkdir()
    size = (tmp_path / "in").stat().st_size
    assert size > 450 << 20
    # A quarter of the memory that a job may have: what is opened is never held.
    limits = Limits(memory=160 << 20, output_bytes=1280 << 20)
    words = {"max_archive": 512 << 20, "max_unpacked": 1 << 30}
    began = time.monotonic()
    answer = sandbox.run(CALL, tmp_path / "in", tmp_path / "out", filename="a.zip", limits=limits, **words)
    print(f"{size >> 20} MiB, 400 files: {time.monotonic() - began:.1f} s")
    assert len([found for found in answer["parts"] if found["verdict"] == "document"]) == 400
