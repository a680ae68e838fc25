"""Writes about outside engines: the switch of a file, and the question about a document with its end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from liasse.clients import counters
from liasse.clients.models import ClientFile
from liasse.clients.services import subject_of
from liasse.core import audit
from liasse.core.access import Actor, system_actor
from liasse.core.errors import ConflictError
from liasse.core.jobs import enqueue
from liasse.documents.models import Document
from liasse.documents.types import DocumentStatus
from liasse.outside.models import Asking, EngineSwitch
from liasse.outside.rules import Weighed, weigh
from liasse.outside.selectors import destination, is_on
from liasse.outside.types import Destination, Outcome, ShownPage, State, Told, Trouble
from liasse.reading.exclude import Exclude
from liasse.reading.models import Reading
from liasse.reading.revising import revise
from liasse.reading.types import ReadingResult
from liasse.reading.words import PageWords

ASK_ENGINE: Final = "ask-engine"
MOST_SENDINGS: Final = 5
"""So often one document is sent at most, whatever became of it."""


# ------------------------------------------------------------------------------------------------ the switch


def switch_on(client_file: ClientFile, *, host: str, actor: Actor) -> None:
    """Let documents of this file go to ``host``, the one that the person read; on twice is on once.

    Raises ConflictError where the settings name another host by now, or none.
    """
    goal = destination()
    if goal is None or goal.host != host:
        raise ConflictError(_("The address of the outside engine changed meanwhile: reload, and read where it is now."))
    with transaction.atomic():
        counters.hold(client_file.id)
        switch = EngineSwitch.objects.filter(practice_id=client_file.practice_id, client_file=client_file).first()
        if switch is not None and switch.host == host:
            return
        before = {} if switch is None else {"engine_host": switch.host}
        EngineSwitch.objects.update_or_create(
            practice_id=client_file.practice_id,
            client_file=client_file,
            defaults={"host": host, "switched_by": actor.name[:200], "switched_at": timezone.now()},
        )
        after = {"engine_host": host, "engine_model": goal.model, "engine_sends": goal.sends.value}
        _record_switch("file.engine-on", client_file, actor=actor, before=before, after=after)


def switch_off(client_file: ClientFile, *, actor: Actor) -> None:
    """Let nothing of this file leave any more, also not what waits to be sent; off twice is off once."""
    with transaction.atomic():
        counters.hold(client_file.id)
        switch = EngineSwitch.objects.filter(practice_id=client_file.practice_id, client_file=client_file).first()
        if switch is None:
            return
        switch.delete()
        _record_switch("file.engine-off", client_file, actor=actor, before={"engine_host": switch.host}, after={})


def _record_switch(
    verb: str, client_file: ClientFile, *, actor: Actor, before: dict[str, Any], after: dict[str, Any]
) -> None:
    subject = subject_of(client_file)
    audit.record(verb, actor=actor, practice_id=client_file.practice_id, subject=subject, before=before, after=after)


# ---------------------------------------------------------------------------------------------- the question


def want(document_id: UUID, *, result: ReadingResult) -> None:
    """Have an engine asked about a document that was just read, where its file wants that and it is not ready.

    In the caller's transaction. No query where no engine is set up, nor for an e-invoice.
    """
    if destination() is None or result.is_structured:
        return
    document = Document.objects.filter(id=document_id).first()
    if document is None or document.status != DocumentStatus.TO_REVIEW or not is_on(document.client_file_id):
        return
    enqueue(ASK_ENGINE, subject_id=document.id, practice_id=document.practice_id)


def may_ask(document: Document) -> bool:
    """Tell whether a document still waits, and whether its file lets it go; looked at again when it is sent."""
    return document.status == DocumentStatus.TO_REVIEW and is_on(document.client_file_id)


def begin(document_id: UUID, goal: Destination, pages: Sequence[ShownPage]) -> Asking | None:
    """Write that a document is sent, before it is; None where it must not be, or was answered already.

    Committed when it returns: a worker that dies while it waits leaves a sending on record, and asks once more.
    """
    with transaction.atomic():
        document = _held(document_id)
        reading = Reading.objects.filter(document_id=document_id).first()
        if document is None or reading is None or not document.client_file.is_active or not may_ask(document):
            return None
        if goal != destination() or _is_exact(reading):
            return None
        asking = _asking(document, reading)
        if asking.state != State.WAITING or asking.sent_count >= MOST_SENDINGS:
            return None
        asking.sent_count += 1
        asking.sent_at, asking.host = timezone.now(), goal.host
        asking.save()
        _record("document.engine-sent", document, _sent(goal, pages, count=asking.sent_count))
    return asking


def _held(document_id: UUID) -> Document | None:
    found = Document.objects.select_related("client_file").filter(id=document_id).first()
    if found is None:
        return None
    counters.hold(found.client_file_id)
    # What was read before the file was held may have changed by then.
    return Document.objects.select_related("client_file").filter(id=document_id).first()


def _is_exact(reading: Reading) -> bool:
    return ReadingResult(format=reading.format or None).is_structured


def _asking(document: Document, reading: Reading) -> Asking:
    asking = Asking.objects.select_for_update().filter(practice_id=document.practice_id, document=document).first()
    if asking is None:
        asking = Asking(practice_id=document.practice_id, document=document, reading_at=reading.read_at)
    if asking.reading_at != reading.read_at:
        asking.reading_at, asking.state = reading.read_at, State.WAITING
        asking.sent_count, asking.problem = 0, ""
    return asking


def _sent(goal: Destination, pages: Sequence[ShownPage], *, count: int) -> dict[str, Any]:
    after: dict[str, Any] = {
        "engine_host": goal.host,
        "engine_model": goal.model,
        "engine_words": [page.page for page in pages if page.text],
        "engine_pictures": [page.page for page in pages if page.picture],
        "engine_bytes": sum(len(page.text.encode()) + len(page.picture) for page in pages),
    }
    return after | ({"engine_again": count} if count > 1 else {})


def finish(asked: Asking, told: Told, *, pages: Sequence[PageWords], own: Exclude, saw_picture: bool) -> Weighed | None:
    """Hold an answer against the page and the reading as it is now, and store what is worth it, once.

    None where somebody stored one already, the document was read again, or the engine was switched off meanwhile.
    """
    with transaction.atomic():
        document = _held(asked.document_id)
        asking = Asking.objects.select_for_update().filter(id=asked.id).first()
        if document is None or asking is None:
            return None
        if asking.state != State.WAITING or asking.reading_at != asked.reading_at:
            return None
        if not is_on(document.client_file_id):
            _end(asking, document, Trouble.OFF)
            return None
        weighed: list[Weighed] = []

        def change(result: ReadingResult) -> ReadingResult:
            weighed.append(weigh(result, told, pages, own=own, saw_picture=saw_picture))
            return weighed[0].result

        revise(document.id, change)
        asking.state, asking.problem = State.ANSWERED, ""
        asking.save(update_fields=["state", "problem"])
        found = weighed[0] if weighed else None
        _record("document.engine-answered", document, _answered(asking, told, found))
    return found


def _answered(asking: Asking, told: Told, weighed: Weighed | None) -> dict[str, Any]:
    after: dict[str, Any] = {
        "engine_host": asking.host,
        "engine_request_bytes": told.bytes_sent,
        "engine_seconds": told.seconds,
    }
    if told.requests > 1:
        after["engine_requests"] = told.requests
    if weighed is None:
        return after
    taken = {
        "engine_agrees": weighed.names(Outcome.AGREES),
        "engine_filled": weighed.names(Outcome.FILLED, Outcome.REPLACED),
        "engine_left_out": weighed.names(Outcome.NOT_ON_PAGE, Outcome.SUMS, Outcome.UNUSABLE),
    }
    after |= {key: [name.value for name in names] for key, names in taken.items() if names}
    return after | ({"engine_others": dict(weighed.others)} if weighed.others else {})


def stop(document_id: UUID, trouble: Trouble) -> None:
    """Say that no answer comes: the document stays as it was read. Twice is once."""
    with transaction.atomic():
        document = _held(document_id)
        reading = Reading.objects.filter(document_id=document_id).first()
        if document is None or reading is None:
            return
        asking = _asking(document, reading)
        if asking.state == State.WAITING:
            _end(asking, document, trouble)


def _end(asking: Asking, document: Document, trouble: Trouble) -> None:
    goal = destination()
    asking.state, asking.problem = State.STOPPED, trouble.value
    asking.host = asking.host or (goal.host if goal else "")
    asking.save()
    _record("document.engine-stopped", document, {"engine_host": asking.host, "engine_problem": trouble.value})


def _record(verb: str, document: Document, after: dict[str, Any]) -> None:
    audit.record(
        verb,
        actor=system_actor(document.practice_id),
        practice_id=document.practice_id,
        subject=audit.Subject("document", document.id, document.client_file_id),
        after=after,
    )
