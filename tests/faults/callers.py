"""Callers at every door: each hands one thing in until it is acknowledged, whatever happens meanwhile."""

import base64
import http.client
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from tests.faults.load import DOMAIN, Ledger, attempt, message
from tests.faults.tool import ADDRESSES
from tests.mailgate.peer import END, Peer

BYTES = "application/offset+octet-stream"
WEBHOOK_SECRET = "a-secret-of-twenty-letters"
CUTS = 0.08
"""How many of all tries end in the middle, by the caller's own fault."""


@dataclass(frozen=True)
class People:
    """Who is signed in, and where the files are: what `tool people` printed."""

    cookies: str
    csrf: str
    files: dict[str, str]
    links: dict[str, str]
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Cookie": self.cookies, "X-CSRFToken": self.csrf}


@dataclass
class Errand:
    """One thing to hand in, for one file; ``state`` is what the caller remembers of it between tries."""

    content: bytes
    file: str
    key: str
    state: dict[str, Any]
    seeded: random.Random
    note: Callable[..., None]


class Door(Protocol):
    """A door as its callers see it."""

    name: str

    def sha_of(self, content: bytes) -> bytes:
        """Give the bytes as they are stored."""
        ...

    def attempt(self, errand: Errand, port: int) -> bool:
        """Try once; True when it was acknowledged."""
        ...


class Smtp:
    """Mail over SMTP; some hang up in the middle of the message."""

    name = "smtp"

    def sha_of(self, content: bytes) -> bytes:
        return content + b"\r\n"

    def attempt(self, errand: Errand, port: int) -> bool:
        if errand.seeded.random() < CUTS:
            cut_in_data(port, errand, greeting="HELO x")
        return attempt(port, errand.content, recipients=[errand.file], note=errand.note)


class Lmtp(Smtp):
    """Mail over LMTP, as a relay of one's own brings it."""

    name = "lmtp"

    def attempt(self, errand: Errand, port: int) -> bool:
        if errand.seeded.random() < CUTS:
            cut_in_data(port, errand, greeting="LHLO x")
        is_sent = False
        try:
            with Peer(port, timeout=40) as peer:
                commands = ["LHLO x", "MAIL FROM:<a@b.example>", f"RCPT TO:<{errand.file}@{DOMAIN}>", "DATA"]
                for reply in (peer.reply(), *map(peer.say, commands)):
                    if reply[:1] not in {"2", "3"}:
                        errand.note("refused" if reply else "hung up", reply)
                        return False
                peer.send(errand.content + END)
                is_sent = True
                reply = peer.reply()
        except OSError:
            errand.note("dropped after the dot" if is_sent else "dropped before")
            return False
        if not reply.startswith("250 "):
            errand.note("refused" if reply else "dropped after the dot", reply)
        return reply.startswith("250 ")


def cut_in_data(port: int, errand: Errand, *, greeting: str) -> None:
    """Begin to send, and hang up in the middle of the content."""
    try:
        with Peer(port, timeout=40) as peer:
            commands = [greeting, "MAIL FROM:<a@b.example>", f"RCPT TO:<{errand.file}@{DOMAIN}>", "DATA"]
            replies = [peer.reply(), *map(peer.say, commands)]
            if replies[-1].startswith("354"):
                peer.send(errand.content[: errand.seeded.randrange(1, len(errand.content))])
                errand.note("cut in mid-DATA")
    except OSError:
        errand.note("dropped before")


class Http:
    """What both doors of the web server share."""

    def __init__(self, people: People) -> None:
        self.people = people

    def sha_of(self, content: bytes) -> bytes:
        return content

    def ask(
        self, port: int, method: str, path: str, *, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str]]:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=40)
        try:
            line.request(method, path, body=body or None, headers={**self.people.headers, **(headers or {})})
            answer = line.getresponse()
            answer.read()
            return answer.status, dict(answer.getheaders())
        except http.client.HTTPException as error:
            raise ConnectionResetError from error
        finally:
            line.close()

    def took(self, errand: Errand, port: int, path: str, *, body: bytes, headers: dict[str, str], wanted: int) -> bool:
        """Send one request; True when it was answered as wanted."""
        try:
            status, _headers = self.ask(port, "POST", path, body=body, headers=headers)
        except OSError:
            errand.note("dropped")
            return False
        if status != wanted:
            errand.note("refused", str(status))
        return status == wanted


