"""What is kept is what was sent, to the byte; what ends a message is one sequence only."""

import random
import smtplib

import pytest

from liasse.mailgate.limits import Limits
from tests.mailgate.desks import MemoryDesk
from tests.mailgate.peer import Peer
from tests.mailgate.running import Receiver

pytestmark = pytest.mark.house

BAKERY = "boulangerie.k7m2p9@liasse.example"
MESSAGE = Limits().message_bytes


@pytest.mark.parametrize(
    "sequence",
    [b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r.\r\n", b"\r\n.\r"],
    ids=["LF.LF", "LF.CRLF", "CRLF.LF", "CR.CR", "CR.CRLF", "CRLF.CR"],
)
def test_a_smuggled_end_stays_inside_one_message(gate: Receiver, desk: MemoryDesk, sequence: bytes) -> None:
    smuggled = b"one" + sequence + b"MAIL FROM:<evil@b.example>\r\nRCPT TO:<" + BAKERY.encode() + b">\r\nDATA\r\ntwo"
    with Peer(gate.port) as peer:
        peer.begin(BAKERY)
        assert peer.data(smuggled).startswith("250 ")
        assert peer.say("NOOP").startswith("250 ")
    # The dot after a whole CR LF is one that the client should have doubled: it is taken out, nothing else is.
    assert desk.contents == [smuggled.replace(b"\r\n.", b"\r\n") + b"\r\n"]


def test_bytes_of_every_value_and_long_lines_are_kept(gate: Receiver, desk: MemoryDesk) -> None:
    seeded = random.Random(7)  # noqa: S311 - the same bytes every time
    blob = seeded.randbytes(300_000).replace(b"\r\n.", b"\r\n-") + b"x" * 200_000
    with Peer(gate.port) as peer:
        peer.begin(BAKERY)
        assert peer.data(blob).startswith("250 ")
    assert desk.contents == [blob + b"\r\n"]


@pytest.mark.parametrize("step", [1, 2, 3, 7])
def test_a_message_in_tiny_segments_is_the_same_message(gate: Receiver, desk: MemoryDesk, step: int) -> None:
    raw = b"DATA\r\nA: b\r\n\r\n..dot\r\n.\r.\r\n.\r\nNOOP\r\n"
    with Peer(gate.port) as peer:
        peer.begin(BAKERY)
        for begin in range(0, len(raw), step):
            peer.send(raw[begin : begin + step])
        assert [peer.reply()[:3] for _ in range(3)] == ["354", "250", "250"]
    assert desk.contents == [b"A: b\r\n\r\n.dot\r\n\r.\r\n"]


def test_the_standard_client_gets_its_mail_through(gate: Receiver, desk: MemoryDesk) -> None:
    body = "Subject: caf\u00e9\r\n\r\n.un point\r\n..deux\r\n".encode()
    with smtplib.SMTP("127.0.0.1", gate.port, timeout=10) as client:
        refused = client.sendmail("a@b.example", [BAKERY, "garage.t4x8w3@liasse.example"], body)
    assert refused == {}
    assert desk.contents == [body]
    assert len(desk.mails[0].recipients) == 2


@pytest.mark.parametrize(("extra", "reply"), [(0, "250 2.0.0"), (1, "552 5.3.4")])
def test_the_largest_message_is_taken_and_one_byte_more_is_not(
    gate: Receiver, desk: MemoryDesk, extra: int, reply: str
) -> None:
    line = b"x" * 998 + b"\r\n"
    content = (line * (MESSAGE // 1000 + 1))[: MESSAGE + extra - 2]
    content = content[:-1] + b"x" if content.endswith(b"\r") else content
    with Peer(gate.port) as peer:
        peer.begin(BAKERY)
        assert peer.data(content).startswith(reply)
        assert peer.say("NOOP").startswith("250 ")
    assert [mail.size for mail in desk.mails] == ([MESSAGE] if not extra else [])


def test_dots_of_the_transfer_do_not_count(gate: Receiver, desk: MemoryDesk) -> None:
    with Peer(gate.port) as peer:
        peer.begin(BAKERY)
        assert peer.data(b"..\r\n" * (MESSAGE // 3 - 1) + b"..").startswith("250 ")
    assert desk.mails[0].size == 3 * (MESSAGE // 3)


def test_twice_the_limit_cuts_the_connection(gate: Receiver, desk: MemoryDesk) -> None:
    with Peer(gate.port) as peer:
        peer.begin(BAKERY)
        peer.say("DATA")
        with pytest.raises(ConnectionError):  # noqa: PT012 - when it is cut depends on buffers
            for _ in range(2 * MESSAGE // 65_536 + 400):
                peer.send(b"x" * 65_536)
            raise ConnectionError(peer.reply())
    assert desk.mails == []
    assert gate.gate._memory_used == 0


@pytest.mark.parametrize(("hops", "reply"), [(29, "250 2.0.0"), (30, "554 5.4.6")])
def test_thirty_hops_are_a_loop(gate: Receiver, hops: int, reply: str) -> None:
    with Peer(gate.port) as peer:
        peer.begin(BAKERY)
        content = b"Received: from a by b; today\r\n" * hops + b"Subject: x\r\n\r\nReceived: not a header"
        assert peer.data(content).startswith(reply)


@pytest.mark.parametrize("cut", [0, 1, 10, 15, 17, 18, 19])
def test_a_peer_that_drops_in_the_message_leaves_nothing(gate: Receiver, desk: MemoryDesk, cut: int) -> None:
    raw = b"Subject: x\r\n\r\nx\r\n.\r\n"
    with Peer(gate.port) as peer:
        peer.begin(BAKERY)
        peer.say("DATA")
        peer.send(raw[:cut])
    with Peer(gate.port) as peer:
        peer.begin(BAKERY)
        assert peer.data(b"whole").startswith("250 ")
    assert desk.contents == [b"whole\r\n"]
    assert gate.gate._memory_used == 0


def test_a_peer_that_closes_its_side_after_the_dot_is_still_told(gate: Receiver, desk: MemoryDesk) -> None:
    with Peer(gate.port) as peer:
        peer.begin(BAKERY)
        peer.send(b"DATA\r\nlast words\r\n.\r\n")
        peer.socket.shutdown(1)
        assert [peer.reply()[:3], peer.reply()[:3]] == ["354", "250"]
    assert desk.contents == [b"last words\r\n"]
