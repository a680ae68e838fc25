"""Reads of readings: what was read from a document, as people look at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from liasse.documents.models import Document
from liasse.reading.decisions import Reason, is_doubtful
from liasse.reading.models import Reading
from liasse.reading.types import (
    Adjustment,
    Field,
    FieldName,
    Finding,
    InvoiceLine,
    Source,
    VatLine,
    adjustments_from_json,
)


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
    format: str = ""
    profile: str = ""
    problem: str = ""
    detail: str = ""
    reasons: tuple[Reason, ...] = ()
    findings: tuple[Finding, ...] = ()
    checked_by: tuple[str, ...] = ()
    checked_at: datetime | None = None

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
    known = {name.value for name in FieldName}
    return ShownReading(
        fields={
            FieldName(name): _shown(FieldName(name), data, strictness=reading.practice.strictness)
            for name, data in reading.fields.items()
            if name in known
        },
        vat=tuple(VatLine(**line) for line in reading.vat_breakdown),
        lines=tuple(InvoiceLine(**line) for line in reading.lines),
        adjustments=adjustments_from_json(reading.adjustments),
        format=reading.format,
        profile=reading.profile,
        problem=reading.problem,
        detail=reading.problem_detail,
        reasons=tuple(map(Reason.from_json, reading.reasons)),
        findings=tuple(map(Finding.from_json, reading.findings)),
        checked_by=tuple(reading.checked_by),
        checked_at=reading.checked_at,
    )


def _shown(name: FieldName, data: Mapping[str, Any], *, strictness: str) -> ShownField:
    field = Field.from_json(data)
    read = data.get("read") if field.source is Source.PERSON else None
    was = read.get("value") if isinstance(read, Mapping) else read
    return ShownField(field=field, read=was, is_unsure=is_doubtful(name, field, strictness=strictness))
