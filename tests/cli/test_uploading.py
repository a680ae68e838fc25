"""A large ZIP over a line that is cut; `bench/upload.py` does the same with 500 MB."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.instance import Instance, environment
from tests.cli.uploading import archive, hand_in, signed_in

pytestmark = pytest.mark.house
MIB = 1024 * 1024


def test_a_large_zip_goes_on_after_three_cuts_in_flat_memory(tmp_path: Path) -> None:
    path = tmp_path / "factures.zip"
    size = archive(path, files=40, size=60 * MIB)
    with Instance(environment(tmp_path / "data", LIASSE_MIN_FREE="1MB")) as instance:
        handed = hand_in(signed_in(instance), path, cuts=3)
    assert (handed.cuts, handed.sent) == (3, size)
    assert len(set(handed.offsets)) == 4
    grown = handed.memory_most - handed.memory_before
    print(f"{size / MIB:.0f} MiB in {handed.seconds:.1f} s, {grown / MIB:.1f} MiB of memory more")
    assert grown < 40 * MIB
    assert list((tmp_path / "data" / "uploads").iterdir()) == []
