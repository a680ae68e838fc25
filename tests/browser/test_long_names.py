"""Names of two hundred letters: nothing is wider than a phone, and the whole name can be read."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from liasse.documents.models import Document
from liasse.intake.models import Receipt
from tests.paper import pdf
from tests.web.office import Office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "Facture_Societe-de-Distribution_Alimentaire-du-Grand-Sud-Ouest_2026-03-01_" + "x" * 120 + ".pdf"
A4 = {"width": 595, "height": 842}


def long_names(office: Office) -> Document:
    more: dict[str, Any] = {"supplier_name": "", "number": "", "filename": LONG}
    document = office.document(content=pdf([(50, 50, "Facture")]), pages=[A4], fields={}, **more)
    with office.scope():
        Receipt.objects.update(subject=LONG, from_name=LONG, filename=LONG)
    return document


@pytest.mark.parametrize(
    "where", ["inbox/", "documents/{id}/", "receipts/", "receipts/{receipt}/", "documents/cutting/?document={id}"]
)
def test_nothing_is_wider_than_a_phone_and_the_whole_name_can_be_had(page: Page, office: Office, where: str) -> None:
    document = long_names(office)
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"/files/{office.file.id}/{where.format(id=document.id, receipt=document.receipt_id)}")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    cut = page.evaluate(
        """(name) => [...document.querySelectorAll("#main *")].filter((one) => one.childElementCount === 0
             && one.textContent.includes(name) && one.checkVisibility() && !one.matches(".visually-hidden")
             && (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1)
             && !one.closest("[title]")?.title.includes(name)).map((one) => one.outerHTML.slice(0, 80))""",
        LONG,
    )
    assert cut == []


def test_a_tap_on_a_documents_name_shows_all_of_it(page: Page, office: Office) -> None:
    document = long_names(office)
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"/files/{office.file.id}/documents/{document.id}/")
    name = page.locator("#doc-name")
    before = name.bounding_box()
    name.click()
    expect(name).to_be_focused()
    after = name.bounding_box()
    assert before is not None
    assert after is not None
    assert after["height"] > before["height"] * 1.5
    assert name.evaluate("one => one.scrollHeight <= one.clientHeight + 1")
