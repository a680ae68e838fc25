"""One HTTP request to a provider: it follows no redirect, reads little, and ends within its time."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Timer
from typing import Any, Final
from urllib.parse import urlsplit

_LONGEST_WAIT: Final = 10
"""Seconds for the connection, and then for each piece of the answer."""

_DEADLINE: Final = 20
"""Seconds for everything: an answer that drips in byte by byte is no answer."""

_LARGEST_ANSWER: Final = 64 * 1024


class CallError(Exception):
    """No usable answer came. Whether the request arrived all the same cannot be known."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; redirects are answers like any other."""

    status: int
    body: bytes
    headers: Mapping[str, str]

    @property
    def words(self) -> Any:  # noqa: ANN401 - whatever JSON the provider wrote
        """Give the body read as JSON; None when it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    @property
    def facts(self) -> dict[str, Any]:
        """Give the body read as one JSON object; empty when it is none."""
        words = self.words
        return words if isinstance(words, dict) else {}


def call(method: str, url: str, *, headers: Mapping[str, str], body: bytes = b"") -> Answer:
    """Send a request and read its answer, at most 64 KiB of it; raise CallError when none comes in 20 seconds."""
    parts = urlsplit(url)
    path = parts.path or "/"
    target = f"{path}?{parts.query}" if parts.query else path
    try:
        connection = _connection(parts.scheme, host=parts.hostname or "", port=parts.port)
        with _within(connection, seconds=_DEADLINE):
            connection.request(method, target, body=body or None, headers=dict(headers))
            response = connection.getresponse()
            return Answer(response.status, response.read(_LARGEST_ANSWER), dict(response.getheaders()))
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise CallError(str(error) or type(error).__name__) from error


def _connection(scheme: str, *, host: str, port: int | None) -> http.client.HTTPConnection:
    if scheme == "https":
        return http.client.HTTPSConnection(host, port, timeout=_LONGEST_WAIT, context=ssl.create_default_context())
    return http.client.HTTPConnection(host, port, timeout=_LONGEST_WAIT)


@contextmanager
def _within(connection: http.client.HTTPConnection, *, seconds: float) -> Iterator[None]:
    """Connect, and cut the connection when the time is over: the read that waits then ends with an error."""
    connection.connect()
    timer = Timer(seconds, _cut, args=[connection.sock])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        connection.close()


def _cut(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
