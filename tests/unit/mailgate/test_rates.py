"""How much is borne with, one below and one above each mark, on a clock that is turned by hand."""

import ipaddress
import sys

import pytest

from liasse.mailgate.limits import Limits
from liasse.mailgate.rates import DAY, HOUR, MINUTE, Rates, Window

pytestmark = pytest.mark.house

PEER = "192.0.2.7"


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def rates(clock: Clock) -> Rates:
    return Rates(Limits(), trusted=[ipaddress.ip_network("127.0.0.0/8")], clock=clock)


def test_a_peer_begins_60_messages_a_minute_and_the_61st_waits(rates: Rates, clock: Clock) -> None:
    assert [rates.begins_too_much(PEER) for _ in range(61)] == [False] * 60 + [True]
    assert not rates.begins_too_much("192.0.2.8")
    clock.now += MINUTE - 0.1
    assert rates.begins_too_much(PEER)
    clock.now += 0.1
    assert [rates.begins_too_much(PEER) for _ in range(61)] == [False] * 60 + [True]


def test_the_window_slides(rates: Rates, clock: Clock) -> None:
    for _ in range(60):
        assert not rates.begins_too_much(PEER)
        clock.now += 0.5
    assert rates.begins_too_much(PEER)
    clock.now += 30.0
    assert [rates.begins_too_much(PEER) for _ in range(2)] == [False, True]


def test_a_relay_of_ours_begins_as_many_as_it_likes(rates: Rates) -> None:
    assert not any(rates.begins_too_much("127.0.0.1") for _ in range(1000))
    assert not any(rates.begins_too_much("::ffff:127.0.0.1") for _ in range(1000))
    assert rates.trusts("127.9.9.9")
    assert not rates.trusts("128.0.0.1")
    assert not rates.trusts("local")


def test_a_file_gets_200_an_hour_and_its_neighbour_is_not_held_up(rates: Rates, clock: Clock) -> None:
    for number in range(200):
        assert not rates.gets_too_much(practice="p", file="f"), number
        rates.note_taken(practice="p", file="f")
    assert rates.gets_too_much(practice="p", file="f")
    assert not rates.gets_too_much(practice="p", file="g")
    clock.now += HOUR
    assert not rates.gets_too_much(practice="p", file="f")


def test_a_practice_gets_600_an_hour_over_all_its_files(rates: Rates, clock: Clock) -> None:
    for number in range(600):
        assert not rates.gets_too_much(practice="p", file=f"f{number % 5}"), number
        rates.note_taken(practice="p", file=f"f{number % 5}")
    assert rates.gets_too_much(practice="p", file="new")
    assert not rates.gets_too_much(practice="q", file="other")
    clock.now += HOUR
    assert not rates.gets_too_much(practice="p", file="new")


def test_zero_is_any_number(clock: Clock) -> None:
    rates = Rates(Limits(messages_per_peer=0, messages_per_file=0, messages_per_practice=0), clock=clock)
    for _ in range(2000):
        assert not rates.begins_too_much(PEER)
        rates.note_taken(practice="p", file="f")
    assert not rates.gets_too_much(practice="p", file="f")


def test_ten_unknown_addresses_an_hour_are_borne_with_and_the_eleventh_is_not(rates: Rates, clock: Clock) -> None:
    assert not any(rates.note_unknown(PEER, in_session=1) for _ in range(10))
    assert not rates.puts_off(PEER, sender="a@b", recipient="x")
    assert rates.note_unknown(PEER, in_session=1)
    assert rates.puts_off(PEER, sender="a@b", recipient="x")
    assert not rates.puts_off("192.0.2.8", sender="a@b", recipient="x")
    clock.now += HOUR
    assert not rates.note_unknown(PEER, in_session=1)


def test_a_peer_that_guessed_brings_all_twice_for_a_day(rates: Rates, clock: Clock) -> None:
    for _ in range(11):
        rates.note_unknown(PEER, in_session=1)
    assert rates.puts_off(PEER, sender="a@b", recipient="x")
    clock.now += MINUTE - 0.1
    assert rates.puts_off(PEER, sender="a@b", recipient="x")
    clock.now += 0.1
    assert not rates.puts_off(PEER, sender="a@b", recipient="x")
    clock.now += DAY - MINUTE - 0.1
    assert rates.puts_off(PEER, sender="a@b", recipient="another")
    clock.now += 0.1
    assert not rates.puts_off(PEER, sender="a@b", recipient="a third")


def test_the_slips_of_a_relays_many_senders_never_put_it_on_the_list(rates: Rates) -> None:
    assert not any(rates.note_unknown("127.0.0.1", in_session=1 + number % 10) for number in range(500))
    assert rates.note_unknown("127.0.0.1", in_session=11)
    assert not rates.puts_off("127.0.0.1", sender="a@b", recipient="x")


def test_a_flood_of_peers_takes_a_fixed_part_of_memory(clock: Clock) -> None:
    window = Window(most=3, seconds=HOUR, clock=clock)
    for number in range(30_000):
        window.note(f"peer {number}")
    assert len(window) == 10_000
    assert [window.note("loud") for _ in range(6)] == [1, 2, 3, 4, 4, 4]
    assert sys.getsizeof(window._times["loud"]) < 2000
