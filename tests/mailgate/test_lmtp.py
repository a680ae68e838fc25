"""LMTP: the same receiver, with one answer a recipient, for one's own relays only."""

import ipaddress
import threading
from collections.abc import Iterator

import pytest

from liasse.core.blobs import StorageFullError
from liasse.mailgate.gate import Post
from tests.mailgate.desks import MemoryDesk
from tests.mailgate.peer import END, Peer
from tests.mailgate.running import Receiver, no_session_left, receiver

pytestmark = pytest.mark.house

BAKERY, GARAGE = "boulangerie.k7m2p9@liasse.example", "garage.t4x8w3@liasse.example"
LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)


@pytest.fixture
def relayed(desk: MemoryDesk) -> Iterator[Receiver]:
    with receiver(desk, post=Post(domain="liasse.example", trusted=LOOPBACK)) as running:
        yield running


def begun(peer: Peer, *recipients: str) -> list[str]:
    assert peer.reply() == "220 liasse.example LMTP Liasse"
    assert "XFORWARD" in peer.say("LHLO mx.example")
    assert peer.say("MAIL FROM:<sender@example.org>").startswith("250 ")
    return [peer.say(f"RCPT TO:<{recipient}>") for recipient in recipients]


def content_sent(peer: Peer, content: bytes, *, answers: int) -> list[str]:
    assert peer.say("DATA").startswith("354 ")
    peer.send(content + END)
    return [peer.reply() for _ in range(answers)]


def test_each_rcpt_has_its_answer_in_order_repeated_ones_too(relayed: Receiver, desk: MemoryDesk) -> None:
    desk.refused = {"garage.t4x8w3": KeyError("gone")}
    with Peer(relayed.lmtp_port) as peer:
        replies = begun(peer, BAKERY, "nobody.aaaa@liasse.example", GARAGE, BAKERY)
        assert [reply[:3] for reply in replies] == ["250", "550", "250", "250"]
        answers = content_sent(peer, b"x", answers=3)
        assert [answer[:9] for answer in answers] == ["250 2.0.0", "451 4.3.0", "250 2.0.0"]
        assert peer.say("NOOP").startswith("250 ")
    assert len(desk.mails) == 1


def test_what_is_refused_for_all_is_told_to_each(relayed: Receiver, desk: MemoryDesk) -> None:
    def full() -> None:
        raise StorageFullError

    desk.on_deliver = full
    with Peer(relayed.lmtp_port) as peer:
        begun(peer, BAKERY, GARAGE)
        assert [answer[:9] for answer in content_sent(peer, b"x", answers=2)] == ["452 4.3.1"] * 2
        peer.say("MAIL FROM:<sender@example.org>")
        assert peer.say(f"RCPT TO:<{BAKERY}>").startswith("250 ")
        looping = b"Received: x\r\n" * 30 + b"\r\n"
        assert content_sent(peer, looping, answers=1)[0].startswith("554 5.4.6")


def test_the_address_that_the_relay_had_it_from_is_kept(relayed: Receiver, desk: MemoryDesk) -> None:
    with Peer(relayed.lmtp_port) as peer:
        assert peer.reply().startswith("220 ")
        assert "XFORWARD NAME ADDR" in peer.say("LHLO mx.example")
        assert peer.say("XFORWARD NAME=[UNAVAILABLE] ADDR=192.0.2.7 HELO=a+20b").startswith("250 ")
        for told in ("", "XFORWARD ADDR=IPv6:2001:db8::7", "XFORWARD ADDR=[UNAVAILABLE]"):
            assert not told or peer.say(told).startswith("250 ")
            peer.say("MAIL FROM:<>")
            peer.say(f"RCPT TO:<{BAKERY}>")
            assert content_sent(peer, b"x", answers=1)[0].startswith("250 ")
    assert [mail.peer for mail in desk.mails] == ["192.0.2.7", "2001:db8::7", "127.0.0.1"]


def test_strangers_and_smtp_are_turned_away(relayed: Receiver, gate: Receiver) -> None:
    with Peer(gate.lmtp_port) as peer:
        assert peer.reply().startswith("421 4.7.0")
        assert peer.is_closed()
    with Peer(relayed.lmtp_port) as peer:
        peer.reply()
        assert peer.say("EHLO x").startswith("500 ")
        assert peer.say("LHLO x").startswith("250-")
        assert peer.say("DATA").startswith("503 ")
        assert peer.say("MAIL FROM:<>").startswith("250 ")
        assert peer.say("DATA").startswith("503 ")


def test_a_relay_has_as_many_connections_as_it_wants(relayed: Receiver) -> None:
    peers = [Peer(relayed.lmtp_port) for _ in range(25)]
    assert all(peer.reply().startswith("220 ") for peer in peers)
    for peer in peers:
        peer.socket.close()


def test_a_relay_that_drops_in_the_middle_leaves_nothing_and_ten_copies_are_one(
    relayed: Receiver, desk: MemoryDesk
) -> None:
    for sent in (b"", b"Subject: x\r\n", b"Subject: x\r\n\r\nhalf\r\n."):
        with Peer(relayed.lmtp_port) as peer:
            begun(peer, BAKERY)
            peer.say("DATA")
            peer.send(sent)
    assert no_session_left(relayed)
    assert desk.mails == []
    assert relayed.gate._memory_used == 0
    answers: list[str] = []

    def bring() -> None:
        with Peer(relayed.lmtp_port) as peer:
            begun(peer, BAKERY, GARAGE)
            answers.extend(content_sent(peer, b"the same", answers=2))

    threads = [threading.Thread(target=bring) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer[:3] for answer in answers] == ["250"] * 20
    assert len(desk.receipts) == 2
