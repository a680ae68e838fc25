"""What people put right in a document goes with it into another file."""

from __future__ import annotations

from typing import Any

from liasse.core import audit
from liasse.core.access import system_actor
from liasse.documents.models import Document
from liasse.documents.refiling import came_from
from liasse.reading.models import Reading
from liasse.reading.types import Source


def bring_corrections(document: Document, reading: Reading) -> None:
    """Take into a first reading what a person had put right where the document was before.

    It is about the document, not about its file: what is read here then goes beneath it, as on any correction.
    Written in its history. The caller saves the reading.
    """
    old_id = came_from(document)
    before = Reading.objects.filter(practice_id=document.practice_id, document_id=old_id).first() if old_id else None
    if before is None:
        return
    brought: dict[str, Any] = {
        name: field for name, field in before.fields.items() if field.get("source") == Source.PERSON
    }
    told: dict[str, Any] = {name: field.get("value") for name, field in brought.items()}
    reading.fields = {**reading.fields, **brought}
    for own, rows, name in (("has_own_vat", "vat_breakdown", "vat_rows"), ("has_own_lines", "lines", "line_rows")):
        if getattr(before, own):
            setattr(reading, own, True)
            setattr(reading, rows, getattr(before, rows))
            told[name] = str(len(getattr(before, rows)))
    if told:
        audit.record(
            "document.corrections-kept",
            actor=system_actor(document.practice_id),
            practice_id=document.practice_id,
            subject=audit.Subject("document", document.id, document.client_file_id),
            after=told,
        )
