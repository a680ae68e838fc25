"""Steps on foreign bytes, each in a child process with limits, with no transaction open."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from liasse.clients.models import ClientFile
from liasse.core import sandbox
from liasse.core.adapters import adapter
from liasse.core.blobs import BlobStore
from liasse.core.errors import TransientError
from liasse.documents.models import Document
from liasse.documents.types import PageSize
from liasse.intake.models import Receipt
from liasse.intake.types import Door, OpenedPart, OpenedReceipt, Verdict
from liasse.lib.media_types import PICTURES
from liasse.reading.errors import problem_of_child
from liasse.reading.types import ReadingResult

PAGE_WIDTH: Final = 1600
"""Pixels: an A4 page at 194 dots an inch, sharp at twice its usual width on screen."""

LARGE_PAGE_WIDTH: Final = 3200
"""Pixels: made when somebody looks closer, or has a screen of high density."""

_OPENING_PROBLEMS: Final = {"timeout": "open-timeout", "out-of-memory": "open-memory"}


class StepFailedError(Exception):
    """A step can never succeed on these bytes; ``code`` says why."""

    def __init__(self, code: str) -> None:
        """Keep the code of the problem."""
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """The image of a page, in the store."""

    page: int
    width: int
    sha256: str
    media_type: str


def blobs() -> BlobStore:
    """Give the instance's store of bytes."""
    store: BlobStore = adapter("blobs")
    return store


@contextmanager
def _answer(call: str, sha256: str, **words: Any) -> Iterator[tuple[dict[str, Any], Path]]:  # noqa: ANN401 - JSON
    """Run one call on stored bytes; gives its answer and the folder of what it wrote."""
    scratch = settings.LIASSE_DATA / "tmp"
    scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        try:
            found = sandbox.run(call, blobs().path(sha256), Path(folder), **words)
        except sandbox.SandboxError as error:
            if not error.permanent:
                raise TransientError(code=error.code) from error
            raise StepFailedError(error.code) from error
        yield found, Path(folder)


def open_receipt(receipt: Receipt) -> OpenedReceipt:
    """Open a stored mail or file into judged parts; the bytes of its documents are put in the store."""
    is_mail = receipt.door == Door.MAIL
    call = settings.LIASSE_CALLS["open_mail" if is_mail else "open_file"]
    words = {} if is_mail else {"filename": receipt.filename}
    try:
        with _answer(call, receipt.sha256, **words) as (found, folder):
            return _opened(found, folder)
    except StepFailedError as error:
        raise StepFailedError(_OPENING_PROBLEMS.get(error.code, "open-failed")) from error


def _opened(found: dict[str, Any], folder: Path) -> OpenedReceipt:
    headers = found["headers"]
    sent_at = headers.get("date")
    return OpenedReceipt(
        from_name=_text(headers.get("from_name")),
        from_address=_text(headers.get("from_address")),
        subject=_text(headers.get("subject")),
        sent_at=datetime.fromisoformat(sent_at) if sent_at else None,
        message_id=_text(headers.get("message_id")),
        text=_text(found.get("text")),
        parts=tuple(_part(part, folder) for part in found["parts"]),
        problem=found.get("problem") or "",
    )


def _part(part: dict[str, Any], folder: Path) -> OpenedPart:
    if part.get("file"):
        with (folder / part["file"]).open("rb") as content:
            blobs().put(content)
    return OpenedPart(
        index=part["index"],
        path=_text(part.get("path")),
        filename=_text(part.get("filename")),
        media_type=part["media_type"],
        size=part["size"],
        sha256=part["sha256"],
        verdict=Verdict(part["verdict"]),
        reason=part.get("reason") or "",
    )


def _text(found: str | None) -> str:
    """Give a text without the NUL that PostgreSQL cannot keep."""
    return (found or "").replace("\0", "\N{REPLACEMENT CHARACTER}")


def read(document: Document, client_file: ClientFile) -> ReadingResult:
    """Read a document's fields; what cannot be read is a result with its problem."""
    words = {
        "media_type": document.media_type,
        "adapters": settings.LIASSE_READING_ADAPTERS,
        "exclude": _own_identifiers(client_file),
    }
    try:
        with _answer(settings.LIASSE_CALLS["read"], document.sha256, **words) as (found, _folder):
            return ReadingResult.from_json(_without_nul(found))
    except StepFailedError as error:
        return ReadingResult(problem=problem_of_child(error.code))


def _without_nul(found: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(found, str):
        return _text(found)
    if isinstance(found, list):
        return [_without_nul(item) for item in found]
    if isinstance(found, dict):
        return {key: _without_nul(value) for key, value in found.items()}
    return found


def _own_identifiers(client_file: ClientFile) -> dict[str, list[str]]:
    """Give what names the client itself, who is the customer of its costs and not their supplier."""
    names = [name for name in (client_file.name, client_file.legal_name) if name]
    siren = [client_file.siren] if client_file.siren else []
    return {"vat": [], "siren": siren, "iban": [], "names": names}


def describe(document: Document) -> list[PageSize]:
    """Give the sizes of a document's pages; raises StepFailedError with the reason."""
    call = _page_call(document, "describe")
    if call is None:
        return []
    with _answer(call, document.sha256) as (found, _folder):
        if found["locked"]:
            raise StepFailedError("locked")
        return [PageSize(width=page["width"], height=page["height"]) for page in found["pages"]]


def draw(document: Document, *, first: int, last: int, width: int = PAGE_WIDTH) -> list[DrawnPage]:
    """Draw pages of a document and put the images in the store."""
    call = _page_call(document, "render")
    if call is None:
        return []
    words = {"first": first, "last": last, "width": width}
    with _answer(call, document.sha256, **words) as (found, folder):
        drawn = []
        for page, name in enumerate(found["files"], start=first):
            with (folder / name).open("rb") as image:
                stored = blobs().put(image)
            drawn.append(DrawnPage(page=page, width=width, sha256=stored.sha256, media_type="image/webp"))
        return drawn


def _page_call(document: Document, verb: str) -> str | None:
    if document.media_type == "application/pdf":
        return str(settings.LIASSE_CALLS[f"{verb}_pdf"])
    if document.media_type in PICTURES:
        return str(settings.LIASSE_CALLS[f"{verb}_picture"])
    return None
