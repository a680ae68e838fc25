"""A document that came into the wrong client's file goes to the right one of the same practice.

Its original comes in there anew, as whatever is handed in: with a delivery of its own, read by what is known in that
file. Here it is kept out of sight with its reading and history, so that the delivery that brought it still adds up.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from liasse.clients import counters
from liasse.clients.models import ClientFile
from liasse.core import audit
from liasse.core.access import Actor
from liasse.core.errors import ConflictError, NotThereError
from liasse.documents.models import Document
from liasse.documents.services import lock, look_for_duplicates, waiting_since
from liasse.documents.types import DocumentStatus, Step
from liasse.intake import arrivals
from liasse.intake.models import Receipt
from liasse.intake.types import Cutting, Door, IncomingFile, Side, Wish
from liasse.lib.ids import as_uuid, uuid7

_KEY: Final = "refiled:"


@transaction.atomic
def refile(document: Document, *, to: ClientFile, actor: Actor, version: int) -> Receipt:
    """Move a document to another file of its practice, in which the caller made sure that the actor may work.

    Gives the delivery by which it is there. A second time is the same delivery. Raises NotThereError for a file of
    another practice or one that is not worked on, ConflictError when the document moved on or is being read.
    """
    if to.id == document.client_file_id or to.practice_id != document.practice_id or not to.is_active:
        raise NotThereError
    # Both at once, in the order in which everybody locks files.
    held = counters.hold_all_wherever_they_are({document.client_file_id, to.id})
    if set(held.values()) != {document.practice_id} or len(held) != 2:  # noqa: PLR2004 - from here to there
        raise NotThereError
    locked = lock(document.id, version=version)
    if locked.step != Step.DONE:
        raise ConflictError(_("This document is being read. Try again in a moment."))
    receipt = arrivals.register(
        IncomingFile(
            door=Door.WEB,
            practice_id=to.practice_id,
            client_file_id=to.id,
            address_id=None,
            sha256=locked.sha256,
            size=locked.size,
            received_at=timezone.now(),
            filename=locked.filename,
            delivery_key=f"{_KEY}{locked.id}",
            user_id=actor.user_id,
            wish=Wish(side=Side(locked.side), cutting=Cutting.WHOLE, note=locked.note),
        )
    )
    _hide(locked)
    for verb, file_id in (("document.refiled", locked.client_file_id), ("document.refiled-here", to.id)):
        # Who sees one of the files need not see the other, so neither says the other's name.
        subject = audit.Subject("document", locked.id, file_id)
        audit.record(
            verb, actor=actor, practice_id=locked.practice_id, subject=subject, after={"file": locked.filename}
        )
    return receipt


def came_from(document: Document) -> UUID | None:
    """Give the document that this one was in another file of its practice; None for what came in by itself."""
    key = Receipt.objects.filter(id=document.receipt_id).values_list("delivery_key", flat=True).first() or ""
    return as_uuid(key.removeprefix(_KEY)) if key.startswith(_KEY) else None


def _hide(document: Document) -> None:
    before = document.status
    document.status_before_replaced, document.replaced_by = before, uuid7()
    document.status, document.version = DocumentStatus.REPLACED, document.version + 1
    document.save(update_fields=["status", "status_before_replaced", "replaced_by", "version"])
    gone = {before.replace("-", "_"): -1}
    counters.shift(document.client_file_id, also=waiting_since(document.client_file_id), **gone)
    look_for_duplicates(document)
