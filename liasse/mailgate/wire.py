"""The bytes of a session: command lines, and messages read in pieces instead of lines."""

from __future__ import annotations

from asyncio import StreamReader
from collections.abc import Awaitable, Callable

PIECE = 64 * 1024
_GATHERED = 256 * 1024
_END = b"\r\n.\r\n"


class PeerGoneError(ConnectionError):
    """The peer closed the connection."""


class LineTooLongError(ValueError):
    """A command line was longer than allowed; it has been read to its end and dropped."""


class Wire:
    """What a peer sends; what came with a former reading is kept for the next."""

    def __init__(self, reader: StreamReader, *, before_waiting: Callable[[], Awaitable[None]]) -> None:
        """Read from this stream; before each wait for the peer, what was said so far is sent."""
        self._reader = reader
        self._before_waiting = before_waiting
        self._buffer = bytearray()

    def clear(self) -> None:
        """Forget what came ahead of time: nothing sent in clear may count inside TLS."""
        self._buffer.clear()

    async def line(self, *, limit: int) -> bytes:
        """Read one command line without its end; raises PeerGoneError and LineTooLongError."""
        is_too_long = False
        searched = 0
        while True:
            end = self._buffer.find(b"\n", searched)
            if end >= 0:
                line = bytes(self._buffer[:end])
                del self._buffer[: end + 1]
                if is_too_long or len(line) > limit:
                    raise LineTooLongError
                return line.rstrip(b"\r")
            if len(self._buffer) > limit:
                is_too_long = True
                self._buffer.clear()
            searched = len(self._buffer)
            self._buffer += await self._read()

    async def piece(self) -> bytes:
        """Read what there is, one byte at least; raises PeerGoneError."""
        if self._buffer:
            piece = bytes(self._buffer)
            self._buffer.clear()
            return piece
        return await self._read()

    def give_back(self, rest: bytes) -> None:
        """Keep what was read too far."""
        self._buffer[:0] = rest

    async def _read(self) -> bytes:
        await self._before_waiting()
        piece = await self._reader.read(PIECE)
        if not piece:
            raise PeerGoneError
        return piece


class DotDecoder:
    """Finds the end of a message and takes out the dots of the transfer (RFC 5321 4.5.2).

    Only CR LF . CR LF ends a message, and only CR LF begins a line: a bare CR or LF is content,
    so that two servers cannot disagree on where a message ends (SMTP smuggling).
    """

    def __init__(self) -> None:
        """Begin right after the line end of the DATA command, which counts as the first one."""
        self._held = b"\r\n"
        self._is_start = True
        self.is_finished = False
        self.rest = b""

    def feed(self, piece: bytes) -> bytes:
        """Take the next piece; gives the content that is certain now."""
        data = self._held + piece
        end = data.find(_END)
        if end >= 0:
            self.is_finished = True
            self.rest = data[end + len(_END) :]
            body = data[: end + 2]
        else:
            kept = len(data) - _held_back(data)
            body, self._held = data[:kept], data[kept:]
        body = body.replace(b"\r\n.", b"\r\n")
        if self._is_start and body:
            self._is_start = False
            return body[2:]
        return body


def _held_back(data: bytes) -> int:
    """Count the bytes at the end that may be the beginning of the message's end."""
    return next((length for length in range(len(_END) - 1, 0, -1) if data.endswith(_END[:length])), 0)


class Gathered:
    """The content of a message in few large pieces, however small the ones it came in."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._pieces: list[bytes] = []
        self._open = bytearray()
        self.size = 0

    def add(self, piece: bytes) -> None:
        """Append a piece."""
        self.size += len(piece)
        self._open += piece
        if len(self._open) >= _GATHERED:
            self._close()

    def drop(self) -> None:
        """Give the memory back: the message is refused already."""
        self._pieces.clear()
        self._open.clear()
        self.size = 0

    def pieces(self) -> tuple[bytes, ...]:
        """Give all pieces, in order."""
        if self._open:
            self._close()
        return tuple(self._pieces)

    def head(self, *, limit: int) -> bytes:
        """Give the header block, or the first ``limit`` bytes of it."""
        head = b"".join(self._pieces[: limit // _GATHERED + 1])[:limit] or bytes(self._open[:limit])
        ends = [end for end in (head.find(b"\r\n\r\n"), head.find(b"\n\n")) if end >= 0]
        return head[: min(ends)] if ends else head

    def _close(self) -> None:
        self._pieces.append(bytes(self._open))
        self._open.clear()
