"""A real Postfix in front, configured as docs/admin/postfix.md says: nothing is lost between the two, or doubled."""

import contextlib
import re
import smtplib
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import postfix
from tests.faults.conftest import ROOT, Place, make_place
from tests.faults.receivers import COLD, free_port, wait_for_greeting
from tests.faults.tool import ADDRESSES

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]

DOMAIN = "liasse.localhost"
BODY = "Subject: Facture\n\nBonjour\n"


@pytest.fixture
def instance(tmp_path: Path) -> Place:
    """An instance on SQLite: which database it is makes no difference to the wire."""
    if reason := postfix.why_not():
        pytest.skip(reason)
    place = make_place(tmp_path / "data", database="")
    place.env.update({"LIASSE_MAIL_DOMAIN": DOMAIN, "LIASSE_LMTP": f"127.0.0.1:{free_port()}"})
    return place


@contextlib.contextmanager
def receiving(place: Place) -> Iterator[None]:
    port = free_port()
    with (place.data.parent / "log").open("ab") as log:
        process = subprocess.Popen(
            [*COLD, "--listen", f"127.0.0.1:{port}"], cwd=ROOT, env=place.env, stdout=log, stderr=log
        )
    try:
        assert wait_for_greeting(port)
        yield
    finally:
        process.terminate()
        process.wait(20)


@contextlib.contextmanager
def in_front(place: Place, *, transport: str = "") -> Iterator[postfix.Postfix]:
    page = (ROOT / "docs/admin/postfix.md").read_text(encoding="utf-8")
    found = re.search(r"```postfix\n(.*?)```", page, re.DOTALL)
    assert found is not None
    settings = found[1].replace("depots.cabinet.example", DOMAIN)
    settings = settings.replace("lmtp:inet:127.0.0.1:2424", transport or f"lmtp:inet:{place.env['LIASSE_LMTP']}")
    # A test does not wait a minute for the next try.
    soon = "minimal_backoff_time = 1s\nmaximal_backoff_time = 2s\nqueue_run_delay = 1s\n"
    with postfix.running(re.sub(r"(?m)^(minimal|maximal|queue_run)_.*\n", "", settings) + soon) as server:
        yield server


def send(server: postfix.Postfix, *names: str, body: str = BODY) -> dict[str, tuple[int, bytes]]:
    """Send as a relay does: again for a while when Postfix puts it off, as it does while it asks about an address."""
    deadline = time.monotonic() + 60
    while True:
        try:
            with smtplib.SMTP("127.0.0.1", server.port, timeout=60) as client:
                client.ehlo("sender.example")
                return client.sendmail("sender@example.org", [f"{name}@{DOMAIN}" for name in names], body)
        except smtplib.SMTPRecipientsRefused as refused:
            is_put_off = all(code < 500 for code, _said in refused.recipients.values())
            if not is_put_off or time.monotonic() > deadline:
                raise
            time.sleep(1)


def until(is_so: Callable[[], bool], *, seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if is_so():
            return True
        time.sleep(0.1)
    return False


def test_known_addresses_are_delivered_and_an_unknown_one_is_refused_to_its_sender(instance: Place) -> None:
    with receiving(instance), in_front(instance) as server:
        assert send(server, *ADDRESSES[:3]) == {}
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            send(server, "nobody.zzzz")
        code, said = refused.value.recipients[f"nobody.zzzz@{DOMAIN}"]
        assert code == 550, said
        assert until(lambda: server.queued() == 0), server.log
    rows = instance.receipts()
    assert sorted(row["address"] for row in rows) == sorted(ADDRESSES[:3])
    assert len({row["sha256"] for row in rows}) == 1
    assert instance.verify().returncode == 0


def test_what_postfix_could_not_hand_over_comes_once_when_liasse_is_back(instance: Place) -> None:
    with in_front(instance) as server:
        with receiving(instance):
            # Postfix has asked about this address, and remembers it while Liasse is away.
            assert send(server, ADDRESSES[0]) == {}
            assert until(lambda: server.queued() == 0), server.log
        for number in range(5):
            assert send(server, ADDRESSES[0], body=f"Subject: {number}\n\nBonjour\n") == {}
        assert until(lambda: server.log.count("status=deferred") >= 1), server.log
        assert server.queued() >= 5
        with receiving(instance):
            assert until(lambda: server.queued() == 0, seconds=90), server.log
    assert len(instance.receipts()) == 6
    assert instance.verify().returncode == 0


def test_a_socket_of_the_machine_does_as_well(instance: Place) -> None:
    folder = instance.data.parent / "socket"
    folder.mkdir()
    instance.env["LIASSE_LMTP_SOCKET"] = str(folder / "lmtp")
    # The folders above belong to the tests alone; Postfix, who runs as somebody else, enters by another way.
    with receiving(instance), _way_in(folder) as way, in_front(instance, transport=f"lmtp:unix:{way}/lmtp") as server:
        assert send(server, ADDRESSES[1]) == {}
        assert until(lambda: server.queued() == 0), server.log
    assert [row["address"] for row in instance.receipts()] == [ADDRESSES[1]]
    assert not (folder / "lmtp").exists()


@contextlib.contextmanager
def _way_in(folder: Path) -> Iterator[Path]:
    opened = [parent for parent in (folder, *folder.parents) if not parent.stat().st_mode & 0o001]
    for parent in opened:
        parent.chmod(parent.stat().st_mode | 0o001)
    try:
        yield folder
    finally:
        for parent in opened:
            parent.chmod(parent.stat().st_mode & ~0o001)
