"""`liasse check`: e-invoices by their official rules and against their own page, without a database."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from liasse.cli.parser import command_parser
from liasse.config.readers import CHECK_PAGE_CALL, CHECK_RULES_CALL, READING_ADAPTERS


def main(arguments: list[str]) -> int:
    """Print what is wrong with each file, in their order; 0 once every file was looked at."""
    parser = command_parser(
        "check",
        does="Check e-invoices (XML, or a PDF with XML in it) by the official rules of EN 16931, Factur-X, XRechnung,\n"
        "Peppol and the French reform, and PDFs against their own data. Nothing is stored.",
        example="liasse check --jsonl invoices/*.xml > findings.jsonl",
    )
    parser.add_argument("files", nargs="+", metavar="FILE", type=Path, help="an e-invoice")
    parser.add_argument("--jsonl", action="store_true", help="print one JSON object a line, with rules and places")
    options = parser.parse_args(arguments)
    for line in _lines(options.files):
        print(json.dumps(line, ensure_ascii=False) if options.jsonl else _as_text(line), flush=True)
    return 0


def _lines(files: list[Path]) -> Iterator[dict[str, Any]]:
    with (
        tempfile.TemporaryDirectory(prefix="liasse-check-") as scratch,
        ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool,
    ):
        yield from pool.map(partial(_line, scratch=Path(scratch)), files)


def _line(path: Path, *, scratch: Path) -> dict[str, Any]:
    from liasse.core import sandbox
    from liasse.reading.call import CHECK_LIMITS

    line: dict[str, Any] = {"file": str(path), "checked_by": [], "findings": []}
    if not path.is_file():
        return line | {"error": "There is no such file: check its name."}
    try:
        for call, limits in ((CHECK_PAGE_CALL, sandbox.DEFAULT_LIMITS), (CHECK_RULES_CALL, CHECK_LIMITS)):
            with tempfile.TemporaryDirectory(dir=scratch) as folder:
                found = sandbox.run(call, path, Path(folder), limits=limits, adapters=READING_ADAPTERS)
            line["findings"] += found["findings"]
            line["checked_by"] += found.get("checked_by", [])
    except sandbox.SandboxError as error:
        return line | {"error": f"The check was not finished ({error.code})."}
    if not line["checked_by"] and not line["findings"]:
        return line | {"error": "Not an e-invoice for which there are official rules."}
    return line


def _as_text(line: dict[str, Any]) -> str:
    name = Path(line["file"]).name
    if line.get("error"):
        return f"{name}: {line['error']}"
    rows = [f"  {row['severity']:8}{row['rule']:24}{row['text']}" for row in line["findings"]]
    verdict = f"{len(rows)} findings" if rows else "keeps its rules"
    return "\n".join([f"{name}: {verdict} · {', '.join(line['checked_by'])}", *rows])
