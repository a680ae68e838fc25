"""A stand-in that speaks clamd's protocol on a socket: it finds what holds the EICAR test string."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}" + b"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
LIMIT = 1_000_000


@contextmanager
def clamd(at: Path | None = None, *, answer: bytes = b"") -> Iterator[Path | tuple[str, int]]:
    """Listen at a path, or at a free port; gives where. ``answer`` is said to everything instead of the truth."""
    server = socket.socket(socket.AF_UNIX if at else socket.AF_INET, socket.SOCK_STREAM)
    server.bind(str(at) if at else ("127.0.0.1", 0))
    server.listen()
    thread = threading.Thread(target=_serve, args=(server, answer), daemon=True)
    thread.start()
    try:
        yield at or ("127.0.0.1", server.getsockname()[1])
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join(5)


def _serve(server: socket.socket, answer: bytes) -> None:
    while True:
        try:
            line, _peer = server.accept()
        except OSError:
            return
        with line, line.makefile("rb") as wire:
            line.sendall(answer or _judged(wire.read))


def _judged(read: object) -> bytes:
    assert callable(read)
    assert read(10) == b"zINSTREAM\0"
    content = b""
    while (size := struct.unpack("!I", read(4))[0]) > 0:
        content += read(size)
        if len(content) > LIMIT:
            return b"INSTREAM size limit exceeded. ERROR\0"
    return b"stream: Win.Test.EICAR_HDB-1 FOUND\0" if EICAR in content else b"stream: OK\0"
