"""Moving a whole file from one practice to another, with everything of it, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured
from django.db.models import F, Model
from django.utils.translation import gettext as _

from liasse.clients.models import ClientFile, FileAccess, TeamAccess
from liasse.clients.services import subject_of
from liasse.clients.types import FileStatus
from liasse.core import audit, jobs
from liasse.core.access import Actor, Level
from liasse.custody.errors import FileWentError
from liasse.custody.rows import FileTable, file_tables, tenant_keys
from liasse.outside.models import EngineSwitch
from liasse.practices.models import Colleague, Practice

_ENDS: Final[frozenset[type[Model]]] = frozenset({FileAccess, TeamAccess, EngineSwitch})
"""Tables that say what a practice's own people may do in a file: their rows end when it leaves."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A file at its new place, and the practice that it came from."""

    client_file: ClientFile
    source: Practice


def lock_file(client_file: ClientFile) -> ClientFile:
    """Lock a file as the person saw it, against every writer; raise FileWentError when it went meanwhile.

    Needs the instance's scope and a transaction. The lock is the strong one: it waits for whoever
    is adding rows to the file, and keeps others from beginning to.
    """
    files = ClientFile.objects.select_for_update(of=("self",)).select_related("practice")
    locked = files.filter(id=client_file.id, practice_id=client_file.practice_id).first()
    if locked is None:
        raise FileWentError(_("This file moved to another practice meanwhile, or was deleted. Reload the page."))
    return locked


def move(locked: ClientFile, *, to: Practice, given_to: Colleague | None, actor: Actor) -> Moved:
    """Move a locked file and every row of it; its address keeps working throughout.

    The old practice's colleagues lose it, and ``given_to`` gets full access. Whatever was archived
    is worked on again. Events are copied to the new practice's trail, for the old one's is append-only.
    Both trails tell it. Needs the instance's scope and a transaction.
    """
    source, file_id = locked.practice, locked.id
    for table in file_tables():
        _move_rows(table, file_id=file_id, to=to.id)
        jobs.hand_over(table.of(file_id).order_by().values("id"), to=to.id)
    if given_to is not None:
        FileAccess.objects.create(practice=to, client_file_id=file_id, colleague=given_to, level=Level.FULL)
    ClientFile.objects.filter(id=file_id).update(**_changes(locked, to=to, given_to=given_to))
    moved = ClientFile.objects.select_related("practice").get(id=file_id)
    audit.carry(file_id, source=source.id, target=to.id)
    audit.record(
        "file.practice",
        actor=actor,
        practice_id=to.id,
        subject=subject_of(moved),
        before={"practice": _name(source)},
        after={"practice": _name(to), "version": moved.version}
        | ({"colleague": given_to.name} if given_to is not None else {}),
    )
    audit.record(
        "practice.file-left",
        actor=actor,
        practice_id=source.id,
        subject=audit.Subject(kind="practice", id=source.id, client_file_id=file_id),
        before={"file": moved.name},
    )
    return Moved(client_file=moved, source=source)


def _move_rows(table: FileTable, *, file_id: UUID, to: UUID) -> None:
    rows = table.of(file_id)
    if table.model in _ENDS:
        rows.delete()
        return
    rows.update(practice_id=to, **_cut_keys(table.model))


def _cut_keys(model: type[Model]) -> dict[str, None]:
    """Give the keys that would point back into the old practice; they are blank in the new one."""
    moved = {table.model for table in file_tables()}
    cut: dict[str, None] = {}
    for key in tenant_keys(model):
        if key.related_model in moved:
            continue
        if not key.null:
            message = (
                f"{model.__name__}.{key.name} ties a file's rows to their practice: may they move, or do they end?"
            )
            raise ImproperlyConfigured(message)
        cut[key.name] = None
    return cut


def _changes(locked: ClientFile, *, to: Practice, given_to: Colleague | None) -> dict[str, Any]:
    changes: dict[str, Any] = {
        "status": FileStatus.ACTIVE,
        "archived_at": None,
        "count_colleagues": 0 if given_to is None else 1,
        "version": F("version") + 1,
        "activity": F("activity") + 1,
    }
    if not to.is_firm:
        # Nobody stands behind the new row whose language and time zone could be followed.
        changes["language"] = locked.language or locked.practice.language
        changes["time_zone"] = locked.time_zone or locked.practice.time_zone
    return changes


def _name(practice: Practice) -> str:
    return practice.name if practice.is_firm else ""
