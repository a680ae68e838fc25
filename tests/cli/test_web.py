import signal
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.cli.instance import ROOT, eventually, free_port

pytestmark = pytest.mark.house
# The product's own loop around a page that takes a while.
SLOW = """
import sys, time
from waitress.server import create_server
from liasse.cli import web

def page(environ, start_response):
    print("asked", flush=True)
    time.sleep(2.5)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"whole " * 100_000]

stop = web._Stop()
web._answer(create_server(page, host="127.0.0.1", port=int(sys.argv[1]), threads=2), stop=stop)
"""


def test_what_is_being_answered_at_the_stop_is_answered_whole(tmp_path: Path) -> None:
    port = free_port()
    (tmp_path / "slow.py").write_text(SLOW)
    with subprocess.Popen(
        [sys.executable, tmp_path / "slow.py", str(port)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as server:
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        assert eventually(lambda: _sends(connection), within=10)
        assert server.stdout is not None
        assert server.stdout.readline() == "asked\n"
        server.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        with pytest.raises(ConnectionRefusedError):
            HTTPConnection("127.0.0.1", port, timeout=10).connect()
        assert len(connection.getresponse().read()) == 600_000
        assert server.wait(10) == 0


def _sends(connection: HTTPConnection) -> bool:
    try:
        connection.request("GET", "/")
    except OSError:
        connection.close()
        return False
    return True
