"""Documents leave: a table as CSV or workbook, and the originals with a manifest.

Everything is made piece by piece while it is sent, so that a whole tab costs no more memory
than one document.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import BinaryIO, Final
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from liasse.core.blobs import BlobMissingError, BlobStore
from liasse.core.scope import practice_scope
from liasse.documents.models import Document
from liasse.documents.names import UniqueNames, safe_name
from liasse.documents.ports import Cell, SheetWriter
from liasse.documents.selectors import Chosen, batches
from liasse.documents.sentences import KIND_LABELS, STATUS_LABELS, label
from liasse.lib.pipes import Pipe

# Spreadsheet programs take a cell for a formula by its first character (OWASP, CSV injection);
# some skip blanks before it, and Excel takes the wide forms of Chinese and Japanese typing too.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_PIECE: Final = 256 * 1024
# Dates of a ZIP begin in 1980 and end in 2107.
_ZIP_YEARS: Final = (1980, 2107)


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a table is written: the language of its words and numbers, the clock of its moments."""

    language: str
    time_zone: str

    @property
    def is_french(self) -> bool:
        """Tell whether numbers have a comma and fields a semicolon between."""
        return self.language.startswith("fr")


@dataclass(frozen=True, slots=True)
class _Column:
    heading: Promise
    read: Callable[[Document, ZoneInfo], Cell]


_COLUMNS: Final = (
    _Column(_("Received on"), lambda d, zone: d.received_at.astimezone(zone).replace(tzinfo=None, microsecond=0)),
    _Column(_("Status"), lambda d, _zone: label(STATUS_LABELS, d.status)),
    _Column(_("Kind"), lambda d, _zone: label(KIND_LABELS, d.kind)),
    _Column(_("Date"), lambda d, _zone: d.issue_date),
    _Column(_("Due date"), lambda d, _zone: d.due_date),
    _Column(_("Supplier"), lambda d, _zone: d.supplier_name),
    _Column(_("Number"), lambda d, _zone: d.number),
    _Column(_("Net"), lambda d, _zone: d.total_net),
    _Column(_("VAT"), lambda d, _zone: d.total_vat),
    _Column(_("Total"), lambda d, _zone: d.total_gross),
    _Column(_("Currency"), lambda d, _zone: d.currency),
    _Column(_("Owner"), lambda d, _zone: d.owner.name if d.owner else ""),
    _Column(_("Note"), lambda d, _zone: d.note),
    _Column(_("File"), lambda d, _zone: d.filename),
    _Column(_("Document"), lambda d, _zone: str(d.id)),
    _Column(_("SHA-256"), lambda d, _zone: d.sha256),
)


def as_csv(chosen: Chosen, *, reader: Reader) -> Iterator[bytes]:
    """Yield the documents as CSV: UTF-8 with its mark, which spreadsheet programs need.

    French has semicolons and decimal commas. A text that a program would take for a formula
    gets an apostrophe in front; amounts stay numbers, negative ones too.
    """
    line = _CsvLine(reader)
    with translation.override(reader.language):
        headings = [str(column.heading) for column in _COLUMNS]
    yield b"\xef\xbb\xbf" + line.of(headings)
    for rows in _rows(chosen, reader=reader):
        yield b"".join(map(line.of, rows))


def as_sheet(chosen: Chosen, *, reader: Reader, writer: SheetWriter) -> BinaryIO:
    """Write the documents as a workbook into a temporary file, and give it at its beginning."""
    target = tempfile.TemporaryFile()  # noqa: SIM115 - whoever sends it closes it, and then it is gone.
    with translation.override(reader.language):
        headings = [str(column.heading) for column in _COLUMNS]
        title = gettext("Documents")
    rows = (row for batch in _rows(chosen, reader=reader) for row in batch)
    writer.write(target, title=title, headings=headings, rows=rows)
    target.seek(0)
    return target


def _rows(chosen: Chosen, *, reader: Reader) -> Iterator[list[list[Cell]]]:
    zone = ZoneInfo(reader.time_zone)
    for documents in _scoped_batches(chosen):
        with translation.override(reader.language):
            rows = [[column.read(document, zone) for column in _COLUMNS] for document in documents]
        yield rows


def _scoped_batches(chosen: Chosen) -> Iterator[list[Document]]:
    """Yield the documents; the scope of the request is closed by the time an answer is sent."""
    source = batches(chosen)
    while True:
        with practice_scope(chosen.client_file.practice_id):
            documents = next(source, None)
        if documents is None:
            return
        yield documents


