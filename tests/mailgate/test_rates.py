"""Too much mail is put off with 451 and taken later; guessing puts a peer on the list; what goes round is refused."""

import ipaddress
from collections import Counter

import pytest

from liasse.mailgate.gate import Post
from liasse.mailgate.limits import Limits
from tests.mailgate.desks import MemoryDesk
from tests.mailgate.peer import Peer
from tests.mailgate.running import receiver

pytestmark = pytest.mark.house

BAKERY, GARAGE = "boulangerie.k7m2p9@liasse.example", "garage.t4x8w3@liasse.example"
LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)


def post(*, trusted: bool = False, token: str = "", **limits: float) -> Post:
    return Post(
        domain="liasse.example",
        limits=Limits(**limits),  # type: ignore[arg-type]
        trusted=LOOPBACK if trusted else (),
        loop_token=token,
    )


def again(peer: Peer, *recipients: str) -> list[str]:
    assert peer.say("MAIL FROM:<sender@example.org>").startswith("250 ")
    return [peer.say(f"RCPT TO:<{recipient}>") for recipient in recipients]


@pytest.mark.parametrize("limit", ["messages_per_file", "messages_per_practice"])
def test_what_is_too_much_for_an_address_is_put_off_and_nothing_else(limit: str) -> None:
    desk = MemoryDesk()
    with receiver(desk, post=Post("liasse.example", limits=Limits(**{limit: 3}))) as gate, Peer(gate.port) as peer:
        assert peer.begin(BAKERY)[0].startswith("250 ")
        assert peer.data(b"0").startswith("250 ")
        for number in range(1, 3):
            assert again(peer, BAKERY)[0].startswith("250 ")
            assert peer.data(b"%d" % number).startswith("250 ")
        replies = [reply[:9] for reply in again(peer, BAKERY, GARAGE)]
        assert replies == ["451 4.7.1", "451 4.7.1" if limit == "messages_per_practice" else "250 2.1.5"]
        if replies[1].startswith("250"):
            assert peer.data(b"for the garage").startswith("250 ")
    assert Counter(name for name, _ in desk.receipts)["boulangerie.k7m2p9"] == 3


def test_mail_put_off_is_taken_once_the_window_has_slid() -> None:
    desk = MemoryDesk()
    with receiver(desk, post=post(messages_per_file=2)) as gate, Peer(gate.port) as peer:
        peer.begin(BAKERY)
        peer.data(b"one")
        again(peer, BAKERY)
        peer.data(b"two")
        assert again(peer, BAKERY)[0].startswith("451 4.7.1")
        for times in gate.gate.rates._files._times.values():
            times[0] -= 3600
        assert peer.say(f"RCPT TO:<{BAKERY}>").startswith("250 ")
        assert peer.data(b"three").startswith("250 ")
    assert desk.contents == [b"one\r\n", b"two\r\n", b"three\r\n"]


def test_what_was_not_taken_does_not_count() -> None:
    desk = MemoryDesk()
    with receiver(desk, post=post(messages_per_file=1, hops=1)) as gate, Peer(gate.port) as peer:
        peer.begin(BAKERY)
        assert peer.data(b"Received: x\r\n\r\n").startswith("554 5.4.6")
        assert again(peer, BAKERY)[0].startswith("250 ")
        assert peer.data(b"x").startswith("250 ")
        assert again(peer, BAKERY)[0].startswith("451 4.7.1")


@pytest.mark.parametrize("trusted", [False, True])
def test_a_peer_begins_so_many_messages_a_minute_unless_it_is_a_relay_of_ours(*, trusted: bool) -> None:
    with receiver(MemoryDesk(), post=post(trusted=trusted)) as gate, Peer(gate.port) as peer:
        peer.begin()
        peer.say("RSET")
        replies = []
        for _ in range(60):
            replies.append(peer.say("MAIL FROM:<a@b.example>")[:9])
            peer.say("RSET")
    assert replies == ["250 2.1.0"] * 59 + ["250 2.1.0" if trusted else "451 4.7.1"]


def test_who_guesses_must_bring_all_twice_for_a_day_and_learns_nothing_meanwhile() -> None:
    desk = MemoryDesk()
    with receiver(desk, post=post(unknown_pause=0.1, greylist_pause=1.0)) as gate:
        with Peer(gate.port) as peer:
            replies = peer.begin(*(f"guess{number}@liasse.example" for number in range(11)))
            assert [reply[:9] for reply in replies] == ["550 5.1.1"] * 10 + ["421 4.7.0"]
        with Peer(gate.port) as peer:
            replies = peer.begin(BAKERY, "guess11@liasse.example")
            assert [reply[:9] for reply in replies] == ["451 4.7.1"] * 2
            # A peer that pipelines its DATA hears nothing final either.
            assert peer.say("DATA").startswith("451 ")
        for key in gate.gate.rates._greylist._tries:
            gate.gate.rates._greylist._tries[key] -= 1.0
        with Peer(gate.port) as peer:
            assert peer.begin(BAKERY)[0].startswith("250 ")
            assert peer.data(b"x").startswith("250 ")
    assert len(desk.mails) == 1


def test_a_relay_that_brings_many_slips_is_not_put_on_the_list() -> None:
    desk = MemoryDesk()
    with receiver(desk, post=post(trusted=True, unknown_pause=0.1)) as gate:
        for number in range(5):
            with Peer(gate.port) as peer:
                replies = peer.begin(*(f"guess{number}-{slip}@liasse.example" for slip in range(10)), BAKERY)
                assert [reply[:3] for reply in replies] == ["550"] * 10 + ["250"]
                assert peer.data(b"%d" % number).startswith("250 ")
    assert len(desk.mails) == 5


@pytest.mark.parametrize(
    ("header", "reply"),
    [
        (b"X-Loop: liasse/liasse.example", "554 5.4.6"),
        (b"x-LOOP:\tLiasse/liasse.example  ", "554 5.4.6"),
        (b"X-Loop: liasse/other.example", "250 2.0.0"),
        (b"X-Loop: liasse/liasse.example.org", "250 2.0.0"),
        (b"Subject: X-Loop: liasse/liasse.example", "250 2.0.0"),
        (b"Subject: x\r\n\r\nX-Loop: liasse/liasse.example", "250 2.0.0"),
    ],
)
def test_a_mail_of_our_own_that_comes_back_is_a_loop(header: bytes, reply: str) -> None:
    with receiver(MemoryDesk(), post=post(token="liasse/liasse.example")) as gate, Peer(gate.port) as peer:
        peer.begin(BAKERY)
        assert peer.data(header + b"\r\n\r\nx").startswith(reply)


@pytest.mark.parametrize("number", [9, 10, 20])
def test_nine_bad_commands_are_borne_with_and_the_tenth_ends_it(number: int) -> None:
    with receiver(MemoryDesk(), post=post()) as gate, Peer(gate.port) as peer:
        peer.reply()
        peer.send(b"NONSENSE\r\n" * number + b"NOOP\r\n")
        replies = [peer.reply()[:9] for _ in range(10)]
        assert replies == ["500 5.5.2"] * 9 + ["250 2.0.0" if number == 9 else "421 4.7.0"]
        assert number == 9 or peer.is_closed()
