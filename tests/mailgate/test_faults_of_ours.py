"""Whatever goes wrong on our side is a temporary refusal, without a word of the error."""

import threading
import time

import pytest

from liasse.core.blobs import StorageFaultError, StorageFullError, StorageSyncError
from tests.mailgate.desks import MemoryDesk
from tests.mailgate.peer import Peer
from tests.mailgate.running import Receiver

pytestmark = pytest.mark.house

BAKERY = "boulangerie.k7m2p9@liasse.example"


class SecretError(Exception):
    pass


def raising(error: Exception) -> None:
    raise error


@pytest.mark.parametrize(
    ("error", "reply"),
    [
        (SecretError("password"), "451 4.3.0"),
        (KeyError("password"), "451 4.3.0"),
        (RecursionError("password"), "451 4.3.0"),
        (StorageFaultError("password"), "451 4.3.0"),
        (StorageFullError("password"), "452 4.3.1"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_a_delivery_that_fails_is_put_off_and_the_next_is_taken(
    gate: Receiver, desk: MemoryDesk, error: Exception, reply: str
) -> None:
    desk.on_deliver = lambda: raising(error)
    with Peer(gate.port) as peer:
        peer.begin(BAKERY)
        heard = peer.data(b"x")
        assert heard.startswith(reply)
        assert "password" not in heard
        assert "Error" not in heard
        desk.on_deliver = lambda: None
        peer.say("MAIL FROM:<a@b.example>")
        peer.say(f"RCPT TO:<{BAKERY}>")
        assert peer.data(b"x").startswith("250 ")
    assert gate.gate._memory_used == 0


def test_a_lookup_that_fails_is_put_off(gate: Receiver, desk: MemoryDesk) -> None:
    desk.on_lookup = lambda: raising(SecretError("password"))
    with Peer(gate.port) as peer:
        assert peer.begin(BAKERY) == ["451 4.3.0 Something is wrong on our side, try again later"]
        desk.on_lookup = lambda: None
        assert peer.say(f"RCPT TO:<{BAKERY}>").startswith("250 ")


def test_a_disk_that_would_not_confirm_stops_the_receiver(gate: Receiver, desk: MemoryDesk) -> None:
    desk.on_deliver = lambda: raising(StorageSyncError())
    with Peer(gate.port) as peer:
        peer.begin(BAKERY)
        assert peer.data(b"x").startswith("451 4.3.0")
        assert peer.reply().startswith("421 4.3.2")
    assert gate.join() == 1
    assert desk.mails == []


def test_ten_copies_at_once_are_one_receipt(gate: Receiver, desk: MemoryDesk) -> None:
    replies: list[str] = []

    def send() -> None:
        with Peer(gate.port) as peer:
            peer.begin(BAKERY)
            replies.append(peer.data(b"the same"))

    threads = [threading.Thread(target=send) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [reply[:3] for reply in replies] == ["250"] * 10
    assert len(desk.receipts) == 1


# ------------------------------------------------------------------------------------- shutdown


def test_idle_peers_are_told_that_the_receiver_stops(gate: Receiver) -> None:
    with Peer(gate.port) as fresh, Peer(gate.port) as begun:
        fresh.reply()
        begun.begin(BAKERY)
        gate.stop()
        assert fresh.reply().startswith("421 4.3.2")
        assert begun.reply().startswith("421 4.3.2")
    assert gate.join() == 0


def test_a_message_on_its_way_is_still_taken(gate: Receiver, desk: MemoryDesk) -> None:
    with Peer(gate.port) as peer:
        peer.begin(BAKERY)
        peer.say("DATA")
        peer.send(b"half ")
        gate.stop()
        time.sleep(0.2)
        peer.send(b"and half\r\n.\r\n")
        assert peer.reply().startswith("250 ")
        assert peer.reply().startswith("421 4.3.2")
    assert gate.join() == 0
    assert desk.contents == [b"half and half\r\n"]


def test_a_delivery_in_its_thread_is_waited_for(gate: Receiver, desk: MemoryDesk) -> None:
    is_delivering = threading.Event()

    def slow() -> None:
        is_delivering.set()
        time.sleep(0.5)

    desk.on_deliver = slow
    with Peer(gate.port) as peer:
        peer.begin(BAKERY)
        peer.say("DATA")
        peer.send(b"x\r\n.\r\n")
        assert is_delivering.wait(5)
        gate.stop()
        assert peer.reply().startswith("250 ")
    assert gate.join() == 0
    assert len(desk.mails) == 1


def test_a_peer_that_hangs_up_during_delivery_does_not_stop_it(gate: Receiver, desk: MemoryDesk) -> None:
    is_delivering, may_end = threading.Event(), threading.Event()

    def slow() -> None:
        is_delivering.set()
        assert may_end.wait(5)

    desk.on_deliver = slow
    with Peer(gate.port) as peer:
        peer.begin(BAKERY)
        peer.say("DATA")
        peer.send(b"x\r\n.\r\n")
        assert is_delivering.wait(5)
    time.sleep(0.1)
    may_end.set()
    gate.stop()
    assert gate.join() == 0
    assert len(desk.mails) == 1
    assert gate.gate._memory_used == 0
