"""A mail built to hurt is answered soon and in the memory of a job; the limits hold to the one."""

import os
import time
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

from liasse.adapters.opening.embedded import hashes_inside
from liasse.core import sandbox
from tests.adapters.opening.mails import PDF, attached, mail, mixed, opened

CALL = "liasse.adapters.opening.entry:open_mail"
MANY = b'Content-Type: multipart/mixed; boundary="b"'

pytestmark = pytest.mark.house


def with_parts(count: int) -> bytes:
    return mixed(*[b"--b\r\n\r\nx"] * count)


def nested(depth: int) -> bytes:
    return b"Content-Type: message/rfc822\r\n\r\n" * depth + mail(b"x")


def with_header_line(size: int) -> bytes:
    return mail(b"x", b"X-Long: " + b"x" * (size - 10))


def with_header_block(size: int) -> bytes:
    fixed = len(mail(b"")) - 2
    lines, rest = divmod(size - fixed, 1000)
    return mail(b"x", *[b"X: " + b"x" * 995] * (lines - 1), b"X: " + b"x" * (995 + rest))


@pytest.mark.parametrize(
    ("build", "limit"),
    [(with_parts, 500), (nested, 20), (with_header_line, 100 * 1024), (with_header_block, 256 * 1024)],
)
def test_takes_as_much_as_the_limit_and_no_more(tmp_path: Path, build: Callable[[int], bytes], limit: int) -> None:
    assert opened(tmp_path, build(limit))["problem"] is None
    answer = opened(tmp_path, build(limit + 1))
    assert (answer["problem"], answer["parts"], answer["text"]) == ("too-complex", [], "")


def test_still_says_who_wrote_a_mail_that_is_too_complex(tmp_path: Path) -> None:
    assert opened(tmp_path, with_parts(501))["headers"]["from_address"] == "paul@b.example"


def big(content: bytes) -> bytes:
    return mixed(attached(content, b"a.pdf"))


HOSTILE: dict[str, tuple[Callable[[], bytes], str | None]] = {
    "100,000 parts": (lambda: with_parts(100_000), "too-complex"),
    "1,000 nested": (lambda: nested(1000), "too-complex"),
    "40 MB attached": (lambda: big(PDF + os.urandom(29 << 20)), None),
    "40 MB in one line": (lambda: mail(b"x" * 40_000_000), None),
    "40 MB of text": (lambda: mail(b"Bonjour tout le monde.\r\n" * 1_600_000), None),
    "40 MB of open tags": (lambda: mail(b"<div>" * 8_000_000, b"Content-Type: text/html"), None),
    "open tags of two kinds": (lambda: mail(b"<b><p>" * 400_000, b"Content-Type: text/html"), None),
    "4 million brackets": (lambda: mail(b"<" * 4_000_000, b"Content-Type: text/html"), None),
    "almost boundaries": (lambda: mail(b"--bb\r\n" * 5_000_000, MANY), None),
    "20,000 encoded words": (lambda: mail(b"x", b"Subject: " + b"=?utf-8?q?a?= " * 7000), None),
    "50,000 nested comments": (lambda: mail(b"x", b"From: " + b"(" * 50_000), None),
    "semicolons": (
        lambda: mixed(*[b'--b\r\nContent-Disposition: attachment; "' + b'";' * 2000 + b"\r\n\r\nx"] * 490),
        None,
    ),
    "begun and never ended": (lambda: mail(b"begin 644 a\n" * 2_000_000 + b"end\n"), None),
    "padding": (lambda: mail(b"A=" * 10_000_000, b"Content-Transfer-Encoding: base64"), None),
    "punycode": (lambda: mail(b"a-" * 2_000_000, b"Content-Type: text/plain; charset=punycode"), None),
    "noise": (lambda: os.urandom(5_000_000), None),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_answers_a_hostile_mail_within_seconds(tmp_path: Path, name: str) -> None:
    build, problem = HOSTILE[name]
    (tmp_path / "raw").write_bytes(build())
    (tmp_path / "out").mkdir()
    began = time.monotonic()
    answer = sandbox.run(CALL, tmp_path / "raw", tmp_path / "out")
    assert answer["problem"] == problem
    assert time.monotonic() - began < 8
    assert len(answer["text"]) <= 200_000


def test_names_that_are_paths_write_only_numbered_files(tmp_path: Path) -> None:
    answer = opened(tmp_path, mixed(attached(PDF, b"../../x.pdf"), attached(PDF + b"2", b"/etc/passwd")))
    assert [found["file"] for found in answer["parts"]] == ["part-0000", "part-0001"]
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == ["part-0000", "part-0001", "raw"]


def test_a_pdf_that_is_a_bomb_is_not_inflated_to_compare_it(tmp_path: Path) -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    stream = pikepdf.Stream(pdf, b"")
    stream.write(zlib.compress(bytes(400 << 20), 9), filter=pikepdf.Name.FlateDecode)
    names = pikepdf.Dictionary(
        Type=pikepdf.Name.Filespec, F="a.xml", EF=pikepdf.Dictionary(F=pdf.make_indirect(stream))
    )
    pdf.Root.Names = pikepdf.Dictionary(EmbeddedFiles=pikepdf.Dictionary(Names=["a.xml", pdf.make_indirect(names)]))
    pdf.save(tmp_path / "a.pdf")
    tracemalloc.start()
    assert hashes_inside(tmp_path / "a.pdf", up_to=1000) == set()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10 << 20
