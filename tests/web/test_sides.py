"""Costs and sales: narrowed in the inbox, shown in its rows, changed on the document and for many at once."""

from __future__ import annotations

import pytest

from liasse.core.models import AuditEvent
from liasse.core.scope import instance_scope
from liasse.documents.models import Document
from tests.web.office import Office, build

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db: None) -> Office:
    del db
    return build()


def sides(office: Office) -> list[str]:
    with office.scope():
        return list(Document.objects.order_by("id").values_list("side", flat=True))


def test_the_inbox_shows_sales_and_is_narrowed_to_one_side(office: Office) -> None:
    office.document(supplier_name="Meunier")
    office.document(supplier_name="Restaurant", side="sales")
    browser, at = office.as_("reading"), f"/files/{office.file.id}/inbox/?tab=to-review"
    both = browser.get(at).content.decode()
    assert both.count('<span class="chip">Vente</span>') == 1
    costs, sales = (browser.get(f"{at}&side={side}").content.decode() for side in ("costs", "sales"))
    assert ("Meunier" in costs, "Restaurant" in costs) == (True, False)
    assert ("Meunier" in sales, "Restaurant" in sales) == (False, True)
    assert "Meunier" in browser.get(f"{at}&side=nonsense").content.decode()


def test_the_side_is_changed_on_the_document_and_stays_in_its_history(office: Office) -> None:
    document = office.document()
    browser, at = office.as_("coding"), f"/files/{office.file.id}/documents/{document.id}/"
    saved = browser.post(f"{at}fields/side/", {"side": "sales", "version": document.version})
    assert (saved.status_code, sides(office)) == (200, ["sales"])
    assert browser.post(f"{at}fields/side/", {"side": "up", "version": document.version + 1}).status_code == 404
    assert browser.post(f"{at}fields/side/", {"side": "costs", "version": document.version}).status_code == 422
    page = browser.get(at).content.decode()
    assert "Sens changé" in page
    with instance_scope():
        event = AuditEvent.objects.get(verb="document.side")
    assert (event.before, event.after) == ({"side": "costs"}, {"side": "sales"})


def test_many_are_changed_at_once_or_none(office: Office) -> None:
    mine = [office.document() for _ in range(2)]
    foreign = office.document(file=office.sibling)
    browser, at = office.as_("coding"), f"/files/{office.file.id}/documents/side/"
    ids = [str(document.id) for document in mine]
    assert browser.post(at, {"document": [*ids, str(foreign.id)], "side_to": "sales"}).status_code == 404
    assert sides(office) == ["costs", "costs", "costs"]
    answer = browser.post(at, {"document": ids, "side_to": "sales"}, headers={"HX-Request": "true"})
    assert (answer.status_code, sides(office)) == (204, ["sales", "sales", "costs"])
    assert office.as_("reading").post(at, {"document": ids, "side_to": "costs"}).status_code == 403
