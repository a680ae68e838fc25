"""The sweep: whatever is unfinished and has no job gets one, whatever took the job away.

A job is written in the transaction that makes the work due, so rows without one come from outside: a database put
back from a backup, a job removed by hand, a worker that was killed between stopping a job and saying so on its
subject. The sweep looks at the rows alone, may run at any time and as often as one likes, and changes nothing where
nothing is missing: what it asks for is what each step can do again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils import timezone

from liasse.clients.models import ClientFile
from liasse.core.jobs import is_stopped, pull_forward, take_up, without_job
from liasse.core.scope import instance_scope, practice_scope
from liasse.documents import services as documents
from liasse.documents.models import Document
from liasse.documents.types import DocumentStatus, Step
from liasse.intake import services as intake
from liasse.intake.models import Receipt, Upload
from liasse.intake.senders import CHECK_SENDER, GIVES_UP_AFTER
from liasse.intake.types import Hold, ReceiptState, SenderState
from liasse.intake.uploads import FINISH_UPLOAD, whole_upload
from liasse.lib.ids import first_id_at
from liasse.messaging import services as messaging

log = logging.getLogger("liasse.sweep")

_UNFINISHED: Final = (Step.CUT.value, Step.READ.value, Step.PAGES.value)


@dataclass(slots=True)
class Swept:
    """How many of each kind were taken up again; ``given_up`` had stopped without a word on their subject.

    ``pulled_forward`` were to wait for a time that a wrong clock had named.
    """

    receipts: int = 0
    checks: int = 0
    documents: int = 0
    uploads: int = 0
    messages: int = 0
    given_up: int = 0
    pulled_forward: int = 0

    @property
    def total(self) -> int:
        """Give how many there were in all."""
        return sum(getattr(self, one.name) for one in fields(self))

    def __str__(self) -> str:
        """Say it on a line of the log."""
        return ", ".join(f"{getattr(self, one.name)} {one.name.replace('_', ' ')}" for one in fields(self))


def sweep() -> Swept:
    """Take up again what is unfinished and has no job; gives what was taken up. Needs no scope."""
    swept = Swept()
    with instance_scope():
        swept.receipts = take_up(intake.OPEN_RECEIPT, without_job(_to_open(), intake.OPEN_RECEIPT))
        swept.receipts += take_up(intake.OPEN_RECEIPT, without_job(_behind_closed_files(), intake.OPEN_RECEIPT))
        swept.checks = take_up(CHECK_SENDER, without_job(_to_check(), CHECK_SENDER))
        swept.documents = take_up(documents.ADVANCE_DOCUMENT, without_job(_to_advance(), documents.ADVANCE_DOCUMENT))
        swept.uploads = _take_up_uploads()
        swept.messages = take_up(messaging.SEND_MESSAGE, without_job(messaging.due(), messaging.SEND_MESSAGE))
        swept.pulled_forward = _pull_forward()
    swept.given_up = _give_up(_to_open, intake.OPEN_RECEIPT, say=_receipt_failed)
    swept.given_up += _give_up(_to_advance, documents.ADVANCE_DOCUMENT, say=_document_failed)
    if swept.total:
        log.warning("taken up again: %s", swept)
    return swept


def _to_open() -> QuerySet[Receipt]:
    # That it waits is asked as the index was made; what failed waits for a person.
    return Receipt.objects.filter(waits_since__isnull=False, state=ReceiptState.STORED)


def _behind_closed_files() -> QuerySet[Receipt]:
    # The files in which something is held are few, and say so themselves.
    files = ClientFile.objects.filter(count_held__gt=0).order_by().values("id")
    return Receipt.objects.filter(client_file__in=files, state=ReceiptState.HELD, held=Hold.FILE_CLOSED)


def _to_check() -> QuerySet[Receipt]:
    # Older ones no check would ask DNS about any more; ids tell their age without an index of their own.
    young = first_id_at(timezone.now() - GIVES_UP_AFTER - timedelta(days=1))
    return Receipt.objects.filter(id__gte=young, sender_state=SenderState.WAITING)


def _to_advance() -> QuerySet[Document]:
    return Document.objects.filter(step__in=_UNFINISHED).exclude(status=DocumentStatus.REPLACED)


def _take_up_uploads() -> int:
    """Take up uploads whose bytes are all there; one whose spool lost some waits for its sender instead."""
    rows = Upload.objects.filter(receipt__isnull=True, offset=F("size"))
    found = without_job(rows, FINISH_UPLOAD).values_list("id", flat=True)
    whole = [upload_id for upload_id in found if whole_upload(upload_id) is not None]
    return take_up(FINISH_UPLOAD, Upload.objects.filter(id__in=whole))


def _pull_forward() -> int:
    """Take up what a clock that was ahead has put off; what waits for its file to be opened again does so rightly."""
    uploads = Upload.objects.filter(receipt__isnull=True, offset=F("size"))
    return (
        pull_forward(intake.OPEN_RECEIPT, _to_open().filter(problem=""))
        + pull_forward(documents.ADVANCE_DOCUMENT, _to_advance())
        + pull_forward(FINISH_UPLOAD, uploads)
    )


def _give_up(rows: Callable[[], QuerySet[Any]], kind: str, *, say: Callable[[UUID], None]) -> int:
    """Say on subjects whose job stopped for good that it did: the worker died between the two."""
    with instance_scope():
        silent = list(rows().filter(is_stopped(kind)).order_by().values_list("id", "practice_id"))
    for subject_id, practice_id in silent:
        with practice_scope(practice_id):
            say(subject_id)
    return len(silent)


def _receipt_failed(receipt_id: UUID) -> None:
    intake.record_failure(receipt_id, problem="open-failed")


def _document_failed(document_id: UUID) -> None:
    documents.give_up(document_id, problem="child_failed")
