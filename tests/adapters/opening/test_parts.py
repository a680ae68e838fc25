"""Every part of a mail is found once, with its bytes, its name and a verdict from its content."""

import base64
import binascii
import io
import zipfile
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from tests.adapters.opening.mails import PDF, UBL, attached, mail, mixed, only, opened, part

pytestmark = pytest.mark.house


def picture(width: int = 900, height: int = 600, kind: str = "PNG") -> bytes:
    data = io.BytesIO()
    Image.effect_noise((width, height), 50).save(data, kind)
    return data.getvalue()


def archive(name: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as writer:
        writer.writestr(name, "x")
    return data.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "kind", "verdict", "reason"),
    [
        (PDF, b"a.pdf", b"application/pdf", "document", ""),
        (PDF, b"a.bin", b"application/octet-stream", "document", ""),
        (PDF, b"a.txt", b"text/plain", "document", ""),
        (picture(), b"a.png", b"image/png", "document", ""),
        (picture(40, 40), b"small.png", b"image/png", "document", ""),
        (UBL, b"a.xml", b"application/xml", "document", ""),
        (UBL.replace(b"/>", b"><unclosed>"), b"a.xml", b"text/xml", "document", ""),
        (UBL.decode().encode("utf-16"), b"a.xml", b"text/xml", "document", ""),
        (b"<!-- <Invoice> --><note/>", b"a.xml", b"application/xml", "ignored", "not-an-invoice"),
        (b'<?xml version="1.0"?><Order/>', b"a.xml", b"application/xml", "ignored", "not-an-invoice"),
        (b"<html>facture</html>", b"facture.pdf", b"application/pdf", "refused", "not-a-pdf"),
        (b"hello", b"facture", b"application/pdf", "refused", "not-a-pdf"),
        (b"", b"facture.pdf", b"application/pdf", "refused", "empty"),
        (b" \r\n ", b"a.xml", b"application/xml", "refused", "empty"),
            (archive("a.txt"), b"facture.pdf", b"application/pdf", "refused", "not-a-pdf"),
        (archive("word/document.xml"), b"a", b"application/zip", "refused", "office"),
        (b"7z\xbc\xaf\x27\x1c....", b"a", b"application/octet-stream", "refused", "archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), b"a.xls", b"application/vnd.ms-excel", "refused", "office"),
        (b"\x78\x9f\x3e\x22" + b"\xff" * 99, b"winmail.dat", b"application/ms-tnef", "refused", "damaged"),
        (b"BEGIN:VCALENDAR\r\n", b"a.ics", b"text/calendar", "ignored", "calendar"),
        (b"BEGIN:VCARD\r\n", b"a.vcf", b"text/vcard", "ignored", "contact"),
        (b"-----BEGIN PGP MESSAGE-----", b"a.asc", b"text/plain", "refused", "encrypted-mail"),
        (b"0\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03", b"smime.p7m", b"application/pkcs7-mime", "refused",
         "encrypted-mail"),
        (b"0\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02", b"a.xml.p7m", b"application/pkcs7-mime", "refused",
         "damaged"),
        (b"Conditions", b"CGV_2026.txt", b"text/plain", "ignored", "terms"),
        (b"Bonjour", b"note.txt", b"text/plain", "ignored", "text"),
        (b"MZ\x90\x00", b"a.exe", b"application/octet-stream", "refused", "not-supported"),
        (b"\x00\x01\x02", b"a.jpg", b"image/jpeg", "refused", "damaged"),
    ],
)  # fmt: skip
def test_judges_by_content(tmp_path: Path, content: bytes, name: bytes, kind: bytes, verdict: str, reason: str) -> None:
    found = only(tmp_path, mixed(attached(content, name, kind)))
    assert (found["verdict"], found["reason"], found["filename"]) == (verdict, reason, name.decode())
    assert found["size"] == len(content)
    assert (tmp_path / "out" / found["file"]).read_bytes() == content


