"""A firm without a relay lets its people in by links that it copies; the client's own screens; read by axe."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from liasse.clients.models import Member
from liasse.clients.types import MemberRole
from liasse.identity.models import User
from liasse.invitations.services import invite_colleague, invite_member, revoke
from liasse.messaging.models import OutgoingMessage
from liasse.messaging.selectors import rendered
from liasse.practices.types import ColleagueStatus, Role
from tests import factories
from tests.barriers import barriers
from tests.browser.conftest import WIDE, OpenPage
from tests.web.firm import Firm, firm, invitee
from tests.web.office import Office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
type Guest = Callable[..., Page]
PASSWORD = "quatre mots au hasard"
WORDS = {
    "fr": {
        "add": "Ajouter un collaborateur", "name": "Nom", "email": "Adresse email", "invite": "Inviter",
        "copy": "Copier", "link": "Copier le lien", "again": "Renvoyer", "cancel": "Annuler",
        "password": "Choisissez un mot de passe", "accept": "Accepter et se connecter", "clients": "Mes clients",
        "where": "Où envoyer vos pièces",
    },
    "en": {
        "add": "Add a colleague", "name": "Name", "email": "Email address", "invite": "Invite",
        "copy": "Copy", "link": "Copy the link", "again": "Send again", "cancel": "Cancel",
        "password": "Choose a password", "accept": "Accept and sign in", "clients": "My clients",
        "where": "Where to send your documents",
    },
}  # fmt: skip
both_languages = pytest.mark.parametrize("language", ["fr", "en"])


@pytest.fixture
def alone(transactional_db: None) -> Firm:
    del transactional_db
    return firm("claire")


@pytest.fixture
def guest(browser: Browser, live_server: Any) -> Iterator[Guest]:  # noqa: ANN401 - pytest-django's own
    """Open the browser of somebody who was never here."""
    contexts: list[BrowserContext] = []

    def opened(language: str = "fr", **more: Any) -> Page:  # noqa: ANN401 - a context's own options
        context = browser.new_context(
            base_url=live_server.url, locale=language, reduced_motion="reduce", **({"viewport": WIDE} | more)
        )
        contexts.append(context)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


def copied(page: Page) -> str:
    """Give the path of the link that was copied; the address of this test's server is another than the settings'."""
    text: str = page.evaluate("navigator.clipboard.readText()")
    return "/" + text.split("/", 3)[3]


def path_of(subject_id: Any) -> str:  # noqa: ANN401 - a UUID
    message = OutgoingMessage.objects.filter(subject_id=subject_id).order_by("-id")[0]
    return "/" + rendered(message).link.split("/", 3)[3]


@both_languages
def test_a_colleague_is_added_and_comes_in_by_the_copied_link(
    open_page: OpenPage, guest: Guest, alone: Firm, language: str
) -> None:
    words, page = WORDS[language], open_page(alone, language=language)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/team/")
    page.get_by_role("button", name=words["add"]).click()
    window = page.get_by_role("dialog")
    window.get_by_label(words["name"], exact=True).fill("Karim Benali")
    window.get_by_label(words["email"]).fill("karim")
    window.get_by_role("button", name=words["invite"]).click()
    expect(window.get_by_label(words["email"])).to_be_focused()
    expect(window.get_by_label(words["email"])).to_have_attribute("aria-invalid", "true")
    window.get_by_label(words["email"]).fill("karim@delmas.example")
    window.get_by_role("button", name=words["invite"]).click()
    expect(window).to_have_count(0)
    expect(page.get_by_role("link", name="Karim Benali", exact=True)).to_be_visible()
    page.goto("/outbox/")
    page.get_by_role("button", name=words["copy"]).click()
    visitor = guest(language)
    visitor.goto(copied(page))
    visitor.get_by_label(words["password"]).fill(PASSWORD)
    visitor.get_by_role("button", name=words["accept"]).click()
    expect(visitor.get_by_role("heading", name=words["clients"])).to_be_visible()


@both_languages
def test_a_client_comes_in_by_the_copied_link_and_finds_the_address(
    open_page: OpenPage, guest: Guest, alone: Firm, language: str
) -> None:
    words, opened = WORDS[language], alone.open("L'Épi d'Or", invitee=invitee())
    page = open_page(alone, language=language)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"/files/{opened.client_file.id}/members/")
    page.get_by_role("button", name=words["invite"], exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name=words["invite"]).click()
    page.get_by_role("button", name=words["link"]).click()
    page.get_by_role("dialog").get_by_role("button", name=words["copy"]).click()
    visitor = guest(language, viewport={"width": 360, "height": 800})
    visitor.goto(copied(page))
    visitor.get_by_label(words["password"]).fill("court")
    visitor.get_by_role("button", name=words["accept"]).click()
    expect(visitor.get_by_label(words["password"])).to_have_attribute("aria-invalid", "true")
    visitor.get_by_label(words["password"]).fill(PASSWORD)
    visitor.get_by_role("button", name=words["accept"]).click()
    expect(visitor.get_by_role("heading", name=words["where"])).to_be_visible()
    visitor.get_by_role("button", name=words["copy"]).click()
    address: str = visitor.evaluate("navigator.clipboard.readText()")
    assert address.startswith(f"{opened.local_part}@")


@both_languages
def test_an_invitation_is_cancelled_and_can_be_made_again(open_page: OpenPage, alone: Firm, language: str) -> None:
    words, file = WORDS[language], alone.open("L'Épi d'Or", invitee=invitee()).client_file
    page = open_page(alone, language=language)
    page.goto(f"/files/{file.id}/members/")
    page.get_by_role("button", name=words["invite"], exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name=words["invite"]).click()
    expect(page.get_by_role("button", name=words["again"])).to_be_visible()
    page.get_by_role("button", name=words["cancel"]).click()
    expect(page.get_by_role("button", name=words["again"])).to_have_count(0)
    expect(page.get_by_role("button", name=words["invite"], exact=True)).to_be_visible()


def test_access_is_chosen_by_keyboard_and_the_focus_stays(open_page: OpenPage, alone: Firm) -> None:
    lea = alone.add("lea", role=Role.COLLEAGUE, status=ColleagueStatus.ACTIVE, may_add=False, called="Léa Martin")
    file = alone.open("L'Épi d'Or").client_file
    page = open_page(alone)
    page.goto(f"/files/{file.id}/access/")
    chosen = page.get_by_label("Accès de Léa Martin")
    chosen.focus()
    page.keyboard.type("Lecture")
    page.keyboard.press("Enter")
    expect(page.locator(f"#access-{lea.id}")).to_contain_text("Enregistré")
    expect(chosen).to_be_focused()


def test_the_practice_s_values_are_saved_when_left(open_page: OpenPage, alone: Firm) -> None:
    page = open_page(alone)
    page.goto("/practice/")
    page.get_by_label("Échéance").fill("400")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Échéance")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Échéance").fill("45")
    page.keyboard.press("Tab")
    expect(page.locator("#id_due_days_field")).to_contain_text("Enregistré")
    expect(page.locator(".log")).to_contain_text("45")
    alone.practice.refresh_from_db()
    assert alone.practice.due_days == 45


# --------------------------------------------------------------------------------------------------- read by axe


def check(page: Page, width: int) -> None:
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.fixture
def full(alone: Firm) -> tuple[Firm, Member]:
    """A firm with a colleague invited, and a client with two files and documents in one of them."""
    ines = alone.add("ines", role=Role.COLLEAGUE, status=ColleagueStatus.INVITED, may_add=False, called="Inès Faure")
    opened = alone.open("L'Épi d'Or", sector="bakery")
    with alone.scope():
        invite_colleague(ines, actor=alone.actor())
        Member.objects.filter(id=opened.member.id).update(name="Hélène Lemoine", email="helene@lemoine.example")
        invite_member(Member.objects.get(id=opened.member.id), actor=alone.actor())
        OutgoingMessage.objects.update(state="failed", last_error="550 5.1.1 no such mailbox " + "x" * 120)
    client = factories.member(opened.client_file, "Paul Lépi", email="paul@lepi.example")
    factories.member(
        alone.open("Garage du Port").client_file, "Paul Lépi", role=MemberRole.STANDARD, email="paul@lepi.example"
    )
    office = Office(alone.practice, opened.client_file, opened.client_file, client)
    office.document(owner=client, total_gross="1234.56")
    office.receipt(state="unusable", problem="nothing-usable", subject="x" * 200)
    return alone, client


themes = pytest.mark.parametrize("theme", ["light", "dark"])
widths = pytest.mark.parametrize("width", [1440, 1152, 360])


@themes
@widths
def test_the_practice_s_screens_have_no_barrier(
    open_page: OpenPage, full: tuple[Firm, Member], theme: Literal["light", "dark"], width: int
) -> None:
    office, client = full
    page = open_page(office, color_scheme=theme, viewport={"width": width, "height": 800})
    for place in ("/team/", "/team/new/", "/outbox/", "/practice/", f"/files/{client.client_file_id}/members/"):
        page.goto(place)
        check(page, width)
    expect(page.get_by_role("button", name="Annuler", exact=True)).to_be_in_viewport()
    table = page.locator(".table-box")
    assert table.evaluate("box => box.scrollWidth - box.clientWidth") == 0
    assert page.get_by_role("link", name="Hélène Lemoine").evaluate("name => name.scrollWidth - name.clientWidth") == 0
    page.goto("/outbox/")
    page.get_by_text("Texte du message").first.click()
    check(page, width)
    page.goto("/team/")
    page.get_by_role("button", name="Ajouter un collaborateur").click()
    page.get_by_role("dialog").get_by_role("button", name="Inviter").click()
    expect(page.get_by_role("dialog").locator("[aria-invalid=true]").first).to_be_visible()
    check(page, width)
    page.keyboard.press("Escape")
    page.get_by_role("row", name="Inès Faure").get_by_role("button", name="Gérer").click()
    check(page, width)


def enter(page: Page, user: User | None) -> None:
    assert user is not None
    page.goto("/sign-in/")
    page.get_by_label("Adresse email").fill(user.email)
    page.get_by_label("Mot de passe").fill(factories.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)


@themes
@widths
def test_the_client_s_screens_have_no_barrier(
    guest: Guest, full: tuple[Firm, Member], theme: Literal["light", "dark"], width: int
) -> None:
    office, client = full
    page = guest(color_scheme=theme, viewport={"width": width, "height": 800})
    with office.scope():
        invitation = invite_colleague(office.people["ines"], actor=office.actor())
        path = path_of(invitation.id)
    page.goto(path)
    check(page, width)
    page.get_by_role("button", name="Accepter").click()
    expect(page.locator("[aria-invalid=true]").first).to_be_visible()
    check(page, width)
    enter(page, client.user)
    expect(page.get_by_role("link", name="Garage du Port")).to_be_visible()
    check(page, width)
    page.goto(f"/portal/{client.client_file_id}/")
    expect(page.get_by_text("1 234,56".replace(" ", "\u202f"))).to_be_visible()
    check(page, width)
    page.goto(path)
    expect(page.get_by_role("button", name="Se déconnecter").last).to_be_visible()
    check(page, width)
    with office.scope():
        revoke(invitation, actor=office.actor())
    page.reload()
    check(page, width)
