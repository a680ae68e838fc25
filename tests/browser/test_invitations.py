"""An invitation from the click to the file, by keyboard; the users of a file; read by axe, narrow and wide."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from liasse.clients.models import Member
from liasse.clients.types import MemberRole, MemberStatus
from liasse.core.scope import instance_scope
from liasse.invitations.mails import CODE_PURPOSE, PURPOSE
from liasse.invitations.models import Invitation
from liasse.invitations.services import invite_member
from liasse.messaging import services as messaging
from liasse.messaging.models import OutgoingMessage
from liasse.messaging.selectors import rendered
from tests import factories
from tests.barriers import barriers
from tests.browser.conftest import WIDE, OpenPage
from tests.web.firm import Firm, firm
from tests.web.office import Office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
type Guest = Callable[..., Page]
PASSWORD = "quatre mots au hasard"
themes = pytest.mark.parametrize("theme", ["light", "dark"])
widths = pytest.mark.parametrize("width", [1440, 360])


@pytest.fixture
def office(transactional_db: None) -> Firm:
    del transactional_db
    return firm("claire")


@pytest.fixture
def guest(browser: Browser, live_server: Any) -> Iterator[Guest]:  # noqa: ANN401 - pytest-django's own
    """Open the browser of somebody who was never here; a refusal of the CSP fails the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def opened(**more: Any) -> Page:  # noqa: ANN401 - a context's own options
        context = browser.new_context(
            base_url=live_server.url, locale="fr-FR", reduced_motion="reduce", **({"viewport": WIDE} | more)
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda said: faults.append(said.text) if "Content Security" in said.text else None)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def relay(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the instance be one whose mails leave by themselves."""
    monkeypatch.setattr(messaging, "can_send_email", lambda: True)


def invited(office: Firm, *, email: str = "paul@lepi.example") -> Invitation:
    member = office.open("Boulangerie L’Épi d’Or").member
    with office.scope():
        Member.objects.filter(id=member.id).update(name="Paul Lépi", email=email)
        return invite_member(Member.objects.get(id=member.id), actor=office.actor())


def path_of(office: Firm, invitation: Invitation) -> str:
    with office.scope():
        messages = OutgoingMessage.objects.filter(subject_id=invitation.id, link_purpose=PURPOSE)
        return "/" + rendered(messages.order_by("-id")[0]).link.split("/", 3)[3]


def check(page: Page, width: int, name: str = "") -> None:
    if folder := os.environ.get("SHOTS", ""):
        page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.usefixtures("relay")
def test_somebody_new_comes_in_with_the_keyboard_alone(guest: Guest, office: Firm) -> None:
    page = guest(viewport={"width": 360, "height": 800})
    page.goto(path_of(office, invited(office)))
    page.get_by_role("button", name="Recevoir le code").press("Enter")
    expect(page.get_by_label("Code à six chiffres")).to_be_focused()
    with instance_scope():
        code = rendered(OutgoingMessage.objects.get(link_purpose=CODE_PURPOSE)).code
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Choisissez un mot de passe")).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Où envoyer vos pièces")).to_be_visible()


@themes
@widths
@pytest.mark.usefixtures("relay")
def test_the_steps_of_an_invitation_have_no_barrier(
    guest: Guest, office: Firm, theme: Literal["light", "dark"], width: int
) -> None:
    page = guest(color_scheme=theme, viewport={"width": width, "height": 800})
    page.goto(path_of(office, invited(office)))
    check(page, width, f"prove-{theme}")
    page.get_by_role("button", name="Recevoir le code").click()
    page.get_by_label("Code à six chiffres").fill("12")
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_label("Code à six chiffres")).to_have_attribute("aria-invalid", "true")
    check(page, width, f"code-{theme}")
    page.get_by_role("button", name="Envoyer un autre code").click()
    expect(page.get_by_text("Attendez une minute")).to_be_visible()
    with instance_scope():
        code = rendered(OutgoingMessage.objects.get(link_purpose=CODE_PURPOSE)).code
    page.get_by_label("Code à six chiffres").fill(code)
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_label("Choisissez un mot de passe")).to_be_visible()
    check(page, width, f"password-{theme}")
    page.get_by_role("button", name="Décliner").click()
    expect(page.get_by_role("heading", name="Vous avez décliné cette invitation")).to_be_visible()
    check(page, width, f"declined-{theme}")
    page.get_by_role("button", name="Demander une nouvelle invitation").click()
    expect(page.get_by_text("Une nouvelle invitation a été demandée")).to_be_visible()
    check(page, width, f"asked-{theme}")


@themes
@widths
def test_known_and_other_people_read_whom_it_is_for(
    guest: Guest, office: Firm, theme: Literal["light", "dark"], width: int
) -> None:
    known, other = factories.user("Paul Lépi", email="paul@lepi.example"), factories.user("Olga Perrin")
    path = path_of(office, invited(office))
    page = guest(color_scheme=theme, viewport={"width": width, "height": 800})
    page.goto(path)
    check(page, width, f"known-{theme}")
    _enter(page, email=other.email)
    page.goto(path)
    check(page, width, f"other-{theme}")
    page.get_by_role("button", name="Se déconnecter et continuer").click()
    page.get_by_role("link", name="Se connecter").or_(page.get_by_role("button", name="Se connecter")).click()
    _fill(page, email=known.email)
    expect(page.get_by_role("button", name="Accepter")).to_be_visible()
    check(page, width, f"accept-{theme}")
    page.get_by_role("button", name="Accepter").click()
    expect(page.get_by_role("heading", name="Où envoyer vos pièces")).to_be_visible()


def _enter(page: Page, *, email: str) -> None:
    page.goto("/sign-in/")
    _fill(page, email=email)


def _fill(page: Page, *, email: str) -> None:
    page.get_by_label("Adresse email").fill(email)
    page.get_by_label("Mot de passe").fill(factories.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)


@pytest.fixture
def client(office: Firm) -> Member:
    """An administrator of a file with people of every kind, one of whom owns documents."""
    file = office.open("Boulangerie L’Épi d’Or").client_file
    fatima = factories.member(file, "Fatima Dupont")
    eric = factories.member(file, "Eric Lambert", role=MemberRole.STANDARD)
    factories.member(file, "Mona Petit", role=MemberRole.MANAGER)
    factories.member(file, "Rose Sans-Accès-Au-Nom-Très-Long", role=MemberRole.STANDARD, status=MemberStatus.NO_LOGIN)
    zoe = factories.member(
        file, "Zoé Roux", role=MemberRole.STANDARD, status=MemberStatus.NO_LOGIN, email="zoe@dupont.example"
    )
    with office.scope():
        Member.objects.filter(id=eric.id).update(employee_code="E-0012", can_see_all=True)
        invite_member(zoe, actor=office.actor())
        OutgoingMessage.objects.update(state="failed", last_error="550 5.1.1 no such mailbox " + "x" * 60)
    Office(office.practice, file, file, eric).document(owner=eric)
    return fatima


@themes
@widths
def test_the_client_s_users_have_no_barrier(
    guest: Guest, client: Member, theme: Literal["light", "dark"], width: int
) -> None:
    page = guest(color_scheme=theme, viewport={"width": width, "height": 800})
    _enter(page, email=client.email)
    page.goto(f"/portal/{client.client_file_id}/")
    check(page, width, f"portal-{theme}")
    page.get_by_role("link", name="Utilisateurs").click()
    check(page, width, f"portal-members-{theme}")
    page.get_by_role("button", name="Ajouter un utilisateur").click()
    window = page.get_by_role("dialog")
    window.get_by_role("button", name="Ajouter").click()
    expect(window.locator("[aria-invalid=true]").first).to_be_visible()
    check(page, width, f"portal-add-{theme}")
    window.get_by_label("Nom").fill("Luc Martin")
    window.get_by_label("Adresse email").fill("luc@dupont.example")
    window.get_by_role("button", name="Ajouter").click()
    expect(window).to_have_count(0)
    expect(page.get_by_role("listitem").filter(has_text="Luc Martin")).to_contain_text("attend dans la boîte d’envoi")
    page.get_by_role("listitem").filter(has_text="Eric Lambert").get_by_role("button", name="Retirer").click()
    expect(page.get_by_label("Les pièces reviennent à")).to_be_visible()
    check(page, width, f"portal-remove-{theme}")
    page.get_by_label("Les pièces reviennent à").select_option(label="Mona Petit")
    page.get_by_role("dialog").get_by_role("button", name="Retirer").click()
    expect(page.get_by_role("listitem").filter(has_text="Eric Lambert")).to_have_count(0)


@themes
@widths
def test_the_users_of_a_file_have_no_barrier(
    open_page: OpenPage, office: Firm, client: Member, theme: Literal["light", "dark"], width: int
) -> None:
    page = open_page(office, color_scheme=theme, viewport={"width": width, "height": 800})
    page.goto(f"/files/{client.client_file_id}/members/")
    check(page, width, f"members-{theme}")
    row = page.get_by_role("row").filter(has_text="Zoé Roux")
    row.get_by_role("button", name="Gérer").click()
    check(page, width, f"members-menu-{theme}")
    if not row.get_by_role("link", name="Suivre l’invitation").is_visible():
        # A menu closes when the page behind it moves, as axe moves it on a narrow screen.
        row.get_by_role("button", name="Gérer").click()
    row.get_by_role("link", name="Suivre l’invitation").click()
    window = page.get_by_role("dialog")
    expect(window.get_by_text("Utilisateur invité")).to_be_visible()
    check(page, width, f"invitation-{theme}")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Eric Lambert").click()
    expect(window.get_by_label("Code salarié")).to_have_value("E-0012")
    check(page, width, f"member-{theme}")
    page.keyboard.press("Escape")
    row = page.get_by_role("row").filter(has_text="Eric Lambert")
    row.get_by_role("button", name="Gérer").click()
    row.get_by_role("button", name="Choisir comme contact principal").click()
    expect(page.get_by_role("row").filter(has_text="Eric Lambert")).to_contain_text("contact principal")
