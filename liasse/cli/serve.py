"""`liasse serve`: everything under one supervisor, after a look at what would stop it."""

import json
import os
import signal
import subprocess
import sys
from types import FrameType

from liasse.cli.ground import (
    GroundError,
    check_folders,
    check_listener,
    check_mailboxes,
    lock_data_folder,
    ready_data_folder,
)
from liasse.cli.logbook import Logbook
from liasse.cli.parser import command_parser
from liasse.cli.part import Part
from liasse.cli.questions import answers_http, answers_smtp
from liasse.cli.supervisor import Supervisor

_DEMO_DATA = "./var/demo"


def main(arguments: list[str]) -> int:
    """Start Liasse and stay until it is stopped; 0 after a clean stop."""
    parser = command_parser(
        "serve",
        does="Start the web server, the mail receiver and the worker. Ctrl-C stops them.",
        example="LIASSE_DATA=/srv/liasse LIASSE_HTTP=127.0.0.1:8100 LIASSE_SMTP=127.0.0.1:2600 liasse serve",
    )
    parser.add_argument("--demo", action="store_true", help=f"fill a demo practice (data in {_DEMO_DATA})")
    options = parser.parse_args(arguments)
    if options.demo:
        os.environ["LIASSE_DATA"] = os.environ.get("LIASSE_DATA", "").strip() or _DEMO_DATA
    try:
        return _serve(is_demo=options.demo)
    except GroundError as error:
        print(f"liasse serve: {error}", file=sys.stderr)
        return 1


def _serve(*, is_demo: bool) -> int:
    from liasse.config import env, values

    os.umask(0o077)
    ready_data_folder(values.DATA)
    lock = lock_data_folder(values.DATA)
    check_listener("LIASSE_HTTP", values.HTTP)
    check_listener("LIASSE_SMTP", values.SMTP)
    if values.LMTP is not None:
        check_listener("LIASSE_LMTP", values.LMTP)
    check_mailboxes(values.IMAP)
    check_folders(values.watch.missing())
    log = Logbook(values.DATA / "log" / "liasse.log")
    log.say(f"starting on {values.DATA}")
    for name in env.unknown():
        log.say(f"{name} is set, but nothing reads it: see `liasse settings`")
    link = _prepare(log, is_demo=is_demo)
    parts = [
        Part("web", ["web", "--supervised"], lambda: answers_http(values.HTTP)),
        Part("mailgate", ["mailgate", "--supervised"], lambda: answers_smtp(values.SMTP)),
        *_receivers_beside(values.SMTP_PROCESSES),
        *([Part("mailboxes", ["mailboxes", "--supervised"], lambda: True)] if values.IMAP else []),
        *([Part("watch", ["watch", "--supervised"], lambda: True)] if values.watch.PLACES else []),
        Part("worker", ["worker", "--supervised"], lambda: True),
    ]

    def on_ready() -> list[Part]:
        log.announce(_welcome(link))
        return [Part("demo", ["demonstrate"], lambda: True, is_kept=False)] if is_demo else []

    code = Supervisor(parts, log=log, on_ready=on_ready).run()
    log.say("stopped")
    log.close()
    os.close(lock)
    return code


def _receivers_beside(processes: int) -> list[Part]:
    """Give the further receivers on the first one's port; the kernel shares the connections out."""
    command = ["mailgate", "--supervised", "--beside"]
    return [Part(f"mailgate{number}", command, lambda: True) for number in range(2, processes + 1)]


def _welcome(link: str) -> list[str]:
    from liasse.config import values

    lines = ["", f"Liasse is ready: {values.PUBLIC_URL.rstrip('/')}/"]
    if link:
        lines += ["Set up your practice with this link, which works once:", f"  {link}"]
    lines += [
        f"Mail is received on {values.SMTP}. Data and log are in {values.DATA}. Ctrl-C stops Liasse.",
        "",
    ]
    return lines


def _prepare(log: Logbook, *, is_demo: bool) -> str:
    """Migrate where needed, in a child that knows Django; give the set-up link, "" once the practice is set up."""
    command = [sys.executable, "-P", "-m", "liasse.cli", "prepare", *(["--no-link"] if is_demo else [])]
    child = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, process_group=0
    )
    stop = _StopAsked()
    out, err = _outcome(child, stop=stop)
    said = [line for line in err.decode(errors="replace").splitlines() if line.strip()]
    if stop.is_asked:
        raise GroundError("stopped before everything was started.")
    if child.returncode != 0:
        for line in said[:-1]:
            log.write("prepare", line.encode())
        reason = said[-1].removeprefix("liasse prepare: ") if said else "the database could not be prepared."
        raise GroundError(reason)
    for line in said:
        log.write("prepare", line.encode())
    return str(json.loads(out.decode().splitlines()[-1])["setup_link"] or "")


def _outcome(child: subprocess.Popen[bytes], *, stop: "_StopAsked") -> tuple[bytes, bytes]:
    while True:
        try:
            return child.communicate(timeout=0.2)
        except subprocess.TimeoutExpired:
            if stop.is_asked:
                child.terminate()


class _StopAsked:
    """Notes that a stop is asked for while the supervisor's own loop does not run yet."""

    def __init__(self) -> None:
        self.is_asked = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._note)

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self.is_asked = True
