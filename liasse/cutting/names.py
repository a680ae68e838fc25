"""Names of files that were cut or joined."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from liasse.documents.types import Piece


def name_of(filename: str, *, pieces: Sequence[Piece], is_part: bool) -> str:
    """Name a document after the file that its first page is from, with the pages if it is not all of it.

    Of several files together it says how many others are in it: "invoice + 2.pdf".
    """
    stem = PurePosixPath(filename).stem or "document"
    others = len({piece.part_id for piece in pieces}) - 1
    more = f" + {others}" if others > 0 else ""
    if not is_part:
        return f"{stem[:150]}{more}.pdf"
    own = [piece for piece in pieces if piece.part_id == pieces[0].part_id]
    pages = ", ".join(str(one.first) if one.first == one.last else f"{one.first}-{one.last}" for one in own[:3])
    return f"{stem[:150]} p. {pages}{more}.pdf"
