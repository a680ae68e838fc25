"""What a file knows of its suppliers leaves with it and comes back; what no export says is refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from liasse.core.scope import practice_scope
from liasse.custody.types import ImportState
from liasse.documents.models import Document
from liasse.practices.models import Colleague
from liasse.suppliers.models import Alarm, Appearance, Layout, Lesson, Mark, SharedName, Supplier
from liasse.suppliers.types import AlarmState, Anchor
from tests.queries import asked
from tests.unit.custody.parcels import (
    Entries,
    colleague_of,
    comparable,
    entries_of,
    exported,
    fill,
    imported,
    packed,
    restored,
    truthful,
)
from tests.web.office import Office

pytestmark = pytest.mark.django_db

THEN = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
ANCHOR = Anchor("total ttc", "montant", 1, is_last=True, x0=0.6, y0=0.8, x1=0.7, y1=0.82, shape="9")


def learned(office: Office, document: Document, *, number: int = 0) -> None:
    """Give the file a supplier with all that can be known of one."""
    of = {"practice": office.practice, "client_file": office.file}
    with office.scope():
        supplier = Supplier.objects.create(
            name=f"Moulin {number}", name_sort="moulin", search_text="moulin 303265045", siren="303265045",
            is_named=True, median=Decimal("120.50"), spread=Decimal("3.00"), currency="EUR", count_documents=1, **of,
        )  # fmt: skip
        mark = Mark.objects.create(supplier=supplier, kind="iban", key="FR76", text="FR 76", said_by="Anne", **of)
        layout = Layout.objects.create(supplier=supplier, words=["moulin", "facture"], marks=["303265045"], **of)
        alarm = Alarm.objects.create(
            document=document, code="iban-changed", facts={"new": "FR77"}, state=AlarmState.DISMISSED,
            dismissed_by="Anne", dismissed_at=THEN, **of,
        )  # fmt: skip
        if number == 0:
            Appearance.objects.create(
                supplier=supplier, document=document, iban="FR76", total=Decimal(120), currency="EUR", **of
            )
        lesson: dict[str, Any] = {"learned_by": "Anne", "learned_at": THEN, "document": document, "layout": layout}
        Lesson.objects.create(field="total_gross", value="120.00", anchors=[ANCHOR.to_json()], **lesson, **of)
        Lesson.objects.create(field="currency", value="EUR", forgotten_by="Paul", forgotten_at=THEN, **lesson, **of)
        Mark.objects.filter(id=mark.id).update(created_at=THEN)
        Layout.objects.filter(id=layout.id).update(created_at=THEN)
        Alarm.objects.filter(id=alarm.id).update(raised_at=THEN)


@pytest.fixture
def parcel(office: Office) -> Entries:
    fill(office, documents=2)
    with office.scope():
        document = Document.objects.latest("id")
    learned(office, document)
    return entries_of(exported(office.file, by=colleague_of(office)))


def test_suppliers_lessons_and_alarms_come_back_as_they_were(parcel: Entries, elsewhere: Colleague) -> None:
    first = packed(parcel)
    file = restored(first, by=elsewhere)
    second = exported(file, by=elsewhere)
    for name in ("suppliers", "layouts", "alarms"):
        assert comparable(second)[name] == comparable(first)[name] != []
    with practice_scope(elsewhere.practice_id):
        lesson = Lesson.objects.get(field="total_gross", client_file=file)
        assert Anchor.from_json(lesson.anchors[0]) == ANCHOR
        assert (lesson.layout.supplier.name, lesson.learned_at) == ("Moulin 0", THEN)  # type: ignore[union-attr]
        assert Mark.objects.get(client_file=file).created_at == THEN
        assert Alarm.objects.get(client_file=file).raised_at == THEN
        assert lesson.document.client_file_id == Appearance.objects.get().document.client_file_id == file.id


def test_nothing_reaches_the_other_files_of_the_practice(parcel: Entries, elsewhere: Colleague) -> None:
    file = restored(packed(parcel), by=elsewhere)
    with practice_scope(elsewhere.practice_id):
        assert set(Supplier.objects.values_list("client_file_id", flat=True)) == {file.id}
        assert not SharedName.objects.exists()


def test_a_layout_of_no_supplier_comes_along(office: Office, parcel: Entries, elsewhere: Colleague) -> None:
    del parcel
    with office.scope():
        Layout.objects.update(supplier=None)
    file = restored(exported(office.file, by=colleague_of(office)), by=elsewhere)
    with practice_scope(elsewhere.practice_id):
        assert Layout.objects.get(client_file=file).supplier_id is None


def test_a_zip_of_before_has_no_suppliers(parcel: Entries, elsewhere: Colleague) -> None:
    manifest = json.loads(parcel["manifest.json"])
    older = dict(parcel)
    for name in ("suppliers", "layouts", "alarms"):
        del older[f"{name}.json"], manifest["counts"][name]
    file = restored(packed(older | {"manifest.json": json.dumps(manifest).encode()}), by=elsewhere)
    with practice_scope(elsewhere.practice_id):
        assert not Supplier.objects.filter(client_file=file).exists()


def test_a_table_that_is_counted_but_not_there_is_refused(parcel: Entries, elsewhere: Colleague) -> None:
    del parcel["layouts.json"]
    made = imported(packed(parcel), by=elsewhere)
    assert (made.state, made.problem) == (ImportState.REFUSED, "altered")


@pytest.mark.parametrize(
    ("table", "old", "new"),
    [
        ("suppliers", b'"median":"120.50"', b'"median":"a lot"'),
        ("suppliers", b'"siren":"303265045"', b'"siren":"3032650450"'),
        ("suppliers", b'"kind":"iban"', b'"kind":"face"'),
        ("suppliers", b'"document":"', b'"document":"9'),
        ("layouts", b'"supplier":"', b'"supplier":"9'),
        ("layouts", b'"field":"total_gross"', b'"field":"password"'),
        ("layouts", b'"left":"total ttc"', b'"left":7'),
        ("layouts", b'"x0":0.6', b'"x0":"0.6"'),
        ("layouts", b'"x0":0.6', b'"x9":0.6'),
        ("layouts", b'["moulin","facture"]', b'[["moulin"]]'),
        ("layouts", b'"field":"currency"', b'"field":"total_gross"'),
        ("alarms", b'"facts":{"new":"FR77"}', b'"facts":{"new":7}'),
        ("alarms", b'"state":"dismissed"', b'"state":"gone"'),
        ("alarms", b'"raised_at":"2026-03-01T09:30:00+00:00"', b'"raised_at":"2026-03-01"'),
    ],
)
def test_what_no_export_says_of_a_supplier_is_refused(
    parcel: Entries, elsewhere: Colleague, table: str, old: bytes, new: bytes
) -> None:
    made = imported(truthful(f"{table}.json", old, new)(parcel), by=elsewhere)
    assert (made.state, made.problem, made.detail) == (ImportState.REFUSED, "bad-table", f"{table}.json")
    with practice_scope(elsewhere.practice_id):
        assert not Supplier.objects.exists()


def test_the_queries_of_an_export_do_not_grow_with_the_suppliers(office: Office, parcel: Entries) -> None:
    del parcel
    with asked() as few:
        exported(office.file, by=colleague_of(office))
    with office.scope():
        documents = list(Document.objects.all())
        Alarm.objects.all().delete()
    for number in range(1, 9):
        learned(office, documents[0], number=number)
        with office.scope():
            Alarm.objects.all().delete()
    with asked() as many:
        exported(office.file, by=colleague_of(office))
    assert len(many) == len(few)
