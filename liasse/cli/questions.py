"""Asks a part whether it answers, the way its users do."""

import socket

from liasse.config.env import Address

_PATIENCE = 3.0
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  Compared with, not listened on.


def answers_http(address: Address) -> bool:
    """Say whether a web server answers with a whole status line, which takes working settings and a database."""
    request = f"GET / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    return _ask(address, request.encode()).startswith(b"HTTP/1.")


def answers_smtp(address: Address) -> bool:
    """Say whether a mail server greets."""
    return _ask(address, b"QUIT\r\n").startswith(b"220")


def _ask(address: Address, question: bytes) -> bytes:
    host = _EVERYWHERE.get(address.host, address.host)
    try:
        with socket.create_connection((host, address.port), timeout=_PATIENCE) as connection:
            connection.sendall(question)
            return connection.recv(512)
    except OSError:
        return b""
