"""A whole file leaves as one ZIP: everything of it, nothing of its sibling, never by halves."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from liasse.clients.models import TeamAccess
from liasse.core import audit, jobs
from liasse.core.adapters import adapter
from liasse.core.errors import NotThereError
from liasse.core.models import AuditEvent, Job
from liasse.core.scope import instance_scope
from liasse.custody import whole
from liasse.custody.models import LeftBytes, WholeExport
from liasse.custody.types import ExportState
from liasse.custody.whole_zip import Table
from liasse.documents.takeout import Reader
from liasse.lib.ids import uuid7
from liasse.practices.models import Team
from liasse.practices.selectors import actor_of
from liasse.reading.types import FieldName
from liasse.worker.main import run_next
from tests.queries import asked
from tests.web.office import Office, build

pytestmark = pytest.mark.django_db

READER = Reader(language="fr", time_zone="Europe/Paris")


@pytest.fixture
def office() -> Office:
    return build()


def ask(office: Office) -> WholeExport:
    with office.scope():
        person = office.users["administrator"].colleagues.get()
        return whole.ask(office.file, actor=actor_of(person), reader=READER)


def reload(export: WholeExport) -> WholeExport:
    with instance_scope():
        return WholeExport.objects.get(id=export.id)


def made(office: Office) -> zipfile.ZipFile:
    export = ask(office)
    with office.scope():
        assert whole.make(export.id) is None
    found = reload(export)
    assert found.state == ExportState.READY
    return zipfile.ZipFile(io.BytesIO(whole.export_path(found).read_bytes()))


def table(archive: zipfile.ZipFile, name: str) -> Any:  # noqa: ANN401 - JSON
    return json.loads(archive.read(f"{name}.json"))


def test_every_original_is_there_byte_for_byte(office: Office) -> None:
    contents = {f"document {number}".encode() for number in range(3)}
    for content in contents:
        office.document(content=content)
    archive = made(office)
    documents = table(archive, "documents")
    assert {archive.read(row["original"]) for row in documents} == contents
    assert all(hashlib.sha256(archive.read(row["original"])).hexdigest() == row["sha256"] for row in documents)


def test_the_manifest_has_hash_and_size_of_each_entry_and_names_no_other(office: Office) -> None:
    office.document()
    archive = made(office)
    manifest = table(archive, "manifest")
    entries = {entry["name"]: entry for entry in manifest["entries"]}
    assert set(entries) == set(archive.namelist()) - {"manifest.json"}
    for name, entry in entries.items():
        content = archive.read(name)
        assert (len(content), hashlib.sha256(content).hexdigest()) == (entry["size"], entry["sha256"])
    assert (manifest["format"], manifest["version"]) == ("liasse-client-file", 1)
    assert (manifest["counts"]["documents"], manifest["counts"]["receipts"]) == (1, 1)


def test_each_field_says_value_source_confidence_term_and_place(office: Office) -> None:
    office.document(fields={FieldName.TOTAL_GROSS: "120.00"})
    (row,) = table(made(office), "documents")
    field = row["reading"]["fields"]["total_gross"]
    told = {"value": "120.00", "source": "xml", "confidence": 1.0, "term": "BT-1", "place": None, "evidence": []}
    assert field == told


def test_the_table_for_spreadsheets_holds_all_tabs_and_no_formula(office: Office) -> None:
    office.document(supplier_name="=cmd|' /C calc'!A1", status="ready")
    office.document(supplier_name="Au bon moulin")
    text = made(office).read("documents.csv").decode("utf-8-sig")
    assert text.count("Fournisseur") == 1
    assert len(text.splitlines()) == 3
    assert ";'=cmd" in text or ";\"'=cmd" in text


def test_members_leave_without_anything_secret(office: Office) -> None:
    archive = made(office)
    (member,) = table(archive, "members")
    permissions = {"employee_code", "is_main", "can_see_all", "can_approve", "can_claim"}
    assert set(member) == {"id", "name", "email", "phone", "role", "status", "created_at"} | permissions
    words = b"".join(archive.read(name) for name in archive.namelist() if name.endswith(".json"))
    assert b"password" not in words
    assert b"token" not in words
    assert {row["level"] for row in table(archive, "access")} == {"reading", "coding", "full"}


def test_a_team_that_was_given_the_file_is_listed_after_the_colleagues(office: Office) -> None:
    with office.scope():
        team = Team.objects.create(practice=office.practice, name="Sud")
        TeamAccess.objects.create(practice=office.practice, client_file=office.file, team=team, level="coding")
    last = table(made(office), "access")[-1]
    assert (last["name"], last["role"], last["level"]) == ("Sud", "team", "coding")


def test_nothing_of_the_sibling_leaves(office: Office) -> None:
    office.document(content=b"own")
    office.document(content=b"CANARY", file=office.sibling, filename="CANARY.pdf", supplier_name="CANARY")
    archive = made(office)
    assert not any(b"CANARY" in archive.read(name) or "CANARY" in name for name in archive.namelist())


def test_history_and_settings_leave_with_their_origin(office: Office) -> None:
    with office.scope():
        person = office.users["administrator"].colleagues.get()
        subject = audit.Subject("client-file", office.file.id, office.file.id)
        audit.record("file.changed", actor=actor_of(person), practice_id=office.practice.id, subject=subject)
    archive = made(office)
    verbs = [(event["verb"], event["actor"]["name"]) for event in table(archive, "history")]
    assert verbs == [("file.changed", person.name), ("file.export-asked", person.name)]
    assert table(archive, "file")["settings"]["currency"] == {"value": "EUR", "origin": "inherited"}


def test_bytes_that_are_gone_are_named(office: Office) -> None:
    document = office.document(content=b"will be lost")
    with instance_scope():
        adapter("blobs").remove(document.sha256, unless_put_since=timezone.now() + timedelta(days=1))
    archive = made(office)
    defects = {defect["sha256"]: defect["state"] for defect in table(archive, "manifest")["defects"]}
    assert defects[document.sha256] == "missing"


def test_asking_twice_makes_one(office: Office) -> None:
    assert ask(office).id == ask(office).id
    with instance_scope():
        assert AuditEvent.objects.filter(verb="file.export-asked").count() == 1


def test_a_killed_try_is_made_again_and_the_late_one_changes_nothing(office: Office) -> None:
    office.document()
    export = ask(office)
    with office.scope():
        late = whole._start(export.id)
        assert isinstance(late, WholeExport)
        assert whole.make(export.id) is not None, "a live try was not left alone"
        WholeExport.objects.filter(id=export.id).update(beat_at=timezone.now() - timedelta(minutes=5))
        assert whole.make(export.id) is None
        before = reload(export)
        making = whole._Making(late)
        making.tables = {name: Table(scratch=settings.LIASSE_DATA / "tmp") for name in ("documents", "receipts")}
        whole._finish(making, sha256="f" * 64, size=1)
    assert (reload(export).sha256, reload(export).state) == (before.sha256, ExportState.READY)


def test_a_try_that_lost_its_place_stops_by_itself(office: Office) -> None:
    for _ in range(2):
        office.document()
    export = ask(office)
    with office.scope():
        started = whole._start(export.id)
        assert isinstance(started, WholeExport)
        pieces = whole._Making(started).pieces()
        next(pieces)
        WholeExport.objects.filter(id=export.id).update(run=uuid7())
        with pytest.raises(NotThereError):
            list(pieces)


def test_the_worker_makes_it_and_removes_it_after_a_week(office: Office) -> None:
    office.document()
    export = ask(office)
    assert run_next()
    ready = reload(export)
    assert ready.state == ExportState.READY
    with instance_scope():
        Job.objects.filter(kind=whole.DROP_EXPORT).update(due_at=timezone.now())
    assert run_next()
    assert reload(export).state == ExportState.EXPIRED
    with instance_scope():
        assert LeftBytes.objects.get().sha256 == ready.sha256


def test_what_cannot_be_made_says_so_and_can_be_asked_again(office: Office) -> None:
    export = ask(office)
    with office.scope():
        whole.give_up(export.id)
    assert reload(export).state == ExportState.FAILED
    assert ask(office).id != export.id


def test_queries_grow_by_batches_not_by_documents(office: Office) -> None:
    def cost() -> int:
        export = ask(office)
        with office.scope(), asked() as statements:
            whole.make(export.id)
        with instance_scope():
            WholeExport.objects.all().delete()
            jobs.drop(WholeExport.objects.all().values("id"))
        return len(statements)

    office.document(fields={FieldName.TOTAL_GROSS: "1.00"})
    few = cost()
    for _ in range(60):
        office.document(fields={FieldName.TOTAL_GROSS: "1.00"})
    assert cost() == few


def test_a_try_that_dies_midway_leaves_no_zip_and_the_next_one_makes_it(office: Office) -> None:
    for _ in range(3):
        office.document()
    export, store = ask(office), adapter("blobs")
    with office.scope():
        started = whole._start(export.id)
        assert isinstance(started, WholeExport)
        before = [blob.sha256 for blob in store.iterate()]
        with pytest.raises(KeyboardInterrupt):
            store.put(dying(whole._Making(started).pieces()))
        assert [blob.sha256 for blob in store.iterate()] == before
        assert (reload(export).state, reload(export).sha256) == (ExportState.UNDER_WAY, "")
        WholeExport.objects.filter(id=export.id).update(beat_at=timezone.now() - timedelta(minutes=5))
        assert whole.make(export.id) is None
    assert reload(export).state == ExportState.READY


def dying(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield some pieces, then end as a process ends that is told to."""
    yield next(pieces)
    yield next(pieces)
    raise KeyboardInterrupt


def test_an_export_of_the_practice_that_had_the_file_before_is_not_there(office: Office) -> None:
    export = ask(office)
    with office.scope():
        whole.make(export.id)
        assert [one.id for one in whole.exports_of(office.file)] == [export.id]
        # What a move does to each row that names somebody of the old practice.
        WholeExport.objects.update(asked_by=None)
        assert whole.exports_of(office.file) == []
        person = actor_of(office.users["administrator"].colleagues.get())
        with pytest.raises(NotThereError):
            whole.note_download(office.file, export_id=export.id, actor=person)
