"""Real and badly made mails: the documents in them are found, and no part that another parser sees is lost."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from liasse.core import sandbox

CALL = "liasse.adapters.opening.entry:open_mail"
FILE_CALL = "liasse.adapters.opening.entry:open_file"
LIBRARIES = ("cpython", "enmime", "flanker", "mailsplit", "mimekit", "nodemailer", "ruby")

# What was taken apart stands as its content, not as itself.
TAKEN_APART = {"application/x-gzip", "application/zip", "application/x-zip-compressed", "application/ms-tnef"}

# Where the other parser is not followed, and why.
KNOWN = {
    "low-quality__bad-header-wrap.raw.eml": "it stops at a badly wrapped header and takes the rest for content",
    "partial__rfc2046.0.eml": "a piece of a mail cut in several (message/partial) is one part, not a mail",
}

pytestmark = [pytest.mark.corpus, pytest.mark.house]


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "expected.jsonl").read_text("utf-8").splitlines()]


def opened(path: Path, folder: Path) -> dict[str, Any]:
    out = folder / path.name
    out.mkdir(exist_ok=True)
    return sandbox.run(CALL, path, out)


def test_finds_every_document_and_nothing_else(corpus: Path, tmp_path: Path) -> None:
    found = expected = 0
    for line in lines(corpus / "mail-invoices"):
        answer = opened(corpus / "mail-invoices" / line["file"], tmp_path)
        documents = [part["sha256"] for part in answer["parts"] if part["verdict"] == "document" and not part["render"]]
        assert [part["render"] for part in answer["parts"] if part["render"]] == ["mail"] * (line["expect"] == "body")
        assert sorted(documents) == sorted(wanted["sha256"] for wanted in line["documents"]), line["kind"]
        found, expected = found + len(documents), expected + len(line["documents"])
    print(f"mail-invoices: {found} of {expected} documents")
    assert expected >= 60


def test_lists_with_a_reason_what_is_no_document(corpus: Path, tmp_path: Path) -> None:
    listed = 0
    for line in lines(corpus / "mail-invoices"):
        answer = opened(corpus / "mail-invoices" / line["file"], tmp_path)
        others = [part for part in answer["parts"] if part["verdict"] != "document"]
        assert all(part["reason"] for part in others)
        listed += len(others)
        if line["expect"] == "hold":
            assert others or answer["problem"], line["kind"]
    assert listed >= 10


@pytest.mark.parametrize("name", LIBRARIES)
def test_loses_no_part_that_another_parser_sees(corpus: Path, tmp_path: Path, name: str) -> None:
    folder = corpus / f"mail-{name}"
    compared = 0
    for line in lines(folder):
        answer = opened(folder / line["file"], tmp_path)
        seen = {part["sha256"] for part in answer["parts"]}
        for wanted in line["attachments"]:
            # A multipart without parts holds no file; the other parser lists its text as one.
            if Path(line["file"]).name in KNOWN or wanted["content_type"].startswith("multipart/"):
                continue
            if wanted["content_type"] in TAKEN_APART and any(part["path"] for part in answer["parts"]):
                continue
            compared += 1
            assert wanted["sha256"] in seen, (line["file"], wanted["filename"])
        assert answer["problem"] is None, line["file"]
    print(f"mail-{name}: {compared} parts compared")
    assert compared or name == "mailsplit"


def test_finds_everything_in_a_winmail(corpus: Path, tmp_path: Path) -> None:
    compared = 0
    for line in lines(corpus / "tnef"):
        path = corpus / "tnef" / line["file"]
        out = tmp_path / path.name
        out.mkdir()
        answer = sandbox.run(FILE_CALL, path, out, filename="winmail.dat")
        seen = [(out / part["file"]).read_bytes() for part in answer["parts"] if part["file"]]
        for wanted in line["contents"]:
            compared += 1
            assert any(is_the_same(content, wanted) for content in seen), (line["file"], wanted["name"])
    print(f"tnef: {compared} contents compared")
    assert compared >= 25


def is_the_same(content: bytes, wanted: dict[str, Any]) -> bool:
    """Compare with what the other library extracted: other line ends, OLE objects with a class id."""
    forms = (content, content.replace(b"\r\n", b"\n"), content.rstrip(b"\0").replace(b"\r\n", b"\n"))
    if any(hashlib.sha256(form).hexdigest() == wanted["sha256"] for form in forms):
        return True
    return len(content) == wanted["size"] - 16 and content.startswith(b"\xd0\xcf\x11\xe0")


@pytest.mark.parametrize("name", LIBRARIES)
def test_reads_the_date_and_the_sender_that_another_parser_reads(corpus: Path, tmp_path: Path, name: str) -> None:
    folder = corpus / f"mail-{name}"
    for line in lines(folder):
        headers = opened(folder / line["file"], tmp_path)["headers"]
        assert bool(line["date"]) == bool(headers["date"]), line["file"]
        if not line["from"]:
            continue
        bare = line["from"].replace(" ", "").replace("(hisaccount)", "").replace("(hishost)", "").lower()
        assert headers["from_address"].lower() in bare, line["file"]