class _CsvLine:
    """Writes cells as the reader's spreadsheet program reads them."""

    def __init__(self, reader: Reader) -> None:
        self._is_french = reader.is_french
        self._text = io.StringIO()
        self._writer = csv.writer(self._text, delimiter=";" if reader.is_french else ",", lineterminator="\r\n")

    def of(self, cells: Iterable[Cell]) -> bytes:
        self._writer.writerow([self._cell(cell) for cell in cells])
        line = self._text.getvalue()
        self._text.seek(0)
        self._text.truncate()
        return line.encode("utf-8", errors="replace")

    def _cell(self, cell: Cell) -> str:
        if cell is None:
            return ""
        if isinstance(cell, Decimal):
            return f"{cell:f}".replace(".", ",") if self._is_french else f"{cell:f}"
        if isinstance(cell, datetime):
            return f"{cell:%d/%m/%Y %H:%M}" if self._is_french else f"{cell:%Y-%m-%d %H:%M}"
        if isinstance(cell, date):
            return f"{cell:%d/%m/%Y}" if self._is_french else cell.isoformat()
        return harmless(cell)


def harmless(text: str) -> str:
    """Give a text that no spreadsheet program takes for a formula: with an apostrophe where need be."""
    begins = text.lstrip(" \u00a0\u202f\ufeff")
    return f"'{text}" if text.startswith(_FORMULA) or begins.startswith(_FORMULA) else text


# ---------------------------------------------------------------------------------------------- originals

_MANIFEST: Final = ("manifest.csv", "manifest.json")


@dataclass(frozen=True, slots=True)
class _Entry:
    """One line of the manifest; ``state`` is "ok", "damaged" (its hash changed) or "missing"."""

    name: str
    sha256: str
    size: int
    document: str
    media_type: str
    original_name: str
    state: str

    def cells(self) -> Sequence[Cell]:
        return [self.name, self.sha256, str(self.size), self.document, self.media_type, self.original_name, self.state]


_ENTRY_FIELDS: Final = ("name", "sha256", "size", "document", "media_type", "original_name", "state")


def as_archive(chosen: Chosen, *, reader: Reader, blobs: BlobStore) -> Iterator[bytes]:
    """Yield a ZIP of the originals, byte for byte, each under a safe name of its own.

    The manifest, as CSV and as JSON, has name, SHA-256 and document id of each. Every file is
    hashed on its way: one that is missing or no longer what it was is said so, never left out
    in silence.
    """
    pipe = Pipe()
    names = UniqueNames(*_MANIFEST)
    entries: list[_Entry] = []
    with zipfile.ZipFile(pipe, "w", allowZip64=True) as archive:
        for documents in _scoped_batches(chosen):
            for document in documents:
                name = names.give(safe_name(document.filename, media_type=document.media_type, fallback="document"))
                packed = _Packed()
                yield from _pack(archive, pipe, document=document, name=name, blobs=blobs, packed=packed)
                entries.append(_entry(document, name=name, packed=packed))
        _write_manifest(archive, entries, reader=reader)
    yield pipe.taken()


class _Packed:
    """What was found while a file was packed."""

    def __init__(self) -> None:
        self.hash = hashlib.sha256()
        self.size = 0
        self.is_missing = False


def _pack(
    archive: zipfile.ZipFile, pipe: Pipe, *, document: Document, name: str, blobs: BlobStore, packed: _Packed
) -> Iterator[bytes]:
    try:
        source = blobs.open(document.sha256)
    except BlobMissingError:
        packed.is_missing = True
        return
    with source, archive.open(_zip_info(document, name=name), "w") as target:
        while piece := source.read(_PIECE):
            packed.hash.update(piece)
            packed.size += len(piece)
            target.write(piece)
            yield pipe.taken()


def _zip_info(document: Document, *, name: str) -> zipfile.ZipInfo:
    at = document.received_at.astimezone(UTC)
    year = min(max(at.year, _ZIP_YEARS[0]), _ZIP_YEARS[1])
    info = zipfile.ZipInfo(name, (year, at.month, at.day, at.hour, at.minute, at.second))
    # Stored files whose size stands behind them cannot be read from a stream; deflated ones can.
    info.compress_type = zipfile.ZIP_DEFLATED
    info.file_size = document.size
    info.external_attr = 0o644 << 16
    return info


def _entry(document: Document, *, name: str, packed: _Packed) -> _Entry:
    sha256 = document.sha256 if packed.is_missing else packed.hash.hexdigest()
    return _Entry(
        name=name,
        sha256=sha256,
        size=packed.size,
        document=str(document.id),
        media_type=document.media_type,
        original_name=document.filename,
        state="missing" if packed.is_missing else "ok" if sha256 == document.sha256 else "damaged",
    )


def _write_manifest(archive: zipfile.ZipFile, entries: Sequence[_Entry], *, reader: Reader) -> None:
    line = _CsvLine(reader)
    rows = [line.of(_ENTRY_FIELDS), *(line.of(entry.cells()) for entry in entries)]
    listed = [{field: getattr(entry, field) for field in _ENTRY_FIELDS} for entry in entries]
    written = json.dumps({"files": listed}, ensure_ascii=False, indent=2)
    contents = (b"\xef\xbb\xbf" + b"".join(rows), written.encode("utf-8", errors="replace"))
    for name, content in zip(_MANIFEST, contents, strict=True):
        archive.writestr(name, content, compress_type=zipfile.ZIP_DEFLATED)
