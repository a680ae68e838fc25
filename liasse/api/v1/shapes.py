"""Rows as the API shows them; `openapi.py` describes the same, and a test holds the two together."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.urls import reverse

from liasse.clients.models import ClientFile
from liasse.documents.models import Document
from liasse.documents.selectors import documents_of_receipts
from liasse.intake.models import Receipt
from liasse.intake.sentences import reason
from liasse.reading.models import Reading

_FIELD: Final = ("value", "source", "confidence")


def of_file(client_file: ClientFile) -> dict[str, Any]:
    """Show a client file."""
    return {"id": str(client_file.id), "name": client_file.name, "active": client_file.is_active}


def of_delivery(receipt: Receipt) -> dict[str, Any]:
    """Show what never changes of a receipt: the answer of handing in, the same however often it is repeated."""
    return {
        "id": str(receipt.id),
        "file_id": str(receipt.client_file_id),
        "filename": receipt.filename,
        "size": receipt.size,
        "sha256": receipt.sha256,
        "received_at": _time(receipt.received_at),
        "side": receipt.side,
        "cutting": receipt.cutting,
        "note": receipt.note,
        "url": reverse("api-receipt", args=[receipt.client_file_id, receipt.id]),
    }


def of_receipt(receipt: Receipt) -> dict[str, Any]:
    """Show a receipt with what became of it. Four queries."""
    parts = sorted(receipt.parts.all(), key=lambda part: part.index)
    by_part = documents_of_receipts(receipt.client_file, receipts=[receipt])
    documents = list({one.id: one for part in parts for one in by_part.get(part.id, [])}.values())
    readings = {one.document_id: one for one in Reading.objects.filter(document__in=documents)}
    shown_parts = [
        {
            "filename": part.filename,
            "media_type": part.media_type,
            "size": part.size,
            "verdict": part.verdict,
            "reason": part.reason,
            "sentence": str(reason(part.reason)) if part.reason else "",
        }
        for part in parts
    ]
    return of_delivery(receipt) | {
        "door": receipt.door,
        "state": receipt.state,
        "problem": receipt.problem,
        "parts": shown_parts,
        "documents": [_document(one, readings.get(one.id)) for one in documents],
    }


def _document(document: Document, reading: Reading | None) -> dict[str, Any]:
    fields = reading.fields if reading is not None else {}
    return {
        "id": str(document.id),
        "filename": document.filename,
        "media_type": document.media_type,
        "status": document.status,
        "side": document.side,
        "fields": {name: {key: one.get(key) for key in _FIELD} for name, one in fields.items()},
    }


def _time(value: datetime) -> str:
    return value.isoformat().replace("+00:00", "Z")
