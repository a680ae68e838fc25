"""`liasse web`: the web server, one process with a few threads (docs/decisions/0011)."""

import logging
import os
import signal
import socket
import time
from typing import Any, Final

from liasse.cli.lifeline import hold_lifeline
from liasse.cli.parser import part_parser
from liasse.cli.project import open_project

GRACE = 8.0
_log = logging.getLogger("liasse.web")

_FROM_PROXY: Final = {"x-forwarded-proto", "x-forwarded-for"}
"""What a trusted proxy says of a request: how it came, and from whom; tries are counted and sessions listed by it."""


def main(arguments: list[str]) -> int:
    """Answer requests until SIGTERM or Ctrl-C; what is being answered then is answered to its end."""
    options = part_parser("web", does="Start the web server alone. Ctrl-C stops it.").parse_args(arguments)
    if options.supervised:
        hold_lifeline()
    from liasse.cli.ground import GroundError, check_listener
    from liasse.config import values

    stop = _Stop()
    open_project()
    try:
        if not options.supervised:
            check_listener("LIASSE_HTTP", values.HTTP)
    except GroundError as error:
        raise SystemExit(f"liasse web: {error}") from error
    _answer(_server(), stop=stop)
    return 0


class _Stop:
    """Whether a stop was asked for; a signal wakes the loop, which looks."""

    def __init__(self) -> None:
        self.is_asked = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._note)

    def _note(self, *_: object) -> None:
        self.is_asked = True


def _server() -> Any:  # noqa: ANN401  waitress has no types.
    from waitress.server import create_server

    from liasse.config import values
    from liasse.config.wsgi import application

    # Waitress reports a queue of four requests as a warning; short queues are what the queue is for.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    proxy: dict[str, Any] = {}
    if values.TRUSTED_PROXY:
        proxy = {"trusted_proxy": "*", "trusted_proxy_count": 1, "trusted_proxy_headers": _FROM_PROXY}
    return create_server(
        application,
        host=values.HTTP.host,
        port=values.HTTP.port,
        threads=values.WEB_THREADS,
        ident=None,
        connection_limit=500,
        channel_timeout=60,
        max_request_body_size=1024**3,
        clear_untrusted_proxy_headers=True,
        **proxy,
    )


def _answer(server: Any, *, stop: _Stop) -> None:  # noqa: ANN401  waitress has no types.
    wakened, waker = socket.socketpair()
    os.set_blocking(waker.fileno(), False)
    signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
    channels: dict[int, Any] = server._map  # noqa: SLF001  Its own run() knows no orderly stop.
    channels[wakened.fileno()] = _Wakener(wakened)
    _log.info("listening on %s:%s", server.effective_host, server.effective_port)
    while not stop.is_asked:
        _turn(server)
    server.accepting = False
    server.socket.close()
    channels.pop(server._fileno, None)  # noqa: SLF001  The same: take the closed listener off the list.
    deadline = time.monotonic() + GRACE
    while time.monotonic() < deadline and any(map(_is_answering, server.active_channels.values())):
        _turn(server)
    server.task_dispatcher.shutdown(cancel_pending=True, timeout=1)
    _log.info("stopped")


def _turn(server: Any) -> None:  # noqa: ANN401  waitress has no types.
    server.asyncore.loop(timeout=0.5, map=server._map, use_poll=True, count=1)  # noqa: SLF001  See _answer.


def _is_answering(channel: Any) -> bool:  # noqa: ANN401  waitress has no types.
    return bool(channel.requests or channel.total_outbufs_len)


class _Wakener:
    """An entry of waitress' loop whose only purpose is that a signal ends the waiting at once."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return False

    def handle_read_event(self) -> None:
        self._end.recv(512)
