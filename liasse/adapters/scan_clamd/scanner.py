"""The INSTREAM command of clamd, over TCP or a Unix socket (clamd(8)): the bytes are sent, no file of ours is read."""

from __future__ import annotations

import contextlib
import socket
import struct
from pathlib import Path
from typing import Final

from liasse.core.errors import TransientError
from liasse.intake.types import Scanned

_PIECE: Final = 256 * 1024
_ANSWER: Final = 4096
_SIZE: Final = struct.Struct("!I")


class ClamdScanner:
    """Asks clamd at ``address``: a path, or a host and port; None asks nobody.

    ``seconds`` bounds the connection and each wait for it: clamd says nothing while it looks at a large archive.
    """

    def __init__(self, address: Path | tuple[str, int] | None = None, *, seconds: float = 120.0) -> None:
        """Keep where clamd listens."""
        self._address = address
        self._seconds = seconds

    @property
    def is_on(self) -> bool:
        """Tell whether received bytes are looked at."""
        return self._address is not None

    def scan(self, path: Path) -> Scanned:
        """Look at one file; raises TransientError where clamd cannot be reached, breaks off or answers nonsense."""
        try:
            with self._connected() as line:
                return _verdict(_asked(line, path))
        except OSError as error:
            raise TransientError(code="scanner-away") from error

    def _connected(self) -> socket.socket:
        if isinstance(self._address, Path):
            line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            line.settimeout(self._seconds)
            try:
                line.connect(str(self._address))
            except OSError:
                line.close()
                raise
            return line
        return socket.create_connection(self._address or ("", 0), timeout=self._seconds)


def _asked(line: socket.socket, path: Path) -> bytes:
    # clamd hangs up as soon as a file is too large for it, with its answer on the way.
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        line.sendall(b"zINSTREAM\0")
        with path.open("rb") as content:
            while piece := content.read(_PIECE):
                line.sendall(_SIZE.pack(len(piece)) + piece)
        line.sendall(_SIZE.pack(0))
    answer = b""
    while b"\0" not in answer and len(answer) < _ANSWER:
        more = line.recv(_ANSWER)
        if not more:
            break
        answer += more
    return answer


def _verdict(answer: bytes) -> Scanned:
    """Read ``stream: OK``, ``stream: Win.Test.EICAR_HDB-1 FOUND``, or an error; only a plain OK is one."""
    whole, end, _rest = answer.partition(b"\0")
    text = whole.decode("utf-8", errors="replace").strip()
    said = text.removeprefix("stream: ")
    if end and said == "OK":
        return Scanned()
    if end and said.endswith(" FOUND") and said != text:
        return Scanned(infection=said.removesuffix(" FOUND").strip()[:100] or "?")
    if "size limit exceeded" in text:
        return Scanned(is_too_large=True)
    raise TransientError(code="scanner-failed")
