"""Starts receivers by forking, so that a fault test can kill hundreds a minute: imports cost more than mail does.

A forked receiver opens its own database connection, threads and socket, as a cold one does. Commands come one a line
(`start PORT`, `kill PORT`), each answered with one line. A mutant breaks one promise on purpose, to show that the test
that guards it sees that.
"""

import os
import signal
import sys
import threading
import time
import uuid
from hashlib import sha256
from typing import Any


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liasse.config.settings")
    import django

    django.setup()
    from liasse.mailgate import desk
    from liasse.mailgate import main as receiver

    mutate(sys.argv[1] if len(sys.argv) > 1 else "none", desk=desk)
    children: dict[str, int] = {}
    for line in sys.stdin:
        word, port = line.split()
        if word == "start":
            children[port] = start(port, receiver=receiver)
            print(children[port], flush=True)
        else:
            pid = children.pop(port)
            os.kill(pid, signal.SIGKILL)
            _, status = os.waitpid(pid, 0)
            print("killed" if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL else "dead", flush=True)
    for pid in children.values():
        os.kill(pid, signal.SIGKILL)
    return 0


def start(port: str, *, receiver: Any) -> int:  # noqa: ANN401 - a module
    pid = os.fork()
    if pid:
        return pid
    status = 70
    try:
        os.dup2(os.open(os.devnull, os.O_RDWR), 0)
        os.dup2(2, 1)
        status = receiver.main(["--listen", f"127.0.0.1:{port}"])
    finally:
        os._exit(status)


def mutate(name: str, *, desk: Any) -> None:  # noqa: ANN401 - a module
    if name == "early-250":
        real = desk.PipelineDesk.deliver

        def deliver(self: Any, mail: Any) -> str:  # noqa: ANN401 - stands in for the method
            def later() -> None:
                time.sleep(0.05)
                real(self, mail)

            threading.Thread(target=later).start()
            return sha256(b"".join(mail.content)).hexdigest()

        desk.PipelineDesk.deliver = deliver
    elif name == "no-unique-key":
        from liasse.intake.models import Receipt

        save = Receipt.save

        def save_under_another_key(self: Any, *args: Any, **more: Any) -> None:  # noqa: ANN401 - the same
            self.delivery_key = uuid.uuid4().hex
            save(self, *args, **more)

        Receipt.save = save_under_another_key  # type: ignore[method-assign]
    else:
        assert name == "none"


if __name__ == "__main__":
    sys.exit(main())
