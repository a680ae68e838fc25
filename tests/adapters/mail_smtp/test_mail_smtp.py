"""Against a real SMTP peer on the loopback."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword

from liasse.adapters.mail_smtp import SmtpMailSender
from liasse.adapters.mail_smtp.sender import compose
from liasse.messaging.ports import SendError
from liasse.messaging.types import SentMail

MAIL = SentMail(
    to_address="paul@lepi.example",
    to_name="Paul Lépi",
    from_name="Cabinet Müller & Fils",
    subject="Invitation à « Lépi »",
    text="Bonjour Paul,\n\nhttps://liasse.example/invitations/abc/\n.\nFin\n",
    message_id="<0190-abc@liasse.example>",
)


class Peer:
    """A relay that keeps what it takes and answers as it is told."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, list[str], EmailMessage]] = []
        self.rcpt_answer = self.data_answer = ""

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: Any) -> str:  # noqa: ANN401, N802
        if not self.rcpt_answer:
            envelope.rcpt_tos.append(address)
        return self.rcpt_answer or "250 fine"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: ANN401, N802
        if self.data_answer:
            return self.data_answer
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.taken.append((str(envelope.mail_from), envelope.rcpt_tos, message))
        return "250 taken"


def authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:  # noqa: ANN401
    is_right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"anne@x", b"p:w/d")
    return AuthResult(success=is_right, handled=False)


@pytest.fixture
def peer() -> Iterator[tuple[Peer, str]]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    made = Peer()
    controller = Controller(
        made,
        hostname="127.0.0.1",
        port=port,
        authenticator=authenticate,
        auth_require_tls=False,
    )
    controller.start()
    yield made, f"127.0.0.1:{port}"
    controller.stop()


def sender(address: str, *, user: str = "") -> SmtpMailSender:
    return SmtpMailSender(relay=f"smtp://{user}{address}", sender="liasse@cabinet.example")


def test_the_relay_gets_the_whole_mail(peer: tuple[Peer, str]) -> None:
    relay, address = peer
    sender(address).send(MAIL)
    origin, recipients, message = relay.taken[0]
    assert (origin, recipients) == ("liasse@cabinet.example", ["paul@lepi.example"])
    assert str(message["Subject"]) == MAIL.subject
    assert message["From"].addresses[0].display_name == MAIL.from_name
    assert message["To"].addresses[0].display_name == MAIL.to_name
    assert (message["Message-ID"], message["Auto-Submitted"]) == (MAIL.message_id, "auto-generated")
    assert message.get_content().replace("\r\n", "\n") == MAIL.text


@pytest.mark.parametrize("nasty", ["x\r\nBcc: all@x.example", "x\nTo: b@x.example", 'q" <b@x.example>', "\u2028x\0"])
def test_no_name_becomes_a_header(peer: tuple[Peer, str], nasty: str) -> None:
    relay, address = peer
    sender(address).send(replace(MAIL, to_name=nasty, from_name=nasty, subject=nasty))
    _origin, recipients, message = relay.taken[0]
    assert recipients == ["paul@lepi.example"]
    assert message["Bcc"] is None
    assert "\0" not in message.as_string()
    assert [found.addr_spec for found in message["To"].addresses] == ["paul@lepi.example"]


def test_a_domain_in_any_script_travels_in_ascii(peer: tuple[Peer, str]) -> None:
    relay, address = peer
    sender(address).send(replace(MAIL, to_address="info@bücher.example"))
    assert relay.taken[0][1] == ["info@xn--bcher-kva.example"]


@pytest.mark.parametrize(("answer", "permanent"), [("550 5.1.1 no such user", True), ("451 4.3.0 later", False)])
@pytest.mark.parametrize("stage", ["rcpt_answer", "data_answer"])
def test_a_refusal_says_whether_it_is_for_good(
    peer: tuple[Peer, str], stage: str, answer: str, *, permanent: bool
) -> None:
    relay, address = peer
    setattr(relay, stage, answer)
    with pytest.raises(SendError) as refusal:
        sender(address).send(MAIL)
    assert (refusal.value.permanent, refusal.value.reason) == (permanent, answer)
    assert relay.taken == []


def test_user_and_password_are_used(peer: tuple[Peer, str]) -> None:
    relay, address = peer
    sender(address, user="anne%40x:p%3Aw%2Fd@").send(MAIL)
    assert len(relay.taken) == 1


def test_a_wrong_password_is_not_the_mail_s_fault(peer: tuple[Peer, str]) -> None:
    _relay, address = peer
    with pytest.raises(SendError) as refusal:
        sender(address, user="anne%40x:wrong@").send(MAIL)
    assert not refusal.value.permanent


def test_without_tls_nothing_is_sent_where_tls_was_asked_for(peer: tuple[Peer, str]) -> None:
    relay, address = peer
    for scheme in ("smtp+starttls", "smtps"):
        with pytest.raises(SendError) as refusal:
            SmtpMailSender(relay=f"{scheme}://{address}", sender="liasse@cabinet.example").send(MAIL)
        assert not refusal.value.permanent
    assert relay.taken == []


def test_a_relay_that_is_away_may_come_back() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(SendError) as refusal:
        sender(f"127.0.0.1:{port}").send(MAIL)
    assert not refusal.value.permanent


def test_without_a_relay_it_says_so() -> None:
    assert not SmtpMailSender(relay="", sender="liasse@cabinet.example").is_configured


@pytest.mark.parametrize("odd", ["", "paul", "élodie@x.example", "@x.example", "paul@" + "x" * 80 + ".example"])
def test_an_address_that_cannot_be_written_fails_for_good(peer: tuple[Peer, str], odd: str) -> None:
    _relay, address = peer
    with pytest.raises(SendError) as refusal:
        sender(address).send(replace(MAIL, to_address=odd))
    assert refusal.value.permanent


def test_says_in_x_loop_whose_mail_it_is() -> None:
    assert compose(MAIL, sender="liasse@liasse.example", loop_token="liasse/liasse.example")["X-Loop"] == (
        "liasse/liasse.example"
    )
