"""The lines of an invoice on a document's page: put right, added, removed, and compared with the net amount."""

from __future__ import annotations

from typing import Any

import pytest

from liasse.core.models import AuditEvent
from liasse.documents.models import Document
from liasse.documents.types import DocumentStatus
from liasse.lib.ids import uuid7
from liasse.reading.models import Reading
from liasse.reading.services import store
from liasse.reading.types import Field, FieldName, InvoiceLine, ReadingResult, Source
from tests.queries import asked
from tests.web.office import Office, build

CELLS = ("name", "quantity", "unit", "price", "rate", "net")
FLOUR = {
    **dict(zip(CELLS, ("Farine T65", "2.5", "KGM", "0.12345678", "5.5", "90.00"), strict=True)),
    "id": "1",
}
SALT = {"id": "2", "name": "Sel", "quantity": "1.234", "unit": "C62", "price": "10.00", "rate": "20", "net": "10.00"}


@pytest.fixture
def office(db: None) -> Office:
    del db
    return build()


def with_lines(office: Office, *lines: dict[str, Any], **more: Any) -> Document:  # noqa: ANN401 - any column
    document = office.document(fields={FieldName.TOTAL_NET: "100.00", FieldName.TOTAL_GROSS: "107.00"}, **more)
    with office.scope():
        Reading.objects.filter(document=document).update(format="pdf", lines=list(lines or (FLOUR, SALT)))
    return document


def url(office: Office, document: Document, rest: str = "") -> str:
    return f"/files/{office.file.id}/documents/{document.id}/{rest}"


def row(number: int, at: str = "", **cells: str) -> dict[str, str]:
    return {f"line-{number}-at": at, **{f"line-{number}-{cell}": cells.get(cell, "") for cell in CELLS}}


def flour(number: int = 0, **changed: str) -> dict[str, str]:
    shown = {"name": "Farine T65", "quantity": "2,5", "unit": "KGM", "price": "0,12345678", "rate": "5,5"}
    return row(number, "0", **(shown | {"net": "90,00"} | changed))


def salt(number: int = 1, **changed: str) -> dict[str, str]:
    shown = {"name": "Sel", "quantity": "1,234", "unit": "C62", "price": "10,00", "rate": "20", "net": "10,00"}
    return row(number, "1", **(shown | changed))


def post(office: Office, document: Document, *, role: str = "coding", **sent: str) -> Any:  # noqa: ANN401 - the test client's own
    return office.as_(role).post(url(office, document, "lines/"), {"version": "1", **sent})


def kept(office: Office, document: Document) -> list[dict[str, Any]]:
    with office.scope():
        return list(Reading.objects.get(document=document).lines)


def test_lines_are_shown_with_a_blank_one_and_what_they_come_to(office: Office) -> None:
    shown = office.as_("coding").get(url(office, with_lines(office))).content.decode()
    assert 'id="line-1-name" value="Sel"' in shown
    assert 'id="line-2-name" value=""' in shown
    assert 'value="0,12345678"' in shown
    assert "La somme des lignes est le HT." in shown


def test_a_line_is_put_right_and_the_others_keep_every_decimal(office: Office) -> None:
    document = with_lines(office)
    answer = post(office, document, **flour(), **salt(net="12", rate="10 %"), **row(2))
    assert answer.status_code == 200
    assert "La somme des lignes est de 102,00, le HT est de 100,00." in answer.content.decode()
    assert kept(office, document) == [FLOUR, SALT | {"net": "12.00", "rate": "10"}]


def test_a_line_is_added_and_one_left_blank_is_removed(office: Office) -> None:
    document = with_lines(office)
    assert post(office, document, **row(0, "0"), **salt(), **row(2, name="Œufs", quantity="1,500")).status_code == 200
    assert [line["name"] for line in kept(office, document)] == ["Sel", "Œufs"]
    assert kept(office, document)[1]["quantity"] == "1.5"


def test_a_tills_lines_come_to_the_total_with_vat(office: Office) -> None:
    answer = post(office, with_lines(office), **flour(net="97"), **salt())
    assert "La somme des lignes est le total TTC." in answer.content.decode()


