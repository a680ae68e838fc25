"""invoice2data on PDFs, in a process of its own: one JSON line for each file that is named on a line of the input."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

from invoice2data import extract_data
from invoice2data.extract.loader import read_templates


def main() -> None:
    """Answer each path with what the packaged templates find; nothing found is an empty object."""
    logging.disable(logging.CRITICAL)
    templates = read_templates()
    for line in sys.stdin:
        try:
            found: dict[str, Any] = dict(extract_data(line.strip(), templates=templates) or {})
        except Exception as error:  # noqa: BLE001 - a peer's failure is its answer.
            found = {"error": repr(error)[:200]}
        print(json.dumps(found, default=str), flush=True)


if __name__ == "__main__":
    main()
