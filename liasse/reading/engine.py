"""Reads one document: its e-invoice first, then the text of its pages, then what OCR sees on them.

`read_in_child` runs in the sandbox's child, without Django. It knows adapters only by the
dotted names it is given, so that this floor stays free of PDF and XML libraries.
"""

from __future__ import annotations

import importlib
import json
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from liasse.lib import media_types
from liasse.reading.calibration import calibrated
from liasse.reading.call import MIDDLE_UNREAD, MOST_PAGES, WANTS_OCR, WORDS_FILE
from liasse.reading.exclude import Exclude
from liasse.reading.ocr import SECONDS, SeenPages, by_weight, see_pages
from liasse.reading.pages import agree, is_wanted, source_of, sourced, text_page
from liasse.reading.rules import read_text, sums_agree
from liasse.reading.second import looked_again, with_second_look
from liasse.reading.types import Problem, ProblemCode, ReadingResult, Source
from liasse.reading.words import fields_shown, words_to_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from liasse.reading.ports import (
        EInvoiceReader,
        EmbeddedFile,
        OcrReader,
        PageDrawer,
        PagePreparer,
        PdfEmbedded,
        PdfText,
        PdfTextReader,
    )
    from liasse.reading.words import Box, PageWords

# The adapters' roles; `liasse read` and the settings' table use the same keys.
EINVOICE: Final = "einvoice"
PDF_TEXT: Final = "pdf_text"
PDF_EMBEDDED: Final = "pdf_embedded"
OCR: Final = "ocr"
PREPARE: Final = "prepare"
DRAW_PDF: Final = "draw_pdf"
DRAW_PICTURE: Final = "draw_picture"
# More than any e-invoice reader accepts; the rest of a larger file need not be read to refuse it.
_MOST_XML: Final = 64 * 1024 * 1024
_MOST_BESIDE: Final = 4
_OF_SCAN: Final = 0.75
# The names that the specifications give the invoice inside a PDF, in order of preference.
_KNOWN_NAMES: Final = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml", "cii.xml", "order-x.xml")
# Neither an unknown nor a foreign XML beside the pages is a fault of the document.
_HARMLESS: Final = frozenset({ProblemCode.XML_UNKNOWN, ProblemCode.XML_NOT_AN_INVOICE, ProblemCode.EMPTY})


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read of a file, the words of its pages, and whether OCR would have more to say."""

    result: ReadingResult
    pages: tuple[PageWords, ...] = ()
    wants_ocr: bool = False


def read_in_child(
    input_path: Path,
    output_dir: Path,
    *,
    media_type: str = "",
    adapters: Mapping[str, str],
    exclude: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return `ReadingResult.to_json()` of one file, and write the words of its pages to `words.json`.

    `adapters` maps the roles of this module to "module:Class". Without the role "ocr" pictures are not read;
    `wants_ocr` in the answer tells that there are some. `exclude` holds what belongs to the client and so never
    names a supplier: lists under "vat", "siren", "iban", "names". Without `media_type` the bytes tell. What the file
    holds never raises.
    """
    path = Path(input_path)
    kind = media_type or sniff_file(path)
    read = _read(path, kind, adapters, Exclude.from_json(exclude or {}))
    if read.pages:
        text = json.dumps(words_to_json(read.pages), ensure_ascii=False, separators=(",", ":"))
        (Path(output_dir) / WORDS_FILE).write_text(text, encoding="utf-8", errors="replace")
    result = calibrated(read.result)
    if sums_agree(result) is False:
        result = replace(result, notes=(*result.notes, "sums_differ"))
    return result.to_json() | ({WANTS_OCR: True} if read.wants_ocr else {})


def _read(path: Path, kind: str, adapters: Mapping[str, str], exclude: Exclude) -> _Read:
    if kind == media_types.XML:
        return _Read(_einvoice(adapters).read(_xml_of(path)))
    if kind == media_types.PDF:
        return _read_pdf(path, adapters, exclude)
    if kind in media_types.PICTURES:
        return _read_picture(path, adapters, exclude)
    if _is_blank(path):
        return _Read(ReadingResult(problem=Problem(ProblemCode.EMPTY)))
    return _Read(ReadingResult(problem=Problem(ProblemCode.NOT_SUPPORTED, kind)))


def sniff_file(path: Path) -> str:
    """Return the media type that the first bytes of a file show."""
    with path.open("rb") as stream:
        return media_types.sniff(stream.read(media_types.HEAD_SIZE), path.name)


def _is_blank(path: Path) -> bool:
    with path.open("rb") as stream:
        return media_types.is_blank(stream.read(media_types.HEAD_SIZE))


def _xml_of(path: Path) -> bytes:
    """Return the file, or so much of it that the reader says "too large"."""
    with path.open("rb") as stream:
        return stream.read(_MOST_XML)


@cache
def adapter_of(dotted: str) -> object:
    """Return the one instance of an adapter that this process needs, by "module:Class"."""
    module, _, name = dotted.partition(":")
    return getattr(importlib.import_module(module), name)()


def _einvoice(adapters: Mapping[str, str]) -> EInvoiceReader:
    return cast("EInvoiceReader", adapter_of(adapters[EINVOICE]))


