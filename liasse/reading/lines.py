"""One flat JSON object for one file, as `liasse read --jsonl` prints it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from liasse.reading.errors import SENTENCES
from liasse.reading.rules import sums_agree
from liasse.reading.types import FieldName, ReadingResult


def read_file_line(path: Path, *, run: Callable[[Path], Mapping[str, Any]]) -> dict[str, Any]:
    """Return a file's fields under their names, with `source` and `confidence` by field.

    `run` gives `ReadingResult.to_json()` of a path. Every file gets an object: one that cannot be
    read has no values and a sentence under `error`, as has one that was read with a problem.
    """
    refusal = _refusal(path)
    result = ReadingResult() if refusal else ReadingResult.from_json(run(path))
    line = _line(path, result)
    if refusal:
        line["error"] = refusal
    elif result.problem is not None:
        detail = f" ({result.problem.detail})" if result.problem.detail else ""
        line["error"] = f"{SENTENCES[result.problem.code]}{detail}"
    return line


def _refusal(path: Path) -> str | None:
    """Return why a path is not even opened."""
    try:
        if not path.exists():
            return "There is no such file: check its name."
        if not path.is_file():
            return "This is not a file: name the files inside it."
        with path.open("rb"):
            return None
    except OSError as error:
        return f"The file cannot be opened: {error.strerror}."


def _line(path: Path, result: ReadingResult) -> dict[str, Any]:
    fields = result.fields
    siren = fields.get(FieldName.SUPPLIER_SIREN)
    return {
        "file": str(path),
        **{name.value: result.value(name) for name in FieldName},
        "vat_breakdown": _breakdown(result),
        "lines": len(result.lines) if result.is_structured else None,
        "type_code": result.type_code,
        "format": result.format,
        "profile": result.profile,
        "embedded_name": result.embedded_name,
        "siren_source": None if siren is None else ("vat" if siren.term == "BT-31" else "id"),
        "sums_ok": sums_agree(result),
        "notes": list(result.notes),
        "source": {name.value: field.source.value for name, field in fields.items()},
        "confidence": {name.value: field.confidence for name, field in fields.items()},
    }


def _breakdown(result: ReadingResult) -> list[dict[str, str | None]] | None:
    rows = [
        {"rate": row.rate, "base": row.base, "vat": row.vat, "category": row.category} for row in result.vat_breakdown
    ]
    return rows if rows or result.is_structured else None
