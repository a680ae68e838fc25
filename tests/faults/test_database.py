"""The database is locked, cut off or slow: the sender waits, is put off, and comes back to a receiver that works."""

import contextlib
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.conftest import Place
from tests.faults.load import attempt
from tests.faults.receivers import one_receiver
from tests.faults.tool import ADDRESSES

pytestmark = pytest.mark.faults


@contextlib.contextmanager
def locked(place: Place) -> Iterator[Callable[[], object]]:
    """Hold the database so that nobody can write a receipt; gives what lets it go."""
    if place.is_postgresql:
        import psycopg

        with psycopg.connect(place.env["DATABASE_URL"]) as holder:
            holder.execute("LOCK TABLE intake_receipt IN ACCESS EXCLUSIVE MODE")
            yield holder.rollback
        return
    holder_ = sqlite3.connect(place.data / "liasse.sqlite3", check_same_thread=False, isolation_level=None)
    with contextlib.closing(holder_):
        holder_.execute("BEGIN EXCLUSIVE")
        yield lambda: holder_.execute("ROLLBACK")


def send(port: int, *, replies: list[str], content: bytes = b"x") -> bool:
    return attempt(port, content, recipients=[ADDRESSES[0]], note=lambda _what, reply="": replies.append(reply))


def test_a_lock_that_goes_away_only_takes_time(place: Place, tmp_path: Path) -> None:
    replies: list[str] = []
    with one_receiver(place, log=tmp_path / "log") as port, locked(place) as let_go:
        timer = threading.Timer(2.0, let_go)
        began = time.monotonic()
        timer.start()
        assert send(port, replies=replies)
        assert time.monotonic() - began >= 1.5
        timer.join()
    assert replies == []
    assert len(place.receipts()) == 1


def test_a_lock_that_stays_puts_mail_off_without_a_word_of_why(place: Place, tmp_path: Path) -> None:
    if place.is_postgresql:
        pytest.skip("PostgreSQL waits for a lock as long as it is held")
    replies: list[str] = []
    with one_receiver(place, log=tmp_path / "log") as port:
        with locked(place):
            assert not send(port, replies=replies)
        assert replies == ["451 4.3.0 Something is wrong on our side, try again later"]
        assert place.receipts() == []
        assert send(port, replies=replies)
    assert len(place.receipts()) == 1
    assert place.verify().returncode == 0


def test_a_connection_that_is_cut_costs_one_try_at_most(place: Place, tmp_path: Path) -> None:
    if not place.is_postgresql:
        pytest.skip("SQLite has no connection to cut")
    import psycopg

    with one_receiver(place, log=tmp_path / "log") as port:
        for number in range(5):
            replies: list[str] = []
            assert send(port, replies=replies, content=b"before %d" % number)
            with psycopg.connect(place.env["DATABASE_URL"], autocommit=True) as other:
                other.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE pid <> pg_backend_pid() AND datname = current_database()"
                )
            content = b"after %d" % number
            assert send(port, replies=replies, content=content) or send(port, replies=replies, content=content)
            assert all(reply.startswith("451 4.3.0") for reply in replies)
    assert len(place.receipts()) == 10
    assert place.verify().returncode == 0


def test_ten_copies_at_once_for_two_addresses_are_two_receipts(place: Place, tmp_path: Path) -> None:
    taken: list[bool] = []
    recipients = list(ADDRESSES[:2])

    def copy(number: int) -> None:
        order = recipients if number % 2 else recipients[::-1]
        taken.append(attempt(port, b"the same", recipients=order, note=lambda *_: None))

    with one_receiver(place, log=tmp_path / "log") as port:
        threads = [threading.Thread(target=copy, args=(number,)) for number in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert taken == [True] * 10
    assert sorted(row["address"] for row in place.receipts()) == sorted(recipients)
    assert place.verify().returncode == 0


def test_two_recipients_are_taken_both_or_none(place: Place, tmp_path: Path) -> None:
    # The second file has vanished between RCPT and the dot: its row cannot be written.
    from tests.mailgate.peer import Peer

    with one_receiver(place, log=tmp_path / "log") as port, Peer(port) as peer:
        replies = peer.begin(f"{ADDRESSES[0]}@liasse.localhost", f"{ADDRESSES[1]}@liasse.localhost")
        assert all(reply.startswith("250 ") for reply in replies)
        forget_address(place, ADDRESSES[1])
        assert peer.data(b"for two").startswith("451 4.3.0")
    assert place.receipts() == []


def forget_address(place: Place, local_part: str) -> None:
    statement = "DELETE FROM clients_inboundaddress WHERE local_part = "
    if place.is_postgresql:
        import psycopg

        with psycopg.connect(place.env["DATABASE_URL"], autocommit=True) as other:
            other.execute("SELECT set_config('liasse.practice', 'instance', false)")
            other.execute(statement + "%s", [local_part])
        return
    with contextlib.closing(sqlite3.connect(place.data / "liasse.sqlite3")) as other_:
        other_.execute(statement + "?", [local_part])
        other_.commit()
