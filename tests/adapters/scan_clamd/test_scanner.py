"""clamd is asked over a socket or TCP; only its plain OK lets anything through."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

import pytest

from liasse.adapters.scan_clamd import ClamdScanner
from liasse.core.errors import TransientError
from liasse.intake.types import Scanned
from tests.clamd import EICAR, LIMIT, clamd

FOUND = Scanned(infection="Win.Test.EICAR_HDB-1")


def stored(folder: Path, content: bytes) -> Path:
    path = folder / "bytes"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("is_socket", [False, True])
@pytest.mark.parametrize(
    ("content", "found"),
    [(b"", Scanned()), (b"a" * 700_000, Scanned()), (b"x" * 300_000 + EICAR, FOUND)],
)
def test_bytes_are_looked_at_over_both_ways(
    tmp_path: Path,
    is_socket: bool,  # noqa: FBT001 - a parameter of the test
    content: bytes,
    found: Scanned,
) -> None:
    with clamd(tmp_path / "clamd" if is_socket else None) as at:
        assert ClamdScanner(at, seconds=5).scan(stored(tmp_path, content)) == found


def test_what_is_too_large_is_said_so_and_never_let_through(tmp_path: Path) -> None:
    with clamd() as at:
        assert ClamdScanner(at, seconds=5).scan(stored(tmp_path, b"a" * (LIMIT * 20))) == Scanned(is_too_large=True)


@pytest.mark.parametrize("answer", [b"stream: OK", b"UNKNOWN COMMAND\0", b"stream: fmap error ERROR\0", b"OKAY\0"])
def test_any_other_answer_is_none(tmp_path: Path, answer: bytes) -> None:
    with clamd(answer=answer) as at, pytest.raises(TransientError):
        ClamdScanner(at, seconds=5).scan(stored(tmp_path, b"a"))


def test_a_scanner_that_is_away_is_another_try(tmp_path: Path) -> None:
    with pytest.raises(TransientError):
        ClamdScanner(tmp_path / "nobody", seconds=1).scan(stored(tmp_path, b"a"))
    assert not ClamdScanner().is_on


@pytest.mark.skipif(shutil.which("clamd") is None, reason="clamd is not installed")
def test_a_real_clamd_finds_the_test_string(tmp_path: Path) -> None:
    base, settings, where = tmp_path / "signatures", tmp_path / "clamd.conf", tmp_path / "socket"
    base.mkdir()
    # A signature of our own: MD5, size and name of the test file.
    (base / "test.hdb").write_text("44d88612fea8a8f36de82e1278abb02f:68:Test.Eicar\n")
    settings.write_text(f"LocalSocket {where}\nForeground yes\nDatabaseDirectory {base}\nLogFile {tmp_path}/log\n")
    with subprocess.Popen(["clamd", "-c", str(settings)]) as process:
        try:
            deadline = time.monotonic() + 60
            while not where.exists() and time.monotonic() < deadline:
                time.sleep(0.2)
            scanner = ClamdScanner(where, seconds=30)
            assert scanner.scan(stored(tmp_path, EICAR)).infection.startswith("Test.Eicar")
            assert scanner.scan(stored(tmp_path, b"%PDF-1.4")) == Scanned()
        finally:
            process.terminate()
