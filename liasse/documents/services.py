"""Writes of documents: made from parts, moved between tabs, given owner, note and figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import DateTimeField, F, Subquery, Value
from django.db.models.functions import Coalesce, Least
from django.utils.translation import gettext as _

from liasse.clients import counters
from liasse.clients.models import ClientFile, Member
from liasse.clients.types import MemberStatus
from liasse.core import audit
from liasse.core.access import Actor, system_actor
from liasse.core.errors import ConflictError, NotThereError
from liasse.core.jobs import enqueue
from liasse.documents.models import Document, PageImage
from liasse.documents.rules import (
    first_step,
    is_blank,
    lacks_of,
    may_move,
    search_text,
    status_after_archive,
)
from liasse.documents.types import DocumentStatus, Lack, Marked, PageSize, Step, Summary
from liasse.intake.models import Receipt, ReceiptPart
from liasse.intake.types import Cutting

ADVANCE_DOCUMENT = "advance-document"
"""The job that runs the step which is due on a document."""

FIND_DUPLICATES = "find-duplicates"
"""The job that looks whether a document is there twice, asked for whenever what it is compared by may have changed."""


def create_from_parts(receipt: Receipt, parts: Sequence[ReceiptPart]) -> list[Document]:
    """Make one document of each part that has none yet, in the caller's transaction."""
    sender = receipt.owner or receipt.member
    owner = sender if sender and sender.status != MemberStatus.LEFT else _first_member(receipt.client_file_id)
    there = Document.objects.filter(client_file_id=receipt.client_file_id, receipt=receipt)
    known = set(there.values_list("part_id", flat=True))
    made = [_create(receipt, part, owner) for part in parts if part.id not in known]
    counters.shift(receipt.client_file_id, processing=len(made))
    return made


def _create(receipt: Receipt, part: ReceiptPart, owner: Member | None) -> Document:
    document = Document.objects.create(
        practice_id=receipt.practice_id,
        client_file_id=receipt.client_file_id,
        receipt=receipt,
        part=part,
        owner=owner,
        filename=part.filename,
        media_type=part.media_type,
        size=part.size,
        sha256=part.sha256,
        received_at=receipt.received_at,
        side=receipt.side,
        note=receipt.note,
        step=first_step(part.media_type, cutting=Cutting(receipt.cutting)),
        search_text=search_text(part.filename),
    )
    enqueue(ADVANCE_DOCUMENT, subject_id=document.id, practice_id=document.practice_id)
    _record("document.received", document, actor=system_actor(document.practice_id))
    return document


def _first_member(client_file_id: UUID) -> Member | None:
    """Give the file's main contact, who owns what nobody else sent; without one, whoever came first."""
    members = Member.objects.filter(client_file_id=client_file_id).exclude(status=MemberStatus.LEFT)
    return members.order_by("-is_main", "id").first()


def lock(document_id: UUID, *, version: int | None = None) -> Document:
    """Lock a document for an edit made against ``version``; raise ConflictError when it moved on."""
    document = Document.objects.select_for_update().filter(id=document_id).first()
    if document is None:
        raise NotThereError
    if version is not None and (document.version != version or document.status == DocumentStatus.REPLACED):
        raise ConflictError(
            _("Somebody changed this document meanwhile. What you typed was not saved: reload and compare.")
        )
    return document


def store_summary(document: Document, summary: Summary, *, customer_name: str = "") -> None:
    """Write the figures that lists show. The document is locked by the caller's transaction."""
    document.kind = summary.kind or ""
    document.supplier_name = summary.supplier_name[:200]
    document.number = summary.number[:100]
    document.issue_date = summary.issue_date
    document.due_date = summary.due_date
    document.currency = summary.currency[:3]
    document.total_net = summary.total_net
    document.total_vat = summary.total_vat
    document.total_gross = summary.total_gross
    words = (summary.supplier_name, summary.number, customer_name, document.filename)
    document.search_text = search_text(*words)


def set_status(document: Document, status: DocumentStatus) -> None:
    """Put a locked document into a tab, with the file's counts; the caller saves the document."""
    before = DocumentStatus(document.status)
    if before == status:
        counters.touch(document.client_file_id)
        return
    document.status = status
    waiting = waiting_since(document.client_file_id, moving=document)
    counters.shift(document.client_file_id, also=waiting, **{_count(before): -1, _count(status): 1})


