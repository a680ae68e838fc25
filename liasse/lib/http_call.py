"""One HTTP request to a provider: it follows no redirect, reads little, and ends within its time."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from threading import Timer
from typing import Any, Final
from urllib.parse import urlsplit

_CONNECTING: Final = 10.0
"""Seconds for the connection."""


class CallError(Exception):
    """No usable answer came. Whether the request arrived all the same cannot be known."""


class NotNearError(CallError):
    """The host is not where it must be, and nothing was sent to it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """`wait` is in seconds for each piece of an answer, `seconds` for all of it: one that drips in is no answer.

    More than `largest` bytes are not read. `is_near` lets the request leave only for this machine or a private
    network, as what is not encrypted must; the address is looked at once the connection stands, so that no name can
    lead anywhere else meanwhile.
    """

    wait: float = 10.0
    seconds: float = 20.0
    largest: int = 64 * 1024
    is_near: bool = False


USUAL: Final = Limits()


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


def call(
    method: str, url: str, *, headers: Mapping[str, str], body: bytes = b"", limits: Limits | None = None
) -> Answer:
    """Send a request and read its answer; raise CallError when none comes. Usually 64 KiB at most, in 20 seconds."""
    limits = limits or USUAL
    parts = urlsplit(url)
    path = parts.path or "/"
    target = f"{path}?{parts.query}" if parts.query else path
    try:
        connection = _connection(parts.scheme, host=parts.hostname or "", port=parts.port)
        with _within(connection, limits):
            connection.request(method, target, body=body or None, headers=dict(headers))
            response = connection.getresponse()
            return Answer(response.status, response.read(limits.largest), dict(response.getheaders()))
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise CallError(str(error) or type(error).__name__) from error


def _connection(scheme: str, *, host: str, port: int | None) -> http.client.HTTPConnection:
    if scheme == "https":
        return http.client.HTTPSConnection(host, port, timeout=_CONNECTING, context=ssl.create_default_context())
    return http.client.HTTPConnection(host, port, timeout=_CONNECTING)


@contextmanager
def _within(connection: http.client.HTTPConnection, limits: Limits) -> Iterator[None]:
    """Connect, and cut the connection when the time is over: the read that waits then ends with an error."""
    connection.connect()
    if limits.is_near and not is_near(str(connection.sock.getpeername()[0])):
        connection.close()
        raise NotNearError("not an address of this network")
    connection.sock.settimeout(limits.wait)
    timer = Timer(limits.seconds, _cut, args=[connection.sock])
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


def is_near(host: str) -> bool:
    """Tell whether a numeric address is this machine's or of a private network; names are not, nor is link-local."""
    try:
        address: IPv4Address | IPv6Address = ip_address(host.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return (address.is_private or address.is_loopback) and not (address.is_link_local or address.is_unspecified)


def may_be_near(host: str) -> bool:
    """Tell whether a host is of this machine or network by its looks: a near address, or a name without a point.

    Where a name really leads is known once it is called: `Limits.is_near`.
    """
    return is_near(host) or not any(sign in host for sign in ".:")
