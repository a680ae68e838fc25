"""Inviting by SMS on the screens: offered with a provider, refused with a sentence at once, followed afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.conf import settings

from liasse.clients.models import Member
from liasse.core.scope import instance_scope, practice_scope
from liasse.messaging.models import OutgoingMessage
from liasse.messaging.types import MessageState
from liasse.worker.main import run_next
from tests.adapters.sms_http.peer import Peer, peer
from tests.adapters.sms_http.speakers import Gateway
from tests.providers import served_by
from tests.web.firm import Firm, firm
from tests.web.test_wizard import CLIENT, HTMX, NAME, Window, at_step, count

pytestmark = pytest.mark.django_db
BY_SMS = {"phone": "06 12 34 56 78", "by_sms": "on"}


@pytest.fixture
def gateway() -> Iterator[Peer]:
    with peer(Gateway()) as made:
        path = "liasse.adapters.sms_http.GatewaySmsSender"
        with served_by("sms_sender", path, url=made.url, token=Gateway.token, sender="Liasse"):
            yield made


def at_phone(place: Firm) -> Window:
    window = Window(place.browser())
    for step in (NAME, {}, CLIENT):
        window.post(**step)
    return window


def messages() -> list[OutgoingMessage]:
    with instance_scope():
        return list(OutgoingMessage.objects.order_by("id"))


def work() -> None:
    while run_next():
        pass


def test_without_a_provider_it_cannot_be_ticked() -> None:
    window = at_phone(firm())
    assert "Aucun fournisseur de SMS" in window.text
    window.post(**BY_SMS)
    assert "Choisissez au moins" in unescape(window.text)


def test_with_one_it_leaves_by_sms_alone(gateway: Peer) -> None:
    window = at_phone(firm())
    assert "Aucun fournisseur de SMS" not in window.text
    assert window.post(**BY_SMS).status_code == 200
    assert "par SMS" in window.text
    assert "Aucun relais" not in window.text
    window.post()
    assert "est en route" in unescape(window.text)
    work()
    assert gateway.posts()[0].words["to"] == "+33612345678"
    assert [message.state for message in messages()] == [MessageState.SENT]


@pytest.mark.usefixtures("gateway")
@pytest.mark.parametrize(
    ("phone", "said"),
    [
        ("01 23 45 67 89", "numéro de mobile"),
        ("08 99 12 34 56", "surtaxé"),
        ("+44 7911 123456", "ce pays"),
        ("+33 6 12", "numéro"),
    ],
)
def test_a_number_that_gets_none_is_refused_where_it_is_typed(phone: str, said: str) -> None:
    window = at_phone(firm())
    assert window.post(phone=phone, by_sms="on", by_email="on").status_code == 422
    assert said in unescape(window.text)
    assert at_step(window) == "4/5"
    assert window.post(phone=phone, by_email="on").status_code == (422 if said == "numéro" else 200)


@pytest.mark.usefixtures("gateway")
def test_a_limit_is_said_at_the_last_click_and_nothing_is_created(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "LIASSE_SMS_LIMITS", replace(settings.LIASSE_SMS_LIMITS, monthly_cap=Decimal(0)))
    window = at_phone(firm())
    window.post(**BY_SMS)
    before = count()
    assert window.post().status_code == 422
    assert "budget de SMS" in unescape(window.text)
    assert count() == before


@pytest.mark.usefixtures("gateway")
def test_what_failed_is_said_beside_the_person_and_sent_again_from_the_outbox(gateway: Peer) -> None:
    place = firm()
    window = at_phone(place)
    window.post(**BY_SMS)
    window.post()
    gateway.speaker = lambda _asked: (422, {"error": "blocked", "message": "STOP"})
    work()
    message = messages()[0]
    assert message.state == MessageState.FAILED
    members = unescape(place.browser().get(f"/files/{message.client_file_id}/members/").content.decode())
    assert "refuse nos messages" in members
    browser: Any = place.browser()
    outbox = unescape(browser.get("/outbox/?state=failed").content.decode()).replace("\u202f", " ")
    assert "refuse nos messages" in outbox
    assert "SMS ce mois-ci" in outbox
    gateway.speaker = Gateway()
    browser.post(f"/outbox/{message.id}/retry/", headers=HTMX)
    work()
    with practice_scope(message.practice_id):
        assert OutgoingMessage.objects.get().state == MessageState.SENT


@pytest.mark.usefixtures("gateway")
def test_sent_again_too_often_it_says_so_at_once() -> None:
    place = firm()
    window = at_phone(place)
    window.post(**BY_SMS)
    window.post()
    with instance_scope():
        invited = Member.objects.get(email=CLIENT["email"])
    address = f"/files/{invited.client_file_id}/members/{invited.id}/resend/"
    browser: Any = place.browser()
    answers = []
    for _time in range(3):
        work()
        answers.append(browser.post(address, headers=HTMX))
    assert [answer.status_code for answer in answers[:2]] == [200, 200]
    assert "trop de SMS" in unescape(answers[2].content.decode())
    assert answers[2].status_code in {409, 422}
    assert [message.state for message in messages()] == [MessageState.SENT] * 3
