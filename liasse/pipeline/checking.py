"""The check of an e-invoice, a job of its own after its reading: the exact figures are there first and stay.

What cannot be checked – no time, no memory, an official stylesheet that stops – is told as a finding, and holds nothing
up.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.db import transaction

from liasse.clients import counters
from liasse.core import jobs
from liasse.documents.models import Document
from liasse.documents.types import DocumentStatus
from liasse.lib import media_types
from liasse.pipeline import child
from liasse.pipeline.child import StepFailedError
from liasse.pipeline.outcomes import DONE, Outcome
from liasse.reading import services as reading
from liasse.reading.ports import CHECK_STOPPED
from liasse.reading.types import Finding, Severity

CHECK_DOCUMENT: Final = "check-document"


def check(document_id: UUID) -> Outcome:
    """Check a document's e-invoice by its official rules and against its own page, and keep what was found."""
    document = Document.objects.select_related("client_file").filter(id=document_id).first()
    if document is None or document.status == DocumentStatus.REPLACED:
        return DONE
    findings, checked_by = _by_rules(document)
    _store(document, [*_by_page(document), *findings], checked_by)
    return DONE


@transaction.atomic
def ask(document: Document) -> None:
    """Have a document's e-invoice checked as soon as a worker is free; asking twice is asking once."""
    jobs.enqueue(CHECK_DOCUMENT, subject_id=document.id, practice_id=document.practice_id)


def give_up(document_id: UUID) -> None:
    """Say on a document that its check failed for good."""
    document = Document.objects.filter(id=document_id).first()
    if document is not None:
        _store(document, [_stopped("child_failed")], [])


def _by_page(document: Document) -> list[Finding]:
    if document.media_type != media_types.PDF:
        return []
    try:
        found = child.check_page(document, document.client_file)
    except StepFailedError as error:
        return [_stopped(f"page: {error.code}")]
    return [Finding.from_json(row) for row in found["findings"]]


def _by_rules(document: Document) -> tuple[list[Finding], list[str]]:
    try:
        found = child.check_rules(document)
    except StepFailedError as error:
        return [_stopped(error.code)], []
    return [Finding.from_json(row) for row in found["findings"]], list(found["checked_by"])


def _stopped(code: str) -> Finding:
    return Finding(CHECK_STOPPED, Severity.WARNING, text=code)


def _store(document: Document, findings: list[Finding], checked_by: list[str]) -> None:
    with transaction.atomic():
        counters.hold(document.client_file_id)
        reading.store_check(document.id, findings, checked_by=checked_by)
