"""Opening a client file in a real browser, by its visible labels: a test for each row of the product's table."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from liasse.clients.models import ClientFile, FileAccess, Member
from liasse.clients.types import MemberStatus
from liasse.core.scope import instance_scope
from liasse.invitations.models import Invitation
from liasse.messaging.models import OutgoingMessage
from liasse.practices.models import Colleague
from tests.browser.conftest import OpenPage
from tests.browser.labels import LABELS, Labels
from tests.web.firm import Firm, firm, invitee

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
both_languages = pytest.mark.parametrize("language", ["fr", "en"])


class Flow:
    """What a person does, in the words that stand on the screen."""

    def __init__(self, page: Page, words: Labels) -> None:
        self.page, self.words = page, words

    @property
    def window(self) -> Locator:
        return self.page.get_by_role("dialog")

    def press(self, name: str) -> None:
        self.window.get_by_role("button", name=name, exact=True).click()

    def step(self, number: int, of: int) -> None:
        expect(self.window).to_contain_text(self.words.step.format(number, of))

    def start(self) -> None:
        self.page.goto("/clients/")
        self.page.get_by_role("button", name=self.words.add_client).click()
        expect(self.window.get_by_label(self.words.company)).to_be_focused()

    def name(self, name: str) -> None:
        self.window.get_by_label(self.words.company).fill(name)
        self.press(self.words.next)

    def invite(self, name: str, email: str) -> None:
        self.press(self.words.invite_client)
        self.window.get_by_label(self.words.name, exact=True).fill(name)
        self.window.get_by_label(self.words.email).fill(email)
        self.press(self.words.proceed)

    def to_confirmation(self, name: str = "L'Épi d'Or", *, email: str = "paul@lepi.example") -> None:
        """Invite; the firm has no other colleague."""
        self.start()
        self.name(name)
        self.invite("Paul Lépi", email)
        expect(self.window.get_by_label(self.words.phone)).to_be_visible()
        self.press(self.words.next)
        expect(self.window.get_by_role("button", name=self.words.invite, exact=True)).to_be_visible()

    def row(self, name: str) -> Locator:
        return self.page.locator("tbody tr").filter(has_text=name)


def counted() -> tuple[int, int, int]:
    with instance_scope():
        return ClientFile.objects.count(), Invitation.objects.count(), OutgoingMessage.objects.count()


@pytest.fixture
def alone(transactional_db: None) -> Firm:
    del transactional_db
    return firm("claire")


@pytest.fixture
def office(transactional_db: None) -> Firm:
    del transactional_db
    return firm()


# ---------------------------------------------------------------------------------------------------- step 1


@both_languages
def test_step_1_wants_a_name_and_keeps_it(open_page: OpenPage, alone: Firm, language: str) -> None:
    flow = Flow(open_page(alone, language=language), LABELS[language])
    flow.start()
    flow.name("   ")
    field = flow.window.get_by_label(flow.words.company)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()
    expect(flow.window).to_contain_text(flow.words.type_name)
    flow.window.get_by_label(flow.words.sector).select_option(label=flow.words.bakery)
    flow.name("Ô L'Épi d'Or 🥖")
    flow.press(flow.words.back)
    expect(flow.window.get_by_label(flow.words.company)).to_have_value("Ô L'Épi d'Or 🥖")
    expect(flow.window.get_by_label(flow.words.sector)).to_have_value("bakery")


@both_languages
def test_step_1_allows_a_second_file_of_the_same_name_and_says_so(
    open_page: OpenPage, alone: Firm, language: str
) -> None:
    alone.open("L'Épi d'Or")
    flow = Flow(open_page(alone, language=language), LABELS[language])
    flow.start()
    flow.name("L'Épi d'Or")
    expect(flow.window).to_contain_text(flow.words.same_name)
    flow.press(flow.words.skip)
    flow.press(flow.words.create)
    expect(flow.window.get_by_role("button", name=flow.words.copy)).to_be_visible()
    assert counted()[0] == 2


# ---------------------------------------------------------------------------------------------------- step 2


@both_languages
def test_step_2_ticks_one_some_and_all(open_page: OpenPage, office: Firm, language: str) -> None:
    flow = Flow(open_page(office, language=language), LABELS[language])
    flow.start()
    flow.step(1, 5)
    flow.name("L'Épi d'Or")
    flow.step(2, 5)
    every = flow.window.get_by_label(flow.words.all_colleagues)
    expect(flow.window.get_by_role("checkbox")).to_have_count(4)
    expect(flow.window).to_contain_text("Inès Faure")
    expect(flow.window).not_to_contain_text("Marc Petit")
    flow.window.get_by_label("Hugo Perrin").check()
    assert every.evaluate("box => box.indeterminate")
    every.check()
    expect(flow.window.get_by_label("Inès Faure")).to_be_checked()
    flow.window.get_by_label("Hugo Perrin").uncheck()
    flow.press(flow.words.next)
    flow.press(flow.words.skip)
    flow.press(flow.words.create)
    expect(flow.window.get_by_role("button", name=flow.words.copy)).to_be_visible()
    with instance_scope():
        granted = set(FileAccess.objects.values_list("colleague__name", flat=True))
    assert granted == {"Claire Delmas", "Léa Martin", "Inès Faure"}


@both_languages
def test_step_2_is_absent_without_colleagues(open_page: OpenPage, alone: Firm, language: str) -> None:
    flow = Flow(open_page(alone, language=language), LABELS[language])
    flow.start()
    flow.step(1, 4)
    flow.name("L'Épi d'Or")
    flow.step(2, 4)
    expect(flow.window.get_by_role("button", name=flow.words.invite_client)).to_be_visible()


# ---------------------------------------------------------------------------------------------------- steps 3 and 4


@both_languages
def test_step_3_wants_both_or_neither(open_page: OpenPage, alone: Firm, language: str) -> None:
    flow = Flow(open_page(alone, language=language), LABELS[language])
    flow.start()
    flow.name("L'Épi d'Or")
    flow.press(flow.words.invite_client)
    expect(flow.window.get_by_label(flow.words.name, exact=True)).to_be_focused()
    flow.press(flow.words.proceed)
    expect(flow.window.locator("[aria-invalid=true]")).to_have_count(2)
    flow.invite("Paul", "paul lepi@x.fr")
    expect(flow.window.locator("[aria-invalid=true]")).to_have_count(1)
    flow.press(flow.words.skip)
    expect(flow.window.get_by_role("button", name=flow.words.create, exact=True)).to_be_visible()


@both_languages
def test_step_4_reads_the_number_and_is_honest_about_sms(open_page: OpenPage, alone: Firm, language: str) -> None:
    flow = Flow(open_page(alone, language=language), LABELS[language])
    flow.start()
    flow.name("L'Épi d'Or")
    flow.invite("Paul Lépi", " PAUL@lepi.example ")
    expect(flow.window).to_contain_text(flow.words.no_sms)
    expect(flow.window.get_by_label(flow.words.by_sms)).to_be_disabled()
    expect(flow.window.get_by_label(flow.words.by_email)).to_be_checked()
    flow.window.get_by_label(flow.words.phone).fill("12")
    flow.press(flow.words.next)
    expect(flow.window.get_by_label(flow.words.phone)).to_be_focused()
    flow.window.get_by_label(flow.words.phone).fill("06 12 34 56 78")
    flow.press(flow.words.next)
    expect(flow.window).to_contain_text("+33 6 12 34 56 78")
    flow.press(flow.words.invite)
    expect(flow.window.get_by_role("button", name=flow.words.copy)).to_be_visible()
    with instance_scope():
        member = Member.objects.get()
    assert (member.email, member.phone, member.status) == ("paul@lepi.example", "+33612345678", MemberStatus.INVITED)


# ---------------------------------------------------------------------------------------------------- step 5


@both_languages
def test_step_5_sums_up_and_only_its_click_creates(open_page: OpenPage, alone: Firm, language: str) -> None:
    flow = Flow(open_page(alone, language=language), LABELS[language])
    flow.to_confirmation()
    for said in ("L'Épi d'Or", "Paul Lépi", "paul@lepi.example"):
        expect(flow.window).to_contain_text(said)
    assert counted() == (0, 0, 0)
    flow.window.get_by_role("button", name=flow.words.invite, exact=True).dblclick()
    expect(flow.window.get_by_role("button", name=flow.words.copy)).to_be_visible()
    assert counted() == (1, 1, 1)
    flow.press(flow.words.done)
    expect(flow.row("L'Épi d'Or")).to_have_count(1)
    flow.page.reload()
    expect(flow.row("L'Épi d'Or")).to_have_count(1)
    assert counted() == (1, 1, 1)


def test_step_5_in_two_tabs_makes_one_file_and_one_invitation(open_page: OpenPage, alone: Firm) -> None:
    first = Flow(open_page(alone), LABELS["fr"])
    second = Flow(first.page.context.new_page(), LABELS["fr"])
    for flow in (first, second):
        flow.to_confirmation()
    for flow in (first, second):
        flow.press("Inviter")
        expect(flow.window.get_by_role("button", name="Copier")).to_be_visible()
    expect(second.window).to_contain_text("déjà ouvert")
    assert counted() == (1, 1, 1)


def test_refresh_and_the_browser_s_back_create_nothing(open_page: OpenPage, alone: Firm) -> None:
    flow = Flow(open_page(alone), LABELS["fr"])
    flow.page.goto("/clients/?show=archived")
    flow.to_confirmation()
    flow.page.reload()
    flow.step(4, 4)
    flow.to_confirmation()
    flow.page.go_back()
    flow.page.go_forward()
    assert counted() == (0, 0, 0)


def test_refresh_keeps_what_was_typed_until_the_window_is_closed(open_page: OpenPage, office: Firm) -> None:
    flow = Flow(open_page(office), LABELS["fr"])
    flow.start()
    flow.name("L'Épi d'Or")
    flow.window.get_by_label("Léa Martin").check()
    flow.page.reload()
    expect(flow.window.get_by_label("Léa Martin")).to_be_checked()
    flow.press("Suivant")
    flow.window.get_by_label("Adresse email").fill("paul@")
    flow.page.reload()
    expect(flow.window.get_by_label("Adresse email")).to_have_value("paul@")
    flow.step(3, 5)
    flow.page.keyboard.press("Escape")
    expect(flow.page.get_by_role("button", name="Ajouter un client")).to_be_focused()
    flow.page.reload()
    flow.page.wait_for_load_state("networkidle")
    expect(flow.window).to_have_count(0)
    assert counted() == (0, 0, 0)


def test_back_after_the_creation_and_the_same_click_again_is_still_one_file(open_page: OpenPage, alone: Firm) -> None:
    flow = Flow(open_page(alone), LABELS["fr"])
    flow.to_confirmation()
    held: dict[str, Any] = flow.window.locator("form").evaluate("form => Object.fromEntries(new FormData(form))")
    flow.press("Inviter")
    expect(flow.window.get_by_role("button", name="Copier")).to_be_visible()
    said = flow.page.request.post("/clients/new/", form=held)
    assert said.ok
    assert counted() == (1, 1, 1)


def test_a_colleague_suspended_meanwhile_is_named_at_the_confirmation(open_page: OpenPage, office: Firm) -> None:
    flow = Flow(open_page(office), LABELS["fr"])
    flow.start()
    flow.name("L'Épi d'Or")
    flow.window.get_by_label("Léa Martin").check()
    flow.press("Suivant")
    flow.press("Ignorer l'invitation")
    expect(flow.window).to_contain_text("Léa Martin")
    with instance_scope():
        Colleague.objects.filter(name="Léa Martin").update(status="suspended")
    flow.press("Créer")
    expect(flow.window.get_by_role("alert")).to_contain_text("Léa Martin")
    assert counted()[0] == 0
    flow.press("Choisir à nouveau les collaborateurs")
    expect(flow.window).not_to_contain_text("Léa Martin")


@both_languages
def test_step_5_warns_of_a_used_email_and_both_ways_go_on(open_page: OpenPage, alone: Firm, language: str) -> None:
    other = firm("claire", called="Cabinet Voisin")
    other.open("Dossier Secret", invitee=invitee(name="Rose Secret", email="paul@lepi.example"))
    flow = Flow(open_page(alone, language=language), LABELS[language])
    flow.to_confirmation(email="Paul@LEPI.example")
    alert = flow.window.get_by_role("alert")
    expect(alert).to_contain_text(flow.words.in_use)
    expect(alert).to_contain_text(flow.words.ask_client)
    expect(flow.window).not_to_contain_text(re.compile("Secret|Voisin"))
    flow.press(flow.words.close)
    expect(flow.window).to_have_count(0)
    assert counted()[0] == 1
    flow.to_confirmation(email="paul@lepi.example")
    flow.press(flow.words.invite)
    expect(flow.window.get_by_role("button", name=flow.words.copy)).to_be_visible()
    assert counted()[:2] == (2, 1)


# ---------------------------------------------------------------------------------------------------- the cross


@both_languages
@pytest.mark.parametrize("way", ["cross", "Escape"])
def test_every_step_can_be_left_with_nothing_created(
    open_page: OpenPage, office: Firm, language: str, way: str
) -> None:
    flow = Flow(open_page(office, language=language), LABELS[language])
    words = flow.words
    steps: list[Callable[[], None]] = [
        lambda: flow.name("L'Épi d'Or"),
        lambda: flow.press(words.next),
        lambda: flow.invite("Paul", "paul@lepi.example"),
        lambda: flow.press(words.next),
    ]
    for number in range(len(steps) + 1):
        flow.start()
        for act in steps[:number]:
            act()
        flow.step(number + 1, 5)
        if way == "cross":
            flow.press(words.close)
        else:
            flow.page.keyboard.press("Escape")
        expect(flow.window).to_have_count(0)
        expect(flow.page.get_by_role("button", name=words.add_client)).to_be_focused()
    assert counted() == (0, 0, 0)
