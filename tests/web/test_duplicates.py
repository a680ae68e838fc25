"""Documents that may be there twice: marked in rows, seen side by side, decided, taken back, left out of exports."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from liasse.clients.models import ClientFile
from liasse.core.models import AuditEvent
from liasse.core.scope import instance_scope
from liasse.documents.models import Document
from liasse.pipeline import copies
from tests.queries import asked
from tests.web.office import Office, build

pytestmark = pytest.mark.django_db

SAME: dict[str, Any] = {"number": "F-2026-77", "issue_date": date(2026, 3, 1), "total_gross": Decimal("120.00")}
HTMX = {"HX-Request": "true"}


@pytest.fixture
def office(db: None) -> Office:
    del db
    return build()


def found(office: Office, **values: Any) -> Document:  # noqa: ANN401 - any column
    office.made += 1
    document = office.document(**{"content": f"%PDF-1.4 {office.made}".encode()} | values)
    with office.scope():
        copies.find(document.id)
    return document


def at(office: Office, document: Document) -> str:
    return f"/files/{office.file.id}/documents/{document.id}/copies/"


def statuses(office: Office) -> list[str]:
    with office.scope():
        return list(Document.objects.order_by("id").values_list("status", flat=True))


def test_rows_are_marked_and_the_list_is_narrowed_to_them(office: Office) -> None:
    found(office, **SAME)
    found(office, **SAME)
    found(office, number="X-1", supplier_name="Garage")
    browser, inbox = office.as_("reading"), f"/files/{office.file.id}/inbox/?tab=to-review"
    page = browser.get(inbox).content.decode()
    assert (page.count("chip-ask"), "Garage" in page) == (2, True)
    narrowed = browser.get(f"{inbox}&doubt=1").content.decode()
    assert (narrowed.count("chip-ask"), "Garage" in narrowed) == (2, False)


def test_side_by_side_says_why_and_marks_what_differs(office: Office) -> None:
    first = found(office, **SAME)
    second = found(office, **SAME | {"supplier_name": "AU BON MOULIN SARL"})
    page = office.as_("coding").get(f"/files/{office.file.id}/documents/{second.id}/").content.decode()
    assert "Doublon possible" in page
    beside = office.as_("coding").get(at(office, second)).content.decode()
    assert "le même numéro du même fournisseur" in beside
    assert beside.count('class="twins-differ"') == 3
    assert 'data-key-press="g"' in beside
    assert 'data-key-press="g"' not in office.as_("reading").get(at(office, second)).content.decode()
    alone = found(office, number="Z-9", supplier_name="Garage")
    assert office.as_("coding").get(at(office, alone)).status_code == 302
    foreign = found(office, file=office.sibling)
    assert office.as_("coding").get(f"{at(office, first)}?with={foreign.id}").status_code == 302
    assert office.as_("coding").get(at(office, foreign)).status_code == 404


def test_a_duplicate_goes_to_its_tab_and_comes_back(office: Office) -> None:
    first, second = found(office, **SAME), found(office, **SAME)
    browser = office.as_("coding")
    wish = {"with": str(first.id), "verdict": "this"}
    assert office.as_("reading").post(f"{at(office, second)}decide/", wish).status_code == 403
    browser.post(f"{at(office, second)}decide/", wish)
    assert statuses(office) == ["to-review", "duplicate"]
    inbox = f"/files/{office.file.id}/inbox/"
    assert "Doublons" in browser.get(inbox).content.decode()
    assert str(second.id) in browser.get(f"{inbox}?tab=duplicate").content.decode()
    assert "hors des exports" in browser.get(f"/files/{office.file.id}/documents/{second.id}/").content.decode()
    browser.post(f"{at(office, second)}undo/", {"with": str(first.id)})
    assert statuses(office) == ["to-review", "to-review"]
    for wrong in ({"with": str(first.id), "verdict": "none"}, {"with": "x", "verdict": "this"}):
        assert browser.post(f"{at(office, second)}decide/", wrong).status_code == 404


def test_many_are_decided_at_once_or_none(office: Office) -> None:
    three = [found(office, **SAME) for _ in range(3)]
    foreign = found(office, file=office.sibling)
    browser, many = office.as_("coding"), f"/files/{office.file.id}/documents/copies/"
    ids = [str(one.id) for one in three]
    assert browser.post(many, {"document": [*ids, str(foreign.id)], "verdict": "this"}).status_code == 404
    assert browser.post(many, {"document": ids, "verdict": "x"}).status_code == 404
    answer = browser.post(many, {"document": ids, "verdict": "this"}, headers=HTMX)
    assert answer.status_code == 204
    assert sorted(statuses(office)) == ["duplicate", "duplicate", "to-review", "to-review"]
    browser.post(many, {"document": ids[1:], "verdict": "back"}, headers=HTMX)
    browser.post(many, {"document": ids, "verdict": "both"}, headers=HTMX)
    with office.scope():
        assert set(Document.objects.values_list("status", "doubts")) == {("to-review", 0)}


def test_a_duplicate_is_left_out_of_exports_unless_asked_for_in_its_tab(office: Office) -> None:
    first, second = found(office, **SAME), found(office, **SAME)
    browser = office.as_("coding")
    browser.post(f"{at(office, second)}decide/", {"with": str(first.id), "verdict": "this"})
    csv = f"/files/{office.file.id}/documents/csv/"
    both = {"document": [str(first.id), str(second.id)]}
    plain, wanted = (b"".join(browser.post(csv, both | tab)) for tab in ({}, {"tab": "duplicate"}))
    assert (plain.count(b"F-2026-77"), wanted.count(b"F-2026-77")) == (1, 2)


def test_a_correction_shows_at_once_that_it_is_there_already(office: Office) -> None:
    found(office, **SAME)
    second = found(office, **SAME | {"number": "F-2026-78"}, fields={})
    saved = office.as_("coding").post(
        f"/files/{office.file.id}/documents/{second.id}/fields/supplier_name/",
        {"supplier_name": "Garage du Pont", "version": second.version},
        headers=HTMX,
    )
    assert "Doublon possible" not in saved.content.decode()
    third = found(office, number="", issue_date=None)
    page = f"/files/{office.file.id}/documents/{third.id}/fields"
    browser = office.as_("coding")
    browser.post(f"{page}/supplier_name/", {"supplier_name": "Au bon moulin", "version": 1}, headers=HTMX)
    saved = browser.post(f"{page}/invoice_number/", {"invoice_number": "F-2026-77", "version": 2}, headers=HTMX)
    assert "Doublon possible" in saved.content.decode()


def test_the_rule_of_a_file_is_set_by_who_manages_it_and_is_on_record(office: Office) -> None:
    where = f"/files/{office.file.id}/reception/duplicates/"
    assert office.as_("coding").post(where, {"duplicate_rule": "keep"}).status_code == 403
    office.as_("full").post(where, {"duplicate_rule": "nonsense"})
    with instance_scope():
        assert ClientFile.objects.get(id=office.file.id).duplicate_rule == ""
    office.as_("full").post(where, {"duplicate_rule": "identical"})
    with instance_scope():
        assert ClientFile.objects.get(id=office.file.id).duplicate_rule == "identical"
        assert AuditEvent.objects.get(verb="file.reception").after["duplicate_rule"] == "identical"
    assert (
        "Ranger les fichiers identiques"
        in office.as_("full").get(f"/files/{office.file.id}/reception/").content.decode()
    )


def test_the_inbox_is_narrowed_to_a_kind_and_a_person_sets_it(office: Office) -> None:
    quote = office.document(supplier_name="Menuiserie", kind="quote", fields={})
    office.document(supplier_name="Garage", kind="invoice")
    browser, inbox = office.as_("coding"), f"/files/{office.file.id}/inbox/?tab=to-review&kind="
    for kind, seen in (("quote", (True, False)), ("invoice", (False, True)), ("nonsense", (True, True))):
        page = browser.get(f"{inbox}{kind}").content.decode()
        assert ("Menuiserie" in page, "Garage" in page) == seen
    browser.post(
        f"/files/{office.file.id}/documents/{quote.id}/fields/doc_type/",
        {"doc_type": "statement", "version": quote.version},
    )
    with office.scope():
        quote.refresh_from_db()
    assert quote.kind == "statement"


def test_the_list_asks_no_more_for_many_marked_rows(office: Office) -> None:
    browser, inbox = office.as_("reading"), f"/files/{office.file.id}/inbox/?tab=to-review&doubt=1"
    counts = []
    for _round in range(2):
        for _one in range(4):
            found(office, **SAME)
        with asked() as queries:
            browser.get(inbox)
        counts.append(len(queries))
    assert counts[0] == counts[1]
