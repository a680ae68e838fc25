"""What others read of the same files: invoice2data on PDFs with text, plain Tesseract with our rules on scans."""

from __future__ import annotations

import gzip
import hashlib
import json
import selectors
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

import pypdfium2
import pytesseract
from PIL import Image, ImageOps, ImageSequence
from reading_corpus import Item
from reading_run import Run, replay

from liasse.lib.money import canonical_amount
from liasse.reading.types import Field, FieldName, ReadingResult, Source

_SECONDS: Final = 30
_DOTS: Final = 200
_LANGUAGES: Final = ("fra", "eng", "deu")
_MOST_PAGES: Final = 4
_NAMES: Final = {
    "issuer": FieldName.SUPPLIER_NAME,
    "partner_name": FieldName.SUPPLIER_NAME,
    "invoice_number": FieldName.INVOICE_NUMBER,
    "date": FieldName.ISSUE_DATE,
    "date_due": FieldName.DUE_DATE,
    "currency": FieldName.CURRENCY,
    "amount": FieldName.TOTAL_GROSS,
    "amount_untaxed": FieldName.TOTAL_NET,
    "amount_tax": FieldName.TOTAL_VAT,
    "vat": FieldName.SUPPLIER_VAT,
}


def invoice2data(items: list[Item]) -> list[Run]:
    """Run invoice2data with its packaged templates; a file that takes too long is one that it did not read."""
    runs: list[Run] = []
    child: subprocess.Popen[str] | None = None
    for item in items:
        child = child if child is not None and child.poll() is None else _start()
        began = time.monotonic()
        found = _ask(child, item.path)
        if found is None:
            child.kill()
            child.wait()
        runs.append(Run(item, _of_invoice2data(found or {}), seconds=time.monotonic() - began))
    if child is not None:
        child.kill()
        child.wait()
    return runs


def _start() -> subprocess.Popen[str]:
    script = Path(__file__).with_name("reading_peer_child.py")
    return subprocess.Popen(
        [sys.executable, str(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        bufsize=1,
    )


def _ask(child: subprocess.Popen[str], path: Path) -> dict[str, Any] | None:
    assert child.stdin is not None
    assert child.stdout is not None
    print(path, file=child.stdin, flush=True)
    with selectors.DefaultSelector() as waiting:
        waiting.register(child.stdout, selectors.EVENT_READ)
        if not waiting.select(_SECONDS):
            return None
    try:
        answer: dict[str, Any] = json.loads(child.stdout.readline())
    except ValueError:
        return None
    return answer


def _of_invoice2data(found: dict[str, Any]) -> ReadingResult:
    fields = {}
    for theirs, ours in _NAMES.items():
        value = found.get(theirs)
        if value in (None, "") or isinstance(value, list | dict):
            continue
        text = str(value)
        if ours in {FieldName.ISSUE_DATE, FieldName.DUE_DATE}:
            text = text[:10]
        elif ours in {FieldName.TOTAL_GROSS, FieldName.TOTAL_NET, FieldName.TOTAL_VAT}:
            with suppress(InvalidOperation):
                text = canonical_amount(Decimal(text))
        fields[ours] = Field(text, Source.TEXT, 1.0)
    if FieldName.TOTAL_GROSS in fields:
        fields[FieldName.DOC_TYPE] = Field("invoice", Source.TEXT, 1.0)
    return ReadingResult(fields=fields, format="pdf")


def has_tesseract() -> bool:
    """Tell whether Tesseract is installed."""
    return shutil.which("tesseract") is not None


def tesseract(items: list[Item], *, keep: Path) -> Iterator[Run]:
    """Run plain Tesseract, no page made straight or clearer before, and the same rules on its words."""
    version = str(pytesseract.get_tesseract_version())
    installed = set(pytesseract.get_languages())
    languages = "+".join(code for code in _LANGUAGES if code in installed) or "eng"
    for item in items:
        name = hashlib.sha256(item.path.read_bytes()).hexdigest()
        kept = keep / f"{name}-tesseract-{version}-{languages}.json.gz"
        if not kept.exists():
            kept.write_bytes(gzip.compress(json.dumps(_seen(item.path, languages)).encode()))
        told = json.loads(gzip.decompress(kept.read_bytes()))
        result = replay(told, beside={"format": "image"})
        yield Run(item, result, seconds=told["seconds"], pages=len(told["pages"]) or 1, is_ocr=True)


def _seen(path: Path, languages: str) -> dict[str, Any]:
    began, pages = time.monotonic(), []
    for number, image in enumerate(_pages(path), start=1):
        with suppress(pytesseract.TesseractError, RuntimeError):
            data = pytesseract.image_to_data(
                image, lang=languages, output_type=pytesseract.Output.DICT, timeout=4 * _SECONDS
            )
            pages.append(_page(data, image, number))
    return {"pages": pages, "seconds": time.monotonic() - began}


def _page(data: dict[str, list[Any]], image: Image.Image, number: int) -> dict[str, Any]:
    words = []
    for at, text in enumerate(data["text"]):
        if text.strip():
            x, y, wide, high = (data[key][at] for key in ("left", "top", "width", "height"))
            box = (x / image.width, y / image.height, (x + wide) / image.width, (y + high) / image.height)
            words.append([text, *box, max(float(data["conf"][at]), 0.0) / 100])
    return {"page": number, "shape": image.width / image.height, "source": "ocr", "words": words}


def _pages(path: Path) -> Iterator[Image.Image]:
    if path.suffix.lower() == ".pdf":
        with pypdfium2.PdfDocument(path) as document:
            for page in list(document)[:_MOST_PAGES]:
                yield page.render(scale=_DOTS / 72).to_pil().convert("RGB")
        return
    with Image.open(path) as image:
        for frame in list(ImageSequence.Iterator(image))[:_MOST_PAGES]:
            turned = ImageOps.exif_transpose(frame)
            yield (turned or frame).convert("RGB")
