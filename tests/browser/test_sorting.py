"""À trier and Réception in a browser: by keyboard, at 360 px, read by axe."""

from __future__ import annotations

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from liasse.clients.models import ClientFile
from liasse.intake.models import Receipt, ReceiptPart, TrustedSender
from liasse.intake.types import Hold, ReceiptState, SenderState, Verdict
from tests.barriers import barriers
from tests.web.office import Office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TASK = {
    "kind": "gmail",
    "code": "123456789",
    "link": "https://mail-settings.google.com/mail/vf-x",
    "address": "claire@lepidor.example",
}


def held(office: Office, sender: str, *, why: Hold = Hold.UNKNOWN_SENDER) -> Receipt:
    receipt = office.receipt(
        state=ReceiptState.HELD, held=why, from_name="", from_address=sender, subject=f"Facture de {sender}",
        sender_state=SenderState.VERIFIED, sender_facts={"why": "signed", "by": sender.partition("@")[2]},
    )  # fmt: skip
    with office.scope():
        ReceiptPart.objects.create(
            practice=office.practice, receipt=receipt, index=0, filename="facture.pdf", verdict=Verdict.DOCUMENT
        )
        ClientFile.objects.filter(id=office.file.id).update(count_held=office.made)
    return receipt


def check(page: Page) -> None:
    assert barriers(page) == []
    width: int = page.evaluate("document.documentElement.scrollWidth")
    assert width <= (page.viewport_size or {"width": 0})["width"]


def test_a_sender_is_trusted_by_keyboard_and_all_of_theirs_is_let_in(page: Page, office: Office) -> None:
    for sender in ("a@moulin.example", "b@moulin.example", "c@autre.example"):
        held(office, sender)
    page.goto(f"/files/{office.file.id}/inbox/")
    menu = page.get_by_role("link", name="À trier")
    expect(menu).to_contain_text("3")
    menu.click()
    expect(page.get_by_role("article")).to_have_count(3)
    button = page.get_by_role("button", name="Faire confiance à tout @moulin.example").first
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("article")).to_have_count(1)
    expect(page.get_by_text("2 envois acceptés").first).to_be_visible()
    with office.scope():
        assert TrustedSender.objects.get().sender == "@moulin.example"
    page.get_by_role("button", name="Ranger").click()
    expect(page.get_by_text("Rien n’attend d’être trié")).to_be_visible()
    page.get_by_role("link", name="Rangés").click()
    page.get_by_role("button", name="Reprendre").click()
    page.get_by_role("button", name="Accepter cet envoi").click()
    expect(page.get_by_text("Accepté").first).to_be_visible()
    with office.scope():
        assert Receipt.objects.filter(state=ReceiptState.STORED).count() == 3


@pytest.mark.parametrize("width", [1440, 360])
def test_what_waits_is_read_on_any_width(page: Page, office: Office, width: int) -> None:
    held(office, "comptabilite.fournisseurs@moulin-de-la-grande-vallee.example")
    held(office, "x@y.example", why=Hold.NULL_SENDER)
    office.receipt(task=TASK, has_task=True, subject="Gmail Forwarding Confirmation")
    page.set_viewport_size({"width": width, "height": 900})
    for place in ("to-sort/", "to-sort/?aside=1", "receipts/"):
        page.goto(f"/files/{office.file.id}/{place}")
        check(page)
    expect(page.get_by_text("Gmail demande de confirmer la redirection de claire@lepidor.example")).to_be_visible()
    page.get_by_role("button", name="Fait").click()
    expect(page.get_by_text("Gmail demande de confirmer")).to_have_count(0)


@pytest.mark.parametrize("width", [1440, 360])
def test_a_file_s_reception_is_set(page: Page, office: Office, width: int) -> None:
    page.context.clear_cookies()
    client = office.as_("full")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": office_url(page)}])
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"/files/{office.file.id}/reception/")
    check(page)
    page.get_by_label("Expéditeurs connus").check()
    page.locator("#save-mode").click()
    expect(page.get_by_label("Expéditeurs connus")).to_be_checked()
    page.get_by_label("Adresse ou domaine").fill("@gmail.com")
    page.get_by_role("button", name="Faire confiance", exact=True).click()
    expect(page.get_by_label("Adresse ou domaine")).to_have_attribute("aria-invalid", "true")
    check(page)
    with office.scope():
        assert ClientFile.objects.get(id=office.file.id).sender_mode == "known"


def office_url(page: Page) -> str:
    """Give the address of the live server, of which the context knows only its base."""
    page.goto("/sign-in/")
    return page.url.split("/sign-in/")[0]
