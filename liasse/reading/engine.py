"""Reads one document: its e-invoice first, then the text of its pages.

`read_in_child` runs in the sandbox's child, without Django. It knows adapters only by the
dotted names it is given, so that this floor stays free of PDF and XML libraries.
"""

from __future__ import annotations

import importlib
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from liasse.lib import media_types
from liasse.reading.parties import Exclude
from liasse.reading.rules import read_text, sums_agree
from liasse.reading.types import Problem, ProblemCode, ReadingResult

if TYPE_CHECKING:
    from collections.abc import Mapping

    from liasse.reading.ports import EInvoiceReader, EmbeddedFile, PdfEmbedded, PdfText, PdfTextReader

# The adapters' roles; `liasse read` and the settings' table use the same keys.
EINVOICE: Final = "einvoice"
PDF_TEXT: Final = "pdf_text"
PDF_EMBEDDED: Final = "pdf_embedded"
# More than any e-invoice reader accepts; the rest of a larger file need not be read to refuse it.
_MOST_XML: Final = 64 * 1024 * 1024
_OF_SCAN: Final = 0.75
# The names that the specifications give the invoice inside a PDF, in order of preference.
_KNOWN_NAMES: Final = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml", "cii.xml", "order-x.xml")
# Neither an unknown nor a foreign XML beside the pages is a fault of the document.
_HARMLESS: Final = frozenset({ProblemCode.XML_UNKNOWN, ProblemCode.XML_NOT_AN_INVOICE, ProblemCode.EMPTY})


def read_in_child(
    input_path: Path,
    output_dir: Path,  # noqa: ARG001 - the shape of every call; reading writes nothing.
    *,
    media_type: str = "",
    adapters: Mapping[str, str],
    exclude: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return `ReadingResult.to_json()` of one file.

    `adapters` maps the roles of this module to "module:Class". `exclude` holds what belongs to
    the client and so never names a supplier: lists under "vat", "siren", "iban", "names".
    Without `media_type` the bytes tell. What the file holds never raises.
    """
    path = Path(input_path)
    kind = media_type or sniff_file(path)
    if kind == media_types.XML:
        result = _einvoice(adapters).read(_xml_of(path))
    elif kind == media_types.PDF:
        result = _read_pdf(path, adapters, Exclude.from_json(exclude or {}))
    elif kind in media_types.PICTURES:
        result = ReadingResult(format="image")
    elif _is_blank(path):
        result = ReadingResult(problem=Problem(ProblemCode.EMPTY))
    else:
        result = ReadingResult(problem=Problem(ProblemCode.NOT_SUPPORTED, kind))
    if sums_agree(result) is False:
        result = replace(result, notes=(*result.notes, "sums_differ"))
    return result.to_json()


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


def _read_pdf(path: Path, adapters: Mapping[str, str], exclude: Exclude) -> ReadingResult:
    embedded = cast("PdfEmbedded", adapter_of(adapters[PDF_EMBEDDED])).read(path)
    fault: Problem | None = None
    for file in in_order(embedded.files):
        result = _einvoice(adapters).read(file.data)
        if result.format is not None:
            return replace(result, format=f"pdf+{result.format}", embedded_name=file.name)
        if fault is None and result.problem and result.problem.code not in _HARMLESS:
            fault = result.problem
    text = cast("PdfTextReader", adapter_of(adapters[PDF_TEXT])).read(path)
    return _from_text(text, exclude, fault)


def in_order(files: tuple[EmbeddedFile, ...]) -> list[EmbeddedFile]:
    """Put the files with a name of the specifications first; the others keep their order."""

    def rank(file: EmbeddedFile) -> int:
        name = file.name.lower()
        return _KNOWN_NAMES.index(name) if name in _KNOWN_NAMES else len(_KNOWN_NAMES)

    return sorted(files, key=rank)


def _from_text(text: PdfText, exclude: Exclude, fault: Problem | None) -> ReadingResult:
    """Return what the pages say; a damaged e-invoice inside stays the document's problem."""
    if text.problem is not None:
        return ReadingResult(format="pdf", problem=fault or text.problem)
    if not text.words:
        return ReadingResult(format="pdf", problem=fault, notes=("no_text",))
    shapes = {shape.page: shape.width_per_height for shape in text.shapes}
    result = read_text(text.words, shapes=shapes, exclude=exclude)
    notes = list(result.notes)
    if text.has_hidden_text:
        notes.append("hidden_text")
    fields = result.fields
    if text.is_all_hidden:
        # A scanner's text recognition wrote these words; how well is not known.
        notes.append("text_of_scan")
        fields = {name: replace(item, confidence=round(item.confidence * _OF_SCAN, 2)) for name, item in fields.items()}
    return replace(result, fields=fields, format="pdf", problem=fault, notes=tuple(notes))
