"""Bombs, loops and broken files read in the sandbox: each gets an answer, soon, and the next one too."""

import time
from pathlib import Path

import pytest

from liasse.cli.check import _lines as checked_lines
from liasse.cli.read import _lines
from liasse.core import sandbox

pytestmark = [pytest.mark.corpus, pytest.mark.house]


@pytest.mark.parametrize("name", ["hostile-made", "hostile-pdf"])
def test_hostile_files_get_a_line_each(corpus: Path, name: str) -> None:
    files = sorted((corpus / name / "files").iterdir())
    began = time.monotonic()
    lines = list(_lines(files))
    seconds = time.monotonic() - began
    print(f"{name}: {len(lines)} files in {seconds:.1f} s, {sum('error' in line for line in lines)} with a sentence")
    assert [line["file"] for line in lines] == [str(path) for path in files]
    assert len(files) >= 50
    assert seconds < 120
    assert sandbox.protections()


def test_hostile_files_are_checked_without_harm(corpus: Path) -> None:
    """XML above all: bombs, entities, depth; the same child opens them once more, with Saxon in it."""
    kinds = {".xml", ".pdf"}
    files = sorted(path for path in (corpus / "hostile-made" / "files").iterdir() if path.suffix.lower() in kinds)
    began = time.monotonic()
    lines = list(checked_lines(files))
    seconds = time.monotonic() - began
    print(f"{len(lines)} files in {seconds:.1f} s, {sum('error' in line for line in lines)} with a sentence")
    assert [line["file"] for line in lines] == [str(path) for path in files]
    assert len(files) >= 20
    assert seconds < 120
