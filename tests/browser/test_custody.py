"""The client asks a practice in; a file is detached and deleted from Gérer; by keyboard; read by axe."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from liasse.clients.models import ClientFile, Member
from liasse.clients.types import MemberRole, MemberStatus
from liasse.core.scope import instance_scope, practice_scope
from liasse.custody.models import TransferRequest
from liasse.custody.requesting import ask_for_file
from liasse.identity.models import User
from liasse.invitations.services import invite_member
from tests import factories
from tests.browser.conftest import WIDE, OpenPage
from tests.browser.test_people import check, enter
from tests.unit.custody.world import fill
from tests.web.firm import Firm, firm

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
type Guest = Callable[..., Page]
PHONE = {"width": 360, "height": 800}
themes = pytest.mark.parametrize("theme", ["light", "dark"])
widths = pytest.mark.parametrize("width", [1440, 360])


@pytest.fixture
def office(transactional_db: None) -> Firm:
    del transactional_db
    return firm("claire")


@pytest.fixture
def client(office: Firm) -> Member:
    file = office.open("Boulangerie L’Épi d’Or").client_file
    return factories.member(file, "Paul Lépi", email="paul@lepi.example")


@pytest.fixture
def guest(browser: Browser, live_server: Any) -> Iterator[Guest]:  # noqa: ANN401 - pytest-django's own
    """Open the browser of somebody of a client."""
    contexts: list[BrowserContext] = []

    def opened(**more: Any) -> Page:  # noqa: ANN401 - a context's own options
        context = browser.new_context(
            base_url=live_server.url, locale="fr-FR", reduced_motion="reduce", **({"viewport": WIDE} | more)
        )
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


def test_the_client_asks_another_practice_in_by_keyboard_on_a_phone(
    open_page: OpenPage, guest: Guest, office: Firm, client: Member
) -> None:
    other = firm("hugo", called="Cabinet Voisin")
    theirs = open_page(other, "hugo")
    theirs.goto("/clients/")
    expect(theirs.get_by_text("Aucun client")).to_be_visible()
    page = guest(viewport=PHONE)
    enter(page, client.user)
    page.get_by_role("link", name="Expert-comptable").click()
    expect(page.get_by_text("Cabinet Delmas").last).to_be_visible()
    page.get_by_label("Adresse email d’un collaborateur du cabinet").fill("hugo")
    page.keyboard.press("Enter")
    field = page.get_by_label("Adresse email d’un collaborateur du cabinet")
    expect(field).to_have_attribute("aria-invalid", "true")
    field.fill(other.people["hugo"].email)
    page.keyboard.press("Enter")
    window = page.get_by_role("dialog")
    expect(window).to_contain_text("Cabinet Delmas perd le dossier")
    window.get_by_role("button", name="Autoriser l’accès").press("Enter")
    expect(page.get_by_text("ce cabinet a maintenant accès")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Cabinet Voisin")
    theirs.goto("/clients/")
    expect(theirs.get_by_role("link", name="Boulangerie L’Épi d’Or")).to_be_visible()
    mine = open_page(office)
    mine.goto("/clients/")
    expect(mine.get_by_role("link", name="Boulangerie L’Épi d’Or")).to_have_count(0)


def manage(page: Page, what: str) -> None:
    """Open an item of the row's menu by keyboard alone."""
    page.goto("/clients/")
    page.get_by_role("button", name="Gérer").press("Enter")
    expect(page.get_by_role("link", name="Modifier les paramètres clients")).to_be_focused()
    page.get_by_role("link", name=what).press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()


