"""Taking a whole file out: asked for by a person, made by the worker, kept for a week, then removed.

The ZIP is streamed into the store of bytes, which gives it a name only when it is whole and on
disk: nothing half can ever be downloaded.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from liasse.clients import counters
from liasse.clients.models import ClientFile
from liasse.clients.services import subject_of
from liasse.core import audit, jobs
from liasse.core.access import Actor
from liasse.core.adapters import adapter
from liasse.core.blobs import BlobMissingError, BlobStore
from liasse.core.errors import NotThereError, TransientError
from liasse.custody import whole_rows as rows
from liasse.custody import whole_suppliers as suppliers
from liasse.custody.deleting import DROP_BYTES
from liasse.custody.models import LeftBytes, WholeExport
from liasse.custody.types import ExportState
from liasse.custody.whole_zip import Table, WholeZip, as_line
from liasse.documents import takeout
from liasse.documents.models import Document
from liasse.documents.names import safe_name
from liasse.documents.selectors import ListQuery, choose_all
from liasse.documents.takeout import Reader
from liasse.documents.types import TABS
from liasse.intake.models import Receipt
from liasse.intake.types import Door
from liasse.lib.ids import uuid7
from liasse.lib.release import version

MAKE_EXPORT: Final = "make-export"
"""The job that makes the ZIP of a whole file."""
DROP_EXPORT: Final = "drop-export"
"""The job that removes it after a week."""
KEPT: Final = timedelta(days=7)
FORMAT: Final = "liasse-client-file"
FORMAT_VERSION: Final = 1
BEAT: Final = timedelta(minutes=2)
"""Without a sign of life for so long, a try is dead; the longest step between two is one original."""
_SHOWN: Final = 20


@transaction.atomic
def ask(client_file: ClientFile, *, actor: Actor, reader: Reader) -> WholeExport:
    """Ask for the ZIP of a whole file; one that is being made already is given back.

    ``reader`` is for whom its CSV is written. Written in the file's history.
    """
    counters.hold(client_file.id)
    being_made = _of(client_file).filter(state__in=(ExportState.ASKED, ExportState.UNDER_WAY)).first()
    if being_made is not None:
        return being_made
    export = WholeExport.objects.create(
        practice_id=client_file.practice_id,
        client_file=client_file,
        asked_by_id=actor.person_id,
        asked_by_name=actor.name[:200],
        language=reader.language[:5],
        time_zone=reader.time_zone,
    )
    jobs.enqueue(MAKE_EXPORT, subject_id=export.id, practice_id=export.practice_id)
    audit.record("file.export-asked", actor=actor, practice_id=client_file.practice_id, subject=subject_of(client_file))
    return export


def exports_of(client_file: ClientFile) -> list[WholeExport]:
    """Give a file's newest exports, newest first. One query."""
    return list(_of(client_file).order_by("-id")[:_SHOWN])


def _of(client_file: ClientFile) -> QuerySet[WholeExport]:
    """Give the query of a file's exports, without those that a practice asked for which had the file before.

    They hold who of that practice had access. A move cuts who asked; the ZIP goes when its week is over.
    """
    return WholeExport.objects.filter(
        practice_id=client_file.practice_id, client_file=client_file, asked_by__isnull=False
    )


def note_download(client_file: ClientFile, *, export_id: UUID, actor: Actor) -> WholeExport:
    """Give a ready export that a person takes away, and write it in the file's history. Raises NotThereError."""
    export = _of(client_file).filter(id=export_id, state=ExportState.READY).first()
    if export is None:
        raise NotThereError
    audit.record("file.export-taken", actor=actor, practice_id=client_file.practice_id, subject=subject_of(client_file))
    return export


def export_path(export: WholeExport) -> Path:
    """Give the ZIP of a ready export, to be read only. Raises NotThereError."""
    store: BlobStore = adapter("blobs")
    try:
        return store.path(export.sha256)
    except BlobMissingError as error:
        raise NotThereError from error


def make(export_id: UUID) -> datetime | None:
    """Make the ZIP of an export. Gives when to look again while another worker is at it.

    Can be run again at any point: only the try that began last can finish it, and what a killed one
    had written is no blob. Raises StorageFaultError.
    """
    started = _start(export_id)
    if not isinstance(started, WholeExport):
        return started
    making = _Making(started)
    try:
        blob = making.store.put(making.pieces())
    except NotThereError:
        # The file moved or was deleted meanwhile; whoever has it now asks anew.
        return None
    except TransientError:
        # The next try need not wait until this one counts as dead.
        WholeExport.objects.filter(id=started.id, run=started.run).update(run=None)
        raise
    _finish(making, sha256=blob.sha256, size=blob.size)
    return None


@transaction.atomic
def _start(export_id: UUID) -> WholeExport | datetime | None:
    exports = WholeExport.objects.select_for_update(of=("self",)).select_related("client_file__practice")
    export = exports.filter(id=export_id).first()
    if export is None or export.state not in {ExportState.ASKED, ExportState.UNDER_WAY}:
        return None
    now = timezone.now()
    if export.run is not None and export.beat_at is not None and export.beat_at + BEAT > now:
        return export.beat_at + BEAT
    export.state, export.run, export.beat_at, export.done = ExportState.UNDER_WAY, uuid7(), now, 0
    export.total = Receipt.objects.filter(client_file_id=export.client_file_id).count()
    export.total += Document.objects.filter(client_file_id=export.client_file_id).count()
    export.save(update_fields=["state", "run", "beat_at", "done", "total"])
    return export


@transaction.atomic
def _finish(making: _Making, *, sha256: str, size: int) -> None:
    export, now = making.export, timezone.now()
    ours = WholeExport.objects.filter(id=export.id, run=export.run, state=ExportState.UNDER_WAY)
    is_ours = ours.update(
        state=ExportState.READY,
        sha256=sha256,
        size=size,
        done=making.done,
        total=making.done,
        count_documents=making.tables["documents"].count,
        count_receipts=making.tables["receipts"].count,
        count_defects=len(making.defects),
        ready_at=now,
        expires_at=now + KEPT,
    )
    if not is_ours:
        let_go(sha256, practice_id=export.practice_id)
        return
    jobs.enqueue(DROP_EXPORT, subject_id=export.id, practice_id=export.practice_id, due_at=now + KEPT)


def give_up(export_id: UUID) -> None:
    """Say on an export that it could not be made; asking again makes another."""
    WholeExport.objects.filter(id=export_id, state__in=(ExportState.ASKED, ExportState.UNDER_WAY)).update(
        state=ExportState.FAILED, run=None
    )


@transaction.atomic
def drop(export_id: UUID) -> None:
    """Remove the ZIP of an export whose week is over; its row stays, to say that it was there."""
    export = WholeExport.objects.select_for_update().filter(id=export_id, state=ExportState.READY).first()
    if export is None:
        return
    let_go(export.sha256, practice_id=export.practice_id)
    export.state, export.sha256 = ExportState.EXPIRED, ""
    export.save(update_fields=["state", "sha256"])


def let_go(sha256: str, *, practice_id: UUID) -> None:
    """Have bytes removed from the store unless another row needs them, in the caller's transaction."""
    left = LeftBytes.objects.create(practice_id=practice_id, deletion_id=uuid7(), sha256=sha256)
    jobs.enqueue(DROP_BYTES, subject_id=left.deletion_id, practice_id=practice_id)


_TABLES: Final = (
    *("receipts", "documents", "members", "access", "addresses"),
    *("suppliers", "layouts", "alarms", "history"),
)


@dataclass(frozen=True, slots=True)
class _Original:
    """Stored bytes and the name that they get in the ZIP."""

    name: str
    sha256: str
    size: int


