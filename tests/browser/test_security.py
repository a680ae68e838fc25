"""Passkeys with the browser's own virtual authenticator, the app, recovery codes: by what stands on the screen."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from liasse.identity import factors
from liasse.identity.models import Passkey
from tests.barriers import barriers
from tests.browser.conftest import OpenPage
from tests.providers import served_by
from tests.web.firm import Firm, firm

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 360, "height": 740}
SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
LABELS = {
    "fr": {
        "name": "Nom de la clé d’accès", "add": "Ajouter une clé d’accès", "codes": "Codes de secours",
        "download": "Télécharger", "kept": "Je les ai gardés", "use": "Utiliser une clé d’accès",
        "clients": "Mes clients", "sign_out": "Se déconnecter", "security": "Connexion et sécurité",
        "remove": "Retirer", "set_up": "Configurer", "shown": "Code affiché par l’application",
    },
    "en": {
        "name": "Name of the passkey", "add": "Add a passkey", "codes": "Recovery codes",
        "download": "Download", "kept": "I kept them", "use": "Use a passkey",
        "clients": "My clients", "sign_out": "Sign out", "security": "Sign-in and security",
        "remove": "Remove", "set_up": "Set up", "shown": "Code that the app shows",
    },
}  # fmt: skip


@pytest.fixture
def people(browser: Browser, transactional_db: None) -> Firm:
    del browser, transactional_db
    return firm()


@pytest.fixture(autouse=True)
def _relay() -> Iterator[None]:
    path = "liasse.adapters.mail_smtp.SmtpMailSender"
    with served_by("mail_sender", path, relay="smtp://127.0.0.1:9", sender="liasse@cabinet.example"):
        yield


def has_no_barrier(page: Page) -> bool:
    assert barriers(page) == []
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width == 0, f"{page.url} is {width} px wider than the screen"
    return True


def with_authenticator(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_passkey_is_made_signs_in_and_is_removed(
    people: Firm, open_page: OpenPage, language: str, tmp_path: Path
) -> None:
    words, page = LABELS[language], open_page(people, "hugo", language=language)
    with_authenticator(page)
    page.goto("/profile/security/")
    assert has_no_barrier(page)
    page.get_by_label(words["name"]).fill("Bureau")
    page.get_by_role("button", name=words["add"]).press("Enter")
    expect(page.get_by_role("heading", name=words["codes"])).to_be_visible()
    assert has_no_barrier(page)
    with page.expect_download() as download:
        page.get_by_role("button", name=words["download"]).click()
    download.value.save_as(tmp_path / "codes.txt")
    shown = page.locator(".codes .key").all_inner_texts()
    assert [code for code in shown if code in (tmp_path / "codes.txt").read_text(encoding="utf-8")] == shown
    page.get_by_role("link", name=words["kept"]).click()
    assert has_no_barrier(page)
    page.get_by_role("button", name="Hugo").click()
    page.get_by_role("button", name=words["sign_out"]).click()
    assert has_no_barrier(page)
    page.get_by_role("button", name=words["use"]).click()
    expect(page.get_by_role("heading", name=words["clients"])).to_be_visible()
    page.goto("/profile/security/")
    page.get_by_role("button", name=words["remove"]).click()
    expect(page.get_by_text("Bureau", exact=True)).to_have_count(0)
    assert Passkey.objects.count() == 0


def test_without_an_authenticator_a_sentence_says_so(people: Firm, open_page: OpenPage) -> None:
    page = open_page(people, "hugo")
    page.goto("/profile/security/")
    refusal = "() => Promise.reject(new DOMException('', 'NotAllowedError'))"
    page.evaluate(f"() => {{ navigator.credentials.create = {refusal}; }}")
    page.get_by_role("button", name="Ajouter une clé d’accès").click()
    expect(page.get_by_role("alert").get_by_text("La clé d’accès n’a pas été créée")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_app_is_set_up_and_asked_for_on_a_phone(people: Firm, open_page: OpenPage, theme: str) -> None:
    words = LABELS["fr"]
    page = open_page(people, "lea", viewport=PHONE, color_scheme=theme)
    page.goto("/profile/security/app/")
    assert has_no_barrier(page)
    seed = page.locator(".key").inner_text().replace(" ", "")
    page.get_by_label(words["shown"]).fill(pyotp.TOTP(seed).at(int(time.time()) - 30))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=words["codes"])).to_be_visible()
    assert has_no_barrier(page)
    for path in ("/profile/security/", "/profile/prove/", "/profile/address/", "/profile/"):
        page.goto(path)
        assert has_no_barrier(page)
    user = people.people["lea"].user
    assert user is not None
    user.set_password("une phrase de passe longue")
    user.save(update_fields=["password"])
    page.context.clear_cookies()
    page.goto("/sign-in/")
    page.get_by_label("Adresse email").fill(user.email)
    page.get_by_label("Mot de passe").fill("une phrase de passe longue")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Second facteur")).to_be_visible()
    assert has_no_barrier(page)
    page.keyboard.type(pyotp.TOTP(seed).at(int(time.time())))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=words["clients"])).to_be_visible()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_pages_of_a_code_have_no_barrier(people: Firm, open_page: OpenPage, language: str) -> None:
    page = open_page(people, "hugo", language=language, viewport=PHONE)
    page.context.clear_cookies()
    page.goto("/sign-in/")
    page.get_by_role("link", name={"fr": "Se connecter par un code", "en": "Sign in by a code"}[language]).click()
    assert has_no_barrier(page)
    page.keyboard.type("nobody@cabinet.example")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name={"fr": "Tapez le code", "en": "Type the code"}[language])).to_be_visible()
    assert has_no_barrier(page)


def test_an_administrator_resets_a_lost_factor_in_the_window(people: Firm, open_page: OpenPage) -> None:
    user = people.people["hugo"].user
    assert user is not None
    factors.add_app(user, seed=SEED, code=pyotp.TOTP(SEED).now())
    page = open_page(people)
    page.goto("/team/")
    page.get_by_role("link", name="Hugo Perrin", exact=True).click()
    page.get_by_role("link", name="Réinitialiser le second facteur").click()
    expect(page.get_by_role("heading", name="Réinitialiser le second facteur de Hugo Perrin")).to_be_visible()
    assert has_no_barrier(page)
    page.get_by_role("button", name="Réinitialiser", exact=True).click()
    expect(page.get_by_text("Le second facteur de Hugo Perrin a été réinitialisé.")).to_be_visible()
    user.refresh_from_db()
    assert not user.has_factor
