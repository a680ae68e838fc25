"""`liasse verify` sees every kind of damage, names it, and ends with 1; undamaged, it says so and ends with 0."""

import contextlib
import os
import sqlite3
from pathlib import Path

import pytest

from tests.faults.conftest import Place
from tests.faults.load import attempt
from tests.faults.receivers import one_receiver
from tests.faults.tool import ADDRESSES

pytestmark = pytest.mark.faults


@pytest.fixture
def filled(place: Place, tmp_path: Path) -> Place:
    with one_receiver(place, log=tmp_path / "log") as port:
        for number in range(3):
            assert attempt(port, b"message %d" % number, recipients=list(ADDRESSES[:2]), note=lambda *_: None)
    return place


def blob(place: Place) -> Path:
    sha256: str = min(row["sha256"] for row in place.receipts())
    return place.data / "blobs" / sha256[:2] / sha256[2:4] / sha256


def test_what_is_whole_is_said_to_be(filled: Place) -> None:
    verified = filled.verify()
    assert verified.returncode == 0, verified.stderr
    assert "6 receipts" in verified.stdout
    assert "3 of 33 bytes" in verified.stdout
    assert verified.stdout.endswith("Everything is whole.\n")
    assert verified.stderr == ""


def test_a_missing_blob_is_named_once_a_row(filled: Place) -> None:
    path = blob(filled)
    path.unlink()
    verified = filled.verify()
    assert verified.returncode == 1
    assert verified.stderr.count(f"its bytes {path.name} are missing") == 2
    assert "2 defects were found." in verified.stderr


@pytest.mark.parametrize("damage", [b"Message 0\r\n", b"message 0\r\nand more", b""], ids=["bit", "longer", "empty"])
def test_altered_bytes_are_seen(filled: Place, damage: bytes) -> None:
    path = blob(filled)
    path.chmod(0o600)
    path.write_bytes(damage)
    verified = filled.verify()
    assert verified.returncode == 1
    assert f"its bytes {path.name} were altered" in verified.stderr


def test_blobs_without_a_row_are_noted_when_old_and_kept(filled: Place) -> None:
    names = [character * 64 for character in "0f"]
    for name in names:
        path = filled.data / "blobs" / name[:2] / name[2:4] / name
        path.parent.mkdir(parents=True)
        path.write_bytes(b"x")
        if name.startswith("0"):
            os.utime(path, (0, 0))
    verified = filled.verify()
    assert verified.returncode == 0
    assert "1 blobs older than an hour have no row" in verified.stdout
    assert names[0] in verified.stdout
    assert names[1] not in verified.stdout


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("UPDATE intake_receipt SET size = size + 1", "are 11 bytes long, and not 12"),
        ("UPDATE intake_receipt SET address_id = (SELECT min(address_id) FROM intake_receipt)", "was taken 2 times"),
    ],
)
def test_rows_that_do_not_fit_are_seen(filled: Place, statement: str, sentence: str) -> None:
    if filled.is_postgresql:
        pytest.skip("damage is done to SQLite only; what looks for it is the same")
    with contextlib.closing(sqlite3.connect(filled.data / "liasse.sqlite3")) as other:
        other.execute(statement)
        other.commit()
    verified = filled.verify()
    assert verified.returncode == 1
    assert sentence in verified.stderr


_FORGED = """
    INSERT INTO core_auditevent (id, practice_id, sequence, at, actor_kind, actor_name, verb, subject_kind, subject_id,
    before, after, previous_hash, hash)
    SELECT id, id, 900, '2026-11-24', 'system', 'x', 'x', 'x', id, '{}', '{}', '', 'x' FROM practices_practice LIMIT 1
"""


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("DROP TRIGGER audit_no_delete", "the audit trail can be changed: the database's trigger audit_no_delete"),
        (_FORGED, "899 of practice"),
        (_FORGED, "audit event 900 of practice"),
    ],
)
def test_a_trail_that_was_tampered_with_is_seen(filled: Place, statement: str, sentence: str) -> None:
    if filled.is_postgresql:
        pytest.skip("damage is done to SQLite only; what looks for it is the same")
    with contextlib.closing(sqlite3.connect(filled.data / "liasse.sqlite3")) as other:
        other.execute(statement)
        other.commit()
    verified = filled.verify()
    assert verified.returncode == 1
    assert sentence in verified.stderr
