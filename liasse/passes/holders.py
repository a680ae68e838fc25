"""What a link or a program's key is called where something came by it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from liasse.lib.ids import as_uuid
from liasse.passes.models import ApiToken, UploadLink

_MODELS: Final[dict[str, type[UploadLink | ApiToken]]] = {"link": UploadLink, "token": ApiToken}


@dataclass(frozen=True, slots=True)
class Named:
    """A link or a token: which of the two, what it is for or called, and who made it."""

    kind: str
    name: str
    made_by: str


def named_holder(holder: str, *, practice_id: UUID) -> Named | None:
    """Give what stands behind a receipt's ``holder``, None where it came by neither. One query where it did."""
    kind, _colon, text = holder.partition(":")
    known, found = _MODELS.get(kind), as_uuid(text)
    if known is None or found is None:
        return None
    row = known.objects.filter(practice_id=practice_id, id=found).first()
    if row is None:
        return Named(kind=kind, name="", made_by="")
    name = f"{row.name} ({row.hint}…)" if isinstance(row, ApiToken) else row.request
    return Named(kind=kind, name=name, made_by=row.created_by)
