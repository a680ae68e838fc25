"""Mails and SMS as they are received: queued by the product, sent by the worker, read by a parser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.utils import timezone

from liasse.clients.types import Invitee, NewClientFile
from liasse.core.scope import practice_scope
from liasse.invitations.opening import open_client_file
from liasse.lib.ids import uuid7
from liasse.messaging.models import OutgoingMessage
from liasse.messaging.rules import sms_parts
from liasse.messaging.types import MessageState
from liasse.practices.models import Practice
from liasse.worker.main import run_next
from tests import cast
from tests.adapters.sms_http.peer import Peer, peer
from tests.adapters.sms_http.speakers import Gateway
from tests.cast import Cast
from tests.mailbox import Mailbox, mailbox, page_of, text_of
from tests.providers import served_by

pytestmark = pytest.mark.django_db
NASTY = 'L’Épi <img src="http://evil.example/x.png"> & "Fils" https://evil.example/{link}'


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


def invite(people: Cast, *, file: str = "Boulangerie Lépi", by_sms: bool = False, by_email: bool = True) -> None:
    with practice_scope(people.practice.id):
        phone = "06 12 34 56 78" if by_sms else ""
        invitee = Invitee("Paul Lépi", "paul@lepi.example", phone=phone, by_email=by_email, by_sms=by_sms)
        answers = NewClientFile(key=uuid7(), opened_at=timezone.now(), name=file, invitee=invitee)
        open_client_file(answers, actor=people.actor)
    while run_next():
        pass


def link_of(people: Cast) -> str:
    from liasse.messaging.selectors import rendered

    with practice_scope(people.practice.id):
        return rendered(OutgoingMessage.objects.latest("created_at")).link


def test_an_invitation_comes_as_text_and_as_html_from_the_firm(relay: Mailbox) -> None:
    people = cast.build()
    invite(people)
    mail, link = relay.mails[0], link_of(people)
    assert mail["From"].addresses[0].display_name == people.practice.name
    assert mail["From"].addresses[0].addr_spec == "liasse@cabinet.example"
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert f"\n\n{link}\n\n" in text_of(mail)
    page = page_of(mail)
    assert page.links() == [link, link]
    assert "Accepter l’invitation" in page.text
    for part in text_of(mail).replace(link, "").split("\n\n"):
        assert " ".join(part.split()) in page.text
    assert ("html", {"lang": "fr"}) in page.elements


def test_the_html_is_quiet_and_brings_nothing_from_elsewhere(relay: Mailbox) -> None:
    people = cast.build()
    invite(people)
    page = page_of(relay.mails[0])
    names = {tag for tag, _attributes in page.elements}
    assert names <= {"html", "head", "meta", "title", "body", "div", "p", "a", "br"}
    for _tag, attributes in page.elements:
        assert attributes.keys() <= {"lang", "charset", "name", "content", "style", "dir", "href"}
        assert "url(" not in attributes.get("style", "")
    assert ("meta", {"name": "color-scheme", "content": "light dark"}) in page.elements
    # In the dark a mail program turns the page and the words; what has a background says both colours.
    styles = [attributes.get("style", "") for _tag, attributes in page.elements]
    assert [style for style in styles if "background" in style and "color:#ffffff" not in style] == []
    assert [
        style for style in styles if "color:#" in style.replace("background-color:#", "") and "background" not in style
    ] == []


def test_a_file_s_name_is_words_and_nothing_else(relay: Mailbox) -> None:
    people = cast.build()
    invite(people, file=NASTY)
    page = page_of(relay.mails[0])
    assert "img" not in {tag for tag, _attributes in page.elements}
    assert {link.startswith(settings.LIASSE_PUBLIC_URL) for link in page.links()} == {True}
    assert "evil.example" in page.text


def test_it_is_written_in_the_firm_s_language(relay: Mailbox) -> None:
    people = cast.build()
    Practice.objects.filter(id=people.practice.id).update(language="en")
    people.practice.refresh_from_db()
    invite(people)
    mail = relay.mails[0]
    assert "invites you" in mail["Subject"]
    assert "Hello Paul Lépi," in text_of(mail)
    page = page_of(mail)
    assert ("html", {"lang": "en"}) in page.elements
    assert "Accept the invitation" in page.text
    assert "If the button does nothing" in page.text


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_sms_is_short_and_its_link_whole(gateway: Peer, language: str) -> None:
    people = cast.build()
    Practice.objects.filter(id=people.practice.id).update(language=language, name="Cabinet d’Expertise " + "Œuvre " * 9)
    people.practice.refresh_from_db()
    invite(people, file="Boulangerie-Pâtisserie " + "Crêpes " * 10, by_sms=True, by_email=False)
    sms = gateway.posts()[0].words
    assert sms["to"] == "+33612345678"
    assert sms["text"].endswith(link_of(people))
    assert sms_parts(sms["text"]) <= 2
    assert ("vous invite" in sms["text"]) == (language == "fr")
    with practice_scope(people.practice.id):
        assert OutgoingMessage.objects.get().state == MessageState.SENT


@pytest.mark.usefixtures("gateway")
def test_by_both_ways_two_messages_leave_with_one_link(relay: Mailbox, gateway: Peer) -> None:
    people = cast.build()
    invite(people, by_sms=True)
    link = link_of(people)
    assert link in text_of(relay.mails[0])
    assert link in gateway.posts()[0].words["text"]
