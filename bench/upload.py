"""A 500 MB ZIP of 400 files handed in over a line that is cut three times: time, memory, and what came of it.

`python bench/upload.py [--size 500] [--files 400] [--cuts 3]`. Beside it stands copying the same bytes, synced.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.cli.instance import Instance, environment
from tests.cli.uploading import archive, hand_in, signed_in

MIB = 1024 * 1024
PATIENCE = 240


def main() -> int:
    """Measure, and say it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=500, help="megabytes")
    parser.add_argument("--files", type=int, default=400)
    parser.add_argument("--cuts", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="liasse-bench-") as folder:
        path = Path(folder) / "factures.zip"
        size = archive(path, files=options.files, size=options.size * 1000**2)
        copied = _copy(path)
        with Instance(environment(Path(folder) / "data")) as instance:
            handed = hand_in(signed_in(instance), path, cuts=options.cuts)
            print(f"{size / MIB:.0f} MiB, {options.files} files, {handed.cuts} cuts, at {handed.offsets[1:]}")
            print(f"handed in: {handed.seconds:.1f} s; copied and synced by cp: {copied:.1f} s")
            before, most = handed.memory_before / MIB, handed.memory_most / MIB
            print(f"memory of the web server: {before:.0f} MiB before, {most:.0f} MiB at its most")
            print(f"sent twice: {(handed.sent - size) / MIB:.1f} MiB")
            print(_outcome(Path(folder) / "data" / "liasse.sqlite3"))
    return 0


def _copy(path: Path) -> float:
    began = time.monotonic()
    copy = shutil.copyfile(path, path.with_suffix(".copy"))
    with Path(copy).open("rb") as file:
        os.fsync(file.fileno())
    took = time.monotonic() - began
    Path(copy).unlink()
    return took


def _outcome(database: Path) -> str:
    """Wait until the ZIP is opened; give its state and how many documents came of it."""
    found = ("", "", 0)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as rows:
            found = rows.execute("SELECT state, problem, count_documents FROM intake_receipt").fetchone()
        if found[0] != "stored":
            break
        time.sleep(0.5)
    return f"receipt: {found[0]} {found[1]}, {found[2]} documents"


if __name__ == "__main__":
    raise SystemExit(main())