def waiting_since(client_file_id: UUID, *, moving: Document | None = None) -> dict[str, Any]:
    """Give since when the oldest document to be checked is there, as the update of the counts works it out.

    ``moving`` has its new status already, but is not saved yet.
    """
    rows = Document.objects.filter(client_file_id=client_file_id, status=DocumentStatus.TO_REVIEW)
    if moving is not None:
        rows = rows.exclude(id=moving.id)
    oldest: Any = Subquery(rows.order_by("received_at").values("received_at")[:1])
    if moving is not None and moving.status == DocumentStatus.TO_REVIEW:
        own = Value(moving.received_at, output_field=DateTimeField())
        oldest = Least(Coalesce(oldest, own), own)
    return {"waiting_since": oldest}


def move(document_ids: Iterable[UUID], *, actor: Actor, client_file: ClientFile, to: DocumentStatus) -> int:
    """Move documents of one file to a tab; gives how many moved.

    Raises NotThereError when an id is not of this file, and then moves none. Those that are
    being read stay where they are, and those that `mark_ready` lets nobody mark.
    """
    if to == DocumentStatus.READY:
        return mark_ready(document_ids, actor=actor, client_file=client_file, is_certain=True).ready
    return _move(document_ids, actor=actor, client_file=client_file, where=lambda _document: to)


def mark_ready(
    document_ids: Iterable[UUID], *, actor: Actor, client_file: ClientFile, is_certain: bool = False
) -> Marked:
    """Mark documents of one file as ready, and leave those that lack something (`rules.lacks_of`).

    ``is_certain`` is what a person says who was told what is missing: then only those stay that say
    nothing at all. Raises NotThereError as `move` does.
    """
    left: dict[UUID, tuple[Lack, ...]] = {}

    def where(document: Document) -> DocumentStatus:
        status, lacks = DocumentStatus(document.status), lacks_of(document)
        if not lacks or (is_certain and not is_blank(lacks)):
            return DocumentStatus.READY
        if may_move(status, to=DocumentStatus.READY):
            left[document.id] = lacks
        return status

    ready = _move(document_ids, actor=actor, client_file=client_file, where=where)
    return Marked(ready=ready, left=left)


def unarchive(document_ids: Iterable[UUID], *, actor: Actor, client_file: ClientFile) -> int:
    """Take documents of one file out of the archive, each to the tab it came from; gives how many.

    Raises NotThereError as `move` does. What is not in the archive stays where it is.
    """

    def where(document: Document) -> DocumentStatus:
        status = DocumentStatus(document.status)
        return status_after_archive(document.status_before_archive) if status == DocumentStatus.ARCHIVED else status

    return _move(document_ids, actor=actor, client_file=client_file, where=where)


def _move(
    document_ids: Iterable[UUID],
    *,
    actor: Actor,
    client_file: ClientFile,
    where: Callable[[Document], DocumentStatus],
) -> int:
    wanted = set(document_ids)
    with transaction.atomic():
        counters.hold(client_file.id)
        found = Document.objects.select_for_update().filter(
            practice_id=client_file.practice_id, client_file=client_file, id__in=wanted
        )
        documents = {document.id: document for document in found}
        if wanted - documents.keys():
            raise NotThereError
        moving = [row for row in documents.values() if may_move(DocumentStatus(row.status), to=where(row))]
        changes: Counter[str] = Counter()
        for document in moving:
            before, to = document.status, where(document)
            changes[_count(DocumentStatus(before))] -= 1
            changes[_count(to)] += 1
            document.status, document.version = to, document.version + 1
            document.status_before_archive = before if to == DocumentStatus.ARCHIVED else ""
            document.save(update_fields=["status", "status_before_archive", "version"])
            _record("document.moved", document, actor=actor, before={"status": before}, after={"status": to})
        if moving:
            counters.shift(client_file.id, also=waiting_since(client_file.id), **changes)
    return len(moving)


