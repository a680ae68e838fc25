"""The listening sockets, from their opening to a clean end."""

from __future__ import annotations

import asyncio
import logging
import stat
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from liasse.mailgate.conversation import Conversation
from liasse.mailgate.gate import Gate
from liasse.mailgate.lmtp import LmtpSession
from liasse.mailgate.server import MailSession

log = logging.getLogger("liasse.mailgate")

_BACKLOG = 512
_FOR_EVERYBODY = stat.S_IRUSR | stat.S_IWUSR | stat.S_IRGRP | stat.S_IWGRP | stat.S_IROTH | stat.S_IWOTH

# The library tells every command of every peer; what is worth a line is told by the sessions.
logging.getLogger("mail.log").setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class Place:
    """Where to listen: an address and port, or a socket of this machine; and whether LMTP is spoken there."""

    host: str = ""
    port: int = 0
    socket: Path | None = None
    is_lmtp: bool = False

    def __str__(self) -> str:
        """Name it as the settings do."""
        return str(self.socket) if self.socket else f"{self.host}:{self.port}"


async def listen(
    gate: Gate,
    *,
    places: Sequence[Place],
    is_shared: bool = False,
    is_ready: Callable[[list[int]], None] | None = None,
) -> int:
    """Serve until the gate is stopped, then drain it; gives the exit status.

    Raises OSError when a place cannot be had. ``is_shared`` lets further processes listen on the same ports:
    the kernel shares the connections out. ``is_ready`` is told the ports, once.
    """
    servers: list[asyncio.Server] = []
    for place in places:
        try:
            servers.append(await _open(gate, place, is_shared=is_shared))
        except OSError as error:
            error.filename = str(place)
            _close(servers)
            raise
    ports = [server.sockets[0].getsockname()[1] for server in servers if not isinstance(_name(server), str)]
    log.info("listening on=%s domain=%s", ",".join(_shown(server) for server in servers), gate.post.domain)
    if is_ready is not None:
        is_ready(ports)
    await gate.stopped.wait()
    _close(servers)
    log.info("stopping")
    await gate.drain()
    for place in places:
        if place.socket is not None:
            with suppress(OSError):
                place.socket.unlink()
    log.info("stopped")
    return gate.exit_status


async def _open(gate: Gate, place: Place, *, is_shared: bool) -> asyncio.Server:
    def session() -> Conversation:
        return LmtpSession(gate) if place.is_lmtp else MailSession(gate)

    loop = asyncio.get_running_loop()
    if place.socket is None:
        return await loop.create_server(session, place.host, place.port, backlog=_BACKLOG, reuse_port=is_shared or None)
    # A socket that a killed process left behind is taken over; whoever may enter its folder may speak here.
    server = await loop.create_unix_server(session, place.socket, backlog=_BACKLOG)
    place.socket.chmod(_FOR_EVERYBODY)
    return server


def _close(servers: Sequence[asyncio.Server]) -> None:
    for server in servers:
        server.close()


def _name(server: asyncio.Server) -> object:
    return server.sockets[0].getsockname()


def _shown(server: asyncio.Server) -> str:
    name = server.sockets[0].getsockname()
    return str(name) if isinstance(name, str) else f"{name[0]}:{name[1]}"
