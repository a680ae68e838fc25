"""Each provider's stand-in gets the whole mail, and its refusals are told apart."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from email.header import decode_header, make_header
from typing import Any

import pytest

from liasse.adapters.mail_anymail import AnymailMailSender, sender
from liasse.messaging.ports import SendError
from liasse.messaging.types import SentMail, Trouble
from tests.adapters.mail_anymail.speakers import KEY, NOBODY, SECRET, Brevo, Mailjet, Postmark, SendGrid
from tests.adapters.sms_http.peer import Peer, peer

MAIL = SentMail(
    to_address="paul@bücher.example",
    to_name='Paul "le boulanger" Lépi',
    from_name="Cabinet Müller, Fils & Cie",
    subject="Invitation à « Lépi »",
    text="Bonjour Paul,\n\nhttps://liasse.example/i/abc/\n",
    html="<p>Bonjour Paul, <a href='https://liasse.example/i/abc/'>ouvrir</a></p>",
    message_id="<0190@liasse.example>",
    key="0190abcd.0",
)
SPEAKERS: dict[str, Callable[[], Any]] = {
    "brevo": Brevo,
    "mailjet": Mailjet,
    "postmark": Postmark,
    "sendgrid": SendGrid,
}


@dataclass
class Provider:
    name: str
    speaker: Any
    peer: Peer

    def sender(self, *, key: str = KEY, url: str = "") -> AnymailMailSender:
        return AnymailMailSender(
            provider=self.name,
            key=key,
            secret=SECRET,
            url=url or self.peer.url,
            sender="Liasse <liasse@cabinet.example>",
            loop_token="loop",
        )


@pytest.fixture(params=list(SPEAKERS))
def provider(request: pytest.FixtureRequest) -> Iterator[Provider]:
    speaker = SPEAKERS[request.param]()
    with peer(speaker) as made:
        yield Provider(request.param, speaker, made)


def refusal(found: AnymailMailSender, mail: SentMail = MAIL) -> SendError:
    with pytest.raises(SendError) as refused:
        found.send(mail)
    return refused.value


def test_the_provider_gets_the_whole_mail(provider: Provider) -> None:
    provider.sender().send(MAIL)
    name, subject, text, html = provider.speaker.seen()
    assert MAIL.from_name in str(make_header(decode_header(name)))
    assert (subject, text.strip(), html.strip()) == (MAIL.subject, MAIL.text.strip(), MAIL.html)
    said = json.dumps(provider.speaker.taken[0], ensure_ascii=False)
    assert "paul@xn--bcher-kva.example" in said
    assert "liasse@cabinet.example" in said
    assert "auto-generated" in said
    assert MAIL.key in said


@pytest.mark.parametrize("nasty", ["x\r\nBcc: all@x.example", 'q" <b@x.example>, "', "a, b@x.example", "\u2028x\0"])
def test_no_name_becomes_a_recipient_or_a_header(provider: Provider, nasty: str) -> None:
    provider.sender().send(replace(MAIL, to_name=nasty, from_name=nasty, subject=nasty))
    mail = provider.speaker.taken[0]
    to = mail.get("to") or mail.get("To") or mail["personalizations"][0]["to"]
    assert isinstance(to, str) or len(to) == 1
    assert not mail.get("Bcc")
    assert not mail.get("bcc")
    assert "\r" not in mail.get("subject", "") + mail.get("Subject", "")


def test_an_address_that_it_refuses_fails_for_good(provider: Provider) -> None:
    error = refusal(provider.sender(), replace(MAIL, to_address=NOBODY))
    assert (error.permanent, error.trouble) == (True, Trouble.REFUSED)
    assert "\n" not in error.reason
    assert "valid" in error.reason.lower()


def test_a_refusal_in_other_words_than_expected_is_no_yes() -> None:
    words = {"ErrorCode": 300, "Message": "Error parsing 'To': it is odd."}
    with peer(lambda _asked: (422, words)) as made:
        error = refusal(Provider("postmark", None, made).sender())
    assert (error.permanent, error.trouble) == (True, Trouble.REFUSED)
    assert "it is odd" in error.reason


def test_a_wrong_key_is_not_the_mail_s_fault(provider: Provider) -> None:
    error = refusal(provider.sender(key="wr0ng-key"))
    assert (error.permanent, error.trouble, error.is_everybody_s) == (False, Trouble.SET_UP, True)
    assert "wr0ng-key" not in error.reason


@pytest.mark.parametrize(("status", "trouble"), [(500, Trouble.AWAY), (503, Trouble.AWAY), (429, Trouble.BUSY)])
def test_a_fault_of_the_provider_passes(provider: Provider, status: int, trouble: Trouble) -> None:
    provider.peer.speaker = lambda _asked: (status, b"oops")
    error = refusal(provider.sender())
    assert (error.permanent, error.trouble) == (False, trouble)


def test_a_redirect_gets_no_key(provider: Provider) -> None:
    with peer(lambda _asked: (200, {})) as elsewhere:
        provider.peer.speaker = lambda _asked: (307, {}, {"Location": f"{elsewhere.url}/stolen"})
        error = refusal(provider.sender())
        assert (error.permanent, error.trouble) == (False, Trouble.AWAY)
        assert elsewhere.asked == []


def test_one_that_is_away_may_come_back(provider: Provider) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    error = refusal(provider.sender(url=f"http://127.0.0.1:{port}"))
    assert (error.permanent, error.trouble) == (False, Trouble.AWAY)


def test_one_that_hangs_is_left_in_time(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender, "_TIMEOUT", 0.3)
    provider.peer.hangs_for = 1.5
    assert refusal(provider.sender()).trouble is Trouble.AWAY


@pytest.mark.parametrize("odd", ["", "paul", "élodie@x.example", "@x.example"])
def test_an_address_that_cannot_be_written_fails_for_good(provider: Provider, odd: str) -> None:
    assert refusal(provider.sender(), replace(MAIL, to_address=odd)).permanent
    assert provider.peer.asked == []
