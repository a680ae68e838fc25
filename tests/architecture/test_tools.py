import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

pytestmark = pytest.mark.house
BIN = Path(sys.executable).parent


def run(*command: str) -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "liasse.config.settings", "NO_COLOR": "1"}
    done = subprocess.run(
        [str(BIN / command[0]), *command[1:]], cwd=ROOT, env=environment, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_ruff_finds_nothing() -> None:
    run("ruff", "check", "--output-format=concise", ".")


def test_every_file_is_formatted() -> None:
    run("ruff", "format", "--check", ".")


@pytest.mark.timeout(600)
def test_mypy_finds_nothing() -> None:
    run("mypy")


def test_imports_go_one_way() -> None:
    run("lint-imports", "--no-cache")


def test_every_message_is_translated() -> None:
    run("python", "bin/words.py", "check")


def test_no_migration_is_missing() -> None:
    run("django-admin", "makemigrations", "--check", "--dry-run", "--pythonpath", str(ROOT))
