"""A document that moves to another file keeps what people put right in it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from liasse.clients.models import ClientFile
from liasse.core.access import Actor
from liasse.core.models import AuditEvent
from liasse.documents.models import Document
from liasse.documents.refiling import refile
from liasse.documents.services import read_again
from liasse.reading.entry_lines import LineEdit
from liasse.reading.models import Reading
from liasse.reading.services import correct, set_lines, set_vat
from tests.factories import client_file
from tests.flows.conftest import Ground, mail
from tests.paper import ubl

WorkOff = Callable[[], int]
pytestmark = pytest.mark.django_db(transaction=True)
CLAIRE = Actor(kind="colleague", name="Claire")


def moved(document: Document, *, to: ClientFile, work_off: WorkOff) -> Document:
    document.refresh_from_db()
    refile(document, to=to, actor=CLAIRE, version=document.version)
    work_off()
    return Document.objects.get(client_file=to)


def came_in(ground: Ground, work_off: WorkOff) -> Document:
    ground.arrive(mail(("f.xml", ubl())))
    work_off()
    return Document.objects.get()


def test_corrections_go_with_the_document_and_what_is_read_lies_beneath(ground: Ground, work_off: WorkOff) -> None:
    document = came_in(ground, work_off)
    correct(document, actor=CLAIRE, version=document.version, values={"invoice_number": "F-77", "iban": ""})
    work_off()
    there = moved(document, to=client_file(ground.practice, "Garage"), work_off=work_off)
    fields = Reading.objects.get(document=there).fields
    assert (fields["invoice_number"]["value"], fields["invoice_number"]["read"]["value"]) == ("F-77", "F-1")
    assert (fields["iban"]["value"], fields["iban"]["source"]) == (None, "person")
    assert fields["total_gross"]["source"] == "xml"
    assert there.number == "F-77"
    event = AuditEvent.objects.get(verb="document.corrections-kept", subject_id=there.id)
    assert event.after == {"invoice_number": "F-77", "iban": None}


def test_a_persons_vat_rows_and_lines_go_with_it_too_and_through_two_files(ground: Ground, work_off: WorkOff) -> None:
    document = came_in(ground, work_off)
    rows = [{"rate": "10", "base": "100", "vat": "10"}]
    set_vat(document, actor=CLAIRE, version=document.version, rows=rows)
    document.refresh_from_db()
    set_lines(document, actor=CLAIRE, version=document.version, edits=[LineEdit(changed={"name": "Farine"})])
    work_off()
    there = moved(document, to=client_file(ground.practice, "Garage"), work_off=work_off)
    last = moved(there, to=client_file(ground.practice, "Moulin"), work_off=work_off)
    reading = Reading.objects.get(document=last)
    assert (reading.vat_breakdown[0]["rate"], reading.lines[0]["name"]) == ("10", "Farine")
    read_again(last, actor=CLAIRE)
    work_off()
    reading.refresh_from_db()
    assert (reading.vat_breakdown[0]["rate"], [line["name"] for line in reading.lines]) == ("10", ["Farine"])


def test_nothing_is_kept_where_nobody_put_anything_right(ground: Ground, work_off: WorkOff) -> None:
    there = moved(came_in(ground, work_off), to=client_file(ground.practice, "Garage"), work_off=work_off)
    assert {field["source"] for field in Reading.objects.get(document=there).fields.values()} == {"xml"}
    assert not AuditEvent.objects.filter(verb="document.corrections-kept").exists()


def test_another_copy_that_comes_in_by_itself_has_no_corrections(ground: Ground, work_off: WorkOff) -> None:
    document = came_in(ground, work_off)
    correct(document, actor=CLAIRE, version=document.version, values={"invoice_number": "F-77"})
    ground.hand_in(ubl(), filename="f.xml", key="again")
    work_off()
    assert Document.objects.latest("id").number == "F-1"
