"""Which bytes `liasse verify` reads in a run, so that a month of nights reads all; and that journeys must add up."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from liasse.cli import verify_share
from liasse.cli.verify import examine
from liasse.cli.verify_share import RUNS, Mark, Share, keep_mark, last_mark
from liasse.documents.models import Document
from liasse.documents.types import DocumentStatus
from liasse.intake.models import Receipt, ReceiptPart
from liasse.intake.types import ReceiptState, Verdict
from liasse.pipeline import child
from tests.web.office import Office, build

NAMES = sorted(hashlib.sha256(b"%d" % number).hexdigest() for number in range(600))


def run(mark: Mark | None, *, size: int = 1000, most: int | None = None) -> tuple[list[str], Mark, Share]:
    """Walk all names as the comparison does; gives those that were read."""
    share = Share(mark, most_bytes=most)
    read = []
    for name in NAMES:
        if share.takes(name):
            read.append(name)
        share.note(name, size=size)
    share.end(total=size * len(NAMES))
    return read, share.mark(), share


def test_little_is_read_whole_each_time() -> None:
    for mark in (Mark(), run(Mark())[1]):
        read, after, share = run(mark)
        assert (read, after.behind, share.is_everything) == (NAMES, "", True)
        assert share.read == 600_000


def test_much_is_read_within_thirty_runs_each_blob_once_a_round(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify_share, "LEAST", 5000)
    mark, seen, runs = Mark(total=600_000), [], 0
    while not mark.all_read:
        read, mark, share = run(mark)
        seen += read
        runs += 1
        assert 0 < share.read <= 600_000 / RUNS * 1.1 + 1000
    assert seen == NAMES
    assert runs <= RUNS


def test_a_round_that_ended_begins_anew() -> None:
    _read, mark, _share = run(Mark(), most=599_000)
    assert mark.behind == NAMES[598]
    read, mark, _share = run(mark, most=599_000)
    assert (read, mark.behind) == ([NAMES[599]], "")
    assert run(mark, most=3000)[0] == NAMES[:3]


def test_everything_is_read_when_asked_for() -> None:
    read, mark, _share = run(None)
    assert (read, mark.behind) == (NAMES, "")
    assert mark.all_read


def test_no_minutes_still_read_something() -> None:
    share = Share(Mark(), minutes=0)
    assert share.takes(NAMES[0])
    share.note(NAMES[0], size=1)
    assert not share.takes(NAMES[1])


@pytest.mark.parametrize("damage", [None, "", "{}", "[]", '{"behind": 1}', "\0"])
def test_a_lost_or_damaged_mark_is_the_beginning(tmp_path: Path, damage: str | None) -> None:
    keep_mark(Mark(behind="ab", total=9, round_began="x", all_read="y"), folder=tmp_path)
    assert last_mark(tmp_path).behind == "ab"
    if damage is None:
        (tmp_path / "verify.json").unlink()
    else:
        (tmp_path / "verify.json").write_text(damage, encoding="utf-8")
    assert last_mark(tmp_path) == Mark()


# ------------------------------------------------------------------------------------------------ journeys


@pytest.fixture
def office(db: None) -> Office:
    del db
    made = build()
    document = made.document()
    bytes_of = child.blobs().put(b"%PDF-1.4 a document")
    with made.scope():
        ReceiptPart.objects.update(sha256=bytes_of.sha256, size=bytes_of.size, has_bytes=True)
        Receipt.objects.update(sha256=bytes_of.sha256, size=bytes_of.size)
        ReceiptPart.objects.create(
            practice=made.practice, receipt=document.receipt, index=1, verdict=Verdict.IGNORED, reason="logo"
        )
        Receipt.objects.update(count_set_aside=1)
    return made


def _no_document() -> None:
    Document.objects.all().delete()


def _no_reason() -> None:
    ReceiptPart.objects.filter(verdict=Verdict.IGNORED).update(reason="")


def _too_early() -> None:
    Receipt.objects.update(state=ReceiptState.STORED)


def _settled_without() -> None:
    Receipt.objects.update(state=ReceiptState.UNUSABLE)


def _wrong_count() -> None:
    Receipt.objects.update(count_set_aside=2)


def _lost_part() -> None:
    ReceiptPart.objects.filter(verdict=Verdict.IGNORED).delete()


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (_no_document, "no document was made of it"),
        (_no_reason, "no reason is given"),
        (_too_early, "its receipt is “stored”"),
        (_settled_without, "is settled without it"),
        (_wrong_count, "says 1 documents and 2 parts set aside, and has 1 and 1"),
        (_lost_part, "says 1 documents and 1 parts set aside, and has 1 and 0"),
    ],
)
def test_a_journey_that_does_not_add_up_is_named(office: Office, damage: Callable[[], None], said: str) -> None:
    assert examine(child.blobs()).defects == []
    with office.scope():
        damage()
    assert any(said in defect for defect in examine(child.blobs()).defects)


def test_what_waits_without_a_job_is_counted_and_no_defect(office: Office) -> None:
    with office.scope():
        Document.objects.update(step="pages", status=DocumentStatus.PROCESSING)
    findings = examine(child.blobs())
    assert findings.unattended == {"documents": 1}
    assert findings.defects == []


def test_bytes_beyond_the_share_are_still_looked_for(office: Office) -> None:
    with office.scope():
        sha256 = Receipt.objects.get().sha256
    path = child.blobs().path(sha256)
    path.chmod(0o600)
    behind = Mark(behind="f" * 64, round_began="x")
    path.write_bytes(b"%PDF-1.4 a documenT")
    assert examine(child.blobs(), share=Share(behind)).defects == []
    assert any("were altered" in one for one in examine(child.blobs(), share=Share()).defects)
    path.write_bytes(b"short")
    assert any("bytes long" in one for one in examine(child.blobs(), share=Share(behind)).defects)
    path.unlink()
    assert any("are missing" in one for one in examine(child.blobs(), share=Share(behind)).defects)
