"""A watch that is killed with -9 anywhere loses nothing and doubles nothing."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.instance import ROOT, environment

POINTS = [f"{name}-{when}" for name in ("taken", "stored", "received", "put-away") for when in ("before", "after")]


@dataclass(frozen=True)
class Scanner:
    """A folder, its client file, and the tool that watches it."""

    env: dict[str, str]
    file_id: str

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "tests.watchfolder.tool", *words]
        return subprocess.run(command, cwd=ROOT, env=self.env, check=False, capture_output=True, text=True, timeout=90)

    def receipts(self) -> list[tuple[str, str]]:
        return [(name, sha) for name, sha in json.loads(self.run("list").stdout)]


@pytest.fixture(scope="module")
def scanner(tmp_path_factory: pytest.TempPathFactory) -> Scanner:
    env = environment(tmp_path_factory.mktemp("data"))
    empty = Scanner(env=env, file_id="")
    made = empty.run("setup")
    assert made.returncode == 0, made.stderr
    return Scanner(env=env, file_id=made.stdout.split()[-1])


def fill(folder: Path, *, named: str) -> list[tuple[str, str]]:
    folder.mkdir()
    put = []
    for number in range(3):
        content = f"{named} {number}".encode()
        path = folder / f"{named}-{number}.pdf"
        path.write_bytes(content)
        old = time.time() - 60
        os.utime(path, (old, old))
        put.append((path.name, hashlib.sha256(content).hexdigest()))
    return put


def came(scanner: Scanner, *, named: str) -> list[tuple[str, str]]:
    return [one for one in scanner.receipts() if one[0].startswith(f"{named}-")]


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_point_each_file_still_comes_in_once(scanner: Scanner, tmp_path: Path, point: str) -> None:
    put = fill(tmp_path / "scans", named=point)
    words = (str(tmp_path / "scans"), scanner.file_id)
    killed = scanner.run(point, *words)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert scanner.run("none-", *words).returncode == 0
    assert came(scanner, named=point) == put
    assert sorted(path.name for path in (tmp_path / "scans" / "done").iterdir()) == [name for name, _sha in put]
    assert list((tmp_path / "scans" / ".liasse").iterdir()) == []


def test_killed_at_random_each_file_still_comes_in_once(scanner: Scanner, tmp_path: Path) -> None:
    put = fill(tmp_path / "scans", named="random")
    words = ["none-", str(tmp_path / "scans"), scanner.file_id]
    dice = random.Random(4)  # noqa: S311 - no secret
    for _kill in range(4):
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.watchfolder.tool", *words], cwd=ROOT, env=scanner.env, stderr=subprocess.PIPE
        )
        time.sleep(dice.uniform(0.5, 2.5))
        process.kill()
        process.communicate()
    assert scanner.run(*words).returncode == 0
    assert came(scanner, named="random") == put
