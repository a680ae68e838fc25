"""Suppliers and alarms in a real browser: axe finds nothing, nothing is too wide, and it is worked by hand."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from liasse.documents.models import Document
from liasse.reading.models import Reading
from liasse.reading.types import Field, Source
from liasse.suppliers.models import Supplier
from tests.barriers import barriers
from tests.web.office import Office
from tests.web.test_suppliers import IBAN, alarm, lesson, supplier

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def odd(office: Office) -> tuple[Supplier, Document]:
    """Give a supplier with a lesson, and a document with alarms and a learned value."""
    made = supplier(office, siren="552100554")
    taught = lesson(office, made)
    document = office.document(fields={})
    alarm(office, document, "iban-changed", supplier="Moulin du Pont", old=IBAN, new="DE89370400440532013000")
    alarm(office, document, "other-buyer", name="Garage du Pont", siren="")
    field = Field("F-2", Source.RULE, 0.99, evidence=("learned", f"lesson:{taught.id}"))
    with office.scope():
        Reading.objects.filter(document=document).update(fields={"invoice_number": field.to_json()})
    return made, document


@pytest.mark.parametrize(("width", "theme"), [(360, "light"), (1440, "dark")])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(
    page: Page, office: Office, width: int, theme: str
) -> None:
    made, document = odd(office)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    for at in ("suppliers/", f"suppliers/{made.id}/", f"documents/{document.id}/"):
        page.goto(f"/files/{office.file.id}/{at}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert barriers(page) == []


def test_an_alarm_is_dismissed_and_a_lesson_forgotten_where_they_are_said(page: Page, office: Office) -> None:
    _made, document = odd(office)
    page.goto(f"/files/{office.file.id}/documents/{document.id}/")
    page.get_by_role("button", name="Le nouveau compte est le bon").click()
    expect(page.get_by_role("button", name="Le nouveau compte est le bon")).to_have_count(0)
    page.get_by_text("valeur a été apprise").click()
    page.get_by_role("button", name="Oublier").click()
    expect(page.get_by_text("oublié le")).to_be_visible()
