"""What the watch takes in, what it leaves alone, and what it says of what it refuses."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from django.test import override_settings

from liasse.core.scope import instance_scope
from liasse.intake import uploads
from liasse.intake.models import Receipt
from liasse.intake.types import Door
from liasse.watchfolder.main import look
from liasse.watchfolder.places import Place
from tests.cli.instance import environment, liasse
from tests.web.office import Office, build

pytestmark = pytest.mark.django_db
QUIET = override_settings(LIASSE_WATCH_QUIET=0)


@pytest.fixture
def place(tmp_path: Path, db: None) -> Place:
    del db
    uploads.forget_sums()
    office: Office = build()
    made = Place(folder=tmp_path, client_file_id=office.file.id)
    made.ready()
    return made


def put(place: Place, name: str, content: bytes, *, age: float = 60) -> Path:
    path = place.folder / name
    path.write_bytes(content)
    then = time.time() - age
    os.utime(path, (then, then))
    return path


def looked(place: Place) -> int:
    with QUIET:
        return sum(look(place) for _time in range(2))


def receipts() -> list[Receipt]:
    with instance_scope():
        return list(Receipt.objects.order_by("id"))


def names(place: Place, folder: str) -> list[str]:
    return sorted(path.name for path in (place.folder / folder).iterdir())


def test_a_complete_file_comes_in_and_is_put_away(place: Place) -> None:
    put(place, "scan.pdf", b"%PDF-1.4 one")
    assert looked(place) == 1
    [receipt] = receipts()
    assert (receipt.door, receipt.filename, receipt.client_file_id) == (Door.FOLDER, "scan.pdf", place.client_file_id)
    assert (names(place, "done"), names(place, ".liasse")) == (["scan.pdf"], [])


def test_the_same_name_and_bytes_again_are_another_scan(place: Place) -> None:
    for _time in range(2):
        put(place, "scan.pdf", b"%PDF-1.4 one")
        looked(place)
    assert len(receipts()) == 2
    assert names(place, "done") == ["scan (2).pdf", "scan.pdf"]


def test_what_still_changes_or_is_none_of_ours_is_left(place: Place) -> None:
    for name in ("a.pdf.part", ".hidden.pdf", "b.tmp", "C.CRDOWNLOAD"):
        put(place, name, b"x")
    (place.folder / "folder.pdf").mkdir()
    (place.folder / "link.pdf").symlink_to("/etc/hostname")
    growing = put(place, "slow.pdf", b"x")
    assert place.complete(now=0, quiet=5) == []
    with growing.open("ab") as more:
        more.write(b"y")
    assert place.complete(now=6, quiet=5) == []
    assert place.complete(now=10, quiet=5) == []
    assert [path.name for path in place.complete(now=11, quiet=5)] == ["slow.pdf"]


def test_what_is_written_to_after_it_was_taken_waits(place: Place) -> None:
    put(place, "scan.pdf", b"%PDF", age=0)
    with override_settings(LIASSE_WATCH_QUIET=30):
        taken = place.take(place.folder / "scan.pdf")
        assert taken is not None
        assert look(place) == 0
    assert receipts() == []
    os.utime(taken.path, (time.time() - 60, time.time() - 60))
    assert looked(place) == 1
    assert len(receipts()) == 1


def test_what_is_refused_lies_with_its_sentence(place: Place) -> None:
    for _time in range(2):
        put(place, "empty.pdf", b"")
        assert looked(place) == 1
    assert names(place, "refused") == ["empty (2).pdf", "empty (2).pdf.txt", "empty.pdf", "empty.pdf.txt"]
    assert "vide" in (place.folder / "refused" / "empty.pdf.txt").read_text(encoding="utf-8")
    assert receipts() == []


def test_a_full_disk_keeps_the_file_until_there_is_room(place: Place) -> None:
    put(place, "scan.pdf", b"%PDF")
    with override_settings(LIASSE_MIN_FREE=10**18), pytest.raises(Exception, match=r"room|place"):
        looked(place)
    assert receipts() == []
    assert looked(place) == 1
    assert names(place, "done") == ["scan.pdf"]


@pytest.mark.parametrize("words", ["/srv/scans", "/srv/scans:dupont", ":01900000-0000-7000-8000-000000000000"])
def test_a_folder_without_its_file_stops_the_start_with_a_sentence(words: str, tmp_path: Path) -> None:
    told = liasse("settings", env=environment(tmp_path, LIASSE_WATCH=words))
    assert told.returncode != 0
    assert "LIASSE_WATCH" in told.stderr
