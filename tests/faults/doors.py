"""Parts of Liasse as a fork of the zygote runs them: any door, on any port, at any time of day, bound to die or not."""

import contextlib
import sys
from datetime import datetime, timedelta
from typing import Any

from tests.faults import points


def load() -> None:
    """Load what a web server loads at its start, once for all forks; no connection may be inherited."""
    import waitress.server
    from django.db import connections
    from django.template import engines
    from django.urls import get_resolver

    # What the checks say is no answer of the zygote's.
    with contextlib.redirect_stdout(sys.stderr):
        from liasse.config import wsgi
    from liasse.mailgate.boxes import main as boxes
    from liasse.worker import main as worker

    assert get_resolver().url_patterns
    assert all((waitress.server, wsgi.application, engines.all(), boxes, worker))
    connections.close_all()


def run(order: dict[str, Any], *, record: str) -> int:
    """Be the part that an order names: kind, port, and what is to happen to it."""
    kind, port = order["kind"], int(order.get("port") or 0)
    if order.get("skew"):
        shift(float(order["skew"]))
    if order.get("store"):
        spoil_store()
    if order.get("parser"):
        turn_parser()
    if order.get("point"):
        # One web server is the door of uploads and of forms.
        points.arm(order["door"], order["point"], count=int(order["count"]), record=record)
    if kind == "worker":
        free_held_jobs(within=timedelta(minutes=10) if order.get("keep_leases") else timedelta(days=9))
    return {"smtp": _smtp, "lmtp": _lmtp, "web": _web, "imap": _imap, "worker": _worker, "watch": _watch}[kind](port)


def _smtp(port: int) -> int:
    from liasse.mailgate import main as receiver

    return receiver.main(["--listen", f"127.0.0.1:{port}"])


def _lmtp(port: int) -> int:
    from django.conf import settings

    from liasse.config.env import Address
    from liasse.mailgate import main as receiver

    settings.LIASSE_LMTP = Address("127.0.0.1", port)
    # SMTP listens too, where nobody will come.
    return receiver.main(["--listen", "127.0.0.1:0"])


def _web(port: int) -> int:
    from liasse.cli import web
    from liasse.config import values
    from liasse.config.env import Address

    values.HTTP = Address("127.0.0.1", port)
    web._answer(web._server(), stop=web._Stop())
    return 0


def _imap(_port: int) -> int:
    from liasse.mailgate.boxes.main import main

    return main()


def _watch(_port: int) -> int:
    from django.conf import settings

    from liasse.watchfolder import main as watch

    # Ten times as fast as it is: those who put files there do so whole.
    settings.LIASSE_WATCH_QUIET = 0.1
    watch._PAUSE = 0.05  # type: ignore[misc]
    return watch.main()


def _worker(_port: int) -> int:
    from liasse.worker.main import main

    return main([])


def free_held_jobs(*, within: timedelta = timedelta(days=9)) -> None:
    """Let the leases of a killed worker that end so soon run out; says which jobs it held."""
    from django.utils import timezone

    from liasse.core.models import Job
    from liasse.core.scope import instance_scope

    with instance_scope():
        held = Job.objects.filter(leased_until__lt=timezone.now() + within)
        sys.stderr.write("".join(f"held {kind}\n" for kind in held.values_list("kind", flat=True)))
        # Five minutes later others have gone first: they do not come to the head of the queue again.
        held.update(leased_until=None, lease=None, due_at=timezone.now())


def shift(seconds: float) -> None:
    """Let this process live in another time, as after a jump of the machine's clock."""
    import time

    from django.utils import timezone

    real, real_time, real_ns, by = timezone.now, time.time, time.time_ns, timedelta(seconds=seconds)

    def now() -> datetime:
        return real() + by

    timezone.now = now
    time.time = lambda: real_time() + seconds
    time.time_ns = lambda: real_ns() + int(seconds * 1e9)


def spoil_store() -> None:
    """Put a store before the real one that fails in every way a store can, a third of the time."""
    from django.conf import settings

    settings.LIASSE_ADAPTERS["blobs"] = "tests.faults.hostile_store.HostileStore"


def turn_parser() -> None:
    """Let mails turn the parser that opens them, within limits that are hit in seconds."""
    from django.conf import settings

    from liasse.core.sandbox import Limits, Sandbox

    tight = Limits(memory=256 << 20, cpu_seconds=2, wall_seconds=4, output_bytes=8 << 20)
    defaults = Sandbox.run.__kwdefaults__
    assert defaults is not None
    defaults["limits"] = tight
    settings.LIASSE_CALLS["open_mail"] = "tests.faults.hostile_parser:open_mail"
