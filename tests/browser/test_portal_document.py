"""A client's document in a real browser: found and opened by keyboard, on a phone, read by axe."""

from __future__ import annotations

import io
import os
from datetime import date
from decimal import Decimal
from typing import Any, Literal

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from liasse.clients.models import Member
from liasse.documents.models import Document, PageImage
from liasse.documents.types import DocumentKind, DocumentStatus
from liasse.pipeline import child
from tests import factories
from tests.barriers import barriers
from tests.browser.conftest import OpenPage
from tests.web.office import Office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class _Client:
    """A person of the client, as `open_page` takes people."""

    def __init__(self, member: Member) -> None:
        self.people = {"claire": member}


def sheet(text: str) -> bytes:
    made = Image.new("RGB", (800, 1130), "white")
    ImageDraw.Draw(made).text((80, 80), text, fill="black", font_size=40)
    out = io.BytesIO()
    made.save(out, "WEBP")
    return out.getvalue()


@pytest.fixture
def document(office: Office) -> Document:
    values: dict[str, Any] = {
        "issue_date": date(2026, 3, 1),
        "due_date": date(2026, 3, 31),
        "kind": DocumentKind.INVOICE,
    }
    values |= {name: Decimal(value) for name, value in (("total_net", 1000), ("total_vat", 200), ("total_gross", 1200))}
    made = office.document(status=DocumentStatus.READY, **values)
    blob = child.blobs().put(sheet("Au bon moulin - Facture F-1"))
    with office.scope():
        Document.objects.filter(id=made.id).update(pages=[{"width": 800, "height": 1130}], kind=DocumentKind.INVOICE)
        for width in (child.PAGE_WIDTH, child.LARGE_PAGE_WIDTH):
            PageImage.objects.create(
                practice=office.practice, document=made, page=1, width=width, sha256=blob.sha256,
                media_type="image/webp",
            )  # fmt: skip
    return made


def check(page: Page, width: int) -> None:
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_it_is_opened_from_the_list_and_the_original_saved_by_keyboard(
    open_page: OpenPage, office: Office, document: Document
) -> None:
    paul: Any = _Client(factories.member(office.file, "Paul"))
    page = open_page(paul)
    page.goto(f"/portal/{office.file.id}/")
    page.get_by_role("link", name="Au bon moulin · F-1").press("Enter")
    page.wait_for_url(f"**/documents/{document.id}/")
    expect(page.get_by_text("Elle est prête pour la comptabilité.")).to_be_visible()
    picture = page.get_by_role("img", name="Page 1 de Au bon moulin · F-1")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.complete && image.naturalWidth") == 800
    with page.expect_download() as saved:
        page.get_by_role("link", name="Original").press("Enter")
    assert saved.value.suggested_filename == "facture.pdf"
    page.locator(".handed-back").press("Enter")
    expect(page.get_by_role("heading", name=office.file.name)).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 360])
def test_it_has_no_barrier(
    open_page: OpenPage, office: Office, document: Document, theme: Literal["light", "dark"], width: int
) -> None:
    paul: Any = _Client(factories.member(office.file, "Paul"))
    bare = office.document(status=DocumentStatus.PROCESSING, supplier_name="", number="")
    page = open_page(paul, color_scheme=theme, viewport={"width": width, "height": 800})
    for one in (document, bare):
        page.goto(f"/portal/{office.file.id}/documents/{one.id}/")
        check(page, width)
        if folder := os.environ.get("LIASSE_TEST_PICTURES"):
            page.screenshot(path=f"{folder}/document-{theme}-{width}-{one.status}.png", full_page=True)
    page.goto(f"/portal/{office.file.id}/")
    check(page, width)
    if folder := os.environ.get("LIASSE_TEST_PICTURES"):
        page.screenshot(path=f"{folder}/portal-{theme}-{width}.png", full_page=True)
