"""A large ZIP handed in to a real Liasse over a line that is cut: what it took, and how much memory the server used."""

from __future__ import annotations

import http.client
import re
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import psutil

from tests.api.sender import BYTES, TUS, metadata
from tests.cli.instance import ROOT, Instance
from tests.paper import pdf

PIECE = 5 * 1024 * 1024
_PEOPLE = """
import django; django.setup()
from django.conf import settings
from liasse.core.scope import instance_scope
from liasse.practices.types import Role
from tests import factories
with instance_scope():
    firm = factories.practice()
    person = factories.colleague(firm, "Claire", role=Role.ADMINISTRATOR)
    file = factories.client_file(firm, "Boulangerie")
browser = factories.signed_in(person)
print("known", file.id, browser.cookies[settings.SESSION_COOKIE_NAME].value, settings.SESSION_COOKIE_NAME,
      settings.CSRF_COOKIE_NAME)
"""


@dataclass
class Handed:
    """What came of it: bytes sent in all, cuts, seconds, the server's memory before and at its most."""

    size: int
    sent: int = 0
    cuts: int = 0
    seconds: float = 0.0
    memory_before: int = 0
    memory_most: int = 0
    receipt: str = ""
    offsets: list[int] = field(default_factory=list)


def archive(path: Path, *, files: int, size: int) -> int:
    """Write a ZIP of so many PDFs, about so large in all; gives its bytes."""
    filling = b"%" + b"0123456789abcdef" * 64 + b"\n"
    with zipfile.ZipFile(path, "w") as zipped:
        for number in range(files):
            paper = pdf([(60, 60, f"Facture F-{number}")])
            zipped.writestr(f"F-{number}.pdf", paper + filling * max((size // files - len(paper)) // len(filling), 0))
    return path.stat().st_size


@dataclass
class Line:
    """A person's line to the server."""

    instance: Instance
    file_id: str
    cookies: str
    token: str

    def ask(self, method: str, url: str, *, body: bytes = b"", **headers: str) -> http.client.HTTPResponse:
        host, _colon, port = self.instance.env["LIASSE_HTTP"].partition(":")
        line = http.client.HTTPConnection(host, int(port), timeout=60)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        line.request(method, url, body=body or None, headers={**self._own(), **TUS, **named})
        answer = line.getresponse()
        answer.read()
        return answer

    def cut(self, url: str, *, body: bytes, offset: int) -> None:
        """Announce a piece and hang up in its middle."""
        host, _colon, port = self.instance.env["LIASSE_HTTP"].partition(":")
        headers = {**self._own(), **TUS, "Host": host, "Content-Type": BYTES, "Upload-Offset": str(offset)}
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        with socket.create_connection((host, int(port))) as line:
            line.sendall(f"PATCH {url} HTTP/1.1\r\n{head}Content-Length: {len(body)}\r\n\r\n".encode())
            line.sendall(body[: len(body) // 2])

    def _own(self) -> dict[str, str]:
        return {"Cookie": self.cookies, "X-CSRFToken": self.token}


def signed_in(instance: Instance) -> Line:
    """Give the line of an administrator with one client file, both made beside the running server."""
    env = {**instance.env, "DJANGO_SETTINGS_MODULE": "liasse.config.settings"}
    made = subprocess.run(
        [sys.executable, "-c", _PEOPLE], cwd=ROOT, env=env, check=True, capture_output=True, text=True, timeout=60
    )
    found = re.search(r"^known (\S+) (\S+) (\S+) (\S+)$", made.stdout, re.MULTILINE)
    assert found, made.stdout
    file_id, session, session_name, csrf_name = found.groups()
    token = "a" * 32
    return Line(instance, file_id, f"{session_name}={session}; {csrf_name}={token}", token)


def hand_in(line: Line, path: Path, *, cuts: int) -> Handed:
    """Send a file in pieces over a line that is cut so often, going on each time where the server stands."""
    server = _web(line.instance)
    handed = Handed(size=path.stat().st_size, memory_before=server.memory_info().rss)
    began = time.monotonic()
    told = metadata(filename=path.name, key="bench")
    begun = line.ask("POST", f"/files/{line.file_id}/uploads/", Upload_Length=str(handed.size), Upload_Metadata=told)
    assert begun.status == 201, begun.status
    url = begun.headers["Location"]
    places = [handed.size * number // (cuts + 1) for number in range(1, cuts + 1)]
    with path.open("rb") as content:
        while not handed.receipt:
            offset = int(line.ask("HEAD", url).headers["Upload-Offset"])
            handed.offsets.append(offset)
            for piece in _pieces(content, offset):
                handed.memory_most = max(handed.memory_most, server.memory_info().rss)
                if places and offset >= places[0]:
                    places.pop(0)
                    line.cut(url, body=piece, offset=offset)
                    handed.cuts += 1
                    break
                answer = line.ask("PATCH", url, body=piece, Content_Type=BYTES, Upload_Offset=str(offset))
                assert answer.status == 204, answer.status
                handed.sent += len(piece)
                offset += len(piece)
                handed.receipt = answer.headers.get("Liasse-Receipt", "")
    handed.memory_most = max(handed.memory_most, server.memory_info().rss)
    handed.seconds = time.monotonic() - began
    return handed


def _pieces(content: BinaryIO, offset: int) -> Iterator[bytes]:
    content.seek(offset)
    while piece := content.read(PIECE):
        yield piece


def _web(instance: Instance) -> psutil.Process:
    found = instance.part("web")
    assert found is not None
    return found
