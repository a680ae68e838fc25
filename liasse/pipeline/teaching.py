"""What was learned goes into a reading; what a person corrects is learned; what is odd about a document is said."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from liasse.clients import counters
from liasse.documents.models import Document
from liasse.documents.types import DocumentStatus, Step
from liasse.reading import selectors
from liasse.reading.calibration import calibrated
from liasse.reading.types import ReadingResult, Word
from liasse.suppliers import alarms, lessons
from liasse.suppliers.hints import Hinted
from liasse.suppliers.naming import named


def hinted(document: Document, result: ReadingResult, words: Sequence[Word]) -> Hinted:
    """Give what was read of a document with what was learned in it. A few queries, no write."""
    found = lessons.hinted(document, result, words)
    return Hinted(calibrated(named(document, found.result)), found.used)


def note(document_id: UUID, used: Hinted) -> None:
    """Count what was used, and say what is odd, in the transaction in which the reading is stored."""
    lessons.note_used(used.used)
    alarms.watch(document_id)


def look_now(document_id: UUID) -> None:
    """Learn from what people corrected in a document, and judge it anew. Can be run again at any point."""
    document = Document.objects.select_related("client_file").filter(id=document_id).first()
    if document is None or document.step != Step.DONE or document.status == DocumentStatus.REPLACED:
        return
    with transaction.atomic():
        counters.hold(document.client_file_id)
        supplier = alarms.watch(document_id)
        if lessons.is_taught_by(document):
            lessons.learn(document, words_of_document(document), supplier=supplier)


def words_of_document(document: Document) -> list[Word]:
    """Give the words of all pages of a document."""
    words_of = getattr(selectors, "words_of", None)
    if words_of is None:
        return []
    return [word for page in range(1, max(len(document.pages), 1) + 1) for word in words_of(document, page=page)]
