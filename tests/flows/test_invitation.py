"""Somebody new comes in: invited by mail or SMS that a local server really takes, with the code that comes by mail."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from django.test import Client

from liasse.clients.models import Member
from liasse.clients.types import MemberStatus
from liasse.core.scope import practice_scope
from liasse.identity.services import authenticate
from liasse.invitations.opening import invite_known
from liasse.invitations.services import invite_member
from liasse.worker.main import run_next
from tests import cast, factories
from tests.adapters.sms_http.peer import Peer, peer
from tests.adapters.sms_http.speakers import Gateway
from tests.cast import Cast
from tests.mailbox import Mailbox, mailbox, text_of
from tests.providers import served_by

pytestmark = pytest.mark.django_db
PASSWORD = "quatre mots au hasard"
FORM = "/invitations/"
_LINK = re.compile(r"/invitations/[\w-]{43}/")


@pytest.fixture
def relay() -> Iterator[Mailbox]:
    with mailbox() as made:
        path = "liasse.adapters.mail_smtp.SmtpMailSender"
        with served_by("mail_sender", path, relay=f"smtp://{made.address}", sender="liasse@cabinet.example"):
            yield made


@pytest.fixture
def gateway() -> Iterator[Peer]:
    with peer(Gateway()) as made:
        path = "liasse.adapters.sms_http.GatewaySmsSender"
        with served_by("sms_sender", path, url=made.url, token=Gateway.token, sender="Liasse"):
            yield made


@pytest.fixture
def people() -> Cast:
    return cast.build()


@pytest.fixture
def rose(people: Cast) -> Member:
    made = factories.member(people.file, "Rose Dupont", status=MemberStatus.NO_LOGIN, email="rose@dupont.example")
    with practice_scope(people.practice.id):
        Member.objects.filter(id=made.id).update(phone="+33612345678")
        return Member.objects.get(id=made.id)


def work() -> None:
    while run_next():
        pass


def code_in(mail: str) -> str:
    found = re.search(r"^\d{6}$", mail, re.MULTILINE)
    assert found
    return found[0]


def come_in(browser: Client, link: str, relay: Mailbox) -> None:
    """Follow the link as somebody new does, to the end."""
    browser.get(link)
    browser.post("/invitations/code/")
    work()
    assert relay.mails[-1]["To"].addresses[0].addr_spec == "rose@dupont.example"
    assert browser.post("/invitations/proof/", {"code": code_in(text_of(relay.mails[-1]))}).status_code == 302
    browser.post(FORM, {"name": "Rose Dupont", "password": PASSWORD})


def test_from_the_click_to_the_file_by_mail(people: Cast, rose: Member, relay: Mailbox) -> None:
    clicked = time.time()
    with practice_scope(people.practice.id):
        invite_known(rose, actor=people.actor)
    work()
    assert relay.at[0] - clicked <= 3
    browser = Client()
    come_in(browser, _LINK.findall(text_of(relay.mails[0]))[0], relay)
    assert browser.get(f"/portal/{people.file.id}/").status_code == 200
    assert authenticate("rose@dupont.example", PASSWORD).name == "Rose Dupont"
    assert len(relay.mails) == 2


def test_a_link_by_sms_is_proved_by_mail(people: Cast, rose: Member, relay: Mailbox, gateway: Peer) -> None:
    with practice_scope(people.practice.id):
        invite_member(rose, actor=people.actor, by_email=False, by_sms=True)
    work()
    assert relay.mails == []
    link = _LINK.findall(str(gateway.posts()[-1].words))[0]
    thief = Client()
    thief.get(link)
    thief.post(FORM, {"name": "Thief", "password": PASSWORD})
    assert thief.get(f"/portal/{people.file.id}/")["Location"].startswith("/sign-in/")
    come_in(Client(), link, relay)
    with practice_scope(people.practice.id):
        assert Member.objects.get(id=rose.id).status == MemberStatus.ACTIVE


def test_the_mail_with_the_code_is_in_french_and_says_what_it_is_for(
    people: Cast, rose: Member, relay: Mailbox
) -> None:
    with practice_scope(people.practice.id):
        invite_known(rose, actor=people.actor)
    work()
    browser = Client()
    browser.get(_LINK.findall(text_of(relay.mails[0]))[0])
    browser.post("/invitations/code/")
    work()
    mail = relay.mails[-1]
    assert mail["Subject"] == "Votre code pour l’invitation à Liasse"
    assert "Ce code prouve à Liasse que rose@dupont.example est votre adresse" in text_of(mail)
    assert "%(" not in text_of(mail)
