"""Boîte d'envoi with a message of every state, and the window that invites by SMS: seen, clicked, read by axe."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Literal

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from liasse.core.audit import Subject
from liasse.lib.ids import uuid7
from liasse.messaging import services
from liasse.messaging.html import as_html
from liasse.messaging.models import OutgoingMessage
from liasse.messaging.types import Channel, Draft, MessageLink, MessageState, Trouble
from tests.adapters.sms_http.peer import Peer, peer
from tests.adapters.sms_http.speakers import Gateway
from tests.barriers import barriers
from tests.browser.conftest import OpenPage
from tests.mailbox import Mailbox, mailbox
from tests.providers import served_by
from tests.web.firm import Firm, firm

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PICTURES = os.environ.get("LIASSE_TEST_PICTURES", "")
themes = pytest.mark.parametrize("theme", ["light", "dark"])
widths = pytest.mark.parametrize("width", [1440, 360])

STATES: list[dict[str, Any]] = [
    {"state": MessageState.WAITING},
    {
        "state": MessageState.WAITING,
        "trouble": Trouble.AWAY,
        "last_error": "the relay cannot be reached: timed out",
        "attempts": 3,
    },
    {"state": MessageState.SENT},
    {"state": MessageState.SENT, "delivered_at": timezone.now()},
    {"state": MessageState.FAILED, "trouble": Trouble.REFUSED, "last_error": "550 5.1.1 no such user"},
    {"state": MessageState.BOUNCED, "trouble": Trouble.BOUNCED, "last_error": "552 mailbox full"},
    {"state": MessageState.COMPLAINED, "trouble": Trouble.COMPLAINT},
    {"state": MessageState.CANCELLED},
]


@pytest.fixture
def place(transactional_db: None) -> Firm:
    del transactional_db
    made = firm()
    with made.scope():
        for values in STATES:
            _message(made, Channel.EMAIL, **values)
        _message(made, Channel.SMS, state=MessageState.FAILED, trouble=Trouble.BLOCKED, last_error="422 STOP")
        _message(made, Channel.SMS, state=MessageState.SENT)
    return made


def _message(made: Firm, channel: Channel, **values: Any) -> OutgoingMessage:  # noqa: ANN401 - any column
    link = MessageLink(path="/invitations/{token}/", purpose="invitation", subject_id=uuid7(), nonce="n")
    draft = Draft(
        channel=channel,
        to_address="+33612345678" if channel is Channel.SMS else "paul.lepi@boulangerie-lepi.example",
        to_name="Paul Lépi",
        subject="" if channel is Channel.SMS else "Cabinet Delmas vous invite au dossier Boulangerie L’Épi d’Or",
        text="Bonjour Paul,\n\nPour accepter, ouvrez ce lien :\n\n{link}\n\nLe lien sert une fois.\n",
        link=link,
        language="fr",
        action="Accepter l’invitation",
    )
    subject = Subject("invitation", uuid7())
    message = services.queue(draft, practice_id=made.practice.id, subject=subject, actor=made.actor())
    later = timezone.now() + timedelta(minutes=8)
    again = {"next_try_at": later} if values.get("attempts") else {}
    OutgoingMessage.objects.filter(id=message.id).update(**values, **again)
    return message


@pytest.fixture
def outside() -> Iterator[tuple[Mailbox, Peer]]:
    with mailbox() as relay, peer(Gateway()) as gateway:
        mail = served_by(
            "mail_sender", "liasse.adapters.mail_smtp.SmtpMailSender",
            relay=f"smtp://{relay.address}", sender="liasse@cabinet.example",
        )  # fmt: skip
        sms = served_by(
            "sms_sender", "liasse.adapters.sms_http.GatewaySmsSender",
            url=gateway.url, token=Gateway.token, sender="Liasse",
        )  # fmt: skip
        with mail, sms:
            yield relay, gateway


def seen(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


def sound(page: Page) -> None:
    assert barriers(page) == []
    wide: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0


@themes
@widths
@pytest.mark.usefixtures("outside")
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(
    place: Firm, open_page: OpenPage, width: int, theme: Literal["light", "dark"]
) -> None:
    page = open_page(place, color_scheme=theme, viewport={"width": width, "height": 900})
    page.goto("/outbox/")
    expect(page.get_by_text("échec, nouvel essai")).to_be_visible()
    sound(page)
    seen(page, f"outbox-{width}-{theme}")


@pytest.mark.usefixtures("outside")
def test_the_list_is_filtered_and_one_is_sent_again(place: Firm, open_page: OpenPage) -> None:
    page = open_page(place)
    page.goto("/outbox/")
    page.get_by_role("navigation", name="Messages par état").get_by_role("link", name="Revenus").click()
    expect(page.locator(".outbox > li")).to_have_count(1)
    expect(page.get_by_text("552 mailbox full")).to_be_visible()
    page.get_by_role("button", name="Renvoyer").click()
    expect(page.locator(".outbox").get_by_text("en route")).to_be_visible()
    page.get_by_role("link", name="Annulés").click()
    expect(page.locator(".outbox > li")).to_have_count(1)
    expect(page.get_by_role("button", name="Renvoyer")).to_have_count(0)


@themes
@widths
@pytest.mark.usefixtures("outside", "place")
def test_the_html_of_a_mail_is_read_by_axe_in_both_themes(
    browser: Browser, place: Firm, width: int, theme: Literal["light", "dark"]
) -> None:
    with place.scope():
        message = OutgoingMessage.objects.filter(channel=Channel.EMAIL).latest("id")
        html = as_html(message, language="fr", firm=place.practice.name)
    context = browser.new_context(color_scheme=theme, viewport={"width": width, "height": 700})
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_content(html)
    assert barriers(page, without=("region", "landmark-one-main", "page-has-heading-one")) == []
    assert asked == []
    seen(page, f"mail-{width}-{theme}")
    context.close()
