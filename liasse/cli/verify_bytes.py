"""Rows and blobs, both read in the order of their hashes and compared as they go by.

So memory stays small however much is stored.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from liasse.cli.verify_findings import Findings, Progress
from liasse.cli.verify_share import Share

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from liasse.core.blobs import BlobStore, ListedBlob

UNCLAIMED_AFTER = timedelta(hours=1)
"""A blob is written before its row; one that is younger may still get its row."""

_CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Claim:
    """A row that says that a blob is stored; ``size`` is None where the row does not say it."""

    sha256: str
    kind: str
    id: str
    size: int | None


def compare(blobs: BlobStore, findings: Findings, *, share: Share, progress: Progress) -> None:
    """Compare all rows with all blobs: each is there and of its size; those of the share are read whole."""
    claims = heapq.merge(*_claims(), key=lambda claim: claim.sha256)
    groups = itertools.groupby(_counted(claims, findings), key=lambda claim: claim.sha256)
    stored = _Peekable(blobs.iterate())
    young = datetime.now(tz=UTC) - UNCLAIMED_AFTER
    for sha256, group in groups:
        while (blob := stored.next_before(sha256)) is not None:
            _note_unclaimed(blob, findings, young=young)
        blob = stored.next_if(sha256)
        # A row may be younger than this walk through the folders.
        is_there = blob is not None or blobs.exists(sha256)
        is_whole = is_there and (not share.takes(sha256) or _is_whole(blobs, sha256))
        share.note(sha256, size=blob.size if blob is not None else 0)
        claimed = list(group)
        _judge(claimed, blob, findings, is_there=is_there, is_whole=is_whole)
        progress.step(rows=len(claimed), read=share.read)
    for blob in stored.rest():
        _note_unclaimed(blob, findings, young=young)
    share.end(total=findings.bytes)


def _is_whole(blobs: BlobStore, sha256: str) -> bool:
    from liasse.core.blobs import StorageFaultError

    try:
        return blobs.verify(sha256)
    except StorageFaultError:
        return False


def _judge(claims: list[Claim], blob: ListedBlob | None, findings: Findings, *, is_there: bool, is_whole: bool) -> None:
    if blob is not None:
        findings.blobs += 1
        findings.bytes += blob.size
    for claim in claims:
        where = f"{claim.kind} {claim.id}: its bytes {claim.sha256}"
        if not is_there:
            findings.defects.append(f"{where} are missing")
        elif not is_whole:
            findings.defects.append(f"{where} were altered on the disk, or cannot be read")
        elif blob is not None and claim.size is not None and claim.size != blob.size:
            findings.defects.append(f"{where} are {blob.size} bytes long, and not {claim.size}")


def _note_unclaimed(blob: ListedBlob, findings: Findings, *, young: datetime) -> None:
    findings.blobs += 1
    findings.bytes += blob.size
    if blob.stored_at < young:
        findings.unclaimed.append(blob.sha256)


def _counted(claims: Iterable[Claim], findings: Findings) -> Iterator[Claim]:
    for claim in claims:
        findings.rows[claim.kind] += 1
        yield claim


def _claims() -> list[Iterator[Claim]]:
    from django.db.models import Q

    from liasse.custody.models import WholeExport, WholeImport
    from liasse.documents.models import Document, PageImage
    from liasse.intake.models import Receipt, ReceiptPart
    from liasse.intake.types import Verdict
    from liasse.reading.models import Reading

    kept = Q(verdict=Verdict.DOCUMENT) | Q(has_bytes=True)
    return [
        _claims_of("receipt", Receipt.objects.values_list("sha256", "id", "size")),
        _claims_of("part", ReceiptPart.objects.filter(kept).values_list("sha256", "id", "size")),
        _claims_of("document", Document.objects.values_list("sha256", "id", "size")),
        _claims_of("page image", PageImage.objects.values_list("sha256", "id")),
        _claims_of("words", Reading.objects.exclude(words_sha256="").values_list("words_sha256", "id")),
        _claims_of("export", WholeExport.objects.exclude(sha256="").values_list("sha256", "id", "size")),
        _claims_of("import", WholeImport.objects.exclude(sha256="").values_list("sha256", "id", "size")),
    ]


def _claims_of(kind: str, rows: QuerySet[Any, Any]) -> Iterator[Claim]:
    # The name of the bytes is the first column, whatever the table calls it.
    for sha256, row_id, *size in rows.order_by(rows.query.values_select[0]).iterator(chunk_size=_CHUNK):
        yield Claim(sha256=sha256, kind=kind, id=str(row_id), size=size[0] if size else None)


class _Peekable:
    """Walks blobs in the order of their names, a name at a time."""

    def __init__(self, blobs: Iterator[ListedBlob]) -> None:
        self._blobs = blobs
        self._next = next(blobs, None)

    def next_before(self, sha256: str) -> ListedBlob | None:
        return self._take() if self._next is not None and self._next.sha256 < sha256 else None

    def next_if(self, sha256: str) -> ListedBlob | None:
        return self._take() if self._next is not None and self._next.sha256 == sha256 else None

    def rest(self) -> Iterator[ListedBlob]:
        while (blob := self._take()) is not None:
            yield blob

    def _take(self) -> ListedBlob | None:
        taken, self._next = self._next, next(self._blobs, None)
        return taken
