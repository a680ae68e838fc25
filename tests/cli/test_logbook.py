import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from liasse.cli import logbook
from liasse.cli.logbook import Logbook

pytestmark = pytest.mark.house


class Screen:
    """A pipe as standard output, whose reader reads only when it is told to."""

    def __init__(self) -> None:
        self.reader, self.writer = os.pipe()
        os.set_blocking(self.reader, False)

    def read(self) -> bytes:
        return os.read(self.reader, 1024 * 1024)


@pytest.fixture
def screen() -> Iterator[Screen]:
    screen = Screen()
    yield screen
    os.close(screen.reader)
    os.close(screen.writer)


def test_each_line_has_its_part(tmp_path: Path, screen: Screen) -> None:
    Logbook(tmp_path / "log" / "liasse.log", screen=screen.writer).write("web", b"hello")
    assert screen.read() == b"web      hello\n"
    assert (tmp_path / "log" / "liasse.log").read_bytes() == b"web      hello\n"


def test_a_reader_that_stops_reading_holds_nobody_up(tmp_path: Path, screen: Screen) -> None:
    log = Logbook(tmp_path / "liasse.log", screen=screen.writer)
    for number in range(2_000):
        log.write("web", b"%d " % number + b"x" * 200)
    assert len((tmp_path / "liasse.log").read_bytes().splitlines()) == 2_000
    screen.read()
    log.write("web", b"last")
    assert b"lines left out here" in screen.read()


def test_the_log_does_not_grow_without_end(tmp_path: Path, screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logbook, "_LARGEST_FILE", 1_000)
    log = Logbook(tmp_path / "liasse.log", screen=screen.writer)
    for number in range(500):
        log.write("web", b"%d" % number)
    kept = sorted(path.name for path in tmp_path.iterdir())
    assert kept == ["liasse.log", "liasse.log.1", "liasse.log.2", "liasse.log.3", "liasse.log.4"]
    assert all(path.stat().st_size <= 1_000 for path in tmp_path.iterdir())
    assert b"499" in (tmp_path / "liasse.log").read_bytes()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_holds_nobody_up(tmp_path: Path, screen: Screen) -> None:
    (tmp_path / "liasse.log").symlink_to("/dev/full")
    Logbook(tmp_path / "liasse.log", screen=screen.writer).write("web", b"still said")
    assert screen.read() == b"web      still said\n"
