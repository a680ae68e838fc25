import pytest

from liasse.lib import media_types
from liasse.lib.media_types import sniff


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (b"%PDF-1.7\n", media_types.PDF),
        (b"junk\r\n" * 100 + b"%PDF-1.4", media_types.PDF),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", media_types.JPEG),
        (b"\x89PNG\r\n\x1a\n\x00", media_types.PNG),
        (b"II*\x00\x08\x00", media_types.TIFF),
        (b"MM\x00*\x00\x00", media_types.TIFF),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", media_types.WEBP),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", media_types.HEIC),
        (b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic", media_types.HEIC),
        (b"\x00\x00\x00\x14ftypmif1\x00\x00\x00\x00msf1", media_types.HEIF),
        (b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00mif1", media_types.AVIF),
        (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isom", media_types.BINARY),
        (b"PK\x03\x04\x14\x00", media_types.ZIP),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", media_types.OLE),
        (b"\x78\x9f\x3e\x22\x01", media_types.TNEF),
        (b"<?xml version='1.0'?><a/>", media_types.XML),
        (b"\xef\xbb\xbf \n<Invoice xmlns='urn:x'>", media_types.XML),
        ("\ufeff<?xml version='1.0'?>".encode("utf-16"), media_types.XML),
        ("<?xml version='1.0'?>".encode("utf-16-be"), media_types.XML),
        (b"<!DOCTYPE html><html>", media_types.HTML),
        (b"<html lang=fr>", media_types.HTML),
        (b"Bonjour, <voir> la facture", media_types.TEXT),
        (b"a;b\n=1+1;2", media_types.TEXT),
        (b"", media_types.TEXT),
        (b"\x00\x01\x02", media_types.BINARY),
    ],
)
def test_the_first_bytes_tell_the_type(head: bytes, media_type: str) -> None:
    assert sniff(head) == media_type


def test_the_name_never_makes_a_text_a_picture_or_a_pdf() -> None:
    assert sniff(b"hello", "invoice.pdf") == sniff(b"hello", "photo.jpg") == media_types.TEXT


def test_a_pdf_mark_far_behind_the_start_is_none() -> None:
    assert sniff(b"x" * 2000 + b"%PDF-1.4") == media_types.TEXT


@pytest.mark.parametrize("head", [b"", b" \r\n\t", b"\x00\x00"])
def test_blanks_alone_say_nothing(head: bytes) -> None:
    assert media_types.is_blank(head)
    assert not media_types.is_blank(head + b"a")
