"""Reads one file in the sandbox's child as the worker does, and says what it took."""

from __future__ import annotations

import resource
import time
from pathlib import Path
from typing import Any

from liasse.config.reading_call import read_in_child
from liasse.reading.ports import EmbeddedFiles


class NoEmbedded:
    """Finds nothing inside a PDF, so that its pages are read."""

    def read(self, _path: Path) -> EmbeddedFiles:
        """Return no files."""
        return EmbeddedFiles()


def read(input_path: Path, output_dir: Path, **words: Any) -> dict[str, Any]:  # noqa: ANN401 - as the call that it wraps
    """Return the reading, its seconds of clock and of processor, and the most memory of the child in bytes."""
    began, used = time.monotonic(), time.process_time()
    result = read_in_child(input_path, output_dir, **words)
    return {
        "result": result,
        "clock": time.monotonic() - began,
        "cpu": time.process_time() - used,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }
