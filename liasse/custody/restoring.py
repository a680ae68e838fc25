"""Restoring a whole file from its ZIP: checked to the last byte in a child, then written all at once or not at all."""

from __future__ import annotations

import json
import logging
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import batched
from pathlib import Path
from typing import Any, BinaryIO, Final
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone

from liasse.clients.models import ClientFile, InboundAddress, Member
from liasse.clients.services import subject_of
from liasse.core import audit, jobs, sandbox
from liasse.core.access import Actor
from liasse.core.adapters import adapter
from liasse.core.audit import event_hash
from liasse.core.blobs import BlobStore
from liasse.core.errors import InvalidError, TransientError
from liasse.core.models import AuditEvent, AuditHead
from liasse.custody import restoring_doors as doors
from liasse.custody import restoring_pairs as pairs
from liasse.custody import restoring_rows as rows
from liasse.custody import restoring_suppliers as suppliers
from liasse.custody.models import WholeImport
from liasse.custody.people import administrators
from liasse.custody.restoring_access import access_of, give
from liasse.custody.restoring_rows import Restoring, Row
from liasse.custody.types import ImportState
from liasse.custody.whole import let_go
from liasse.documents.models import Document
from liasse.documents.services import ADVANCE_DOCUMENT
from liasse.documents.types import TABS, DocumentStatus, Step
from liasse.duplicates.models import Pair
from liasse.intake.models import Receipt, ReceiptPart, TrustedSender
from liasse.intake.services import OPEN_RECEIPT
from liasse.intake.types import ReceiptState
from liasse.lib.ids import uuid7
from liasse.practices.selectors import actor_of
from liasse.reading.models import Reading
from liasse.suppliers.models import Alarm, Appearance, Layout, Lesson, Mark, Supplier

log = logging.getLogger("liasse.custody")

RESTORE: Final = "restore-file"
"""The job that checks an uploaded ZIP and restores the file in it."""
LARGEST_UPLOAD: Final = 10**9
"""Bytes of a ZIP that is taken; the web server takes no request much larger."""
_LARGEST: Final = 4 * 10**9
_MOST_ENTRIES: Final = 100_000
_LIMITS: Final = sandbox.Limits(cpu_seconds=400, wall_seconds=600.0, output_bytes=_LARGEST + 2**30)
BEAT: Final = timedelta(minutes=15)
"""Without a sign of life for so long a try is dead: longer than the child may take."""
_AT_ONCE: Final = 100
_BEAT_EVERY: Final = 100
_HANDS: Final = 4
_SHOWN: Final = 20
_WRONG: Final = (
    *(KeyError, TypeError, ValueError, AttributeError, OverflowError),
    *(ValidationError, InvalidError, IntegrityError, DataError),
)
"""What a stranger's row may come to when it is taken for one of ours."""


class _RefusedError(Exception):
    """The ZIP cannot be restored, and another try would say the same."""

    def __init__(self, code: str, detail: str = "") -> None:
        """Keep the code, and the name to fill its sentence with."""
        super().__init__(code)
        self.code = code
        self.detail = detail


def upload(content: BinaryIO, *, filename: str, actor: Actor) -> WholeImport:
    """Keep an uploaded ZIP and have it restored by the worker. Raises StorageFaultError."""
    store: BlobStore = adapter("blobs")
    blob = store.put(content)
    if actor.practice_id is None:
        raise LookupError(actor)
    with transaction.atomic():
        made = WholeImport.objects.create(
            practice_id=actor.practice_id,
            asked_by_id=actor.person_id,
            filename=filename[:200],
            sha256=blob.sha256,
            size=blob.size,
        )
        jobs.enqueue(RESTORE, subject_id=made.id, practice_id=made.practice_id)
    return made


def imports_of(practice_id: UUID) -> list[WholeImport]:
    """Give a practice's newest imports with who asked for them, newest first. One query."""
    imports = WholeImport.objects.filter(practice_id=practice_id).select_related("asked_by")
    return list(imports.order_by("-id")[:_SHOWN])


def restore(import_id: UUID) -> datetime | None:
    """Check an uploaded ZIP and restore its file. Gives when to look again while another worker is at it.

    Refused for good, or restored, the ZIP is let go. Raises TransientError and StorageFaultError, and
    then another try may work: nothing is written before the one transaction at the end.
    """
    started = _start(import_id)
    if not isinstance(started, WholeImport):
        return started
    try:
        _Restoring(started).run()
    except _RefusedError as error:
        _end(started, state=ImportState.REFUSED, problem=error.code, detail=error.detail[:200])
    except TransientError:
        # The next try need not wait until this one counts as dead.
        WholeImport.objects.filter(id=started.id, run=started.run).update(run=None)
        raise
    return None


@transaction.atomic
def _start(import_id: UUID) -> WholeImport | datetime | None:
    found = WholeImport.objects.select_for_update(of=("self",)).select_related("practice", "asked_by")
    one = found.filter(id=import_id).first()
    if one is None or one.state not in {ImportState.ASKED, ImportState.CHECKING, ImportState.RESTORING}:
        return None
    now = timezone.now()
    if one.run is not None and one.beat_at is not None and one.beat_at + BEAT > now:
        return one.beat_at + BEAT
    one.state, one.run, one.beat_at, one.done, one.total = ImportState.CHECKING, uuid7(), now, 0, 0
    one.save(update_fields=["state", "run", "beat_at", "done", "total"])
    return one


@transaction.atomic
def _end(one: WholeImport, *, state: ImportState, **values: Any) -> None:  # noqa: ANN401 - any column
    ours = WholeImport.objects.filter(id=one.id, run=one.run).exclude(state__in=(ImportState.DONE, ImportState.REFUSED))
    if ours.update(state=state, sha256="", run=None, ended_at=timezone.now(), **values):
        let_go(one.sha256, practice_id=one.practice_id)


def give_up(import_id: UUID) -> None:
    """Say on an import that it failed on our side; the ZIP is let go."""
    one = WholeImport.objects.filter(id=import_id).first()
    if one is not None:
        _end(one, state=ImportState.FAILED, problem="failed")


@dataclass(frozen=True, slots=True)
class _Unpacked:
    """What the child found, and the folder in which it wrote it."""

    found: dict[str, Any]
    folder: Path

    def rows(self, table: str) -> Iterator[Row]:
        with (self.folder / f"{table}.jsonl").open("rb") as lines:
            for line in lines:
                yield json.loads(line)


class _Restoring:
    """One try at a restoring."""

    def __init__(self, one: WholeImport) -> None:
        self._one = one
        self._store: BlobStore = adapter("blobs")
        self._file_id = uuid7()

    def run(self) -> None:
        actor = self._actor()
        scratch = settings.LIASSE_DATA / "tmp"
        scratch.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=scratch) as folder:
            unpacked = _Unpacked(found=self._checked(Path(folder)), folder=Path(folder))
            self._beat(state=ImportState.RESTORING, total=sum(1 for _ in _entries(unpacked)))
            # Once without writing, so that a refused ZIP leaves nothing in the store either.
            restoring = self._restoring()
            try:
                for _ in _all_rows(unpacked, restoring=restoring):
                    pass
                access_of(unpacked.rows("access"), file=unpacked.found["file"], restoring=restoring)
                self._keep_originals(unpacked)
                restoring = replace(self._restoring(), is_looked_at=True)
                self._write(unpacked, restoring=restoring, actor=actor)
            except _WRONG as error:
                log.warning("import %s: a row of %s is refused", self._one.id, restoring.table, exc_info=True)
                raise _RefusedError("bad-table", restoring.table) from error

    def _restoring(self) -> Restoring:
        return Restoring(import_id=self._one.id, practice_id=self._one.practice_id, file_id=self._file_id)

    def _actor(self) -> Actor:
        """Look again at the right of whoever asked."""
        found = next((one for one in administrators(self._one.practice) if one.id == self._one.asked_by_id), None)
        if found is None:
            raise _RefusedError("no-right")
        return actor_of(found)

    def _checked(self, folder: Path) -> dict[str, Any]:
        try:
            return sandbox.run(
                settings.LIASSE_CALLS["open_whole"],
                self._store.path(self._one.sha256),
                folder,
                limits=_LIMITS,
                max_bytes=_LARGEST,
                max_entries=_MOST_ENTRIES,
            )
        except sandbox.RefusedError as error:
            raise _RefusedError(error.code, error.detail) from error
        except sandbox.SandboxError as error:
            if not error.permanent:
                raise TransientError(code=error.code) from error
            raise _RefusedError("too-demanding") from error

    def _beat(self, **values: Any) -> None:  # noqa: ANN401 - any column
        ours = WholeImport.objects.filter(id=self._one.id, run=self._one.run)
        if not ours.update(beat_at=timezone.now(), **values):
            raise TransientError(code="lost-its-place")

    def _keep_originals(self, unpacked: _Unpacked) -> None:
        """Put the originals into the store, a few at once: each waits for the disk most of its time."""
        keep = partial(_keep, store=self._store, originals=unpacked.folder / "originals")
        done = 0
        with ThreadPoolExecutor(_HANDS) as hands:
            for some in batched(_entries(unpacked), _BEAT_EVERY):
                done += sum(1 for _kept in hands.map(keep, some))
                self._beat(done=done)

    @transaction.atomic
    def _write(self, unpacked: _Unpacked, *, restoring: Restoring, actor: Actor) -> None:
        """Write every row, and that the import is done, in one transaction under the practice's trail."""
        self._beat()
        written = Counter[DocumentStatus]()
        last: Receipt | None = None
        failed, held, waiting = 0, 0, list[datetime]()
        for made in _all_rows(unpacked, restoring=restoring):
            _insert(made, restoring=restoring)
            for row in made:
                if isinstance(row, Document):
                    written[DocumentStatus(row.status)] += 1
                    waiting += [row.received_at] if row.status == DocumentStatus.TO_REVIEW else []
                elif isinstance(row, Receipt):
                    failed += row.state == ReceiptState.FAILED
                    held += row.state == ReceiptState.HELD
                    last = row if last is None or row.received_at > last.received_at else last
        given = access_of(unpacked.rows("access"), file=unpacked.found["file"], restoring=restoring)
        give(given, restoring=restoring)
        file = ClientFile.objects.select_related("practice").get(id=self._file_id)
        counts = {f"count_{status.replace('-', '_')}": written[status] for status in TABS}
        ClientFile.objects.filter(id=file.id).update(
            **counts,
            count_members=restoring.count_present,
            count_failed=failed,
            count_held=held,
            waiting_since=min(waiting, default=None),
            created_by_id=actor.person_id,
            created_at=rows.moment(unpacked.found["file"]["created_at"]),
            last_arrival_at=last.received_at if last else None,
            last_arrival_door=last.door if last else "",
        )
        manifest = unpacked.found["manifest"]
        facts = {"practice": manifest["practice"][:200], "exported_at": manifest["made_at"][:40], **given.facts()}
        audit.record("file.restored", actor=actor, practice_id=file.practice_id, subject=subject_of(file), after=facts)
        _end(self._one, state=ImportState.DONE, restored_id=file.id, restored_name=file.name, detail=given.detail())


def _entries(unpacked: _Unpacked) -> Iterator[Row]:
    return unpacked.rows("entries")


def _keep(entry: Row, *, store: BlobStore, originals: Path) -> None:
    with originals.open("rb") as source:
        source.seek(entry["offset"])
        blob = store.put(_pieces(source, size=entry["size"]))
    if blob.sha256 != entry["sha256"]:
        raise TransientError(code="altered-on-the-way")


def _pieces(source: BinaryIO, *, size: int) -> Iterator[bytes]:
    left = size
    while left and (piece := source.read(min(left, 1 << 20))):
        left -= len(piece)
        yield piece


def _all_rows(unpacked: _Unpacked, *, restoring: Restoring) -> Iterator[list[Model]]:
    """Yield all rows of the file in the order in which they need each other, some at a time."""
    file = unpacked.found["file"]
    restoring.old_file_id = str(file["id"])
    yield [rows.client_file_of(file, restoring=restoring), *doors.trusted_of(file, restoring=restoring)]
    restoring.table = "addresses.json"
    yield list(doors.wished_addresses(unpacked.rows("addresses"), restoring=restoring, of_members=False))
    makers: dict[str, Callable[[Row], Any]] = {
        "members": partial(rows.member_of, restoring=restoring),
        "receipts": partial(rows.receipt_of, restoring=restoring),
        "documents": partial(rows.document_of, restoring=restoring),
        "suppliers": partial(suppliers.supplier_of, restoring=restoring),
        "layouts": partial(suppliers.layout_of, restoring=restoring),
        "alarms": partial(suppliers.alarm_of, restoring=restoring),
        "history": partial(rows.event_of, restoring=restoring),
    }
    for table, make in makers.items():
        restoring.table = f"{table}.json"
        for some in batched(unpacked.rows(table), _AT_ONCE):
            yield list(_flat(map(make, some)))
        if table == "members":
            yield list(doors.wished_addresses(unpacked.rows("addresses"), restoring=restoring, of_members=True))
        if table == "documents":
            restoring.require_originals()
            said = pairs.pairs_of(unpacked.rows("documents"), restoring=restoring)
            yield from map(list[Model], batched(said, _AT_ONCE))


def _flat(made: Iterator[Any]) -> Iterator[Model]:
    for one in made:
        if isinstance(one, Model):
            yield one
        elif isinstance(one, list | tuple):
            yield from _flat(iter(one))


_MODELS: Final = (
    *(ClientFile, TrustedSender, InboundAddress, Member),
    *(Receipt, ReceiptPart, Document, Reading, Pair, AuditEvent),
    *(Supplier, Mark, Appearance, Layout, Lesson, Alarm),
)
_BORN: Final[dict[type[Model], str]] = {Member: "created_at", TrustedSender: "created_at", **suppliers.BORN}


def _insert(made: list[Model], *, restoring: Restoring) -> None:
    """Insert rows of one step, table by table, with the jobs that are still due on them."""
    for model in _MODELS:
        some: list[Any] = [row for row in made if isinstance(row, model)]
        if not some:
            continue
        if model is InboundAddress:
            for wished in some:
                doors.give_wished(wished, restoring=restoring)
        elif model is AuditEvent:
            _chain(some, practice_id=restoring.practice_id)
        else:
            _insert_all(model, some)
    for row in made:
        if isinstance(row, Receipt) and row.state == ReceiptState.STORED:
            jobs.enqueue(OPEN_RECEIPT, subject_id=row.id, practice_id=row.practice_id)
        if isinstance(row, Document) and row.step != Step.DONE:
            jobs.enqueue(ADVANCE_DOCUMENT, subject_id=row.id, practice_id=row.practice_id)
    pairs.look_again((row for row in made if isinstance(row, Document)), practice_id=restoring.practice_id)


def _insert_all(model: type[Any], some: list[Any]) -> None:
    column = _BORN.get(model, "")
    born = {row.id: getattr(row, column) for row in some} if column else {}
    model.objects.bulk_create(some, batch_size=_AT_ONCE)
    if born:
        # The moment of insertion was written in its place.
        for row in some:
            setattr(row, column, born[row.id])
        model.objects.bulk_update(some, [column], batch_size=_AT_ONCE)


def _chain(events: list[AuditEvent], *, practice_id: UUID) -> None:
    """Append events that happened elsewhere to the end of the practice's chain, as they are."""
    AuditHead.objects.get_or_create(practice_id=practice_id)
    head = AuditHead.objects.select_for_update().get(practice_id=practice_id)
    for event in events:
        event.sequence, event.previous_hash = head.sequence + 1, head.hash
        event.hash = event_hash(event)
        head.sequence, head.hash = event.sequence, event.hash
    AuditEvent.objects.bulk_create(events, batch_size=_AT_ONCE)
    head.save(update_fields=["sequence", "hash"])
