"""STARTTLS, offered when there is a certificate."""

import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from liasse.mailgate.gate import Post
from tests.mailgate.desks import MemoryDesk
from tests.mailgate.peer import Peer
from tests.mailgate.running import Receiver, no_session_left, receiver

pytestmark = pytest.mark.house

BAKERY = "boulangerie.k7m2p9@liasse.example"


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tls")
    made = subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=liasse.example"),
            *("-addext", "subjectAltName=DNS:liasse.example", "-keyout", "both.pem", "-out", "cert.pem"),
        ],
        cwd=folder,
        capture_output=True,
        check=False,
    )
    if made.returncode:
        pytest.skip("openssl, which makes the certificate, cannot be used here")
    both = folder / "both.pem"
    both.write_bytes(both.read_bytes() + (folder / "cert.pem").read_bytes())
    return both


@pytest.fixture
def tls_gate(desk: MemoryDesk, certificate: Path) -> Iterator[Receiver]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    with receiver(desk, post=Post(domain="liasse.example", tls=context)) as running:
        yield running


@pytest.fixture
def trusting(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate))


def test_mail_comes_in_over_tls(tls_gate: Receiver, desk: MemoryDesk, trusting: ssl.SSLContext) -> None:
    with Peer(tls_gate.port) as peer:
        peer.reply()
        assert "250-STARTTLS" in peer.say("EHLO x")
        assert peer.say("STARTTLS").startswith("220 ")
        peer.start_tls(trusting)
        # RFC 3207 4.2: what was said before counts no more.
        assert peer.say("MAIL FROM:<a@b.example>").startswith("503 ")
        assert "STARTTLS" not in peer.say("EHLO x")
        peer.say("MAIL FROM:<a@b.example>")
        peer.say(f"RCPT TO:<{BAKERY}>")
        assert peer.data(b"x" * 100_000).startswith("250 ")
        assert peer.say("STARTTLS").startswith("503 ")
        assert peer.say("QUIT").startswith("221 ")
    assert desk.contents == [b"x" * 100_000 + b"\r\n"]


def test_what_was_sent_ahead_in_clear_never_runs(
    tls_gate: Receiver, desk: MemoryDesk, trusting: ssl.SSLContext
) -> None:
    with Peer(tls_gate.port) as peer:
        peer.reply()
        peer.say("EHLO x")
        peer.send(b"STARTTLS\r\nEHLO evil\r\nMAIL FROM:<evil@b.example>\r\n")
        assert peer.reply().startswith("220 ")
        peer.start_tls(trusting)
        assert peer.say("NOOP") == "250 2.0.0 OK"
        assert peer.say(f"RCPT TO:<{BAKERY}>").startswith("503 ")
        assert peer.say("MAIL FROM:<a@b.example>").startswith("503 ")
    assert desk.lookups == 0


def test_a_handshake_that_fails_ends_the_session_and_no_other(tls_gate: Receiver) -> None:
    with Peer(tls_gate.port) as peer:
        peer.reply()
        peer.say("EHLO x")
        peer.say("STARTTLS")
        peer.send(b"this is no handshake\r\n" * 10)
        peer.socket.settimeout(5)
        while peer.socket.recv(1000):
            pass
    assert no_session_left(tls_gate)
    with Peer(tls_gate.port) as peer:
        assert peer.reply().startswith("220 ")
