"""The page behind an upload link, and the screens of links and tokens: by keys, narrow, without faults of axe."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, FilePayload, Page, ViewportSize, expect

from liasse.core.access import Actor
from liasse.core.scope import instance_scope
from liasse.identity.sessions import PROVED_AT
from liasse.intake.models import Receipt
from liasse.passes import links
from tests.barriers import barriers
from tests.paper import ubl
from tests.web.office import Office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = {
    "request": "Envoyez-nous la facture EDF de mars",
    "days": "7",
    "files": "3",
    "megabytes": "50",
    "side": "costs",
}
NARROW: ViewportSize = {"width": 360, "height": 740}


def check(page: Page, name: str) -> None:
    """Neither axe nor 360 px of width find anything; a picture where somebody wants to look."""
    assert barriers(page) == []
    page.set_viewport_size(NARROW)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    if folder := os.environ.get("LIASSE_TEST_PICTURES"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def test_a_stranger_hands_in_by_keys_on_a_phone(browser: Browser, office: Office, live_server: Any) -> None:  # noqa: ANN401 - pytest-django's own
    with office.scope():
        link = links.make_link(office.file, words=WORDS, actor=Actor(kind="colleague", name="Anne"))
    context = browser.new_context(base_url=live_server.url, locale="fr-FR", viewport=NARROW, reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"/deposit/{links.token_of(link)}/")
    expect(page.get_by_role("heading", level=1)).to_have_text(WORDS["request"])
    page.get_by_label("Votre nom").fill("Léa Petit")
    content: FilePayload = {"name": "edf.xml", "mimeType": "application/xml", "buffer": ubl(number="EDF-3")}
    page.locator("#hand-files").set_input_files([content])
    page.get_by_role("button", name="Envoyer le fichier").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Bien reçu. Votre interlocuteur va le regarder.")).to_be_visible()
    check(page, "deposit")
    with instance_scope():
        assert Receipt.objects.get().given_sender == "Léa Petit"
    context.close()


def test_a_colleague_makes_and_withdraws_a_link(page: Page, office: Office) -> None:
    page.goto(f"/files/{office.file.id}/links/")
    page.get_by_label("Ce que vous demandez").fill(WORDS["request"])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=WORDS["request"])).to_be_visible()
    page.get_by_text("QR code", exact=True).click()
    check(page, "links")
    page.get_by_role("button", name="Retirer", exact=True).click()
    expect(page.get_by_text("retiré", exact=True)).to_be_visible()


def test_an_administrator_makes_and_revokes_a_token(browser: Browser, office: Office, live_server: Any) -> None:  # noqa: ANN401 - pytest-django's own
    client = office.as_("administrator")
    session = client.session
    session[PROVED_AT] = int(time.time())
    session.save()
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": str(session.session_key), "url": live_server.url}
    context = browser.new_context(base_url=live_server.url, locale="fr-FR", reduced_motion="reduce")
    context.add_cookies([cookie])  # type: ignore[list-item]
    page = context.new_page()
    page.goto("/practice/tokens/")
    page.get_by_label("Nom du programme").fill("ERP de la boulangerie")
    page.get_by_label("Boulangerie").check()
    page.get_by_role("button", name="Créer le jeton").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("n’est montré que cette fois")).to_be_visible()
    expect(page.locator("code").first).to_contain_text("liasse_")
    check(page, "tokens")
    page.get_by_role("button", name="Révoquer", exact=True).click()
    expect(page.get_by_text("révoqué", exact=True)).to_be_visible()
    context.close()