class _Making:
    """One try at an export."""

    def __init__(self, export: WholeExport) -> None:
        self.export = export
        self.client_file: ClientFile = export.client_file
        self.store: BlobStore = adapter("blobs")
        self.tables: dict[str, Table] = {}
        self.defects: list[dict[str, str]] = []
        self.quarantined: list[dict[str, str]] = []
        self.documents: set[UUID] = set()
        self.done = 0

    def pieces(self) -> Iterator[bytes]:
        """Yield the whole ZIP, the manifest last."""
        scratch = settings.LIASSE_DATA / "tmp"
        scratch.mkdir(parents=True, exist_ok=True)
        with ExitStack() as held, WholeZip(scratch=scratch) as archive:
            for name in _TABLES:
                self.tables[name] = Table(scratch=scratch)
                held.callback(self.tables[name].close)
            for batch in rows.deliveries(self.client_file):
                for delivery in batch:
                    yield from self._delivery(delivery, archive)
                self._beat()
            self._fill_small_tables()
            yield from self._tables(archive)
            yield from archive.add("manifest.json", self._manifest(archive))
            yield from archive.end()

    def _delivery(self, delivery: rows.Delivery, archive: WholeZip) -> Iterator[bytes]:
        receipt = delivery.receipt
        if receipt.infection:
            # Malware leaves with nobody; nothing was made of it, and the manifest names it.
            self.quarantined.append({"id": str(receipt.id), "sha256": receipt.sha256, "infection": receipt.infection})
            return
        number = self.tables["receipts"].count + 1
        name = f"receipts/{number:06d}{'.eml' if receipt.door == Door.MAIL else '.bin'}"
        original = _Original(name=name, sha256=receipt.sha256, size=receipt.size)
        yield from self._original(original, archive)
        self.tables["receipts"].add(rows.receipt_row(delivery, original=name))
        for document in delivery.documents:
            number = self.tables["documents"].count + 1
            called = safe_name(document.filename, media_type=document.media_type, fallback="document")
            original = _Original(name=f"documents/{number:06d} {called}", sha256=document.sha256, size=document.size)
            yield from self._original(original, archive)
            reading, decided = delivery.readings.get(document.id), delivery.decided.get(document.id, [])
            row = rows.document_row(document, reading=reading, original=original.name, decided=decided)
            self.tables["documents"].add(row)
            self.documents.add(document.id)

    def _original(self, original: _Original, archive: WholeZip) -> Iterator[bytes]:
        """Write stored bytes; those that are gone or no longer what they were are named, never left out in silence."""
        self.done += 1
        try:
            source = self.store.open(original.sha256)
        except BlobMissingError:
            self.defects.append({"name": original.name, "state": "missing", "sha256": original.sha256})
            return
        with source:
            yield from archive.add_file(original.name, source, size=original.size)
        if archive.last_sha256 != original.sha256:
            self.defects.append({"name": original.name, "state": "damaged", "sha256": original.sha256})

    def _beat(self) -> None:
        ours = WholeExport.objects.filter(id=self.export.id, run=self.export.run)
        if not ours.update(done=self.done, beat_at=timezone.now()):
            raise NotThereError

    def _fill_small_tables(self) -> None:
        for name, found in (
            ("members", rows.member_rows(self.client_file)),
            ("access", rows.access_rows(self.client_file)),
            ("addresses", rows.address_rows(self.client_file)),
            ("suppliers", suppliers.supplier_rows(self.client_file, documents=self.documents)),
            ("layouts", suppliers.layout_rows(self.client_file, documents=self.documents)),
            ("alarms", suppliers.alarm_rows(self.client_file, documents=self.documents)),
            ("history", rows.event_rows(self.client_file)),
        ):
            for row in found:
                self.tables[name].add(row)

    def _tables(self, archive: WholeZip) -> Iterator[bytes]:
        yield from archive.add("file.json", [as_line(rows.file_row(self.client_file)), b"\n"])
        for name, table in self.tables.items():
            yield from archive.add(f"{name}.json", table.as_array())
            self._beat()
        yield from archive.add("documents.csv", self._csv())

    def _csv(self) -> Iterator[bytes]:
        """Yield all tabs as one table: the mark and the headings come with the first alone."""
        reader = Reader(language=self.export.language, time_zone=self.export.time_zone)
        for number, status in enumerate(TABS):
            chosen = choose_all(self.client_file, query=ListQuery(status=status, is_falling=False))
            yield from islice(takeout.as_csv(chosen, reader=reader), 1 if number else 0, None)

    def _manifest(self, archive: WholeZip) -> Iterator[bytes]:
        head: dict[str, Any] = {
            "format": FORMAT,
            "version": FORMAT_VERSION,
            "liasse": version(),
            "made_at": timezone.now().isoformat(),
            "file": {"id": str(self.client_file.id), "name": self.client_file.name},
            "practice": self.client_file.practice.name,
            "counts": {name: table.count for name, table in self.tables.items()},
            "defects": self.defects,
            "quarantined": self.quarantined,
        }
        yield as_line(head)[:-1] + b',"entries":'
        yield from archive.entries.as_array()
        yield b"}\n"
