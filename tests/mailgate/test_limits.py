"""Who asks too much is put off, and everybody else is served."""

import time

import pytest

from liasse.mailgate.gate import Post
from liasse.mailgate.limits import Limits
from tests.mailgate.desks import MemoryDesk
from tests.mailgate.peer import Peer
from tests.mailgate.running import Receiver, no_session_left, receiver

pytestmark = pytest.mark.house

BAKERY = "boulangerie.k7m2p9@liasse.example"


def post(**limits: float) -> Post:
    return Post(domain="liasse.example", limits=Limits(**limits))  # type: ignore[arg-type]


def test_a_hundred_recipients_and_no_more(gate: Receiver, desk: MemoryDesk) -> None:
    with Peer(gate.port) as peer:
        replies = peer.begin(*(f"file{number}.aaaa@liasse.example" for number in range(102)))
        assert [reply[:9] for reply in replies] == ["250 2.1.5"] * 100 + ["452 4.5.3"] * 2
        assert peer.say("RCPT TO:<file3.aaaa+x@liasse.example>").startswith("250 ")
        assert peer.data(b"x").startswith("250 ")
    assert len(desk.mails[0].recipients) == 100


def test_guessing_addresses_is_slowed_and_cut() -> None:
    desk = MemoryDesk()
    with receiver(desk, post=post(unknown_pause=0.3)) as gate, Peer(gate.port) as peer:
        replies = peer.begin(*(f"guess{number}@liasse.example" for number in range(10)))
        assert {reply[:9] for reply in replies} == {"550 5.1.1"}
        begun = time.monotonic()
        assert peer.say("RCPT TO:<guess10@liasse.example>").startswith("421 4.7.0")
        assert time.monotonic() - begun >= 0.3
        assert peer.is_closed()


def test_closed_and_unknown_take_the_same_time_and_closed_is_no_guess(gate: Receiver) -> None:
    times = []
    with Peer(gate.port) as peer:
        peer.begin()
        for name in ["old.b3c4d5", "nobody"] + ["old.b3c4d5"] * 12:
            begun = time.monotonic()
            assert peer.say(f"RCPT TO:<{name}@liasse.example>")[:3] == "550"
            times.append(time.monotonic() - begun)
    assert min(times) >= 0.05


def test_the_21st_connection_of_a_peer_is_turned_away(gate: Receiver) -> None:
    peers = [Peer(gate.port) for _ in range(21)]
    greetings = [peer.reply() for peer in peers]
    assert sorted(reply[:9] for reply in greetings) == ["220 liass"] * 20 + ["421 4.7.0"]
    for peer in peers:
        peer.socket.close()
        peer._file.close()
    assert no_session_left(gate)
    with Peer(gate.port) as peer:
        assert peer.reply().startswith("220 ")


def test_too_many_connections_in_all_are_turned_away() -> None:
    with receiver(MemoryDesk(), post=post(connections=1)) as gate, Peer(gate.port) as one, Peer(gate.port) as other:
        assert one.reply().startswith("220 ")
        assert other.reply().startswith("421 4.3.2")
        assert other.is_closed()


def test_messages_that_do_not_fit_in_memory_are_put_off_and_the_next_is_taken() -> None:
    desk = MemoryDesk()
    with receiver(desk, post=post(memory_bytes=1000)) as gate, Peer(gate.port) as peer:
        peer.begin(BAKERY)
        assert peer.data(b"x" * 1001).startswith("451 4.3.2")
        assert peer.say("MAIL FROM:<a@b.example> SIZE=1001").startswith("250 ")
        assert peer.say(f"RCPT TO:<{BAKERY}>").startswith("250 ")
        assert peer.say("DATA").startswith("451 4.3.2")
        assert peer.say("RSET").startswith("250 ")
        peer.say("MAIL FROM:<a@b.example>")
        peer.say(f"RCPT TO:<{BAKERY}>")
        assert peer.data(b"x" * 900).startswith("250 ")
        assert gate.gate._memory_used == 0
    assert [mail.size for mail in desk.mails] == [902]


def test_a_low_disk_refuses_at_the_sender_and_heals(gate: Receiver, desk: MemoryDesk) -> None:
    with Peer(gate.port) as peer:
        peer.reply()
        peer.say("HELO x")
        desk.is_full = True
        assert peer.say("MAIL FROM:<a@b.example>").startswith("452 4.3.1")
        desk.is_full = False
        assert peer.say("MAIL FROM:<a@b.example>").startswith("250 ")


@pytest.mark.parametrize("is_in_data", [False, True])
def test_silence_ends_a_session(*, is_in_data: bool) -> None:
    with receiver(MemoryDesk(), post=post(silence=0.3)) as gate, Peer(gate.port) as peer:
        peer.begin(BAKERY)
        if is_in_data:
            peer.say("DATA")
        assert peer.reply().startswith("421 4.4.2")
        assert peer.is_closed()


def test_a_peer_that_trickles_is_cut() -> None:
    desk = MemoryDesk()
    with receiver(desk, post=post(slow_start=0.3)) as gate, Peer(gate.port) as peer:
        peer.begin(BAKERY)
        peer.say("DATA")
        with pytest.raises(ConnectionError):  # noqa: PT012 - when it is cut depends on the clock
            for _ in range(100):
                peer.send(b"x")
                time.sleep(0.02)
    assert desk.mails == []


def test_idle_and_slow_peers_do_not_hold_up_others() -> None:
    desk = MemoryDesk()
    with receiver(desk, post=post(connections_per_peer=300)) as gate:
        idle = [Peer(gate.port) for _ in range(200)]
        begun = time.monotonic()
        with Peer(gate.port) as peer:
            peer.begin(BAKERY)
            assert peer.data(b"x").startswith("250 ")
        assert time.monotonic() - begun < 2
        for one in idle:
            one.__exit__()
    assert len(desk.mails) == 1
