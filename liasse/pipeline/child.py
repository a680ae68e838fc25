"""Steps on foreign bytes, each in a child process with limits, with no transaction open."""

from __future__ import annotations

import gzip
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from liasse.clients.models import ClientFile
from liasse.core import sandbox
from liasse.core.adapters import adapter
from liasse.core.blobs import BlobStore, StoredBlob
from liasse.core.errors import TransientError
from liasse.core.slots import slot
from liasse.cutting.types import PageFacts
from liasse.documents.models import Document
from liasse.documents.types import PageSize, Piece
from liasse.intake.models import Receipt
from liasse.intake.types import Door, OpenedReceipt
from liasse.lib.media_types import PICTURES
from liasse.pipeline import parts
from liasse.reading.call import CHECK_LIMITS, OCR_LIMITS, PAGE_FACTS, WANTS_OCR, WORDS_FILE
from liasse.reading.errors import problem_of_child
from liasse.reading.exclude import Exclude
from liasse.reading.types import ReadingResult
from liasse.reading.words import PageWords, words_from_json

PAGE_WIDTH: Final = 1600
"""Pixels: an A4 page at 194 dots an inch, sharp at twice its usual width on screen."""

LARGE_PAGE_WIDTH: Final = 3200
"""Pixels: made when somebody looks closer, or has a screen of high density."""

THUMB_WIDTH: Final = 320
"""Pixels: made when pages are shown side by side."""

_MOST_JOINED: Final = 1024**3
"""Bytes of originals that one cutting or joining may need together."""

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


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """What was read of a document, and the words of its pages; in the store under `words_sha256`, if any."""

    result: ReadingResult
    words_sha256: str = ""
    pages: tuple[PageWords, ...] = ()
    facts: tuple[PageFacts, ...] = ()
    """What the pages that OCR saw say one by one, for the rules that look for cuts."""


def blobs() -> BlobStore:
    """Give the instance's store of bytes."""
    store: BlobStore = adapter("blobs")
    return store


@contextmanager
def _answer(call: str, sha256: str, **words: Any) -> Iterator[tuple[dict[str, Any], Path]]:  # noqa: ANN401 - JSON
    """Run one call on stored bytes; gives its answer and the folder of what it wrote."""
    with _answer_on(call, blobs().path(sha256), run=sandbox.run, **words) as found:
        yield found


def _scratch() -> Path:
    scratch: Path = settings.LIASSE_DATA / "tmp"
    scratch.mkdir(parents=True, exist_ok=True)
    return scratch


@contextmanager
def _answer_on(
    call: str,
    path: Path,
    *,
    run: Callable[..., dict[str, Any]] = sandbox.run,
    **words: Any,  # noqa: ANN401 - JSON
) -> Iterator[tuple[dict[str, Any], Path]]:
    with tempfile.TemporaryDirectory(dir=_scratch()) as folder:
        try:
            found = run(call, path, Path(folder), **words)
        except sandbox.SandboxError as error:
            if not error.permanent:
                raise TransientError(code=error.code) from error
            raise StepFailedError(error.code) from error
        yield found, Path(folder)


def open_receipt(receipt: Receipt) -> OpenedReceipt:
    """Open a stored mail or file into judged parts; the bytes of its documents are put in the store."""
    is_mail = receipt.door == Door.MAIL
    call = settings.LIASSE_CALLS["open_mail" if is_mail else "open_file"]
    words = parts.words_of_opening(receipt.door, filename=receipt.filename)
    try:
        with _answer(call, receipt.sha256, **words) as (found, folder):
            return _opened(found, folder)
    except StepFailedError as error:
        raise StepFailedError(_OPENING_PROBLEMS.get(error.code, "open-failed")) from error


def check_sender(receipt: Receipt, **words: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Check a stored mail's sender with the answers of DNS in ``words``; gives what was found, and what is missing."""
    told = {"envelope_from": receipt.envelope_from, "peer": receipt.peer} | words
    with _answer(settings.LIASSE_CALLS["check_sender"], receipt.sha256, **told) as (found, _folder):
        plain: dict[str, Any] = _without_nul(found)
        return plain


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
        parts=tuple(parts.keep_parts(found["parts"], folder, store=blobs())),
        problem=found.get("problem") or "",
        links=_without_nul(found.get("links") or []),
        task=found.get("task") or None,
    )


def _text(found: str | None) -> str:
    """Give a text without the NUL that PostgreSQL cannot keep."""
    return (found or "").replace("\0", "\N{REPLACEMENT CHARACTER}")


def read(document: Document, client_file: ClientFile) -> ReadDocument:
    """Read a document's fields and words, by OCR where its pages need it; what cannot be read is a problem."""
    words: dict[str, Any] = {
        "media_type": document.media_type,
        "adapters": settings.LIASSE_READING_ADAPTERS,
        "exclude": _own_identifiers(client_file),
    }
    try:
        with _answer(settings.LIASSE_CALLS["read"], document.sha256, **words) as (found, folder):
            first, wants_ocr = _kept(found, folder), bool(found.get(WANTS_OCR))
    except StepFailedError as error:
        return ReadDocument(ReadingResult(problem=problem_of_child(error.code)))
    if not wants_ocr or not settings.LIASSE_OCR_ADAPTERS:
        return first
    words["adapters"] = settings.LIASSE_OCR_ADAPTERS
    call, path = settings.LIASSE_CALLS["read_by_ocr"], blobs().path(document.sha256)
    try:
        with (
            slot(_scratch(), "ocr"),
            _answer_on(call, path, run=sandbox.run_large, limits=OCR_LIMITS, **words) as (found, folder),
        ):
            return _kept(found, folder)
    except StepFailedError as error:
        # What the text itself says is kept; where there is none, a person hears why.
        notes = (*first.result.notes, "ocr_failed")
        problem = first.result.problem or (None if first.result.fields else problem_of_child(error.code))
        return replace(first, result=replace(first.result, notes=notes, problem=problem))


