"""Whatever the files came in, they become parts: archives, envelopes, mails within mails."""

import io
import zipfile
from pathlib import Path

import pytest

from tests.adapters.opening.boxes import handed_in, signed, signed_in_pieces, tarred, tnef, tnef_within, told, zipped
from tests.adapters.opening.mails import PDF, UBL, attached, mail, mixed, opened, part

pytestmark = pytest.mark.house

FILES = (("janvier/a.pdf", PDF), ("b.xml", UBL))
FOUND = [("a.pdf", "document", ""), ("b.xml", "document", "")]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (zipped(*FILES), "factures.zip"),
        (zipped(*FILES), "no-ending"),
        (tarred(*FILES), "factures.tar.gz"),
        (tarred(*FILES), "factures.tgz"),
        (zipped(("inner.zip", zipped(*FILES))), "outer.zip"),
        (tnef(("a.pdf", PDF), ("b.xml", UBL)), "winmail.dat"),
        (tnef_within(tnef(("a.pdf", PDF), ("b.xml", UBL))), "winmail.dat"),
        (mixed(attached(PDF, b"a.pdf"), attached(UBL, b"b.xml")), "saved.eml"),
        (signed(mixed(attached(PDF, b"a.pdf"), attached(UBL, b"b.xml"))), "smime.p7m"),
        (signed_in_pieces(mixed(attached(PDF, b"a.pdf"), attached(UBL, b"b.xml"))), "smime.p7m"),
    ],
)
def test_opens_what_is_handed_in(tmp_path: Path, content: bytes, name: str) -> None:
    answer = handed_in(tmp_path, content, name)
    assert (told(answer), answer["problem"]) == (FOUND, None)
    assert [(tmp_path / "out" / found["file"]).read_bytes() for found in answer["parts"]] == [PDF, UBL]


@pytest.mark.parametrize("box", [zipped(("a.pdf", PDF)), tnef(("a.pdf", PDF)), tarred(("a.pdf", PDF))])
def test_opens_what_a_mail_carries(tmp_path: Path, box: bytes) -> None:
    assert told(opened(tmp_path, mixed(attached(box, b"box")))) == [("a.pdf", "document", "")]


def test_a_signed_invoice_keeps_its_own_name(tmp_path: Path) -> None:
    answer = handed_in(tmp_path, signed(UBL), "IT01234567890_FPR01.xml.p7m")
    assert told(answer) == [("IT01234567890_FPR01.xml", "document", "")]


def test_a_mail_that_is_signed_in_one_piece_is_an_ordinary_mail(tmp_path: Path) -> None:
    inner = mixed(part(b"Bonjour", b"Content-Type: text/plain"), attached(PDF, b"a.pdf"))
    kind = b"Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m"
    answer = opened(tmp_path, mail(signed(inner), kind, b"Content-Transfer-Encoding: binary"))
    assert (told(answer), answer["text"]) == ([("a.pdf", "document", "")], "Bonjour")


def test_tells_the_files_that_a_mac_leaves_in_archives(tmp_path: Path) -> None:
    found = handed_in(tmp_path, zipped(("__MACOSX/._a.pdf", b"x" * 99), (".DS_Store", b"x"), ("a.pdf", PDF)), "a.zip")
    assert [(verdict, reason) for _name, verdict, reason in told(found)] == [
        ("ignored", "system-file"),
        ("ignored", "system-file"),
        ("document", ""),
    ]


def test_names_without_a_mark_are_read_as_their_maker_meant_them(tmp_path: Path) -> None:
    data = bytearray(zipped(("Reçu.pdf", PDF)))
    # The mark that says "UTF-8" is taken off, as some programs leave it.
    for magic, at in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):
        data[data.index(magic) + at] &= ~0x08
    assert told(handed_in(tmp_path, bytes(data), "a.zip")) == [("Reçu.pdf", "document", "")]


def locked(content: bytes, which: int) -> bytes:
    """Mark the entry as encrypted."""
    data = bytearray(content)
    at = -1
    for _ in range(which + 1):
        at = data.index(b"PK\x01\x02", at + 1)
    data[at + 8] |= 1
    return bytes(data)


def test_a_locked_archive_says_so_and_lets_out_what_is_not_locked(tmp_path: Path) -> None:
    both = zipped(("a.pdf", PDF), ("b.xml", UBL))
    assert told(handed_in(tmp_path, locked(both, 0), "a.zip")) == [
        ("a.pdf", "refused", "archive-locked"),
        ("b.xml", "document", ""),
        ("a.zip", "refused", "archive-locked"),
    ]
    assert told(handed_in(tmp_path, locked(zipped(("a.pdf", PDF)), 0), "a.zip")) == [
        ("a.zip", "refused", "archive-locked")
    ]


def test_a_damaged_entry_is_told_and_the_others_come_out(tmp_path: Path) -> None:
    data = bytearray(zipped(("a.pdf", PDF), ("b.xml", UBL), method=zipfile.ZIP_STORED))
    data[data.index(PDF) + 9] ^= 0xFF
    assert told(handed_in(tmp_path, bytes(data), "a.zip")) == [
        ("a.pdf", "refused", "damaged"),
        ("b.xml", "document", ""),
    ]


def test_a_link_in_an_archive_is_named_and_not_followed(tmp_path: Path) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as writer:
        info = zipfile.ZipInfo("a.pdf")
        info.external_attr = 0o120777 << 16
        writer.writestr(info, "/etc/passwd")
        writer.writestr("b.pdf", PDF)
    assert told(handed_in(tmp_path, data.getvalue(), "a.zip"))[0] == ("a.pdf", "refused", "symlink")


def test_takes_as_many_files_and_bytes_as_the_limits_and_no_more(tmp_path: Path) -> None:
    many = [(f"{number}.pdf", PDF + str(number).encode()) for number in range(5)]
    size = sum(len(content) for _name, content in many)
    assert len(handed_in(tmp_path, zipped(*many), "a.zip", max_entries=5, max_unpacked=size)["parts"]) == 5
    for limits, reason in (
        ({"max_entries": 4}, "archive-too-many"),
        ({"max_unpacked": size - 1}, "archive-too-large"),
        ({"max_archive": 10}, "too-large"),
    ):
        answer = handed_in(tmp_path, zipped(*many), "a.zip", **limits)
        assert (told(answer), answer["problem"]) == ([("a.zip", "refused", reason)], reason)


def test_archives_of_one_mail_share_their_limits(tmp_path: Path) -> None:
    one, two = zipped(("a.pdf", PDF), ("b.pdf", PDF + b"2")), zipped(("c.pdf", PDF + b"3"), ("d.pdf", PDF + b"4"))
    found = told(opened(tmp_path, mixed(attached(one, b"1.zip"), attached(two, b"2.zip")), max_entries=3))
    assert found[-1] == ("2.zip", "refused", "archive-too-many")
    assert len(found) == 3


def test_a_whole_mail_file_in_an_archive_keeps_its_mails_apart(tmp_path: Path) -> None:
    body = b"Facture n\xc2\xb0 12\r\nTVA 20 % 5,00 EUR\r\nTotal TTC 30,00 EUR\r\n"
    mails = [(f"{number}.eml", mail(body + str(number).encode(), b"Content-Type: text/plain")) for number in range(3)]
    answer = handed_in(tmp_path, zipped(*mails), "a.zip")
    assert [(found["render"], found["verdict"]) for found in answer["parts"]] == [("mail", "document")] * 3
