"""The first minutes: the set-up link, the practice, the way out and in again, by what stands on the screen."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from liasse.practices.services import set_up_link
from tests.barriers import barriers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "quatre mots au hasard"
LABELS = {
    "fr": {
        "practice": "Nom du cabinet", "name": "Votre nom", "email": "Adresse email", "password": "Mot de passe",
        "set_up": "Installer", "clients": "Mes clients", "sign_out": "Se déconnecter", "sign_in": "Se connecter",
    },
    "en": {
        "practice": "Name of the practice", "name": "Your name", "email": "Email address", "password": "Password",
        "set_up": "Set up", "clients": "My clients", "sign_out": "Sign out", "sign_in": "Sign in",
    },
}  # fmt: skip


def has_no_barrier(page: Page) -> bool:
    assert barriers(page) == []
    return True


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_firm_sets_itself_up_and_comes_back(
    browser: Browser,
    live_server: Any,  # noqa: ANN401 - pytest-django's own
    transactional_db: None,
    language: str,
) -> None:
    del transactional_db
    words, link = LABELS[language], str(set_up_link()).removeprefix(settings.LIASSE_PUBLIC_URL)
    context = browser.new_context(base_url=live_server.url, locale=language, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(link)
    assert link.split("/")[2] not in page.url
    for field, text in {"practice": "Cabinet Martin", "name": "Anne", "email": "anne@martin.example"}.items():
        page.get_by_label(words[field]).fill(text)
    page.get_by_label(words["password"]).fill(PASSWORD)
    assert has_no_barrier(page)
    page.get_by_role("button", name=words["set_up"], exact=True).click()
    expect(page.get_by_role("heading", name=words["clients"])).to_be_visible()
    page.goto("/profile/")
    assert has_no_barrier(page)
    page.get_by_role("button", name="Anne").click()
    page.get_by_role("button", name=words["sign_out"]).click()
    expect(page.get_by_label(words["email"])).to_be_focused()
    assert has_no_barrier(page)
    page.keyboard.type("ANNE@martin.example")
    page.get_by_label(words["password"]).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=words["clients"])).to_be_visible()
    context.close()
