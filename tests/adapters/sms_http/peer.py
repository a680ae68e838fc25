"""A provider on the loopback: keeps what it is asked, answers as its speaker says."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: str
    url: str

    @property
    def query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body).items()}

    @property
    def words(self) -> Any:  # noqa: ANN401 - JSON
        return json.loads(self.body)


type Said = tuple[int, Any] | tuple[int, Any, dict[str, str]]
type Speaker = Callable[[Asked], Said]


@dataclass
class Peer:
    """What it was asked so far, and where it is."""

    speaker: Speaker
    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    hangs_for: float = 0

    def posts(self) -> list[Asked]:
        return [asked for asked in self.asked if asked.method == "POST"]


@contextmanager
def peer(speaker: Speaker) -> Iterator[Peer]:
    made = Peer(speaker)

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            asked = Asked(
                method=self.command,
                path=self.path,
                headers={name.lower(): value for name, value in self.headers.items()},
                body=self.rfile.read(length).decode(),
                url=made.url + self.path,
            )
            made.asked.append(asked)
            status, words, *more = made.speaker(asked)
            time.sleep(made.hangs_for)
            content = words if isinstance(words, bytes) else json.dumps(words).encode()
            with suppress(OSError):  # Whoever asked may have had enough of waiting.
                self.send_response(status)
                for name, value in (more[0] if more else {}).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

        do_GET = do_POST = answer  # noqa: N815 - the standard library's names

        def log_message(self, format: str, *args: Any) -> None:  # noqa: ANN401
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