def _read_pdf(path: Path, adapters: Mapping[str, str], exclude: Exclude) -> _Read:
    embedded = cast("PdfEmbedded", adapter_of(adapters[PDF_EMBEDDED])).read(path)
    fault: Problem | None = None
    for file in in_order(embedded.files):
        result = _einvoice(adapters).read(file.data)
        if result.format is not None:
            exact = replace(result, format=f"pdf+{result.format}", embedded_name=file.name)
            return _Read(exact, _text_pages(path, adapters))
        if fault is None and result.problem and result.problem.code not in _HARMLESS:
            fault = result.problem
    text = cast("PdfTextReader", adapter_of(adapters[PDF_TEXT])).read(path)
    if text.problem is not None:
        return _Read(ReadingResult(format="pdf", problem=fault or text.problem))
    wanted = [shape.page for shape in text.shapes if is_wanted(shape, text.words)]
    seen = _see(path, by_weight(wanted), adapters, drawer=DRAW_PDF)
    read = _from_pages(text, seen, exclude, fault, adapters=adapters)
    return replace(read, wants_ocr=bool(wanted) and OCR not in adapters)


def _text_pages(path: Path, adapters: Mapping[str, str]) -> tuple[PageWords, ...]:
    """Return the words on some pages beside exact data, for a person who clicks on them; they say nothing here."""
    text = cast("PdfTextReader", adapter_of(adapters[PDF_TEXT])).read(path, most_pages=_MOST_BESIDE)
    return tuple(text_page(shape, text.words) for shape in text.shapes)


def _see(path: Path, batches: Iterable[Sequence[int]], adapters: Mapping[str, str], *, drawer: str) -> SeenPages:
    if OCR not in adapters:
        return SeenPages({})
    return see_pages(
        path,
        batches,
        drawer=cast("PageDrawer", adapter_of(adapters[drawer])),
        preparer=cast("PagePreparer", adapter_of(adapters[PREPARE])),
        reader=cast("OcrReader", adapter_of(adapters[OCR])),
    )


def in_order(files: tuple[EmbeddedFile, ...]) -> list[EmbeddedFile]:
    """Put the files with a name of the specifications first; the others keep their order."""

    def rank(file: EmbeddedFile) -> int:
        name = file.name.lower()
        return _KNOWN_NAMES.index(name) if name in _KNOWN_NAMES else len(_KNOWN_NAMES)

    return sorted(files, key=rank)


def _read_picture(path: Path, adapters: Mapping[str, str], exclude: Exclude) -> _Read:
    if OCR not in adapters:
        return _Read(ReadingResult(format="image"), wants_ocr=True)
    # Frames can only be gone through in their order.
    seen = _see(path, [range(1, MOST_PAGES + 1)], adapters, drawer=DRAW_PICTURE)
    pages = tuple(seen.pages.values())
    if not any(page.words for page in pages):
        return _Read(ReadingResult(format="image", notes=("no_text",)), pages)
    result, pages = _by_rules(pages, exclude, seen=seen, adapters=adapters)
    return _Read(replace(result, format="image", notes=("ocr", *result.notes, *seen.notes)), pages)


def _from_pages(
    text: PdfText, seen: SeenPages, exclude: Exclude, fault: Problem | None, *, adapters: Mapping[str, str]
) -> _Read:
    """Return what the pages say; a damaged e-invoice inside stays the document's problem."""
    own = {shape.page: text_page(shape, text.words) for shape in text.shapes}
    pages = tuple(seen.pages[number] if _has_words(seen, number) else page for number, page in own.items())
    if not any(page.words for page in pages):
        return _Read(ReadingResult(format="pdf", problem=fault, notes=("no_text",)), pages)
    result, pages = _by_rules(pages, exclude, seen=seen, adapters=adapters)
    notes = list(result.notes)
    if text.has_hidden_text:
        notes.append("hidden_text")
    if text.page_count > len(text.shapes):
        notes.append(MIDDLE_UNREAD)
    fields = result.fields
    if text.is_all_hidden:
        # A scanner's text recognition wrote these words; how well is not known.
        notes.append("text_of_scan")
        if not seen.pages:
            fields = {
                name: replace(item, confidence=round(item.confidence * _OF_SCAN, 2)) for name, item in fields.items()
            }
    if any(page.source is Source.OCR for page in pages):
        notes += ["ocr", *seen.notes]
    if any(own[number].words and not agree(own[number], page) for number, page in seen.pages.items()):
        notes.append("bad_text")
    return _Read(replace(result, fields=fields, format="pdf", problem=fault, notes=tuple(notes)), pages)


def _has_words(seen: SeenPages, number: int) -> bool:
    return number in seen.pages and bool(seen.pages[number].words)


def _by_rules(
    pages: Sequence[PageWords], exclude: Exclude, *, seen: SeenPages, adapters: Mapping[str, str]
) -> tuple[ReadingResult, tuple[PageWords, ...]]:
    """Return what the rules find on the pages made straight, with places on the pages as shown, and a second look."""
    words = [word for page in pages for word in page.words]
    shapes = {page.page: page.shape for page in pages}
    result = read_text(words, shapes=shapes, exclude=exclude, source=source_of(pages))
    if seen.ready and seen.seconds < SECONDS:
        pages = looked_again(pages, result.fields, look=partial(_look_again, seen, adapters))
    fields = with_second_look(result.fields, pages)
    return replace(result, fields=sourced(fields_shown(fields, pages), pages)), tuple(pages)


def _look_again(
    seen: SeenPages, adapters: Mapping[str, str], number: int, boxes: Sequence[Box]
) -> list[tuple[str, ...]]:
    ready = seen.ready.get(number)
    if ready is None:
        return [() for _ in boxes]
    reader = cast("OcrReader", adapter_of(adapters[OCR]))
    return reader.look_again(ready.picture, [ready.corners(box) for box in boxes])
