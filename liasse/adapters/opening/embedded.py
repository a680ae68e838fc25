"""The files inside a PDF: an XML sent beside the PDF that holds it is the same invoice, not a second one."""

from __future__ import annotations

import hashlib
import zlib
from pathlib import Path

import pikepdf

_MAX_FILES = 10


def hashes_inside(pdf: Path, *, up_to: int) -> set[str]:
    """Return the SHA-256 of the files embedded in a PDF that are at most `up_to` bytes.

    A PDF that cannot be opened has none. Nothing is inflated further than that, so a bomb costs nothing.
    """
    try:
        with pikepdf.open(pdf) as document:
            files = [_content(spec.obj, up_to) for spec in list(document.attachments.values())[:_MAX_FILES]]
    except Exception:  # noqa: BLE001 - foreign bytes lead the library anywhere, and the answer is the same.
        return set()
    return {hashlib.sha256(content).hexdigest() for content in files if content is not None}


def _content(spec: pikepdf.Object, up_to: int) -> bytes | None:
    stream = spec.EF.F
    raw = stream.read_raw_bytes()
    filters = stream.get("/Filter")
    if filters is None:
        return bytes(raw)
    names = [str(name) for name in filters] if isinstance(filters, pikepdf.Array) else [str(filters)]
    if names != ["/FlateDecode"]:
        return None
    content = zlib.decompressobj().decompress(raw, up_to + 1)
    return content if len(content) <= up_to else None
