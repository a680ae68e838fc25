"""Runs documents through the engine in the sandbox; what OCR saw is kept, so that a second run only runs the rules."""

from __future__ import annotations

import gzip
import hashlib
import importlib.metadata
import json
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pypdfium2
from PIL import Image
from reading_corpus import PAGES, Item

import liasse
from liasse.config.readers import READING_ADAPTERS
from liasse.core import sandbox
from liasse.reading.errors import problem_of_child
from liasse.reading.parties import Exclude
from liasse.reading.rules import read_text
from liasse.reading.types import Place, ReadingResult, Source, Word

_CALL: Final = "reading_child:read"
_PAGES_ALONE: Final = {"pdf_embedded": "reading_child:NoEmbedded"}
_WORDS: Final = "words.json"
# What changes the words that OCR gives: the adapters' own sources, and the library's version.
_SEEING: Final = ("ocr*", "page_prepare*", "pictures*", "pdf_text*")
_LIBRARIES: Final = ("rapidocr", "onnxruntime", "opencv-python-headless")


@dataclass(frozen=True, slots=True)
class Run:
    """What came of one document. Seconds are of the whole call, `cpu` of the child; memory in bytes."""

    item: Item
    result: ReadingResult
    seconds: float = 0.0
    cpu: float = 0.0
    memory: int = 0
    pages: int = 1
    is_ocr: bool = False
    was_kept: bool = False


def run_all(items: list[Item], *, keep: Path, words: Path | None = None) -> Iterator[Run]:
    """Read documents one after the other, as one worker does. `keep` is the folder of what OCR saw."""
    keep.mkdir(parents=True, exist_ok=True)
    version = seeing_version()
    for item in items:
        kept = keep / f"{hashlib.sha256(item.path.read_bytes()).hexdigest()}-{version}.json.gz"
        if words is not None and (found := _foreign(item, words)) is not None:
            yield found
        elif kept.exists():
            yield _again(item, json.loads(gzip.decompress(kept.read_bytes())))
        else:
            yield _live(item, kept)


def seeing_version() -> str:
    """Give a short name of everything that OCR's words depend on."""
    digest = hashlib.sha256()
    adapters = Path(liasse.__path__[0]) / "adapters"
    for pattern in _SEEING:
        for path in sorted(adapters.glob(f"{pattern}/**/*.py")) + sorted(adapters.glob(f"{pattern}.py")):
            digest.update(path.read_bytes())
    for library in _LIBRARIES:
        digest.update(importlib.metadata.version(library).encode())
    return digest.hexdigest()[:12]


def _live(item: Item, kept: Path) -> Run:
    pages = count_pages(item.path)
    with tempfile.TemporaryDirectory(prefix="liasse-bench-") as folder:
        began = time.monotonic()
        try:
            adapters = READING_ADAPTERS | (_PAGES_ALONE if item.set == PAGES else {})
            answer = sandbox.run(_CALL, item.path, Path(folder), adapters=adapters)
        except sandbox.SandboxError as error:
            answer = {"result": ReadingResult(problem=problem_of_child(error.code)).to_json(), "cpu": 0.0, "memory": 0}
        seconds = time.monotonic() - began
        seen = Path(folder) / _WORDS
        told = json.loads(seen.read_text(encoding="utf-8")) if seen.exists() else None
    is_ocr = told is not None and any(page.get("source") == "ocr" for page in told["pages"])
    measured = {"seconds": seconds, "cpu": answer["cpu"], "memory": answer["memory"], "pages": pages}
    result = ReadingResult.from_json(answer["result"])
    if is_ocr:
        beside = {"format": result.format, "notes": list(result.notes), "problem": answer["result"]["problem"]}
        told_all = {"words": told, "measured": measured, "beside": beside}
        kept.write_bytes(gzip.compress(json.dumps(told_all).encode()))
    return Run(item, result, is_ocr=is_ocr, **measured)


def _again(item: Item, told: dict[str, Any]) -> Run:
    result = replay(told["words"], beside=told["beside"])
    return Run(item, result, is_ocr=True, was_kept=True, **told["measured"])


def _foreign(item: Item, folder: Path) -> Run | None:
    for path in (folder / item.set / f"{item.name}.json", folder / item.set / f"{item.path.stem}.json"):
        if path.exists():
            told = json.loads(path.read_text(encoding="utf-8"))
            return Run(item, replay(told, beside={"format": "image"}), pages=len(told["pages"]), is_ocr=True)
    return None


def replay(told: dict[str, Any], *, beside: dict[str, Any]) -> ReadingResult:
    """Run the rules on words that were seen before."""
    words, shapes, is_ocr = [], {}, False
    for page in told["pages"]:
        number = page["page"]
        shapes[number] = page["shape"]
        is_ocr = is_ocr or page.get("source") == "ocr"
        words += [Word(row[0], Place(number, *row[1:5]), *row[5:6]) for row in page["words"]]
    source = Source.OCR if is_ocr else Source.TEXT
    result = read_text(words, shapes=shapes, exclude=Exclude.from_json({}), source=source)
    return ReadingResult.from_json({**result.to_json(), **beside})


def count_pages(path: Path) -> int:
    """Give how many pages a document has; one where that cannot be told, as of an XML file."""
    head = path.read_bytes()[:1024]
    try:
        if b"%PDF" in head:
            with pypdfium2.PdfDocument(path) as document:
                return max(len(document), 1)
        if path.suffix.lower() in {".tif", ".tiff"}:
            with Image.open(path) as image:
                return int(getattr(image, "n_frames", 1))
    except (pypdfium2.PdfiumError, OSError, ValueError):
        return 1
    return 1
