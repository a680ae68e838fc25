"""The listening socket, from its opening to a clean end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from liasse.mailgate.gate import Gate
from liasse.mailgate.server import MailSession

log = logging.getLogger("liasse.mailgate")

_BACKLOG = 512

# The library tells every command of every peer; what is worth a line is told by the sessions.
logging.getLogger("mail.log").setLevel(logging.WARNING)


async def listen(gate: Gate, *, host: str, port: int, is_ready: Callable[[int], None] | None = None) -> int:
    """Serve until the gate is stopped, then drain it; gives the exit status.

    Raises OSError when the address cannot be had. ``is_ready`` is told the port, once.
    """
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: MailSession(gate), host, port, backlog=_BACKLOG)
    bound = server.sockets[0].getsockname()[1]
    log.info("listening host=%s port=%d domain=%s", host, bound, gate.post.domain)
    if is_ready is not None:
        is_ready(bound)
    await gate.stopped.wait()
    server.close()
    log.info("stopping")
    await gate.drain()
    log.info("stopped")
    return gate.exit_status
