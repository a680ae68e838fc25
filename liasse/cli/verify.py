"""`liasse verify`: proves that what is stored is whole, as `git fsck` does for a repository.

Rows and blobs are both read in the order of their hashes and compared as they go by, so that
memory stays small however much is stored.
"""

from __future__ import annotations

import heapq
import itertools
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from liasse.cli.parser import command_parser
from liasse.cli.project import open_project

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from liasse.core.blobs import BlobStore, ListedBlob

UNCLAIMED_AFTER = timedelta(hours=1)
"""A blob is written before its row; one that is younger may still get its row."""

_SHOWN = 20
_CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Claim:
    """A row that says that a blob is stored; ``size`` is None where the row does not say it."""

    sha256: str
    kind: str
    id: str
    size: int | None


@dataclass(slots=True)
class Findings:
    """What was counted, and what is wrong; ``unclaimed`` are blobs that no row names."""

    rows: Counter[str] = field(default_factory=Counter)
    blobs: int = 0
    bytes: int = 0
    events: int = 0
    practices: int = 0
    defects: list[str] = field(default_factory=list)
    unclaimed: list[str] = field(default_factory=list)


def main(argv: list[str]) -> int:
    """Check everything and print the counts; 0 when whole, 1 on any defect."""
    parser = command_parser(
        "verify",
        does="Prove that what is stored is whole: every receipt, part, document and page image has its bytes, each "
        "with its size and SHA-256; nothing was taken twice; the audit trail was not altered. Reads every byte, "
        "changes nothing, and may run while Liasse does.",
        example="liasse verify",
    )
    parser.parse_args(argv)
    open_project()
    from liasse.core.adapters import adapter

    findings = examine(adapter("blobs"))
    _print(findings)
    return 1 if findings.defects else 0


def examine(blobs: BlobStore) -> Findings:
    """Compare all rows with all blobs, look for doubles, and verify each practice's audit chain."""
    from liasse.core.scope import instance_scope

    findings = Findings()
    with instance_scope():
        _compare(blobs, findings)
        findings.defects += _doubles()
        _check_audit(findings)
    return findings


# ---------------------------------------------------------------------------- bytes


def _compare(blobs: BlobStore, findings: Findings) -> None:
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
        is_whole = is_there and _is_whole(blobs, sha256)
        _judge(list(group), blob, findings, is_there=is_there, is_whole=is_whole)
    for blob in stored.rest():
        _note_unclaimed(blob, findings, young=young)


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

    kept = Q(verdict=Verdict.DOCUMENT) | Q(has_bytes=True)
    return [
        _claims_of("receipt", Receipt.objects.values_list("sha256", "id", "size")),
        _claims_of("part", ReceiptPart.objects.filter(kept).values_list("sha256", "id", "size")),
        _claims_of("document", Document.objects.values_list("sha256", "id", "size")),
        _claims_of("page image", PageImage.objects.values_list("sha256", "id")),
        _claims_of("export", WholeExport.objects.exclude(sha256="").values_list("sha256", "id", "size")),
        _claims_of("import", WholeImport.objects.exclude(sha256="").values_list("sha256", "id", "size")),
    ]


def _claims_of(kind: str, rows: QuerySet[Any, Any]) -> Iterator[Claim]:
    for sha256, row_id, *size in rows.order_by("sha256").iterator(chunk_size=_CHUNK):
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


# -------------------------------------------------------------------------- doubles


def _doubles() -> Iterator[str]:
    from django.db.models import Count

    from liasse.documents.models import Document
    from liasse.intake.models import Receipt

    receipts = Receipt.objects.exclude(address=None).order_by().values("address_id", "sha256")
    for row in receipts.annotate(times=Count("id")).filter(times__gt=1):
        yield f"message {row['sha256']} was taken {row['times']} times for the address {row['address_id']}"
    documents = Document.objects.filter(made_by=None).order_by().values("part_id")
    for part in documents.annotate(times=Count("id")).filter(times__gt=1):
        yield f"part {part['part_id']} became {part['times']} documents"
    yield from _shown_twice()


def _shown_twice() -> Iterator[str]:
    """Say of each cutting or joining that both what it replaced and what it made is to be seen, or neither."""
    from django.db.models import Count, Q

    from liasse.documents.models import Document
    from liasse.documents.types import DocumentStatus

    hidden = Q(status=DocumentStatus.REPLACED)
    replaced = Document.objects.exclude(replaced_by=None)
    for document_id in replaced.exclude(hidden).order_by("id").values_list("id", flat=True):
        yield f"document {document_id} was cut or joined, and is there beside what came of it"
    lost = Document.objects.filter(hidden, replaced_by=None, made_by=None).order_by("id")
    for document_id in lost.values_list("id", flat=True):
        yield f"document {document_id} is out of sight, and nothing stands in its place"
    made = Document.objects.exclude(made_by=None).order_by().values_list("made_by").annotate(times=Count("id"))
    known = set(replaced.order_by().values_list("replaced_by", flat=True).distinct())
    for change_id, times in made.filter(~hidden).iterator(chunk_size=_CHUNK):
        if change_id not in known:
            yield f"cutting {change_id} made {times} documents of documents that are still there"


# ---------------------------------------------------------------------------- audit


def _check_audit(findings: Findings) -> None:
    from django.db import connection

    from liasse.core import audit
    from liasse.core.models import AuditEvent, AuditHead
    from liasse.core.walls import lacks_of_the_trail
    from liasse.practices.models import Practice

    findings.defects += [
        f"the audit trail can be changed: the database's trigger {name} is gone or off"
        for name in lacks_of_the_trail(connection)
    ]
    practices = set(Practice.objects.values_list("id", flat=True))
    practices |= set(AuditHead.objects.values_list("practice_id", flat=True))
    practices |= set(AuditEvent.objects.order_by().values_list("practice_id", flat=True).distinct())
    for practice_id in sorted(practices):
        findings.defects += audit.verify_chain(practice_id)
    findings.practices = len(practices)
    findings.events = AuditEvent.objects.count()


# ---------------------------------------------------------------------------- print


def _print(findings: Findings) -> None:
    kinds = ("receipt", "part", "document", "page image")
    print("Rows:   " + ", ".join(f"{findings.rows[kind]:,} {kind}s" for kind in kinds) + ".")
    print(f"Blobs:  {findings.blobs:,} of {findings.bytes:,} bytes in all; every one that a row names was read.")
    print(f"Audit:  {findings.events:,} events of {findings.practices:,} practices.")
    if findings.unclaimed:
        print(f"Note:   {len(findings.unclaimed):,} blobs older than an hour have no row; they are kept:")
        _print_some(findings.unclaimed, to=sys.stdout.write)
    if findings.defects:
        _print_some(findings.defects, to=sys.stderr.write)
        number = len(findings.defects)
        print(f"{number:,} {'defect was' if number == 1 else 'defects were'} found.", file=sys.stderr)
    else:
        print("Everything is whole.")


def _print_some(lines: list[str], *, to: Callable[[str], int]) -> None:
    for line in lines[:_SHOWN]:
        to(f"  {line}\n")
    if len(lines) > _SHOWN:
        to(f"  and {len(lines) - _SHOWN:,} more\n")
