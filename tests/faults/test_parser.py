"""A mail turns the parser that opens it: it ends with a sentence, and the next normal one is opened all the same."""

import time
from pathlib import Path

import pytest

from tests.faults.conftest import Place
from tests.faults.hostile_parser import BEHAVIOURS
from tests.faults.load import attempt
from tests.faults.receivers import Forked, one_receiver
from tests.faults.test_worker_kill import due, within
from tests.faults.tool import ADDRESSES

TURNED, NORMAL = ADDRESSES[:2]

pytestmark = [pytest.mark.faults, pytest.mark.house, pytest.mark.timeout(480)]


def test_turned_parsers_cost_their_own_mail_only(
    place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place.env["LIASSE_DNS_SERVERS"] = "off"
    with one_receiver(place, log=tmp_path / "log") as port:
        for name in BEHAVIOURS:
            for subject, address in ((f"turned {name}", TURNED), (f"normal after {name}", NORMAL)):
                content = f"Subject: {subject}\r\n\r\nBonjour".encode()
                assert attempt(port, content, recipients=[address], note=lambda *_: None)
    forked = Forked(place, log=tmp_path / "log", record=tmp_path / "record")
    forked.open_door(kind="worker", name="worker", parser=1)
    began = time.monotonic()
    assert within(150, lambda: due(place, kind="open-receipt") == 0), (tmp_path / "log").read_text()[-3000:]
    seconds = time.monotonic() - began
    assert forked.is_alive("worker")
    forked.kill("worker")
    forked.close()
    rows = place.receipts()
    turned = [row["problem"] for row in rows if row["file"] == TURNED]
    normal = [row["problem"] for row in rows if row["file"] == NORMAL]
    with capsys.disabled():
        print(f"\n[turned parsers] {len(BEHAVIOURS)} of them, {seconds:.0f} s, told as {sorted(set(turned))}")
    assert len(turned) == len(normal) == len(BEHAVIOURS)
    # Nothing is wrong with the normal ones: they hold no document, which is said of them.
    assert set(normal) == {"nothing-usable"}
    assert set(turned) <= {"open-failed", "open-memory", "open-timeout", "open-output"}
    assert len(set(turned)) >= 3
    assert {row["state"] for row in rows} <= {"failed", "unusable"}
    assert place.verify().returncode == 0