def test_an_empty_file_is_deleted_once_its_name_is_typed(open_page: OpenPage, office: Firm) -> None:
    office.open("L’Épi d’Or, en trop")
    page = open_page(office)
    manage(page, "Supprimer")
    window = page.get_by_role("dialog")
    expect(window.get_by_label("Tapez le nom du dossier")).to_be_focused()
    page.keyboard.type("L'Épi")
    page.keyboard.press("Enter")
    expect(window.get_by_label("Tapez le nom du dossier")).to_have_attribute("aria-invalid", "true")
    expect(window.get_by_label("Tapez le nom du dossier")).to_be_focused()
    window.get_by_label("Tapez le nom du dossier").fill("l'epi d'or, en trop")
    page.keyboard.press("Enter")
    expect(window).to_have_count(0)
    expect(page.get_by_role("region", name="Notifications").get_by_text("est supprimé")).to_be_visible()
    expect(page.get_by_role("link", name="L’Épi d’Or, en trop")).to_have_count(0)
    with instance_scope():
        assert not ClientFile.objects.exists()


def test_a_file_is_detached_and_leaves_the_list_at_once(open_page: OpenPage, office: Firm, client: Member) -> None:
    page = open_page(office)
    manage(page, "Détacher")
    window = page.get_by_role("dialog")
    expect(window).to_contain_text(client.name)
    window.get_by_role("button", name="Détacher le dossier").press("Enter")
    expect(page.get_by_role("region", name="Notifications").get_by_text("est détaché")).to_be_visible()
    expect(page.get_by_role("link", name="Boulangerie L’Épi d’Or")).to_have_count(0)


@themes
@widths
def test_the_windows_of_the_practice_have_no_barrier(
    open_page: OpenPage, office: Firm, client: Member, theme: Literal["light", "dark"], width: int
) -> None:
    page = open_page(office, color_scheme=theme, viewport={"width": width, "height": 800})
    for what in ("Détacher", "Supprimer"):
        manage(page, what)
        check(page, width)
    with instance_scope():
        Member.objects.filter(id=client.id).update(status="left")
    for what in ("Détacher", "Supprimer"):
        manage(page, what)
        check(page, width)
    page.keyboard.press("Enter")
    expect(page.locator("[aria-invalid=true]")).to_be_visible()
    check(page, width)
    with instance_scope():
        fill(office.reload(client.client_file), content=b"a piece")
    manage(page, "Supprimer")
    expect(page.get_by_role("dialog")).to_contain_text("L123-22")
    check(page, width)


