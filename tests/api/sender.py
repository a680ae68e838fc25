"""A sender of uploads as programs are: it speaks the protocol, remembers nothing and believes the server."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

from django.test import Client

TUS = {"Tus-Resumable": "1.0.0"}
BYTES = "application/offset+octet-stream"


def metadata(**words: str) -> str:
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in words.items())


@dataclass
class Sender:
    """One person's sender into one file, at the practice's door or the client's."""

    client: Client
    at: str

    def begin(self, size: int, *, body: bytes = b"", **words: str) -> Any:  # noqa: ANN401 - the test client's own answer
        headers = {**TUS, "Upload-Length": str(size), "Upload-Metadata": metadata(**words)}
        kind = BYTES if body else "application/octet-stream"
        return self.client.post(self.at, body, content_type=kind, headers=headers)

    def patch(self, url: str, body: bytes, *, offset: int, **headers: str) -> Any:  # noqa: ANN401 - the same
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        # The test client names the type of a body only where there is one.
        headers = {**TUS, "Upload-Offset": str(offset), "Content-Type": BYTES, **more}
        return self.client.patch(url, body, content_type=BYTES, headers=headers)

    def head(self, url: str) -> Any:  # noqa: ANN401 - the same
        return self.client.head(url, headers=TUS)

    def cancel(self, url: str) -> Any:  # noqa: ANN401 - the same
        return self.client.delete(url, headers=TUS)

    def send(self, content: bytes, *, piece: int = 1 << 20, **words: Any) -> str:  # noqa: ANN401 - words of the wish
        """Send a whole file in pieces; give the id of its receipt."""
        url = self.begin(len(content), **words)["Location"]
        answer: Any = None
        for offset in range(0, len(content), piece):
            answer = self.patch(url, content[offset : offset + piece], offset=offset)
            assert answer.status_code == 204, answer.content
        return str(answer["Liasse-Receipt"])

    def outcomes(self, *receipts: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.client.get(f"{self.at}outcomes/", {"receipt": receipts}).json()["receipts"]
        return found
