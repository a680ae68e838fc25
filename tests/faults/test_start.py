"""Start and end of the receiver's process, and the sentence it leaves when it cannot start."""

import signal
import socket
from pathlib import Path

import pytest

from tests.faults.conftest import Place
from tests.faults.receivers import Cold, free_port, wait_for_greeting
from tests.mailgate.peer import Peer

pytestmark = [pytest.mark.faults, pytest.mark.house]


def test_sigterm_sends_idle_peers_away_and_ends_with_0(place: Place, tmp_path: Path) -> None:
    port, receiver = free_port(), Cold(place, log=tmp_path / "log")
    receiver.start(port)
    assert wait_for_greeting(port)
    assert receiver.process is not None
    with Peer(port) as peer:
        peer.reply()
        receiver.process.send_signal(signal.SIGTERM)
        assert peer.reply().startswith("421 4.3.2")
    assert receiver.process.wait(10) == 0
    said = (tmp_path / "log").read_text(encoding="utf-8")
    assert "listening" in said
    assert "stopped" in said
    assert "Traceback" not in said


def test_a_port_in_use_is_one_sentence(place: Place) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = place.run("liasse.cli", "mailgate", "--listen", f"127.0.0.1:{port}")
    assert done.returncode == 1
    assert done.stderr == f"LIASSE_SMTP: 127.0.0.1:{port} cannot be listened on: Address already in use.\n"


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_certificate_that_cannot_be_used_is_one_sentence(place: Place, tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "cert.pem"
    if content is not None:
        path.write_text(content, encoding="ascii")
    place.env["LIASSE_SMTP_TLS_CERT"] = str(path)
    done = place.run("liasse.cli", "mailgate", "--listen", f"127.0.0.1:{free_port()}")
    assert done.returncode == 1
    assert done.stderr.startswith(f"LIASSE_SMTP_TLS_CERT, LIASSE_SMTP_TLS_KEY: {path} and its key cannot be used: ")
    assert len(done.stderr.splitlines()) == 1


def test_a_host_that_is_not_there_is_one_sentence(place: Place) -> None:
    done = place.run("liasse.cli", "mailgate", "--listen", "no.such.host.invalid:2525")
    assert done.returncode == 1
    assert done.stderr.startswith("LIASSE_SMTP: no.such.host.invalid:2525 cannot be listened on: ")
    assert len(done.stderr.splitlines()) == 1


def test_an_address_that_is_none_is_one_sentence(place: Place) -> None:
    done = place.run("liasse.cli", "mailgate", "--listen", "nowhere")
    assert done.returncode == 1
    assert done.stderr == "--listen must be an address and port such as 127.0.0.1:2525, not “nowhere”.\n"


def test_help_ends_with_an_example(place: Place) -> None:
    for command in ("mailgate", "verify"):
        done = place.run("liasse.cli", command, "--help")
        assert done.returncode == 0
        assert f"Example:\n  liasse {command}" in done.stdout
