"""What events are about, by name: looked up for a whole page at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from liasse.clients.models import ClientFile, Member
from liasse.core.models import AuditEvent
from liasse.documents.models import Document
from liasse.intake.models import Receipt
from liasse.practices.models import Colleague


@dataclass(frozen=True, slots=True)
class Names:
    """Names by id: of files, and of the subjects of events."""

    files: dict[UUID, str] = field(default_factory=dict)
    subjects: dict[UUID, str] = field(default_factory=dict)

    def what(self, event: AuditEvent) -> str:
        """Say what an event was done to, as it is called today, or was called when it went."""
        said = {**event.before, **event.after}
        if event.subject_kind in {"document", "receipt"}:
            return _quoted(self.subjects.get(event.subject_id, ""))
        if event.verb.startswith(("practice.", "transfer.")):
            return _quoted(str(said.get("file") or said.get("name") or ""))
        if event.subject_kind == "client-file":
            return _quoted(self.files.get(event.subject_id) or str(said.get("name") or ""))
        if event.subject_kind in {"team", "supplier"}:
            return _quoted(str(said.get(event.subject_kind) or ""))
        if event.verb == "colleague.handed-on":
            return str(event.before.get("colleague") or "")
        person = said.get("colleague") if event.subject_kind == "colleague" else said.get("member")
        return str(person or said.get("colleague") or self.subjects.get(event.subject_id) or said.get("email") or "")


def names_for(events: Iterable[AuditEvent]) -> Names:
    """Look the names up: at most one query each for files, documents, deliveries, colleagues and users."""
    kinds: dict[str, set[UUID]] = {}
    files: set[UUID] = set()
    for event in events:
        kinds.setdefault(event.subject_kind, set()).add(event.subject_id)
        if event.client_file_id:
            files.add(event.client_file_id)
    subjects: dict[UUID, str] = {}
    subjects |= _documents(kinds.get("document", set()))
    subjects |= _named(Receipt, "subject", kinds.get("receipt", set()))
    subjects |= _named(Colleague, "name", kinds.get("colleague", set()))
    subjects |= _named(Member, "name", kinds.get("member", set()))
    return Names(files=_named(ClientFile, "name", files), subjects=subjects)


def _documents(ids: set[UUID]) -> dict[UUID, str]:
    if not ids:
        return {}
    rows = Document.objects.filter(id__in=ids).values_list("id", "supplier_name", "number", "filename")
    return {row_id: " ".join(filter(None, (supplier, number))) or name for row_id, supplier, number, name in rows}


def _named(model: Any, column: str, ids: set[UUID]) -> dict[UUID, str]:  # noqa: ANN401 - any table with that column
    return dict(model.objects.filter(id__in=ids).values_list("id", column)) if ids else {}


def _quoted(name: str) -> str:
    return _("“%(name)s”") % {"name": name} if name else ""
