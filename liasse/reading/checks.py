"""Checks an e-invoice after it was read: by its official rules, and against its own page.

Both calls run in the sandbox's child, each with its own limits, without Django; the reading was stored before. Adapters
are known only by the dotted names they are given.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from liasse.lib import media_types
from liasse.reading.against_page import differences
from liasse.reading.container import container_findings
from liasse.reading.engine import EINVOICE, PDF_EMBEDDED, PDF_TEXT, adapter_of, in_order, sniff_file
from liasse.reading.exclude import Exclude
from liasse.reading.rules import read_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from liasse.reading.ports import (
        EInvoiceReader,
        EmbeddedFile,
        EmbeddedFiles,
        PdfEmbedded,
        PdfText,
        PdfTextReader,
        RuleChecker,
    )
    from liasse.reading.types import Finding, ReadingResult

RULES: Final = "rules"
_MOST_XML: Final = 16 * 1024 * 1024
# Of a longer document not every page is read, and what stands nowhere on those that were may stand on another.
_MOST_PAGES: Final = 24


def check_rules(
    input_path: Path,
    output_dir: Path,  # noqa: ARG001 - the shape of every call; checking writes nothing.
    *,
    media_type: str = "",
    adapters: Mapping[str, str],
) -> dict[str, Any]:
    """Return which official rules the e-invoice in a file breaks, and what it was checked by: findings, checked_by."""
    found = invoice_in_file(Path(input_path), media_type, adapters)
    if found is None or found.xml.format is None:
        return {"findings": [], "checked_by": []}
    checker = cast("RuleChecker", adapter_of(adapters[RULES]))
    prefix = "pdf+" if found.embedded is not None else ""
    checked = checker.check(found.data, format=f"{prefix}{found.xml.format}")
    return {"findings": _json(checked.findings), "checked_by": list(checked.checked_by)}


def check_page(
    input_path: Path,
    output_dir: Path,  # noqa: ARG001 - the shape of every call; checking writes nothing.
    *,
    media_type: str = "",
    adapters: Mapping[str, str],
    exclude: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return where a PDF's pages say another thing than the e-invoice in it, and how it is oddly embedded."""
    path = Path(input_path)
    found = invoice_in_file(path, media_type, adapters)
    if found is None or found.embedded is None or found.used is None:
        return {"findings": []}
    findings = container_findings(found.embedded, used=found.used, invoices=found.invoices, xml=found.xml)
    text = cast("PdfTextReader", adapter_of(adapters[PDF_TEXT])).read(path)
    if _is_comparable(text):
        shapes = {shape.page: shape.width_per_height for shape in text.shapes}
        page = read_text(text.words, shapes=shapes, exclude=Exclude.from_json(exclude or {}))
        raw = found.data.decode("utf-8", "replace")
        findings = [*differences(found.xml, page, text.words, raw=raw), *findings]
    return {"findings": _json(findings)}


def _is_comparable(text: PdfText) -> bool:
    """Tell whether the words are the document's own, and all of them there."""
    return text.problem is None and not text.is_all_hidden and text.page_count <= _MOST_PAGES


def _json(findings: list[Finding] | tuple[Finding, ...]) -> list[dict[str, Any]]:
    return [finding.to_json() for finding in findings]


@dataclass(frozen=True, slots=True)
class _Invoice:
    data: bytes
    xml: ReadingResult
    embedded: EmbeddedFiles | None = None
    used: EmbeddedFile | None = None
    invoices: int = 1


def invoice_in_file(path: Path, media_type: str, adapters: Mapping[str, str]) -> _Invoice | None:
    """Return the e-invoice that the reading took, the file itself or the one in the PDF."""
    reader = cast("EInvoiceReader", adapter_of(adapters[EINVOICE]))
    kind = media_type or sniff_file(path)
    if kind == media_types.XML:
        with path.open("rb") as stream:
            data = stream.read(_MOST_XML)
        return _Invoice(data=data, xml=reader.read(data))
    if kind != media_types.PDF:
        return None
    embedded = cast("PdfEmbedded", adapter_of(adapters[PDF_EMBEDDED])).read(path)
    read = [(file, reader.read(file.data)) for file in in_order(embedded.files)]
    invoices = [(file, result) for file, result in read if result.format is not None]
    if not invoices:
        return None
    used, result = invoices[0]
    return _Invoice(data=used.data, xml=result, embedded=embedded, used=used, invoices=len(invoices))
