"""Files that leave as a ZIP and come back, for the tests of custody."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

from liasse.clients.models import ClientFile
from liasse.core import audit
from liasse.core.scope import practice_scope
from liasse.custody import restoring, whole
from liasse.custody.models import WholeExport, WholeImport
from liasse.custody.types import ImportState
from liasse.documents.takeout import Reader
from liasse.intake.models import Receipt
from liasse.pipeline import child
from liasse.practices.models import Colleague
from liasse.practices.selectors import actor_of
from liasse.reading import services as reading_services
from liasse.reading.types import FieldName
from tests.web.office import Office

type Entries = dict[str, bytes]
LATER = {"file.export-asked", "file.restored", "file.export-taken"}


def fill(office: Office, *, documents: int = 3) -> None:
    """Give the file documents with real receipts, a correction by a person, and a history."""
    administrator, document = actor_of(colleague_of(office)), None
    for number in range(documents):
        fields = {FieldName.TOTAL_GROSS: "120.00", FieldName.SUPPLIER_NAME: "Moulin"}
        document = office.document(content=f"original {number}".encode(), fields=fields, owner=office.member)
        mail = child.blobs().put(f"From: x\n\nmail {number}".encode())
        with office.scope():
            Receipt.objects.filter(id=document.receipt_id).update(sha256=mail.sha256, size=mail.size)
            audit.record(
                "document.received",
                actor=administrator,
                practice_id=office.practice.id,
                subject=audit.Subject("document", document.id, office.file.id),
            )
    assert document is not None
    with office.scope():
        document.refresh_from_db()
        values = {"supplier_name": "Le bon moulin", "total_net": "100,00"}
        reading_services.correct(document, actor=administrator, version=document.version, values=values)
        subject = audit.Subject("client-file", office.file.id, office.file.id)
        audit.record("file.changed", actor=administrator, practice_id=office.practice.id, subject=subject)


def colleague_of(office: Office) -> Colleague:
    with office.scope():
        return Colleague.objects.get(user=office.users["administrator"])


def exported(file: ClientFile, *, by: Colleague) -> bytes:
    with practice_scope(file.practice_id):
        export = whole.ask(file, actor=actor_of(by), reader=Reader(language="fr", time_zone="Europe/Paris"))
        assert whole.make(export.id) is None
        return whole.export_path(WholeExport.objects.get(id=export.id)).read_bytes()


def imported(content: bytes, *, by: Colleague) -> WholeImport:
    with practice_scope(by.practice_id):
        made = restoring.upload(io.BytesIO(content), filename="dossier.zip", actor=actor_of(by))
        assert restoring.restore(made.id) is None
        return WholeImport.objects.get(id=made.id)


def restored(content: bytes, *, by: Colleague) -> ClientFile:
    made = imported(content, by=by)
    assert (made.state, made.problem) == (ImportState.DONE, "")
    with practice_scope(by.practice_id):
        return ClientFile.objects.select_related("practice").get(id=str(made.restored_id))


def entries_of(content: bytes) -> Entries:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(entries: Entries) -> bytes:
    """Make a ZIP whose manifest tells the truth of what is in it."""
    manifest = json.loads(entries["manifest.json"])
    manifest["entries"] = [
        {"name": name, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
        for name, content in entries.items()
        if name != "manifest.json"
    ]
    return zipped(entries | {"manifest.json": json.dumps(manifest).encode()})


def zipped(entries: Entries) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return target.getvalue()


def comparable(content: bytes) -> dict[str, Any]:
    """Give what two exports of one file must have in common: all but ids, addresses, logins and the practice."""
    entries, names = entries_of(content), dict[str, str]()

    def plain(value: Any) -> Any:  # noqa: ANN401 - JSON
        if isinstance(value, list):
            return [plain(one) for one in value]
        if isinstance(value, dict):
            return {key: plain(one) for key, one in value.items()}
        if isinstance(value, str) and len(value) == 36 and value.count("-") == 4:
            return names.setdefault(value, f"id {len(names)}")
        return value

    names_of_tables = ("file", "members", "receipts", "documents", "suppliers", "layouts", "alarms")
    tables = {name: json.loads(entries[f"{name}.json"]) for name in names_of_tables}
    del tables["file"]["practice"]
    for member in tables["members"]:
        del member["status"]
    for receipt in tables["receipts"]:
        del receipt["address"]
    tables["history"] = [one for one in json.loads(entries["history.json"]) if one["verb"] not in LATER]
    tables["originals"] = {name: content for name, content in entries.items() if "/" in name}
    return {name: plain(rows) for name, rows in tables.items()}


def truthful(table: str, old: bytes, new: bytes) -> Callable[[Entries], bytes]:
    """Alter a table, and the manifest with it."""

    def altered(entries: Entries) -> bytes:
        assert old in entries[table], f"{old!r} is not in {table}"
        return packed(entries | {table: entries[table].replace(old, new)})

    return altered