def test_what_is_taken_off_the_whole_counts_with_the_lines(office: Office) -> None:
    document = with_lines(office)
    off = {"kind": "allowance", "amount": "5.00", "reason": None, "percent": None, "rate": None}
    with office.scope():
        Reading.objects.filter(document=document).update(adjustments=[off])
    assert "La somme des lignes est de 95,00" in office.as_("coding").get(url(office, document)).content.decode()


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"net": "dix"}, "Saisissez un montant"),
        ({"rate": "200"}, "Saisissez un taux"),
        ({"quantity": "beaucoup"}, "Saisissez une quantité"),
        ({"unit": "x" * 21}, "caractères"),
    ],
)
def test_a_cell_that_cannot_be_taken_is_refused_and_kept_in_sight(
    office: Office, changed: dict[str, str], says: str
) -> None:
    document = with_lines(office)
    answer = post(office, document, **flour(0, **changed), **salt())
    shown = answer.content.decode()
    assert (answer.status_code, shown.count('aria-invalid="true"')) == (422, 1)
    assert says in shown
    assert next(iter(changed.values())) in shown
    assert kept(office, document) == [FLOUR, SALT]


def test_lines_of_a_page_that_is_out_of_date_are_refused(office: Office) -> None:
    document = with_lines(office)
    assert post(office, document, version="7", **flour(net="1")).status_code == 422
    assert post(office, document, **row(0, "99", name="X"), **salt()).status_code == 200
    assert kept(office, document)[0] == dict.fromkeys(FLOUR) | {"name": "X"}


def test_reading_again_leaves_a_persons_lines(office: Office) -> None:
    document = with_lines(office)
    post(office, document, **flour(name="Farine"), **salt())
    fields = {FieldName.TOTAL_NET: Field("1.00", Source.TEXT, 0.9)}
    with office.scope():
        store(document.id, ReadingResult(fields=fields, lines=(InvoiceLine(**SALT),), format="pdf"))
    assert kept(office, document)[0]["name"] == "Farine"


def test_the_history_tells_what_changed_and_nothing_else(office: Office) -> None:
    document = with_lines(office)
    post(office, document, **flour(name="Farine"), **salt())
    with office.scope():
        event = AuditEvent.objects.filter(verb="document.corrected").get()
    assert event.before == {"line_rows": "Farine T65 2.5 KGM 0.12345678 5.5 90.00"}
    assert event.after["line_rows"].startswith("Farine 2.5")
    assert "Lignes" in office.as_("coding").get(url(office, document)).content.decode()


def test_who_may_only_read_sees_lines_and_saves_none(office: Office) -> None:
    document = with_lines(office)
    shown = office.as_("reading").get(url(office, document)).content.decode()
    assert "Farine T65" in shown
    assert "line-0-name" not in shown
    assert post(office, document, role="reading", **flour(name="X")).status_code in {403, 404}
    assert kept(office, document) == [FLOUR, SALT]


def test_the_lines_of_what_was_cut_up_stay(office: Office) -> None:
    document = with_lines(office)
    with office.scope():
        Document.objects.filter(id=document.id).update(status=DocumentStatus.REPLACED, replaced_by=uuid7())
    assert "line-0-name" not in office.as_("coding").get(url(office, document)).content.decode()


def test_more_lines_than_can_be_put_right_are_shown_only(office: Office) -> None:
    document = with_lines(office, *[FLOUR] * 301)
    shown = office.as_("coding").get(url(office, document)).content.decode()
    assert "line-0-name" not in shown
    assert "et 1 autre ligne dans l’original" in shown


def test_the_queries_do_not_grow_with_the_lines(office: Office) -> None:
    client, few, many = office.as_("coding"), with_lines(office), with_lines(office, *[FLOUR] * 200)
    client.get(url(office, few))
    with asked() as little:
        client.get(url(office, few))
    client.get(url(office, many))
    with asked() as much:
        client.get(url(office, many))
    assert len(much) == len(little)
