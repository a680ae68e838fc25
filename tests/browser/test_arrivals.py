"""Tout ce qui est arrivé in a real browser: by keyboard, on a phone, read by axe, in both languages."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from liasse.clients.models import ClientFile
from liasse.intake.models import Receipt, ReceiptPart
from liasse.intake.rules import search_text_of
from liasse.intake.types import Door, Hold, ReceiptState, Verdict
from liasse.lib.ids import uuid7
from tests.barriers import barriers
from tests.browser.conftest import OpenPage
from tests.web.firm import Firm, firm

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cabinet(transactional_db: None) -> Firm:
    """Deliveries in every state, two of them waiting for long."""
    del transactional_db
    made, long_ago = firm(), timezone.now() - timedelta(hours=3)
    bakery = made.open("Boulangerie L’Épi d’Or").client_file
    garage = made.open("Garage du Port").client_file
    _arrive(made, bakery, "Factures de novembre", count_documents=5, count_set_aside=1, opened_at=timezone.now())
    _arrive(made, bakery, "Photo du ticket", door=Door.PHONE, state=ReceiptState.STORED, waits_since=long_ago)
    _arrive(
        made, garage, "Relevé-de-compte-professionnel-octobre-novembre-décembre-2026-version-définitive.zip",
        door=Door.WEB, state=ReceiptState.FAILED, problem="open-memory", waits_since=long_ago,
    )  # fmt: skip
    _arrive(made, garage, "Devis", state=ReceiptState.HELD, held=Hold.UNKNOWN_SENDER)
    _arrive(made, garage, "Bonne année", state=ReceiptState.UNUSABLE, problem="nothing-usable", count_set_aside=1)
    return made


def _arrive(made: Firm, file: ClientFile, subject: str, **values: Any) -> Receipt:  # noqa: ANN401 - any column
    at_hand: dict[str, Any] = {
        "state": ReceiptState.OPENED,
        "waits_since": None,
        "sha256": "5c" * 32,
        "size": 52_000,
        "received_at": timezone.now() - timedelta(hours=4),
        "delivery_key": str(uuid7()),
        "from_name": "Claire Martin",
        "from_address": "claire@lepidor.example",
        "subject": subject,
    }
    with made.scope():
        receipt = Receipt(practice=made.practice, client_file=file, **(at_hand | values))
        receipt.search_text = search_text_of(receipt)
        receipt.save()
        ReceiptPart.objects.create(
            practice=made.practice,
            receipt=receipt,
            index=0,
            filename="logo.png",
            verdict=Verdict.IGNORED,
            reason="logo",
        )
    return receipt


def check(page: Page, width: int, *, name: str) -> None:
    if folder := os.environ.get("LIASSE_TEST_PICTURES"):
        page.screenshot(path=f"{folder}/arrivals-{name}.png", full_page=True)
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_what_hangs_is_seen_found_and_tried_again_by_keyboard(open_page: OpenPage, cabinet: Firm) -> None:
    page = open_page(cabinet)
    page.goto("/clients/")
    expect(page.get_by_role("status").get_by_text("2 éléments attendent depuis plus d’une heure.")).to_be_visible()
    page.get_by_role("link", name="Voir", exact=True).press("Enter")
    titles = page.locator("tbody .row-link")
    expect(titles).to_have_count(2)
    page.get_by_label("Ce qu’il en est advenu").select_option("")
    expect(titles).to_have_count(5)
    page.get_by_label("Expéditeur, objet ou nom de fichier").focus()
    page.keyboard.type("bonne année")
    expect(titles).to_have_text(["Bonne année"])
    page.get_by_role("button", name="Tout réessayer").press("Enter")
    expect(page.get_by_text("2 éléments sont réessayés.")).to_be_visible()
    expect(page.get_by_text("attendent depuis plus d’une heure")).to_have_count(0)


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_list_and_a_journey_are_sound(open_page: OpenPage, cabinet: Firm, width: int, theme: Any) -> None:  # noqa: ANN401 - a literal
    page = open_page(cabinet, color_scheme=theme, viewport={"width": width, "height": 800})
    page.goto("/arrivals/")
    expect(page.locator("tbody .row-link")).to_have_count(5)
    check(page, width, name=f"list-{width}-{theme}")
    page.get_by_role("link", name="Relevé-de-compte").click()
    expect(page.locator(".journey li")).to_have_count(3)
    check(page, width, name=f"journey-{width}-{theme}")
    page.goto(f"{page.url.rsplit('/receipts/', 1)[0]}/receipts/")
    expect(page.locator(".receipt")).to_have_count(3)
    check(page, width, name=f"file-{width}-{theme}")
