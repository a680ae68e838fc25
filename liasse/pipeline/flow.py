"""The order of steps, and the only place that knows it.

    receive → open the receipt → for each document: cut → read → pages

Each step stores its outcome and asks for the next in the same transaction; each can be run
again, by a retry, by another worker after a crash, or by a person. Each outcome is stored under
the file's lock, since the file may have moved to another practice while the child was at work.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from liasse.clients import counters
from liasse.core.errors import NotThereError
from liasse.core.jobs import enqueue
from liasse.core.slots import NoTurnError
from liasse.custody.whole import let_go
from liasse.documents import services as documents
from liasse.documents.models import Document, PageImage
from liasse.documents.types import DocumentStatus, Step
from liasse.intake import arrivals
from liasse.intake import services as intake
from liasse.intake.models import Receipt
from liasse.intake.senders import note_check
from liasse.intake.types import Cutting, Door, Hold, IncomingFile, ReceiptState
from liasse.outside import services as outside
from liasse.pipeline import arranging, child, joining, teaching
from liasse.pipeline.checking import CHECK_DOCUMENT
from liasse.pipeline.child import StepFailedError
from liasse.pipeline.outcomes import DONE, Outcome, Waiting
from liasse.pipeline.scanning import scan
from liasse.pipeline.senders import ask_check, check_first
from liasse.reading import services as reading
from liasse.reading.selectors import words_name_of

_FIRST_PAGES: Final = 3
"""Drawn before anybody asks; further pages are drawn when they are first looked at."""

_WIDTHS: Final = {"large": child.LARGE_PAGE_WIDTH, "thumb": child.THUMB_WIDTH}
_THUMBS_AT_ONCE: Final = 8

_ARCHIVE_PAUSE: Final = timedelta(hours=1)
_TURN_PAUSE: Final = timedelta(seconds=15)


type Registered = arrivals.Registered
"""The receipt of what arrived, or why there is none."""


def receive(incoming: IncomingFile) -> Receipt:
    """Take in one thing whose bytes are safe in the store; returns once its row is committed."""
    return arrivals.register(incoming)


def receive_all(incomings: Sequence[IncomingFile]) -> list[Registered]:
    """Take in several as ``receive`` does one, in one transaction; one that cannot be taken is its error."""
    return arrivals.register_all(incomings)


def open_receipt(receipt_id: UUID) -> Outcome:
    """Open a receipt and make documents of its usable parts."""
    receipt = Receipt.objects.select_related("client_file").filter(id=receipt_id).first()
    if receipt is None or receipt.state in {ReceiptState.OPENED, ReceiptState.UNUSABLE, ReceiptState.ASIDE}:
        return DONE
    is_active = receipt.client_file.is_active
    if receipt.state == ReceiptState.HELD and (receipt.held != Hold.FILE_CLOSED or not is_active):
        return _held(receipt)
    if not is_active and receipt.door != Door.MAIL:
        Receipt.objects.filter(id=receipt_id).update(problem="file-archived")
        return Waiting(until=timezone.now() + _ARCHIVE_PAUSE)
    scanned = scan(receipt)
    if scanned is not None:
        return scanned
    try:
        opened = child.open_receipt(receipt)
    except StepFailedError as error:
        intake.record_failure(receipt_id, problem=error.code)
        return DONE
    checked = check_first(receipt, opened)
    with transaction.atomic():
        counters.hold(receipt.client_file_id)
        locked = Receipt.objects.select_for_update().get(id=receipt_id)
        if checked is not None:
            note_check(locked, checked, now=timezone.now())
        usable = intake.record_opening(locked, opened)
        documents.create_from_parts(locked, usable)
        ask_check(locked)
    return _held(locked)


def _held(receipt: Receipt) -> Outcome:
    """Look again in an hour at what waits for its file to be taken up again; a person decides about the others."""
    is_waiting = receipt.state == ReceiptState.HELD and receipt.held == Hold.FILE_CLOSED
    return Waiting(until=timezone.now() + _ARCHIVE_PAUSE) if is_waiting else DONE


def advance(document_id: UUID) -> Outcome:
    """Run the step that is due on a document, and ask for the next one."""
    document = Document.objects.select_related("client_file", "receipt").filter(id=document_id).first()
    if document is None or document.step == Step.DONE or document.status == DocumentStatus.REPLACED:
        return DONE
    if document.step == Step.CUT:
        is_page = document.receipt.cutting == Cutting.JOINED
        if joining.join_on_arrival(document) if is_page else arranging.cut_on_arrival(document):
            return DONE
        document.step = Step.READ
    if document.step == Step.READ:
        try:
            read = child.read(document, document.client_file)
        except NoTurnError:
            return Waiting(until=timezone.now() + _TURN_PAUSE)
        hints = teaching.hinted(document, read.result, read.pages)
        with transaction.atomic():
            counters.hold(document.client_file_id)
            before = words_name_of(document)
            if not before:
                arranging.ask_after_reading(document, read.facts)
            reading.store(document_id, hints.result, words_sha256=read.words_sha256)
            if before and read.words_sha256 not in {"", before}:
                let_go(before, practice_id=document.practice_id)
            teaching.note(document_id, hints)
            enqueue(documents.ADVANCE_DOCUMENT, subject_id=document_id, practice_id=document.practice_id)
            if read.result.is_structured:
                enqueue(CHECK_DOCUMENT, subject_id=document_id, practice_id=document.practice_id)
            outside.want(document_id, result=read.result)
        return DONE
    return _show_pages(document)


def _show_pages(document: Document) -> Outcome:
    try:
        sizes = child.describe(document)
        drawn = child.draw(document, first=1, last=min(len(sizes), _FIRST_PAGES)) if sizes else []
    except StepFailedError as error:
        documents.store_pages(document.id, [], problem=error.code)
        return DONE
    with transaction.atomic():
        counters.hold(document.client_file_id)
        for image in drawn:
            _remember(document, image)
        documents.store_pages(document.id, sizes)
    return DONE


def _remember(document: Document, image: child.DrawnPage) -> PageImage:
    return documents.store_page_image(
        document, page=image.page, width=image.width, sha256=image.sha256, media_type=image.media_type
    )


def page_image(document: Document, page: int, *, size: str = "") -> tuple[Path, str]:
    """Give the image of a page, counted from 1: its file and media type; drawn when it is not yet.

    ``size`` is "large", "thumb" or anything else for the usual one: there are three and no more, so that nobody
    can fill the store by asking for others. Raises NotThereError when the document has no such page.
    """
    width = _WIDTHS.get(size, child.PAGE_WIDTH)
    image = PageImage.objects.filter(document=document, page=page, width=width).first()
    if image is not None:
        return child.blobs().path(image.sha256), image.media_type
    if not 1 <= page <= len(document.pages):
        raise NotThereError
    # Thumbnails are looked at side by side: those that follow are drawn by the same child.
    last = min(page + _THUMBS_AT_ONCE - 1, len(document.pages)) if width == child.THUMB_WIDTH else page
    try:
        drawn = child.draw(document, first=page, last=last, width=width)
    except StepFailedError as error:
        raise NotThereError from error
    if not drawn:
        raise NotThereError
    with transaction.atomic():
        counters.hold(document.client_file_id)
        images = [_remember(document, one) for one in drawn]
    return child.blobs().path(images[0].sha256), images[0].media_type


def original(sha256: str) -> Path:
    """Give the file of stored bytes, to be read only."""
    return child.blobs().path(sha256)


def retry_receipt(receipt: Receipt) -> None:
    """Open a receipt again that failed, as soon as a worker is free."""
    intake.try_again(receipt)


def give_up_receipt(receipt_id: UUID) -> None:
    """Say on a receipt that its job failed for good."""
    intake.record_failure(receipt_id, problem="open-failed")


def give_up_document(document_id: UUID) -> None:
    """Put a document whose step failed for good before a person."""
    documents.give_up(document_id, problem="child_failed")
