"""Runs documents through the engine in the sandbox; what OCR saw is kept, so that a second run only runs the rules."""

from __future__ import annotations

import gzip
import hashlib
import importlib.metadata
import json
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pypdfium2
from PIL import Image
from reading_corpus import PAGES, Item

import liasse
from liasse.config.readers import OCR_ADAPTERS, READING_ADAPTERS
from liasse.core import sandbox
from liasse.reading.calibration import uncalibrated
from liasse.reading.engine import WANTS_OCR, WORDS_FILE
from liasse.reading.errors import problem_of_child
from liasse.reading.exclude import Exclude
from liasse.reading.pages import source_of, sourced
from liasse.reading.rules import read_text
from liasse.reading.second import wanted_boxes, with_second_look
from liasse.reading.types import ReadingResult
from liasse.reading.words import PageWords, fields_shown, words_from_json

_PAGES_ALONE: Final = {"pdf_embedded": "reading_child:NoEmbedded"}
# What changes the words that OCR gives: how pages are drawn, made ready and read, and the libraries.
_SEEING: Final = (
    "adapters/ocr_rapidocr/*.py",
    "adapters/page_prepare/*.py",
    "adapters/pictures/drawing.py",
    "adapters/pdf_pages/drawing.py",
)
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


def run_all(items: list[Item], *, keep: Path) -> Iterator[Run]:
    """Read documents one after the other, as one worker does. `keep` is the folder of what OCR saw."""
    keep.mkdir(parents=True, exist_ok=True)
    version = seeing_version()
    for item in items:
        kept = keep / f"{hashlib.sha256(item.path.read_bytes()).hexdigest()}-{version}.json.gz"
        again = _again(item, json.loads(gzip.decompress(kept.read_bytes()))) if kept.exists() else None
        yield again or _live(item, kept)


def seeing_version() -> str:
    """Give a short name of everything that OCR's words depend on."""
    digest = hashlib.sha256()
    for pattern in _SEEING:
        for path in sorted(Path(liasse.__path__[0]).glob(pattern)):
            digest.update(path.read_bytes())
    for library in _LIBRARIES:
        digest.update(importlib.metadata.version(library).encode())
    return digest.hexdigest()[:12]


def _live(item: Item, kept: Path) -> Run:
    answer, told, seconds = _read(item, _TEXT)
    if answer["result"].pop(WANTS_OCR, False):
        first = seconds
        answer, told, seconds = _read(item, _OCR)
        seconds += first
    is_ocr = told is not None and any(page.get("source") == "ocr" for page in told["pages"])
    measured = {k: answer[k] for k in ("cpu", "memory")} | {"seconds": seconds, "pages": count_pages(item.path)}
    result = uncalibrated(ReadingResult.from_json(answer["result"]))
    if is_ocr:
        beside = {"format": result.format, "notes": list(result.notes), "problem": answer["result"]["problem"]}
        kept.write_bytes(gzip.compress(json.dumps({"words": told, "measured": measured, "beside": beside}).encode()))
    return Run(item, result, is_ocr=is_ocr, **measured)


@dataclass(frozen=True, slots=True)
class _Way:
    """One of the two calls that the worker makes: the text of pages first, OCR where it is wanted."""

    call: str
    run: Callable[..., dict[str, Any]]
    adapters: Mapping[str, str]
    limits: sandbox.Limits


_TEXT: Final = _Way("reading_child:read", sandbox.run, READING_ADAPTERS, sandbox.DEFAULT_LIMITS)
_OCR: Final = _Way(
    "reading_ocr_child:read",
    sandbox.run_large,
    OCR_ADAPTERS,
    sandbox.Limits(memory=1280 << 20, cpu_seconds=180, wall_seconds=200.0),
)


def _read(item: Item, way: _Way) -> tuple[dict[str, Any], dict[str, Any] | None, float]:
    """Give the answer of the child, the words that it wrote, and the seconds of the whole call."""
    adapters = way.adapters | (_PAGES_ALONE if item.set == PAGES else {})
    with tempfile.TemporaryDirectory(prefix="liasse-bench-") as folder:
        began = time.monotonic()
        try:
            answer = way.run(way.call, item.path, Path(folder), limits=way.limits, adapters=adapters)
        except sandbox.SandboxError as error:
            answer = {"result": ReadingResult(problem=problem_of_child(error.code)).to_json(), "cpu": 0.0, "memory": 0}
        seconds = time.monotonic() - began
        seen = Path(folder) / WORDS_FILE
        return answer, json.loads(seen.read_text(encoding="utf-8")) if seen.exists() else None, seconds


def _again(item: Item, told: dict[str, Any]) -> Run | None:
    """Give the run as it is with the words that are kept; None where the rules chose others than were looked at."""
    if not _is_looked_at(told["words"]):
        return None
    return Run(item, replay(told["words"], beside=told["beside"]), is_ocr=True, was_kept=True, **told["measured"])


def _is_looked_at(told: dict[str, Any]) -> bool:
    """Tell whether all lines that a second look is due to were looked at when the words were kept."""
    pages = words_from_json(told)
    looked_at = {(page.page, one.box) for page in pages for one in page.again}
    wanted = wanted_boxes(pages, read_pages(pages).fields)
    return {(page, box) for page, boxes in wanted.items() for box in boxes} <= looked_at


def replay(told: dict[str, Any], *, beside: dict[str, Any]) -> ReadingResult:
    """Run the rules on words that were seen before, as the engine does."""
    pages = words_from_json(told)
    result = read_pages(pages)
    fields = fields_shown(with_second_look(result.fields, pages), pages)
    return ReadingResult.from_json({**replace(result, fields=sourced(fields, pages)).to_json(), **beside})


def read_pages(pages: tuple[PageWords, ...]) -> ReadingResult:
    """Run the rules on pages of words; places stay those on the pages made straight."""
    words = [word for page in pages for word in page.words]
    shapes = {page.page: page.shape for page in pages}
    return read_text(words, shapes=shapes, exclude=Exclude.from_json({}), source=source_of(pages))


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
