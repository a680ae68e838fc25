"""An instance of its own for each fault test: data folder, database, addresses."""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Place:
    """An instance without processes: what they need to be started, and what they leave."""

    data: Path
    env: dict[str, str]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=ROOT,
            env=self.env,
            check=False,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def receipts(self) -> list[dict[str, Any]]:
        done = self.run("tests.faults.tool", "dump")
        assert done.returncode == 0, done.stderr
        rows: list[dict[str, Any]] = json.loads(done.stdout)
        return rows

    def verify(self) -> subprocess.CompletedProcess[str]:
        return self.run("liasse.cli", "verify")

    @property
    def is_postgresql(self) -> bool:
        return "DATABASE_URL" in self.env


def make_place(data: Path, *, database: str) -> Place:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LIASSE_", "DATABASE_URL"))}
    own = {"LIASSE_DATA": str(data), "LIASSE_MIN_FREE": "1", "LIASSE_RATE_FILE": "0", "LIASSE_RATE_PRACTICE": "0"}
    if database:
        own["DATABASE_URL"] = database
    place = Place(data=data, env={**kept, **own, "DJANGO_SETTINGS_MODULE": "liasse.config.settings"})
    done = place.run("tests.faults.tool", "seed")
    assert done.returncode == 0, done.stderr
    return place


@pytest.fixture
def database() -> Iterator[str]:
    """The URL of an empty database on the server that the tests run on; "" is SQLite in the data folder."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield ""
        return
    import psycopg

    name = f"faults_{uuid.uuid4().hex}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        yield urlsplit(url)._replace(path=f"/{name}").geturl()
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def place(tmp_path: Path, database: str) -> Place:
    return make_place(tmp_path / "data", database=database)
