"""Headers and text of a mail as a person reads them, whatever charset and markup they came in."""

from pathlib import Path

import pytest

from liasse.adapters.opening.words import read_address, read_date
from tests.adapters.opening.mails import mail, mixed, opened, part

pytestmark = pytest.mark.house


@pytest.mark.parametrize(
    ("value", "name", "address"),
    [
        ("a@b.fr", "", "a@b.fr"),
        ("<a@b.fr>", "", "a@b.fr"),
        ('"Dupont, Jean" <J.D@Exa.FR>', "Dupont, Jean", "J.D@exa.fr"),
        ("Dupont, Jean <j@d.fr>", "Dupont, Jean", "j@d.fr"),
        ('"Dupont <j@d.fr>', "Dupont", "j@d.fr"),
        ("a@b.fr, c@d.fr", "", "a@b.fr"),
        ("=?utf-8?q?L=C3=A9a?= <l@x.fr>", "Léa", "l@x.fr"),
        ("=?utf-8?q?Dupont=2C_L=C3=A9a?= <l@x.fr>", "Dupont, Léa", "l@x.fr"),
        ("j@d.fr (Jean)", "Jean", "j@d.fr"),
        ("Big Bug bb@bug.com", "Big Bug", "bb@bug.com"),
        ('"known@client.fr" <thief@x.fr>', "known@client.fr", "thief@x.fr"),
        ('"a \\" <known@client.fr>" <thief@x.fr>', 'a " <known@client.fr>', "thief@x.fr"),
        ("undisclosed-recipients:;", "undisclosed-recipients:;", ""),
        ("", "", ""),
        ("(" * 50_000, "", ""),
    ],
)
def test_reads_who_wrote(value: str, name: str, address: str) -> None:
    assert read_address(value) == (name, address)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Sat, 17 Jan 2026 08:47:00 +0100", "2026-01-17T07:47:00+00:00"),
        ("17 Jan 2026 08:47 -0000", "2026-01-17T08:47:00+00:00"),
        ("Sat, 17 Jan 99999 08:47:00 +0100", None),
        ("31 Dec 9999 23:59:59 -2300", None),
        ("hier", None),
        ("", None),
    ],
)
def test_reads_the_date_in_utc(value: str, expected: str | None) -> None:
    assert read_date(value) == expected


def test_reads_the_headers(tmp_path: Path) -> None:
    raw = mail(
        b"x",
        b"To: =?utf-8?q?D=C3=A9p=C3=B4t?= <d@c.fr>",
        b"Date: Sat, 17 Jan 2026 08:47:00 +0100",
        b"Message-ID: <1@b>",
        b"Auto-Submitted: auto-replied; owner=x",
    ).replace(b"Subject: x", b"Subject: =?utf-8?q?R=C3=A9p?=\r\n =?utf-8?q?onse?= : absent")
    assert opened(tmp_path, raw)["headers"] == {
        "from_name": "Paul",
        "from_address": "paul@b.example",
        "to": "Dépôt <d@c.fr>",
        "subject": "Réponse : absent",
        "date": "2026-01-17T07:47:00+00:00",
        "message_id": "<1@b>",
        "auto_submitted": "auto-replied",
    }


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        ("Été € œuvre".encode(), b"utf-8"),
        ("Été € œuvre".encode("cp1252"), b"iso-8859-1"),
        ("Été € œuvre".encode("cp1252"), b"us-ascii"),
        ("Été € œuvre".encode(), b"klingon"),
        ("Été € œuvre".encode("iso8859-15"), b"ISO-8859-15"),
        ("Été € œuvre".encode("utf-16"), b"utf-16"),
        ("Été € œuvre".encode(), b"punycode"),
    ],
)
def test_reads_the_text_in_any_charset(tmp_path: Path, body: bytes, charset: bytes) -> None:
    raw = mixed(part(body, b"Content-Type: text/plain; charset=" + charset))
    assert opened(tmp_path, raw)["text"] == "Été € œuvre"


def test_reads_raw_letters_in_headers(tmp_path: Path) -> None:
    for raw in (b"Subject: Facture \xc3\xa9t\xc3\xa9", b"Subject: Facture \xe9t\xe9"):
        assert opened(tmp_path, mail(b"x").replace(b"Subject: x", raw))["headers"]["subject"] == "Facture été"


def test_makes_text_of_html_and_fetches_nothing(tmp_path: Path) -> None:
    html = (
        b"<html><head><title>T</title><style>p{}</style></head><body><p>Total&nbsp;: <b>30&euro;</b></p>"
        b"<table><tr><td>HT</td><td>25</td></tr></table><script>alert(1)</script><img src='http://127.0.0.1:1/x'></body>"
    )
    text = opened(tmp_path, mail(html, b"Content-Type: text/html"))["text"]
    assert text == "Total : 30€\n\nHT  25"


def test_prefers_the_plain_text_of_two_alternatives_unless_it_is_blank(tmp_path: Path) -> None:
    html = part(b"<p>riche</p>", b"Content-Type: text/html")
    plain = part(b"simple", b"Content-Type: text/plain")
    blank = part(b" \r\n", b"Content-Type: text/plain")
    assert opened(tmp_path, mixed(plain, html, kind=b"alternative"))["text"] == "simple"
    assert opened(tmp_path, mixed(blank, html, kind=b"alternative"))["text"] == "riche"
    assert opened(tmp_path, mixed(plain, html))["text"] == "simple\n\nriche"


def test_keeps_no_control_and_no_half_of_a_character(tmp_path: Path) -> None:
    utf_16 = b"Content-Type: text/plain; charset=utf-16-le"
    assert opened(tmp_path, mail(b"a\x00\x07b"))["text"] == "ab"
    assert opened(tmp_path, mail("ab".encode("utf-16-le") + b"\x00\xd8", utf_16))["text"].encode()


def test_shows_no_text_where_the_bytes_are_noise(tmp_path: Path) -> None:
    assert opened(tmp_path, mail(bytes(range(256)) * 20))["text"] == ""


@pytest.mark.parametrize(
    "raw", [b"", b"\r\n", b"\x00" * 1000, b"Subject: x", b"no header at all\r\n\r\nx", b":\r\n\r\n"]
)
def test_what_is_hardly_a_mail_is_opened_all_the_same(tmp_path: Path, raw: bytes) -> None:
    answer = opened(tmp_path, raw)
    assert answer["problem"] is None
    assert answer["parts"] == []
