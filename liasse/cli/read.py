"""`liasse read`: the fields of documents on the console, without a database."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, Final

from liasse.cli.parser import command_parser
from liasse.config.readers import READING_ADAPTERS, READING_CALL, ocr_adapters, ocr_call

_SHOWN: Final = ("doc_type", "supplier_name", "invoice_number", "issue_date", "total_gross", "currency")
_WIDTHS: Final = (11, 28, 20, 10, 12, 4)


def main(arguments: list[str]) -> int:
    """Print one line for each file, in their order; 0 once every file has its line."""
    parser = command_parser(
        "read",
        does="Read invoices and receipts (e-invoice XML, PDF, pictures) and print their fields. Nothing is stored.",
        example="liasse read --jsonl invoices/*.pdf > fields.jsonl",
    )
    parser.add_argument("files", nargs="+", metavar="FILE", type=Path, help="a document")
    parser.add_argument("--jsonl", action="store_true", help="print one JSON object a line, with every field")
    options = parser.parse_args(arguments)
    if not options.jsonl:
        print(_row("file", _SHOWN))
    for line in _lines(options.files):
        print(json.dumps(line, ensure_ascii=False) if options.jsonl else _as_text(line), flush=True)
    return 0


def _lines(files: list[Path]) -> Iterator[dict[str, Any]]:
    from liasse.reading.lines import read_file_line

    with (
        tempfile.TemporaryDirectory(prefix="liasse-read-") as scratch,
        ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool,
    ):
        yield from pool.map(partial(read_file_line, run=partial(_run, scratch=Path(scratch))), files)


def _run(path: Path, *, scratch: Path) -> dict[str, Any]:
    from liasse.config import values
    from liasse.core import sandbox
    from liasse.reading.call import OCR_LIMITS, WANTS_OCR
    from liasse.reading.errors import problem_of_child
    from liasse.reading.types import ReadingResult

    try:
        with tempfile.TemporaryDirectory(dir=scratch) as folder:
            found = sandbox.run(READING_CALL, path, Path(folder), adapters=READING_ADAPTERS)
        adapters = ocr_adapters(values.OCR)
        if not (found.get(WANTS_OCR) and adapters):
            return found
        with tempfile.TemporaryDirectory(dir=scratch) as folder:
            return sandbox.run_large(ocr_call(adapters), path, Path(folder), limits=OCR_LIMITS, adapters=adapters)
    except sandbox.SandboxError as error:
        return ReadingResult(problem=problem_of_child(error.code)).to_json()


def _as_text(line: dict[str, Any]) -> str:
    name = Path(line["file"]).name
    if line.get("error"):
        return f"{name[:40]:40}  {line['error']}"
    return _row(name, tuple(line[key] or "–" for key in _SHOWN))


def _row(name: str, values: tuple[str, ...]) -> str:
    cells = [f"{value[:width]:{width}}" for value, width in zip(values, _WIDTHS, strict=True)]
    return "  ".join([f"{name[:40]:40}", *cells]).rstrip()