def test_writes_the_bytes_of_a_document_as_they_were_sent(tmp_path: Path) -> None:
    found = only(tmp_path, mixed(attached(PDF, b"a.pdf")))
    assert (tmp_path / "out" / found["file"]).read_bytes() == PDF


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (b'filename="../../etc/cron.d/facture.pdf"', "facture.pdf"),
        (b'filename="C:\\\\Temp\\\\facture.pdf"', "facture.pdf"),
        (b"filename*=UTF-8''facture%00.exe%0d%0aX.pdf", "facture.exe X.pdf"),
        (b"filename*=UTF-8''%E2%80%AEfdp.exe", "fdp.exe"),
        (b"filename*0*=utf-8''Facture%20; filename*1*=%C3%A9t%C3%A9.pdf", "Facture été.pdf"),
        (b'filename="=?utf-8?q?Facture_d=C3=A9cembre?= =?utf-8?q?=2Epdf?="', "Facture décembre.pdf"),
        (b"filename*=klingon''caf%E9.pdf", "café.pdf"),
        ('filename="Facture été.pdf"'.encode(), "Facture été.pdf"),
        ('filename="Facture été.pdf"'.encode("latin-1"), "Facture été.pdf"),
        (b'filename="' + b"a" * 1000 + b'.pdf"', "a" * 196 + ".pdf"),
        (b'filename=""', ""),
        (b'filename="..."', ""),
    ],
)
def test_shows_a_name_without_paths_or_tricks(tmp_path: Path, header: bytes, expected: str) -> None:
    raw = mixed(part(PDF, b"Content-Type: application/pdf", b"Content-Disposition: attachment; " + header))
    assert only(tmp_path, raw)["filename"] == expected


@pytest.mark.parametrize(
    ("sent", "encoding"),
    [
        (base64.b64encode(PDF), b"BASE64"),
        (b" ".join(base64.b64encode(PDF)[i : i + 7] for i in range(0, 60, 7)), b"base64"),
        (base64.b64encode(PDF).rstrip(b"="), b"base64"),
        (base64.b64encode(PDF) + b"\r\n_______\r\nlist@example", b"base64"),
        (base64.encodebytes(PDF[:10]) + base64.encodebytes(PDF[10:]), b"base64"),
        (PDF.replace(b"%", b"=25").replace(b"\n", b"=0A"), b"quoted-printable"),
        (PDF, b"8bit"),
        (PDF, b"nonsense"),
    ],
)
def test_takes_off_what_was_wrapped_around_for_the_transport(tmp_path: Path, sent: bytes, encoding: bytes) -> None:
    body = b"\r\n".join(
        [b"--b", b"Content-Type: application/pdf", b"Content-Transfer-Encoding: " + encoding, b"", sent]
    )
    found = only(tmp_path, mixed(body))
    assert (tmp_path / "out" / found["file"]).read_bytes() == PDF


def test_finds_files_written_into_the_text(tmp_path: Path) -> None:
    coded = b"".join(binascii.b2a_uu(PDF[i : i + 45]) for i in range(0, len(PDF), 45))
    answer = opened(tmp_path, mail(b"Ci-dessous\n\nbegin 644 facture.pdf\n" + coded + b"`\nend\nMerci\n"))
    (found,) = answer["parts"]
    assert (found["filename"], found["path"], found["verdict"]) == ("facture.pdf", "uuencode", "document")
    assert answer["text"] == "Ci-dessous\n\n\nMerci"


def test_sets_aside_the_small_pictures_that_the_text_shows(tmp_path: Path) -> None:
    html = part(b'<p>Bonjour<img src="cid:logo@x"><img src="cid:photo"></p>', b"Content-Type: text/html")
    logo = part(
        picture(90, 30), b"Content-Type: image/png", b"Content-ID: <Logo@x>", b"Content-Disposition: attachment"
    )
    wide = part(picture(900, 150), b"Content-Type: image/png", b"Content-ID: <band>")
    photo = part(picture(), b"Content-Type: image/png", b"Content-ID: <photo>")
    answer = opened(tmp_path, mixed(html, logo, wide, photo, kind=b"related"))
    assert [(found["verdict"], found["reason"]) for found in answer["parts"]] == [
        ("ignored", "logo"),
        ("ignored", "logo"),
        ("document", ""),
    ]


def test_an_inline_pdf_is_a_document(tmp_path: Path) -> None:
    found = only(tmp_path, mixed(part(PDF, b"Content-Type: application/pdf", b"Content-Disposition: inline")))
    assert (found["verdict"], found["inline"]) == ("document", True)


