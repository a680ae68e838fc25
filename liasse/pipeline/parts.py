"""The parts of an opened receipt: their bytes into the store, and those that are to become PDFs first."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from liasse.core import sandbox
from liasse.core.adapters import adapter
from liasse.core.blobs import BlobStore
from liasse.core.errors import TransientError
from liasse.intake.ports import OfficeRenderer
from liasse.intake.types import Door, OpenedPart, Verdict
from liasse.lib.media_types import PDF

_RENDERED_FROM: Final = 10_000
"""Where the numbers of PDFs begin that were made of parts, so that each try gives a part the same number."""

_MIB: Final = 1 << 20
_UNPACKED_BY_HAND: Final = 1024 * _MIB
_MOST_RENDERED: Final = 20


def words_of_opening(door: str, *, filename: str) -> dict[str, Any]:
    """Give what the opening of a receipt is told: a ZIP that a person hands in may be larger than one in a mail."""
    if door == Door.MAIL:
        return {}
    limits = sandbox.Limits(output_bytes=_UNPACKED_BY_HAND + 256 * _MIB)
    largest: int = settings.LIASSE_UPLOAD_LIMITS.archive_bytes
    return {"filename": filename, "limits": limits, "max_archive": largest, "max_unpacked": _UNPACKED_BY_HAND}


def keep_parts(found: list[dict[str, Any]], folder: Path, *, store: BlobStore) -> Iterator[OpenedPart]:
    """Put the bytes of all parts in the store, also of those that are refused, and yield the parts."""
    rendered = 0
    for part in found:
        if part.get("render"):
            yield _letter(part, folder, store)
            continue
        if part.get("file"):
            _put(folder / part["file"], store)
        pdf = None
        if part.get("reason") == "office" and rendered < _MOST_RENDERED:
            pdf = _office(part, store)
        rendered += pdf is not None
        yield _part(part) if pdf is None else _part(part | {"verdict": Verdict.IGNORED, "reason": "rendered"})
        if pdf is not None:
            yield pdf


def _part(part: dict[str, Any]) -> OpenedPart:
    return OpenedPart(
        index=part["index"],
        path=plain(part.get("path")),
        filename=plain(part.get("filename")),
        media_type=part["media_type"],
        size=part["size"],
        sha256=part["sha256"],
        verdict=Verdict(part["verdict"]),
        reason=part.get("reason") or "",
        # What is not written out apart is what arrived itself, or was put in the store here.
        has_bytes=True,
    )


def plain(found: str | None) -> str:
    """Give a text without the NUL that PostgreSQL cannot keep."""
    return (found or "").replace("\0", "\N{REPLACEMENT CHARACTER}")


def _letter(part: dict[str, Any], folder: Path, store: BlobStore) -> OpenedPart:
    """Write a mail that is a document itself as PDF; its text stays in the mail if that fails."""
    path = folder / part["file"]
    with _scratch() as out:
        try:
            written = sandbox.run(settings.LIASSE_CALLS["write_letter"], path, out)
        except sandbox.SandboxError as error:
            if not error.permanent:
                raise TransientError(code=error.code) from error
            _put(path, store)
            refused = {"media_type": "application/json", "verdict": Verdict.REFUSED, "reason": "not-rendered"}
            return _part(part | refused)
        return _part(part | _put(out / written["file"], store))


def _office(part: dict[str, Any], store: BlobStore) -> OpenedPart | None:
    """Write an Office file as PDF, where the machine can; None leaves it refused."""
    renderer: OfficeRenderer = adapter("office")
    filename = part["filename"]
    if not renderer.takes(filename):
        return None
    with _scratch() as out:
        pdf = renderer.to_pdf(store.path(part["sha256"]), out, filename=filename)
        if pdf is None:
            return None
        kept = _put(pdf, store)
    made = {
        "index": _RENDERED_FROM + part["index"],
        "filename": f"{filename.rpartition('.')[0]}.pdf",
        "media_type": PDF,
    }
    return _part(part | made | kept | {"verdict": Verdict.DOCUMENT, "reason": ""})


def _put(path: Path, store: BlobStore) -> dict[str, Any]:
    with path.open("rb") as content:
        stored = store.put(content)
    return {"sha256": stored.sha256, "size": stored.size}


@contextmanager
def _scratch() -> Iterator[Path]:
    place = settings.LIASSE_DATA / "tmp"
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place) as folder:
        yield Path(folder)
