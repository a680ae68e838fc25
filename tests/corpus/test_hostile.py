"""Bombs, loops and broken files given to the pages: an answer within limits each, and the next is served at once."""

import json
import time
from pathlib import Path

import pytest
from PIL import Image

from liasse.core import sandbox
from liasse.core.sandbox import SandboxError
from liasse.lib import media_types

PDF, PICTURE = "liasse.adapters.pdf_pages.pages:", "liasse.adapters.pictures.pages:"

pytestmark = [pytest.mark.corpus, pytest.mark.house]


def show(path: Path, folder: Path) -> str:
    """Describe and draw a file as the product does; return the code of what stopped it, or "shown"."""
    head = path.read_bytes()[: media_types.HEAD_SIZE]
    is_picture = media_types.sniff(head, path.name) in media_types.PICTURES | {media_types.BMP}
    call, out = PICTURE if is_picture else PDF, folder / path.name
    out.mkdir()
    try:
        answer = sandbox.run(call + "describe", path, out)
        if answer["locked"]:
            return "locked"
        drawn = sandbox.run(call + "render", path, out, first=1, last=3, width=1600)
    except SandboxError as error:
        # A passing fault would be ours, not the file's.
        return error.code if error.permanent else "fault"
    for file in drawn["files"]:
        with Image.open(out / file) as page:
            assert max(page.size) <= 5000
    return "shown"


@pytest.mark.parametrize("name", ["hostile-made", "hostile-pdf"])
def test_answers_each_within_seconds_and_leaves_only_pictures(corpus: Path, tmp_path: Path, name: str) -> None:
    ends: dict[str, int] = {}
    slowest = 0.0
    for path in sorted((corpus / name / "files").iterdir()):
        began = time.monotonic()
        end = show(path, tmp_path)
        slowest = max(slowest, time.monotonic() - began)
        ends[end] = ends.get(end, 0) + 1
    print(f"{name}: slowest {slowest:.1f} s, {ends}")
    assert sum(ends.values()) >= 50
    assert not {"fault", "timeout"} & set(ends)
    assert slowest < 30
    assert {path.suffix for path in tmp_path.rglob("*") if path.is_file()} <= {".webp"}


def test_opens_no_pdf_without_the_password_that_it_asks_for(corpus: Path, tmp_path: Path) -> None:
    lines = [json.loads(line) for line in (corpus / "hostile-pdf" / "expected.jsonl").read_text().splitlines()]
    asking = [line["file"] for line in lines if line["observed"] == "password"]
    # Where only the attachments are encrypted, the pages are there for all to see.
    locked = [file for file in asking if "attachment" not in file]
    assert len(locked) >= 5
    assert {show(corpus / "hostile-pdf" / file, tmp_path) for file in locked} == {"locked"}


def test_shows_what_is_odd_but_good(corpus: Path, tmp_path: Path) -> None:
    lines = [json.loads(line) for line in (corpus / "hostile-made" / "expected.jsonl").read_text().splitlines()]
    good = [line["file"] for line in lines if line["expect"] == "accept" and line["file"].endswith((".pdf", ".jpg"))]
    assert len(good) >= 3
    assert {show(corpus / "hostile-made" / file, tmp_path) for file in good} == {"shown"}


@pytest.mark.parametrize("name", ["deflate-bomb.pdf", "deflate-thrice.pdf", "form-loop.pdf", "image-bomb.pdf"])
def test_serves_the_next_file_after_a_bomb(corpus: Path, tmp_path: Path, name: str) -> None:
    show(corpus / "hostile-made" / "files" / name, tmp_path)
    began = time.monotonic()
    assert show(corpus / "hostile-made" / "files" / "trailing-junk.pdf", tmp_path) == "shown"
    assert time.monotonic() - began < 2