def test_keeps_one_of_equal_files(tmp_path: Path) -> None:
    answer = opened(tmp_path, mixed(attached(PDF, b"a.pdf"), attached(PDF, b"a (1).pdf")))
    assert [found["reason"] for found in answer["parts"]] == ["", "same-file"]


@pytest.mark.parametrize("is_inside", [True, False])
def test_an_xml_beside_the_pdf_that_holds_it_is_no_second_invoice(tmp_path: Path, *, is_inside: bool) -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.attachments["factur-x.xml"] = UBL if is_inside else UBL + b" "
    pdf.save(tmp_path / "a.pdf")
    answer = opened(
        tmp_path, mixed(attached((tmp_path / "a.pdf").read_bytes(), b"a.pdf"), attached(UBL, b"factur-x.xml"))
    )
    assert [found["reason"] for found in answer["parts"]] == ["", "inside-pdf" if is_inside else ""]


@pytest.mark.parametrize("encoding", [b"7bit", b"base64"])
def test_walks_into_enclosed_mails(tmp_path: Path, encoding: bytes) -> None:
    inner = mixed(part(b"Bonjour", b"Content-Type: text/plain"), attached(PDF, b"a.pdf")).replace(b"--b", b"--c")
    inner = inner.replace(b'boundary="b"', b'boundary="c"')
    outer = mixed(
        part(b"Pour vous", b"Content-Type: text/plain"),
        part(inner, b"Content-Type: message/rfc822", encoding=encoding),
    )
    answer = opened(tmp_path, outer)
    (found,) = answer["parts"]
    assert (found["path"], found["verdict"]) == ("message/rfc822", "document")
    assert answer["text"].startswith("Pour vous")
    assert answer["text"].endswith("Bonjour")


def test_opens_a_mail_attached_as_a_file(tmp_path: Path) -> None:
    found = only(tmp_path, mixed(attached(mail(PDF, b"Content-Type: application/pdf"), b"facture.eml")))
    assert (found["path"], found["verdict"]) == ("message/rfc822", "document")


def test_a_returned_mail_brings_no_document(tmp_path: Path) -> None:
    inner = mail(PDF, b"Content-Type: application/pdf")
    raw = mixed(
        part(b"Undelivered", b"Content-Type: text/plain"),
        part(b"Action: failed", b"Content-Type: message/delivery-status", encoding=b"7bit"),
        part(inner, b"Content-Type: message/rfc822", encoding=b"7bit"),
        kind=b"report",
    )
    answer = opened(tmp_path, raw)
    assert [found["reason"] for found in answer["parts"]] == ["report", "report"]
    assert answer["text"] == "Undelivered"


def test_what_is_signed_is_ordinary_and_what_is_encrypted_is_refused(tmp_path: Path) -> None:
    signature = part(b"0\x80", b"Content-Type: application/pkcs7-signature; name=smime.p7s")
    answer = opened(tmp_path, mixed(attached(PDF, b"a.pdf"), signature, kind=b"signed"))
    assert [(found["verdict"], found["reason"]) for found in answer["parts"]] == [
        ("document", ""),
        ("ignored", "signature"),
    ]
    secret = opened(tmp_path, mixed(part(b"x", b"Content-Type: application/pgp-encrypted"), kind=b"encrypted"))
    assert [found["reason"] for found in secret["parts"]] == ["encrypted-mail"]


def test_a_badly_wrapped_header_does_not_cost_the_part(tmp_path: Path) -> None:
    raw = mixed(part(PDF, b"Content-Type: application/pdf;", b'name="a.pdf"'))
    assert only(tmp_path, raw)["filename"] == "a.pdf"


def test_a_part_after_the_closing_line_and_one_cut_off_are_found(tmp_path: Path) -> None:
    raw = mixed(attached(PDF, b"a.pdf")) + attached(PDF + b"2", b"b.pdf") + b"\r\n" + attached(PDF + b"3", b"c.pdf")
    assert [found["filename"] for found in opened(tmp_path, raw)["parts"]] == ["a.pdf", "b.pdf", "c.pdf"]


@pytest.mark.parametrize("end", [b"\n", b"\r"])
def test_reads_other_line_ends(tmp_path: Path, end: bytes) -> None:
    raw = mixed(attached(PDF.replace(b"\n", b" "), b"a.pdf")).replace(b"\r\n", b"\n").replace(b"\n", end)
    assert only(tmp_path, raw)["verdict"] == "document"
