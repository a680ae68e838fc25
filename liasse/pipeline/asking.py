"""The question to an engine outside: a job of its own after the reading, which holds nothing up.

One document is sent at a time, over all workers; the others wait without holding a thread. Where the engine does not
answer, nobody asks for a while. What was sent is on record before it leaves.
"""

from __future__ import annotations

import logging
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from liasse.clients import counters
from liasse.core.blobs import BlobMissingError
from liasse.core.errors import NotThereError
from liasse.core.slots import NoTurnError, slot
from liasse.documents.models import Document
from liasse.documents.types import Step
from liasse.outside import services as outside
from liasse.outside.models import Asking
from liasse.outside.ports import EngineError
from liasse.outside.selectors import engine
from liasse.outside.showing import MOST_PICTURES, MOST_TEXTS, by_number, chosen, is_shown_as_words, text_of
from liasse.outside.types import Destination, Sends, ShownPage, Trouble
from liasse.pipeline import child, flow
from liasse.pipeline.child import StepFailedError
from liasse.pipeline.outcomes import DONE, Outcome, Waiting
from liasse.reading.selectors import pages_of
from liasse.reading.types import Source
from liasse.reading.words import PageWords
from liasse.suppliers import alarms

log = logging.getLogger("liasse.asking")

_PICTURE_BYTES: Final = 1_500_000
_PAGES_PAUSE: Final = timedelta(seconds=3)
_TURN_PAUSE: Final = timedelta(seconds=5)
_FIRST_PAUSE: Final = 30.0
_LONGEST_PAUSE: Final = 15 * 60.0


class _Rest:
    """For how long this process asks nobody, since the engine did not answer: longer with each failure in a row."""

    def __init__(self) -> None:
        self._lock, self._until, self._count = Lock(), 0.0, 0

    @property
    def seconds(self) -> float:
        """Give how much of it is left."""
        return max(self._until - time.monotonic(), 0.0)

    def failed(self, *, after: float) -> None:
        """Rest for as long as the engine wants, or as it failed before."""
        with self._lock:
            self._count += 1
            pause = max(after, _pause(self._count))
            self._until = max(self._until, time.monotonic() + pause)

    def answered(self) -> None:
        """Rest no more."""
        with self._lock:
            self._until, self._count = 0.0, 0


REST: Final = _Rest()


def _pause(count: int) -> float:
    return float(min(_FIRST_PAUSE * 2 ** (count - 1), _LONGEST_PAUSE))


@dataclass(frozen=True, slots=True)
class _Shown:
    """What is sent of a document, and the words that its answer is held against."""

    pages: tuple[ShownPage, ...]
    words: tuple[PageWords, ...]

    @property
    def saw_picture(self) -> bool:
        """Tell whether the engine looked itself wherever OCR did."""
        sent = {page.page for page in self.pages if page.text}
        return not any(page.source is Source.OCR and page.page in sent for page in self.words)


def ask(document_id: UUID) -> Outcome:
    """Ask about a document that the ordinary reading is not sure of, and keep what its page bears out."""
    goal = engine().destination
    document = Document.objects.select_related("client_file").filter(id=document_id).first()
    if goal is None or document is None or not outside.may_ask(document):
        return DONE
    if document.step != Step.DONE:
        return Waiting(until=timezone.now() + _PAGES_PAUSE)
    if REST.seconds:
        return Waiting(until=timezone.now() + timedelta(seconds=REST.seconds))
    try:
        with slot(settings.LIASSE_DATA / "tmp", "engine", count=1, seconds=0):
            return _asked(document, goal)
    except NoTurnError:
        return Waiting(until=timezone.now() + _TURN_PAUSE)


def give_up(document_id: UUID) -> None:
    """Say on a document that its question failed for good."""
    outside.stop(document_id, Trouble.AWAY)


def _asked(document: Document, goal: Destination) -> Outcome:
    shown = _shown(document, goal)
    if not shown.pages:
        outside.stop(document.id, Trouble.NOTHING)
        return DONE
    asking = outside.begin(document.id, goal, shown.pages)
    if asking is None:
        return DONE
    try:
        told = engine().ask(shown.pages)
    except EngineError as error:
        return _failed(asking, error)
    REST.answered()
    own = child.own_of(document.client_file)
    with transaction.atomic():
        counters.hold(document.client_file_id)
        weighed = outside.finish(asking, told, pages=shown.words, own=own, saw_picture=shown.saw_picture)
        if weighed is not None and weighed.has_changed:
            alarms.watch(document.id, keeps_ready=True)
    return DONE


def _failed(asking: Asking, error: EngineError) -> Outcome:
    """End here for good, or wait: each time longer, or as long as the engine says."""
    log.warning("%s asked %s: %s (%s)", asking.document_id, asking.host, error.trouble.value, error.detail)
    if error.permanent or asking.sent_count >= outside.MOST_SENDINGS:
        outside.stop(asking.document_id, error.trouble)
        return DONE
    REST.failed(after=error.after)
    seconds = max(error.after, _pause(asking.sent_count))
    return Waiting(until=timezone.now() + timedelta(seconds=seconds))


def _shown(document: Document, goal: Destination) -> _Shown:
    words: tuple[PageWords, ...] = ()
    with suppress(BlobMissingError):
        words = pages_of(document)
    known = by_number(words)
    numbers = range(1, max(len(document.pages), *known, 0) + 1) if known else range(1, len(document.pages) + 1)
    texts = [number for number in numbers if is_shown_as_words(known.get(number), goal.sends)]
    drawn = [] if goal.sends is Sends.WORDS else [number for number in numbers if number not in texts]
    pages = [ShownPage(texts[at - 1], text=text_of(known[texts[at - 1]])) for at in chosen(len(texts), most=MOST_TEXTS)]
    for at in chosen(len(drawn), most=MOST_PICTURES):
        picture = _picture(document, drawn[at - 1])
        if picture:
            pages.append(ShownPage(drawn[at - 1], picture=picture, media_type="image/jpeg"))
    return _Shown(tuple(pages), words)


def _picture(document: Document, page: int) -> bytes:
    """Give a page as a small JPEG; none where it cannot be drawn."""
    try:
        path, _media_type = flow.page_image(document, page)
        return child.page_as_jpeg(path, most_bytes=_PICTURE_BYTES)
    except (NotThereError, StepFailedError):
        return b""