@themes
@widths
def test_the_accountant_page_has_no_barrier(
    guest: Guest, client: Member, theme: Literal["light", "dark"], width: int
) -> None:
    page = guest(color_scheme=theme, viewport={"width": width, "height": 800})
    enter(page, client.user)
    page.goto(f"/portal/{client.client_file_id}/accountant/")
    check(page, width)
    page.get_by_role("button", name="Autoriser l’accès").click()
    expect(page.locator("[aria-invalid=true]")).to_be_visible()
    check(page, width)
    page.get_by_label("Adresse email").fill("nobody@example.fr")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    check(page, width)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("[aria-invalid=true]")).to_have_count(0)
    expect(page.locator("#accountant-form")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Adresse email")).to_be_focused()
    page.get_by_role("button", name="Retirer l’accès").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    check(page, width)
    page.get_by_role("dialog").get_by_role("button", name="Retirer l’accès").click()
    expect(page.get_by_text("n’a plus accès")).to_be_visible()
    check(page, width)


# ------------------------------------------------------------------ a practice asks; what waits for an answer

PAUL = "paul@lepi.example"


@pytest.fixture
def other(transactional_db: None) -> Firm:
    del transactional_db
    return firm("hugo", called="Cabinet Voisin")


def test_a_file_is_asked_for_and_given_by_keyboard_alone(
    open_page: OpenPage, guest: Guest, office: Firm, other: Firm, client: Member
) -> None:
    theirs = open_page(other, "hugo")
    theirs.goto("/clients/")
    theirs.get_by_role("button", name="Plus").press("Enter")
    theirs.get_by_role("link", name="Demander un dossier").press("Enter")
    theirs.get_by_label("Adresse email de l’administrateur").fill("paul")
    theirs.keyboard.press("Enter")
    expect(theirs.get_by_label("Adresse email de l’administrateur")).to_have_attribute("aria-invalid", "true")
    theirs.get_by_label("Adresse email de l’administrateur").fill(PAUL)
    theirs.get_by_label("Message").fill("Bonjour Paul, comme convenu.")
    theirs.get_by_role("button", name="Demander").press("Enter")
    expect(theirs.get_by_role("row", name=PAUL)).to_contain_text("demandé")
    mine = open_page(office)
    mine.goto("/clients/")
    page = guest(viewport=PHONE)
    enter(page, client.user)
    page.get_by_role("link", name="Voir la demande").press("Enter")
    expect(page.locator("main")).to_contain_text("comme convenu")
    page.wait_for_load_state()
    page.get_by_role("button", name="Accepter").press("Enter")
    window = page.get_by_role("dialog")
    expect(window).to_contain_text("Cabinet Delmas perd le dossier")
    window.get_by_role("button", name="Confier le dossier").press("Enter")
    expect(page.get_by_text("Cabinet Voisin a maintenant votre dossier")).to_be_visible()
    theirs.reload()
    theirs.get_by_role("link", name="Ouvrir le dossier").press("Enter")
    expect(theirs.get_by_role("heading", name="Boîte de réception")).to_be_visible()
    # The list that was open all the while.
    expect(mine.get_by_role("link", name="Boulangerie L’Épi d’Or")).to_have_count(0)


def test_somebody_known_comes_in_without_the_link(guest: Guest, office: Firm, other: Firm, client: Member) -> None:
    User.objects.update(email_proved_at=timezone.now())
    invite(other, "Garage du Port")
    page = guest(viewport=PHONE)
    enter(page, client.user)
    page.get_by_role("link", name="Voir l’invitation").press("Enter")
    page.get_by_role("button", name="Accepter").press("Enter")
    expect(page.get_by_role("heading", name="Garage du Port")).to_be_visible()
    del office


def invite(other: Firm, name: str) -> ClientFile:
    file = other.open(name, by="hugo").client_file
    member = factories.member(file, "Paul Lépi", status=MemberStatus.NO_LOGIN, email=PAUL, role=MemberRole.MANAGER)
    with other.scope():
        invite_member(member, actor=other.actor("hugo"))
    return file


@themes
@widths
def test_the_screens_of_asking_and_answering_have_no_barrier(
    open_page: OpenPage,
    guest: Guest,
    office: Firm,
    other: Firm,
    client: Member,
    theme: Literal["light", "dark"],
    width: int,
) -> None:
    look: dict[str, Any] = {"color_scheme": theme, "viewport": {"width": width, "height": 800}}
    User.objects.update(email_proved_at=timezone.now())
    with practice_scope(other.practice.id):
        asker, long = other.actor("hugo"), "Bonjour, " + "un mot assez long pour plusieurs lignes. " * 8
        for email in (PAUL, "une.adresse.tres.longue.pour.un.telephone@exemple-de-domaine.example", "c@example.fr"):
            ask_for_file(email=email, message=long, actor=asker)
    with instance_scope():
        TransferRequest.objects.filter(email="c@example.fr").update(state="ended")
    theirs = open_page(other, "hugo", **look)
    theirs.goto("/clients/requests/")
    check(theirs, width)
    theirs.get_by_role("button", name="Demander").click()
    expect(theirs.locator("[aria-invalid=true]")).to_be_visible()
    check(theirs, width)
    file = office.open("Garage du Port").client_file
    factories.member(file, "Paul Lépi", email=PAUL)
    invite(other, "Menuiserie du Canal")
    page = guest(**look)
    enter(page, client.user)
    expect(page.get_by_role("link", name="Voir la demande")).to_be_visible()
    check(page, width)
    page.get_by_role("link", name="Voir la demande").click()
    expect(page.get_by_role("link", name="Garage du Port")).to_be_visible()
    check(page, width)
    for name in ("Accepter", "Refuser"):
        page.get_by_role("button", name=name).click()
        expect(page.get_by_role("dialog")).to_be_visible()
        check(page, width)
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
