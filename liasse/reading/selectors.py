"""Reads of readings: what was read from a document, as people look at it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from liasse.core.adapters import adapter
from liasse.core.blobs import BlobMissingError, BlobStore
from liasse.documents.models import Document
from liasse.reading.decisions import Reason, as_known, is_doubtful
from liasse.reading.models import Reading
from liasse.reading.types import (
    Adjustment,
    Field,
    FieldName,
    Finding,
    InvoiceLine,
    Source,
    VatLine,
    Word,
    adjustments_from_json,
)
from liasse.reading.words import Box, PageWords, words_from_json


@dataclass(frozen=True, slots=True)
class ShownField:
    """A field and, where a person changed it, what had been read."""

    field: Field
    read: str | None = None
    is_unsure: bool = False
    """Whether a person should look at the value: by the same thresholds that keep the document from being ready."""


@dataclass(frozen=True, slots=True)
class ShownReading:
    """All that was read from one document; empty while nothing was."""

    fields: Mapping[FieldName, ShownField]
    vat: tuple[VatLine, ...] = ()
    lines: tuple[InvoiceLine, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    remarks: tuple[str, ...] = ()
    attached: tuple[str, ...] = ()
    format: str = ""
    profile: str = ""
    problem: str = ""
    detail: str = ""
    reasons: tuple[Reason, ...] = ()
    findings: tuple[Finding, ...] = ()
    checked_by: tuple[str, ...] = ()
    checked_at: datetime | None = None
    read_at: datetime | None = None

    def value(self, name: FieldName) -> str:
        """Give a field's canonical value, blank where there is none."""
        shown = self.fields.get(name)
        return (shown.field.value or "") if shown else ""


def reading_of(document: Document) -> ShownReading:
    """Give what was read from a document. One query."""
    readings = Reading.objects.select_related("practice")
    reading = readings.filter(practice_id=document.practice_id, document=document).first()
    if reading is None:
        return ShownReading(fields={})
    return ShownReading(
        fields=_shown(reading.fields, strictness=reading.practice.strictness),
        vat=tuple(VatLine(**line) for line in reading.vat_breakdown),
        lines=tuple(InvoiceLine(**line) for line in reading.lines),
        adjustments=adjustments_from_json(reading.adjustments),
        remarks=tuple(reading.remarks),
        attached=tuple(reading.attached),
        format=reading.format,
        profile=reading.profile,
        problem=reading.problem,
        detail=reading.problem_detail,
        reasons=tuple(map(Reason.from_json, reading.reasons)),
        findings=tuple(map(Finding.from_json, reading.findings)),
        checked_by=tuple(reading.checked_by),
        checked_at=reading.checked_at,
        read_at=reading.read_at,
    )


def _shown(stored: Mapping[str, Any], *, strictness: str) -> dict[FieldName, ShownField]:
    known = {name: data for name in FieldName if (data := stored.get(name)) is not None}
    fields = {name: Field.from_json(data) for name, data in known.items()}
    return {
        name: ShownField(
            field=field,
            read=_was_read(field, known[name]),
            is_unsure=is_doubtful(name, as_known(name, fields), strictness=strictness),
        )
        for name, field in fields.items()
    }


def _was_read(field: Field, data: Mapping[str, Any]) -> str | None:
    read = data.get("read") if field.source is Source.PERSON else None
    return read.get("value") if isinstance(read, Mapping) else read


def pages_of(document: Document) -> tuple[PageWords, ...]:
    """Give the words of all pages that were read, none where there are none. One query and one file.

    Raises BlobMissingError where the store has lost them.
    """
    name = words_name_of(document)
    return _pages_in_store(name) if name else ()


def words_name_of(document: Document) -> str:
    """Give the name under which the words of a document are in the store, blank where there are none."""
    readings = Reading.objects.filter(practice_id=document.practice_id, document=document)
    return readings.values_list("words_sha256", flat=True).first() or ""


def words_of(document: Document, *, page: int) -> tuple[Word, ...]:
    """Give the words of one page, counted from 1, at their places on the page as shown."""
    return next((found.words_shown() for found in pages_of(document) if found.page == page), ())


def papers_of(document: Document) -> tuple[Box, ...]:
    """Give where the papers lie that one page holds, as fractions of it as shown; none where it is one paper."""
    with suppress(BlobMissingError):
        found = pages_of(document)
        return found[0].papers if len(found) == 1 else ()
    return ()


@lru_cache(maxsize=16)
def _pages_in_store(sha256: str) -> tuple[PageWords, ...]:
    """Read pages of words; bytes of one name never change, so that a screen may ask page by page."""
    store: BlobStore = adapter("blobs")
    with store.open(sha256) as packed:
        return words_from_json(json.loads(gzip.decompress(packed.read())))
