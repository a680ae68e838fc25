"""Reads of readings: what was read from a document, as people look at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from liasse.documents.models import Document
from liasse.reading.models import Reading
from liasse.reading.types import Adjustment, Field, FieldName, InvoiceLine, Source, VatLine, adjustments_from_json

SURE: Final = 0.85
"""Below this confidence a value is marked, so that a person looks at it. Between 0 and 1."""


@dataclass(frozen=True, slots=True)
class ShownField:
    """A field and, where a person changed it, what had been read."""

    field: Field
    read: str | None = None

    @property
    def is_unsure(self) -> bool:
        """Tell whether a person should look at the value."""
        return self.field.value is not None and self.field.confidence < SURE


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

    def value(self, name: FieldName) -> str:
        """Give a field's canonical value, blank where there is none."""
        shown = self.fields.get(name)
        return (shown.field.value or "") if shown else ""


def reading_of(document: Document) -> ShownReading:
    """Give what was read from a document. One query."""
    reading = Reading.objects.filter(practice_id=document.practice_id, document=document).first()
    if reading is None:
        return ShownReading(fields={})
    known = {name.value for name in FieldName}
    return ShownReading(
        fields={FieldName(name): _shown(data) for name, data in reading.fields.items() if name in known},
        vat=tuple(VatLine(**line) for line in reading.vat_breakdown),
        lines=tuple(InvoiceLine(**line) for line in reading.lines),
        adjustments=adjustments_from_json(reading.adjustments),
        format=reading.format,
        profile=reading.profile,
        problem=reading.problem,
        detail=reading.problem_detail,
    )


def _shown(data: Mapping[str, Any]) -> ShownField:
    field = Field.from_json(data)
    read = data.get("read") if field.source is Source.PERSON else None
    return ShownField(field=field, read=read.get("value") if isinstance(read, Mapping) else read)
