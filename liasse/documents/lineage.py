"""Reads of what became of documents that were cut or joined, and of what they were made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from liasse.clients.models import ClientFile
from liasse.documents.models import Document
from liasse.documents.types import DocumentStatus, Piece


@dataclass(frozen=True, slots=True)
class Change:
    """One cutting or joining: what it made, what it replaced, and whether it was undone."""

    id: UUID
    made: Sequence[Document]
    replaced: Sequence[Document]

    @property
    def is_undone(self) -> bool:
        """Tell whether what it replaced stands where it stood."""
        return not self.replaced


def change_of(client_file: ClientFile, *, change_id: UUID) -> Change | None:
    """Give a cutting or joining of the file; None when it has none such. Two queries."""
    documents = Document.objects.filter(practice_id=client_file.practice_id, client_file=client_file)
    made = list(documents.filter(made_by=change_id).order_by("part_id", "cut_index"))
    replaced = list(documents.filter(replaced_by=change_id).order_by("id"))
    return Change(id=change_id, made=made, replaced=replaced) if made else None


def stand_ins(document: Document) -> list[Document]:
    """Give what stands in the place of a document out of sight: what it was cut into, or what it was made of."""
    documents = Document.objects.filter(practice_id=document.practice_id, client_file_id=document.client_file_id)
    if document.replaced_by is not None:
        return list(documents.filter(made_by=document.replaced_by).order_by("part_id", "cut_index"))
    pieces = {piece["part"] for piece in document.pieces}
    shown = documents.filter(part_id__in=pieces).exclude(status=DocumentStatus.REPLACED)
    return list(shown.order_by("part_id", "cut_index"))


@dataclass(frozen=True, slots=True)
class Original:
    """An original that a document was made of, and which of its pages are in it."""

    sha256: str
    media_type: str
    filename: str
    pieces: Sequence[Piece]


def originals_of(document: Document) -> list[Original]:
    """Give the originals of a document that was cut or joined, in the order of its pages. One query."""
    pieces = [Piece.from_json(piece) for piece in document.pieces]
    documents = Document.objects.filter(practice_id=document.practice_id, client_file_id=document.client_file_id)
    first = documents.filter(part_id__in={piece.part_id for piece in pieces}, cut_index=0)
    names = dict(first.values_list("part_id", "filename")) if pieces else {}
    found: dict[tuple[UUID, str], list[Piece]] = {}
    for piece in pieces:
        found.setdefault((piece.part_id, piece.sha256), []).append(piece)
    return [
        Original(sha256=sha256, media_type=some[0].media_type, filename=names.get(part_id, ""), pieces=some)
        for (part_id, sha256), some in found.items()
    ]
