"""Names of files that were cut or joined."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from liasse.documents.types import Piece


def name_of(filename: str, *, pieces: Sequence[Piece], is_part: bool) -> str:
    """Name a document after the file that its first page is from, with the pages if it is not all of it."""
    stem = PurePosixPath(filename).stem or "document"
    if not is_part:
        return f"{stem}.pdf"
    own = [piece for piece in pieces if piece.part_id == pieces[0].part_id]
    pages = ", ".join(str(one.first) if one.first == one.last else f"{one.first}-{one.last}" for one in own[:3])
    return f"{stem[:150]} p. {pages}.pdf"