class Uploads(Http):
    """Resumable uploads in three pieces; some lines are cut in the middle of a piece."""

    name = "uploads"
    tus = {"Tus-Resumable": "1.0.0"}

    def attempt(self, errand: Errand, port: int) -> bool:
        is_sent = False
        try:
            status, headers = self._begin(errand, port)
            while status == 201 or (status == 204 and "Liasse-Receipt" not in headers):
                offset = int(headers["Upload-Offset"])
                if offset == len(errand.content):
                    break
                piece = errand.content[offset : offset + len(errand.content) // 3 + 1]
                is_sent = offset + len(piece) == len(errand.content)
                if errand.seeded.random() < CUTS:
                    self._cut(errand, port, piece, offset=offset)
                    return False
                patch = {**self.tus, "Upload-Offset": str(offset), "Content-Type": BYTES}
                status, headers = self.ask(port, "PATCH", errand.state["url"], body=piece, headers=patch)
        except OSError:
            errand.note("dropped after the last byte" if is_sent else "dropped before")
            return False
        if "Liasse-Receipt" in headers:
            receipts = errand.state.setdefault("receipts", set())
            receipts.add(headers["Liasse-Receipt"])
            return len(receipts) == 1
        errand.note("refused", str(status))
        return False

    def _begin(self, errand: Errand, port: int) -> tuple[int, dict[str, str]]:
        """Begin, or ask for what was begun: the key makes it one."""
        words = {"filename": f"{errand.key}.bin", "key": errand.key}
        metadata = ",".join(f"{name} {base64.b64encode(word.encode()).decode()}" for name, word in words.items())
        begin = {**self.tus, "Upload-Length": str(len(errand.content)), "Upload-Metadata": metadata}
        status, headers = self.ask(port, "POST", self._path(errand), headers=begin)
        if status == 201:
            url = headers["Location"]
            if errand.state.setdefault("url", url) != url:
                errand.note("begun twice", url)
        return status, headers

    def _path(self, errand: Errand) -> str:
        return f"/files/{self.people.files[errand.file]}/uploads/"

    def _cut(self, errand: Errand, port: int, piece: bytes, *, offset: int) -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=40)
        try:
            line.putrequest("PATCH", errand.state["url"])
            patch = {**self.tus, "Upload-Offset": str(offset), "Content-Type": BYTES, "Content-Length": str(len(piece))}
            for name, word in {**self.people.headers, **patch}.items():
                line.putheader(name, word)
            line.endheaders(piece[: len(piece) // 2])
            errand.note("cut in mid-PATCH")
        finally:
            line.close()


class Link(Uploads):
    """The same by a link, without an account."""

    name = "link"

    def _path(self, errand: Errand) -> str:
        return f"/deposit/{self.people.links[errand.file]}/uploads/"


class Api(Http):
    """A program with a token, which repeats its request with the same key."""

    name = "api"

    def attempt(self, errand: Errand, port: int) -> bool:
        path = f"/api/v1/files/{self.people.files[errand.file]}/receipts?filename={errand.key}.bin"
        headers = {"Authorization": f"Bearer {self.people.token}", "Idempotency-Key": errand.key}
        headers["Content-Type"] = "application/octet-stream"
        return self.took(errand, port, path, body=errand.content, headers=headers, wanted=201)


class Webhook(Http):
    """A provider that brings raw mails, again until it hears 200."""

    name = "webhook"

    def attempt(self, errand: Errand, port: int) -> bool:
        border = f"border{errand.key}"
        fields = {
            "recipient": f"{errand.file}@{DOMAIN}".encode(),
            "sender": b"a@b.example",
            "body-mime": errand.content,
        }
        head = '--{}\r\nContent-Disposition: form-data; name="{}"\r\n\r\n'
        body = b"".join(head.format(border, name).encode() + value + b"\r\n" for name, value in fields.items())
        shown = base64.b64encode(f"liasse:{WEBHOOK_SECRET}".encode()).decode()
        headers = {
            "Authorization": f"Basic {shown}",
            "Content-Type": f"multipart/form-data; boundary={border}",
        }
        whole = body + f"--{border}--\r\n".encode()
        return self.took(errand, port, "/hooks/arrivals/mime", body=whole, headers=headers, wanted=200)


class Form(Http):
    """The plain form, sent again as a whole until its answer was seen."""

    name = "form"

    def attempt(self, errand: Errand, port: int) -> bool:
        border = f"border{errand.key}"
        body = (
            f'--{border}\r\nContent-Disposition: form-data; name="key"\r\n\r\n{errand.key}\r\n'
            f'--{border}\r\nContent-Disposition: form-data; name="files"; filename="x.bin"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        ).encode()
        body += errand.content + f"\r\n--{border}--\r\n".encode()
        path = f"/files/{self.people.files[errand.file]}/hand-in/"
        kind = {"Content-Type": f"multipart/form-data; boundary={border}"}
        try:
            status, headers = self.ask(port, "POST", path, body=body, headers=kind)
        except OSError:
            errand.note("dropped")
            return False
        if status == 302 and headers["Location"].endswith("/receipts/"):
            return True
        errand.note("refused", f"{status} {headers.get('Location', '')}")
        return False


class Callers:
    """Threads at one door, with things of their own, until told to stop."""

    def __init__(self, door: Door, ports: list[int], *, ledger: Ledger, number: int, seed: int) -> None:
        self.door = door
        self.ports = ports
        self.ledger = ledger
        self.counts: Counter[str] = Counter()
        self.refusals: Counter[str] = Counter()
        self.offered: set[str] = set()
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._call, args=(random.Random(f"{door.name}{seed + n}"), n), daemon=True)  # noqa: S311 - seeded
            for n in range(number)
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(90)
            assert not thread.is_alive()

    def _call(self, seeded: random.Random, caller: int) -> None:
        number = 0
        while not self._stop.is_set():
            number += 1
            key = f"{self.door.name}-{caller}-{number}"
            content = message(seeded, name=key)
            errand = Errand(content, seeded.choice(ADDRESSES), key, {}, seeded, self._note)
            stored = self.door.sha_of(content)
            self.offered.add(sha256_of(stored))
            # Some hand in again although they heard the answer.
            for _ in range(seeded.choices([1, 2], [9, 1])[0]):
                self._until_acknowledged(errand, stored)

    def _until_acknowledged(self, errand: Errand, stored: bytes) -> None:
        while not self._stop.is_set():
            if self.door.attempt(errand, errand.seeded.choice(self.ports)):
                self.ledger.note(sha256_of(stored), [errand.file])
                self.counts["acknowledged"] += 1
                return
            time.sleep(0.02)

    def _note(self, what: str, reply: str = "") -> None:
        self.counts[what] += 1
        if reply:
            self.refusals[reply] += 1


def sha256_of(content: bytes) -> str:
    import hashlib

    return hashlib.sha256(content).hexdigest()