def set_owner(document: Document, *, actor: Actor, version: int, owner_id: UUID | None) -> Document:
    """Give a document to a member of its file, or to nobody."""
    with transaction.atomic():
        locked = lock(document.id, version=version)
        owner = None
        if owner_id is not None:
            members = Member.objects.filter(client_file_id=locked.client_file_id, id=owner_id)
            owner = members.exclude(status=MemberStatus.LEFT).first()
            if owner is None:
                raise NotThereError
        before = locked.owner
        locked.owner = owner
        _save_edit(locked, "owner")
        _record(
            "document.owner",
            locked,
            actor=actor,
            before={"owner": before.name if before else ""},
            after={"owner": owner.name if owner else ""},
        )
    return locked


def set_note(document: Document, *, actor: Actor, version: int, note: str) -> Document:
    """Write the practice's note on a document."""
    with transaction.atomic():
        locked = lock(document.id, version=version)
        before, locked.note = locked.note, note.strip()[:5000]
        _save_edit(locked, "note")
        _record("document.note", locked, actor=actor, before={"note": before}, after={"note": locked.note})
    return locked


def read_again(document: Document, *, actor: Actor) -> Document:
    """Ask for a document to be read anew from its original, as soon as a worker is free.

    What a person typed stays. One to review goes where the new reading puts it; one that a person
    marked ready, or put away, stays there. Raises ConflictError while it is being read already.
    """
    with transaction.atomic():
        counters.hold(document.client_file_id)
        locked = lock(document.id)
        if locked.step != Step.DONE:
            raise ConflictError(_("This document is being read already."))
        locked.step = Step.READ
        if locked.status == DocumentStatus.TO_REVIEW:
            set_status(locked, DocumentStatus.PROCESSING)
        locked.version += 1
        locked.save(update_fields=["step", "status", "version"])
        enqueue(ADVANCE_DOCUMENT, subject_id=locked.id, practice_id=locked.practice_id)
        _record("document.read-again", locked, actor=actor)
    return locked


def _save_edit(document: Document, field: str) -> None:
    document.version += 1
    document.save(update_fields=[field, "version"])
    counters.touch(document.client_file_id)


def store_pages(document_id: UUID, pages: Sequence[PageSize], *, problem: str = "") -> None:
    """Write the sizes of a document's pages, or why they cannot be shown, and end its steps."""
    with transaction.atomic():
        document = lock(document_id)
        document.pages = [{"width": page.width, "height": page.height} for page in pages]
        document.step = Step.DONE
        document.problem = document.problem or problem[:60]
        document.save(update_fields=["pages", "step", "problem"])
        counters.touch(document.client_file_id)
        look_for_duplicates(document)


def look_for_duplicates(document: Document) -> None:
    """Have it looked whether a document is there twice, as soon as a worker is free; in the caller's transaction."""
    enqueue(FIND_DUPLICATES, subject_id=document.id, practice_id=document.practice_id)


def store_page_image(document: Document, *, page: int, width: int, sha256: str, media_type: str) -> PageImage:
    """Remember the image of a page, asked for at ``width`` pixels; making it again replaces it."""
    image, _created = PageImage.objects.update_or_create(
        practice_id=document.practice_id,
        document=document,
        page=page,
        width=width,
        defaults={"sha256": sha256, "media_type": media_type},
    )
    return image


def give_up(document_id: UUID, *, problem: str) -> None:
    """Put a document whose step failed for good before a person, with the reason."""
    with transaction.atomic():
        document = lock(document_id)
        document.problem = problem[:60]
        document.step = Step.DONE
        if document.status == DocumentStatus.PROCESSING:
            set_status(document, DocumentStatus.TO_REVIEW)
        document.version = F("version") + 1
        document.save(update_fields=["problem", "step", "status", "version"])


def _count(status: DocumentStatus) -> str:
    return status.value.replace("-", "_")


def _record(
    verb: str,
    document: Document,
    *,
    actor: Actor,
    before: dict[str, str] | None = None,
    after: dict[str, str] | None = None,
) -> None:
    subject = audit.Subject("document", document.id, document.client_file_id)
    audit.record(
        verb,
        actor=actor,
        practice_id=document.practice_id,
        subject=subject,
        before=before,
        after=after,
    )
