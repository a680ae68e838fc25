"""What was learned goes into a reading; what a person corrects is learned; what is odd about a document is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from django.db import transaction

from liasse.clients import counters
from liasse.documents.models import Document
from liasse.documents.types import DocumentStatus, Step
from liasse.duplicates import finding
from liasse.reading.calibration import calibrated
from liasse.reading.selectors import pages_of
from liasse.reading.types import Field, FieldName, ReadingResult, Word
from liasse.reading.words import PageWords, fields_shown
from liasse.suppliers import alarms, lessons
from liasse.suppliers.hints import LEARNED, Hinted
from liasse.suppliers.naming import named


def hinted(document: Document, result: ReadingResult, pages: Sequence[PageWords]) -> Hinted:
    """Give what was read of a document with what was learned in it. A few queries, no write."""
    found = lessons.hinted(document, result, words_of(pages))
    named_too = named(document, replace(found.result, fields=_as_shown(found.result.fields, pages)))
    return Hinted(calibrated(named_too), found.used)


def words_of(pages: Sequence[PageWords]) -> list[Word]:
    """Give the words of pages made straight, in whose lines and columns values are found."""
    return [word for page in pages for word in page.words]


def _as_shown(fields: Mapping[FieldName, Field], pages: Sequence[PageWords]) -> dict[FieldName, Field]:
    """Put the places of what was learned onto the pages as shown; those of what was read are there already."""
    learned = {name: field for name, field in fields.items() if LEARNED in field.evidence}
    return dict(fields) | fields_shown(learned, pages)


def note(document_id: UUID, used: Hinted) -> None:
    """Count what was used, and say what is odd, in the transaction in which the reading is stored."""
    lessons.note_used(used.used)
    # The same invoice may be read at this moment: whichever is stored second must find the other.
    finding.note_traits(Document.objects.get(id=document_id))
    alarms.watch(document_id)


def look_now(document_id: UUID) -> None:
    """Learn from what people corrected in a document, and judge it anew. Can be run again at any point."""
    document = Document.objects.select_related("client_file").filter(id=document_id).first()
    if document is None or document.step != Step.DONE or document.status == DocumentStatus.REPLACED:
        return
    with transaction.atomic():
        counters.hold(document.client_file_id)
        supplier = alarms.watch(document_id, keeps_ready=True)
        if lessons.is_taught_by(document):
            lessons.learn(document, words_of(pages_of(document)), supplier=supplier)
