"""How long a mail takes from its sender to the inbox, on a Liasse started for it and thrown away afterwards.

Sends Factur-X mails one after the other and then in a burst; prints p50 and p95 from the first byte sent until the
document is listed with its fields, the memory of all processes, and the time of a second start. `make bench-mail` runs
it on SQLite; with DATABASE_URL set, on that (empty) database.
"""

from __future__ import annotations

import argparse
import contextlib
import http.cookiejar
import os
import re
import signal
import smtplib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from statistics import quantiles
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import psutil

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
EMAIL, PASSWORD = "mesure@mesure.example", "une-phrase-pour-mesurer"
LOOK = 0.02
PATIENCE = 60.0
GOAL_SECONDS, GOAL_MIB, GOAL_START = 2.0, 350, 5.0


def main() -> int:
    """Measure; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=50)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="liasse-bench-") as folder:
        _settle(Path(folder))
        address, file_id = _open_file()
        with _serving(Path(folder)) as (process, first_start):
            time.sleep(3)
            print(f"first start with the tables made      {first_start:6.1f} s")
            idle = _memory("idle, nothing read yet", process)
            inbox = _Inbox(file_id)
            one = _one_by_one(options.mails, address=address, inbox=inbox)
            burst = _burst(options.mails, address=address)
            _await_rest()
            idle = max(idle, _memory("idle again, the reader's helper kept", process))
        with _serving(Path(folder)) as (_process, second_start):
            print(f"second start                          {second_start:6.1f} s    (goal: at most {GOAL_START:g})")
    print(f"burst of {options.mails}: all listed after {burst:.1f} s, {options.mails / burst:.1f} a second")
    return 0 if one <= GOAL_SECONDS and idle <= GOAL_MIB and second_start <= GOAL_START else 1


def _settle(folder: Path) -> None:
    """Give this process, and Liasse below it, a data folder and ports of their own."""
    for name in [name for name in os.environ if name.startswith("LIASSE_")]:
        del os.environ[name]
    os.environ["LIASSE_DATA"] = str(folder / "var")
    # One file gets here in a minute what it may get in an hour.
    os.environ["LIASSE_RATE_FILE"] = os.environ["LIASSE_RATE_PRACTICE"] = "0"
    for name in ("LIASSE_HTTP", "LIASSE_SMTP"):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            os.environ[name] = f"127.0.0.1:{probe.getsockname()[1]}"


def _open_file() -> tuple[str, str]:
    """Set up a practice with one client file; give its address and its id."""
    from liasse.cli.project import migrate, open_project  # noqa: PLC0415 - the environment comes first

    (Path(os.environ["LIASSE_DATA"])).mkdir()
    open_project()
    migrate()
    from django.conf import settings  # noqa: PLC0415 - the same

    from liasse.clients.types import NewClientFile  # noqa: PLC0415 - the same
    from liasse.core.scope import practice_scope  # noqa: PLC0415 - the same
    from liasse.invitations.opening import open_client_file  # noqa: PLC0415 - the same
    from liasse.practices.models import Colleague  # noqa: PLC0415 - the same
    from liasse.practices.selectors import actor_of  # noqa: PLC0415 - the same
    from liasse.practices.services import set_up  # noqa: PLC0415 - the same

    practice = set_up(practice_name="Cabinet de mesure", email=EMAIL, password=PASSWORD, person_name="Mesure")
    with practice_scope(practice.id):
        actor = actor_of(Colleague.objects.get(email=EMAIL))
        new = NewClientFile(key=uuid4(), opened_at=datetime.now(UTC), name="Boulangerie de mesure")
        opened = open_client_file(new, actor=actor).opened
    return f"{opened.local_part}@{settings.LIASSE_MAIL_DOMAIN}", str(opened.client_file.id)


@contextlib.contextmanager
def _serving(folder: Path) -> Iterator[tuple[psutil.Process, float]]:
    """Run `liasse serve` for the block; give the supervisor and how long it took until all parts answered."""
    output = folder / "output"
    began = time.monotonic()
    with output.open("wb") as written:
        child = subprocess.Popen(
            [sys.executable, "-m", "liasse.cli", "serve"],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=written,
        )
    try:
        while b"Liasse is ready" not in output.read_bytes():
            if child.poll() is not None or time.monotonic() - began > PATIENCE:
                raise SystemExit(output.read_text(encoding="utf-8"))
            time.sleep(LOOK)
        yield psutil.Process(child.pid), time.monotonic() - began
    finally:
        child.send_signal(signal.SIGINT)
        child.wait(30)


def _memory(label: str, process: psutil.Process) -> float:
    """Print what all processes hold in memory; shared pages are counted in each by RSS, once by PSS."""
    family = [process, *process.children(recursive=True)]
    resident = sum(one.memory_info().rss for one in family) / 1024**2
    shared_once = sum(one.memory_full_info().pss for one in family) / 1024**2
    print(f"{label:<38}{resident:6.0f} MiB RSS of {len(family)} processes, {shared_once:.0f} MiB PSS"
          f"  (goal: at most {GOAL_MIB})", flush=True)  # fmt: skip
    return resident


class _Inbox:
    """The inbox as a browser of somebody signed in gets it."""

    def __init__(self, file_id: str) -> None:
        self._base = f"http://{os.environ['LIASSE_HTTP']}"
        self._path = f"/files/{file_id}/inbox/?tab=ready"
        self._browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        form = self._get("/sign-in/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
        assert token is not None
        words = {"csrfmiddlewaretoken": token[1], "email": EMAIL, "password": PASSWORD}
        request = urllib.request.Request(f"{self._base}/sign-in/", data=urlencode(words).encode())  # noqa: S310 - our own
        request.add_header("Referer", f"{self._base}/sign-in/")
        self._browser.open(request, timeout=PATIENCE).read()

    def shows(self, *words: str) -> bool:
        """Tell whether the list shows all of these."""
        page = self._get(self._path)
        return all(word in page for word in words)

    def _get(self, path: str) -> str:
        with self._browser.open(self._base + path, timeout=PATIENCE) as answer:
            return str(answer.read().decode())


def _mail(number: int, *, address: str) -> EmailMessage:
    from liasse.cli.demo_sales import sample  # noqa: PLC0415 - after the environment
    from liasse.cli.demo_sheet import facturx_pdf  # noqa: PLC0415 - the same

    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "fournisseur@mesure.example", address, f"Facture {number}"
    mail["Message-ID"] = f"<{number}@mesure.example>"
    mail.set_content("Bonjour,\n\nCi-joint notre facture.\n")
    content = facturx_pdf(sample(number, datetime.now(UTC).date()))
    mail.add_attachment(content, maintype="application", subtype="pdf", filename=f"facture-{number}.pdf")
    return mail


def _send(mail: EmailMessage) -> None:
    host, _, port = os.environ["LIASSE_SMTP"].rpartition(":")
    with smtplib.SMTP(host, int(port), timeout=PATIENCE) as door:
        door.send_message(mail)


def _read_numbers() -> set[str]:
    """Give the numbers of the documents that were read."""
    from liasse.core.scope import instance_scope  # noqa: PLC0415 - after the environment
    from liasse.documents.models import Document  # noqa: PLC0415 - the same

    with instance_scope():
        read: Any = Document.objects.exclude(status="processing").values_list("number", flat=True)
        return set(read)


def _one_by_one(count: int, *, address: str, inbox: _Inbox) -> float:
    """Send one, wait until the inbox lists it with its fields, rest a moment, send the next; give p95 in seconds."""
    mails = [_mail(number, address=address) for number in range(count)]
    taken, asked = [], []
    for number, mail in enumerate(mails):
        began = time.monotonic()
        _send(mail)
        asked.append(time.monotonic() - began)
        _await({f"S-{number:05d}"})
        assert inbox.shows(f"S-{number:05d}", "Énergie Claire Ouest")
        taken.append(time.monotonic() - began)
        time.sleep(0.2)
    parts = quantiles(taken, n=20)
    print(f"receiver's 250 after sending          {quantiles(asked, n=20)[9] * 1000:6.0f} ms p50"
          f"  {quantiles(asked, n=20)[18] * 1000:6.0f} ms p95")  # fmt: skip
    print(f"listed with its fields ({count} mails)     {parts[9] * 1000:6.0f} ms p50  {parts[18] * 1000:6.0f} ms p95"
          f"  {max(taken) * 1000:6.0f} ms most  (goal: p95 at most {GOAL_SECONDS:g} s)", flush=True)  # fmt: skip
    return parts[18]


def _burst(count: int, *, address: str) -> float:
    """Send all at once; give how many seconds it took until the last was read."""
    mails = [_mail(number, address=address) for number in range(1000, 1000 + count)]
    began = time.monotonic()
    for mail in mails:
        _send(mail)
    _await({f"S-{number:05d}" for number in range(1000, 1000 + count)})
    return time.monotonic() - began


def _await(numbers: set[str]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not numbers <= _read_numbers():
        if time.monotonic() > deadline:
            raise SystemExit(f"bench: not read within {PATIENCE:g} s: {sorted(numbers - _read_numbers())[:5]}")
        time.sleep(LOOK)


def _await_rest() -> None:
    """Wait until the last page is drawn, and a moment more for the processes that did it to end."""
    from liasse.core.models import Job  # noqa: PLC0415 - after the environment
    from liasse.core.scope import instance_scope  # noqa: PLC0415 - the same

    deadline = time.monotonic() + PATIENCE
    with instance_scope():
        while Job.objects.exists() and time.monotonic() < deadline:
            time.sleep(LOOK)
    time.sleep(5)


if __name__ == "__main__":
    sys.exit(main())
