"""Documents take the place of others: a scan cut into its invoices, two pages joined into one; and back again.

Nothing is deleted: what was replaced is kept out of sight, with its reading and its history.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from liasse.clients import counters
from liasse.core import audit
from liasse.core.access import Actor
from liasse.core.errors import ConflictError, NotThereError
from liasse.core.jobs import enqueue
from liasse.core.models import AuditEvent
from liasse.documents.models import Document
from liasse.documents.rules import search_text
from liasse.documents.services import ADVANCE_DOCUMENT, look_for_duplicates, waiting_since
from liasse.documents.types import DocumentStatus, NewDocument, Piece, Step
from liasse.intake.models import ReceiptPart
from liasse.intake.services import leave_out
from liasse.lib import media_types
from liasse.lib.ids import uuid7

_EDITS: Final = ("document.corrected", "document.moved", "document.owner", "document.note")
"""What a person does to a document that undoing its making would lose."""


def lock_all(client_file_id: UUID, *, versions: Mapping[UUID, int]) -> list[Document]:
    """Lock documents of a file as a person saw them, in the order given, in the caller's transaction.

    Raises NotThereError for one that is not the file's, ConflictError for one that changed meanwhile.
    """
    counters.hold(client_file_id)
    rows = Document.objects.select_for_update(of=("self",)).filter(client_file_id=client_file_id, id__in=versions)
    found = {document.id: document for document in rows}
    if len(found) != len(versions):
        raise NotThereError
    for document in found.values():
        if document.status == DocumentStatus.REPLACED or document.version != versions[document.id]:
            raise ConflictError(_("Somebody changed this document meanwhile. Nothing was done: reload and look again."))
    return [found[one] for one in versions]


def replace(documents: Sequence[Document], *, by: Sequence[NewDocument], verb: str, actor: Actor) -> list[Document]:
    """Put new documents in the place of locked ones, in the caller's transaction under the file's lock.

    The new ones are still to be read; owner, side and note are those of the first that they replace, and the
    receipt is that of their first page.
    """
    change_id = uuid7()
    parts = {piece.part_id for new in by for piece in new.pieces}
    receipts = dict(ReceiptPart.objects.filter(id__in=parts).values_list("id", "receipt_id"))
    taken = Document.objects.filter(part_id__in=parts).values_list("part_id").annotate(last=Max("cut_index"))
    last: Counter[UUID] = Counter(dict(taken.order_by()))
    made = []
    for new in by:
        part_id = new.pieces[0].part_id
        last[part_id] += 1
        made.append(
            _make(new, like=documents[0], made_by=change_id, receipt_id=receipts[part_id], cut_index=last[part_id])
        )
    _hide(documents, change_id=change_id)
    _record(verb, documents, actor=actor, after={"documents": str(len(made))})
    for one in made:
        _record("document.made", [one], actor=actor, after={"pages": pages_text(one.pieces), "file": one.filename})
    return made


def _make(new: NewDocument, *, like: Document, made_by: UUID, receipt_id: UUID, cut_index: int) -> Document:
    document = Document.objects.create(
        practice_id=like.practice_id,
        client_file_id=like.client_file_id,
        receipt_id=receipt_id,
        part_id=new.pieces[0].part_id,
        cut_index=cut_index,
        owner=like.owner,
        filename=new.filename[:200],
        media_type=media_types.PDF,
        size=new.size,
        sha256=new.sha256,
        received_at=like.received_at,
        side=like.side,
        note=like.note,
        search_text=search_text(new.filename),
        step=Step.READ,
        pieces=[piece.to_json() for piece in new.pieces],
        cuts=list(new.cuts),
        made_by=made_by,
    )
    enqueue(ADVANCE_DOCUMENT, subject_id=document.id, practice_id=document.practice_id)
    counters.shift(document.client_file_id, processing=1)
    return document


def _hide(documents: Sequence[Document], *, change_id: UUID) -> None:
    for document in documents:
        document.replaced_by, document.status_before_replaced = change_id, document.status
        if document.step == Step.CUT:
            document.step = Step.READ
    _set_status(documents, dict.fromkeys((one.id for one in documents), DocumentStatus.REPLACED))


def _set_status(documents: Sequence[Document], to: Mapping[UUID, str]) -> None:
    """Save locked documents in their new status, with the file's counts."""
    changes: Counter[str] = Counter()
    for document in documents:
        look_for_duplicates(document)
        changes[document.status] -= 1
        changes[to[document.id]] += 1
        document.status, document.version = to[document.id], document.version + 1
        document.save(update_fields=["status", "version", "step", "cuts", "replaced_by", "status_before_replaced"])
    shown = {name.replace("-", "_"): by for name, by in changes.items() if name != DocumentStatus.REPLACED}
    client_file_id = documents[0].client_file_id
    counters.shift(client_file_id, also=waiting_since(client_file_id), **shown)


def put_back(client_file_id: UUID, *, change_id: UUID, actor: Actor) -> list[Document]:
    """Undo a cutting or a joining: what it replaced stands where it stood, what it made is kept out of sight.

    In the caller's transaction. Raises NotThereError for one that this file does not have or that was undone,
    ConflictError when a person worked on what it made, or when that was cut or joined itself.
    """
    counters.hold(client_file_id)
    rows = Document.objects.select_for_update(of=("self",)).filter(client_file_id=client_file_id)
    made = list(rows.filter(made_by=change_id).order_by("part_id", "cut_index"))
    replaced = list(rows.filter(replaced_by=change_id).order_by("id"))
    if not made or not replaced:
        raise NotThereError
    if any(one.status == DocumentStatus.REPLACED for one in made):
        raise ConflictError(_("One of these documents was cut or joined since. Undo that first."))
    _require_unedited(made)
    before = {one.id: one.status_before_replaced or DocumentStatus.TO_REVIEW for one in replaced}
    for one in replaced:
        if not one.pieces:
            # The whole part is seen again, with its separator sheets.
            leave_out(one.part_id, pages=())
        one.replaced_by, one.status_before_replaced, one.cuts = None, "", []
        if one.step != Step.DONE:
            enqueue(ADVANCE_DOCUMENT, subject_id=one.id, practice_id=one.practice_id)
    _set_status(replaced, before)
    _set_status(made, dict.fromkeys((one.id for one in made), DocumentStatus.REPLACED))
    _record("document.put-back", replaced, actor=actor)
    _record("document.made-undone", made, actor=actor)
    return replaced


def _require_unedited(made: Sequence[Document]) -> None:
    edits = AuditEvent.objects.filter(
        practice_id=made[0].practice_id, subject_id__in=[one.id for one in made], verb__in=_EDITS
    )
    edited = set(edits.values_list("subject_id", flat=True))
    if not edited:
        return
    names = ", ".join(one.supplier_name or one.filename for one in made if one.id in edited)
    raise ConflictError(
        _("This cannot be undone any more: somebody worked on %(names)s since. Join or cut it by hand.")
        % {"names": names}
    )


def pages_text(pieces: Iterable[Mapping[str, Any]]) -> str:
    """Give the pages of pieces as people write them: "2–3, 5"; blank for a whole part."""
    found = [Piece.from_json(piece) for piece in pieces]
    return ", ".join(str(one.first) if one.first == one.last else f"{one.first}–{one.last}" for one in found)


def _record(verb: str, documents: Sequence[Document], *, actor: Actor, after: Mapping[str, Any] | None = None) -> None:
    facts = [
        audit.Fact(verb, audit.Subject("document", one.id, one.client_file_id), after=after or {}) for one in documents
    ]
    audit.record_all(facts, actor=actor, practice_id=documents[0].practice_id)
