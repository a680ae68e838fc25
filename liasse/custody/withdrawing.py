"""Removing a whole export before its week is over."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from liasse.clients.models import ClientFile
from liasse.clients.services import subject_of
from liasse.core import audit
from liasse.core.access import Actor
from liasse.core.errors import NotThereError
from liasse.custody.models import WholeExport
from liasse.custody.types import ExportState
from liasse.custody.whole import drop


@transaction.atomic
def remove_export(client_file: ClientFile, *, export_id: UUID, actor: Actor) -> None:
    """Remove the ZIP of an export, and write it in the file's history. Raises NotThereError unless it is ready."""
    ready = WholeExport.objects.select_for_update().filter(
        practice_id=client_file.practice_id, client_file=client_file, id=export_id, state=ExportState.READY
    )
    if ready.first() is None:
        raise NotThereError
    drop(export_id)
    audit.record(
        "file.export-removed", actor=actor, practice_id=client_file.practice_id, subject=subject_of(client_file)
    )
