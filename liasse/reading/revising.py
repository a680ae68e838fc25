"""A reading that is changed after it was stored, by what somebody else than a person says of it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.db import transaction

from liasse.documents.services import lock, look_for_duplicates, store_summary
from liasse.documents.types import DocumentStatus
from liasse.reading.decisions import summary_of
from liasse.reading.models import Reading
from liasse.reading.services import decide_again, result_of
from liasse.reading.types import FieldName, ReadingResult, Source

type Change = Callable[[ReadingResult], ReadingResult]


def revise(document_id: UUID, change: Change) -> list[FieldName]:
    """Let ``change`` give other fields to the reading of a document that waits for a person; decide anew.

    Gives the fields that changed: none where the document is not waiting any more, or was never read. What a person
    entered, and exact data, are not written over, whatever ``change`` says. The caller holds the file.
    """
    with transaction.atomic():
        document = lock(document_id)
        reading = Reading.objects.select_for_update().filter(document=document).first()
        if reading is None or document.status != DocumentStatus.TO_REVIEW:
            return []
        before = result_of(reading)
        fields = {name: field for name, field in change(before).fields.items() if field != before.fields.get(name)}
        for name in list(fields):
            held = before.fields.get(name)
            if held is not None and held.source in {Source.PERSON, Source.XML}:
                del fields[name]
        if not fields:
            return []
        reading.fields |= {name.value: field.to_json() for name, field in fields.items()}
        reading.save(update_fields=["fields"])
        values = {name: field.value for name, field in result_of(reading).fields.items() if field.value is not None}
        store_summary(document, summary_of(values), customer_name=values.get(FieldName.CUSTOMER_NAME, ""))
        document.save()
        look_for_duplicates(document)
        decide_again(document_id)
    return list(fields)