def _kept(found: dict[str, Any], folder: Path) -> ReadDocument:
    """Put the words that a reading wrote into the store."""
    result = ReadingResult.from_json(_without_nul(found))
    path = folder / WORDS_FILE
    if not path.exists():
        return ReadDocument(result)
    data = path.read_bytes()
    pages = words_from_json(json.loads(data))
    facts = tuple(PageFacts.from_json(_without_nul(one)) for one in found.get(PAGE_FACTS, ()))
    kept = blobs().put(gzip.compress(data, 6, mtime=0))
    return ReadDocument(result, words_sha256=kept.sha256, pages=pages, facts=facts)


def check_rules(document: Document) -> dict[str, Any]:
    """Check a document's e-invoice by its official rules: findings, checked_by; raises StepFailedError."""
    words = {"media_type": document.media_type, "adapters": settings.LIASSE_READING_ADAPTERS, "limits": CHECK_LIMITS}
    return _told("check_rules", document, **words)


def check_page(document: Document, client_file: ClientFile) -> dict[str, Any]:
    """Hold a document's e-invoice against its own pages: findings; raises StepFailedError."""
    words = {
        "media_type": document.media_type,
        "adapters": settings.LIASSE_READING_ADAPTERS,
        "exclude": _own_identifiers(client_file),
    }
    return _told("check_page", document, **words)


def _told(call: str, document: Document, **words: object) -> dict[str, Any]:
    """Give what a call says of a document's bytes, where it makes no files."""
    with _answer(settings.LIASSE_CALLS[call], document.sha256, **words) as (found, _folder):
        told: dict[str, Any] = _without_nul(found)
        return told


def page_facts(document: Document, client_file: ClientFile) -> dict[str, Any]:
    """Give what each page of a document says, for the rules that look for cuts; raises StepFailedError."""
    words = {
        "media_type": document.media_type,
        "adapters": settings.LIASSE_CUTTING_ADAPTERS,
        "exclude": _own_identifiers(client_file),
    }
    return _told("page_facts", document, **words)


def assemble(groups: Sequence[Sequence[Piece]]) -> list[StoredBlob]:
    """Make a PDF of each group of pieces and put it in the store; raises StepFailedError with the reason."""
    sources = {piece.sha256: piece.media_type for group in groups for piece in group}
    numbers = {sha256: number for number, sha256 in enumerate(sources)}
    outputs = [
        [
            {"source": numbers[piece.sha256], "first": piece.first, "last": piece.last, "turn": piece.turn}
            | ({"box": piece.box} if piece.box else {})
            for piece in group
        ]
        for group in groups
    ]
    with _side_by_side(list(sources)) as (path, places):
        words: dict[str, Any] = {
            "sources": [
                {"offset": offset, "size": size, "media_type": sources[sha256]}
                for sha256, (offset, size) in places.items()
            ],
            "outputs": outputs,
        }
        with _answer_on(settings.LIASSE_CALLS["assemble"], path, **words) as (found, folder):
            return [_put(folder / name) for name in found["files"]]


def look_at_page(sha256: str) -> str:
    """Give how the stored image of a page looks, as 16 hexadecimal digits; blank when too little is on it to tell."""
    with _answer(settings.LIASSE_CALLS["look_at_page"], sha256) as (found, _folder):
        return str(found["look"])


def page_as_jpeg(path: Path, *, most_bytes: int) -> bytes:
    """Give the stored image of a page as a JPEG of at most so many bytes; raises StepFailedError."""
    with _answer_on(settings.LIASSE_CALLS["page_as_jpeg"], path, most_bytes=most_bytes) as (found, folder):
        made: bytes = (folder / str(found["files"][0])).read_bytes()
        return made


def compare_pages(images: Sequence[str]) -> list[tuple[float, float]]:
    """Compare the first of some stored images of pages with each of the others.

    Gives for each how much it differs on average, from 0 to 1, and by how much its worst spots stand out.
    """
    with _side_by_side(list(dict.fromkeys(images))) as (path, places):
        words = [{"offset": places[sha256][0], "size": places[sha256][1]} for sha256 in images]
        with _answer_on(settings.LIASSE_CALLS["compare_pages"], path, places=words) as (found, _folder):
            return [(mean, standing_out) for mean, standing_out in found["unlike"]]


def _put(path: Path) -> StoredBlob:
    with path.open("rb") as content:
        return blobs().put(content)


@contextmanager
def _side_by_side(names: Sequence[str]) -> Iterator[tuple[Path, dict[str, tuple[int, int]]]]:
    """Give one file with these stored bytes one behind the other, and where each begins and how long it is.

    A job in the sandbox reads one file and no other.
    """
    paths = {sha256: blobs().path(sha256) for sha256 in names}
    sizes = {sha256: path.stat().st_size for sha256, path in paths.items()}
    if sum(sizes.values()) > _MOST_JOINED:
        raise StepFailedError("too-large")
    ends = list(accumulate(sizes.values()))
    places = {sha256: (end - size, size) for end, (sha256, size) in zip(ends, sizes.items(), strict=True)}
    if len(names) == 1:
        yield paths[names[0]], places
        return
    with tempfile.NamedTemporaryFile(dir=_scratch()) as together:
        for path in paths.values():
            with path.open("rb") as source:
                shutil.copyfileobj(source, together)
        together.flush()
        yield Path(together.name), places


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


def own_of(client_file: ClientFile) -> Exclude:
    """Give what belongs to the client itself, as the rules know it."""
    return Exclude.from_json(_own_identifiers(client_file))


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
