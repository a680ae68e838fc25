"""Starts receivers by forking, so that a fault test can kill hundreds a minute: imports cost more than mail does.

A forked part opens its own database connection, threads and socket, as a cold one does. Commands come one a line
(`start PORT`, `work NAME`, `kill PORT-OR-NAME`), each answered with one line. A mutant breaks one promise on purpose,
to show that the test that guards it sees that.

`door {…}` starts a part of any door (JSON: kind, name, port, point, count, skew) that may kill itself at a named point
(`points`) or live in another time (`skew`, seconds); `alive NAME` says whether it still lives.
"""

import json
import os
import signal
import sys
import threading
import time
import uuid
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from typing import Any

from tests.faults import doors


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liasse.config.settings")
    import django

    django.setup()
    from liasse.mailgate import desk
    from liasse.mailgate import main as receiver

    if len(sys.argv) > 2 and sys.argv[2]:
        doors.load()
    mutate(sys.argv[1] if len(sys.argv) > 1 else "none", desk=desk)
    children: dict[str, int] = {}
    for line in sys.stdin:
        word, _, name = line.strip().partition(" ")
        if word == "start":
            children[name] = start(partial(receiver.main, ["--listen", f"127.0.0.1:{name}"]))
            print(children[name], flush=True)
        elif word == "work":
            children[name] = start(work)
            print(children[name], flush=True)
        elif word == "door":
            order = json.loads(name)
            children[order["name"]] = start(partial(doors.run, order, record=sys.argv[2]))
            print(children[order["name"]], flush=True)
        elif word == "alive":
            ended = os.waitid(os.P_PID, children[name], os.WEXITED | os.WNOHANG | os.WNOWAIT)
            print("no" if ended else "yes", flush=True)
        else:
            pid = children.pop(name)
            os.kill(pid, signal.SIGKILL)
            _, status = os.waitpid(pid, 0)
            print("killed" if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL else "dead", flush=True)
    for pid in children.values():
        os.kill(pid, signal.SIGKILL)
    return 0


def start(main: Callable[[], int]) -> int:
    pid = os.fork()
    if pid:
        return pid
    status = 70
    try:
        os.dup2(os.open(os.devnull, os.O_RDWR), 0)
        os.dup2(2, 1)
        status = main()
    finally:
        os._exit(status)


def work() -> int:
    """Be a worker that comes when the leases of the one before it have run out; says which jobs that one held."""
    from liasse.worker.main import main

    doors.free_held_jobs()
    return main([])


def mutate(name: str, *, desk: Any) -> None:  # noqa: ANN401 - a module
    if name == "early-250":
        from liasse.mailgate.types import Delivery

        real = desk.PipelineDesk.deliver_all

        def deliver_all(self: Any, mails: Any) -> Any:  # noqa: ANN401 - stands in for the method
            def later() -> None:
                time.sleep(0.05)
                real(self, mails)

            threading.Thread(target=later).start()
            return [
                Delivery(sha256(b"".join(mail.content)).hexdigest(), (None,) * len(mail.recipients)) for mail in mails
            ]

        desk.PipelineDesk.deliver_all = deliver_all
    elif name == "no-unique-key":
        from liasse.intake import arrivals

        setattr(arrivals, "_key", lambda _incoming: uuid.uuid4().hex)  # noqa: B010 - a mutant
    else:
        assert name == "none"


if __name__ == "__main__":
    sys.exit(main())
