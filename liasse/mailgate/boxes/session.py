"""One connection to a mailbox's server (IMAP4rev1), with the few commands that reading takes."""

from __future__ import annotations

import imaplib
import re
import select
import ssl
from collections.abc import Iterator
from io import BufferedReader
from typing import Any, Final, cast

from liasse.mailgate.boxes.types import Account

PIECE: Final = 1024 * 1024
_TIMEOUT: Final = 60.0
_SIZE: Final = re.compile(rb"UID (\d+).*?RFC822\.SIZE (\d+)|RFC822\.SIZE (\d+).*?UID (\d+)")

# A line of a server that lists many mails is long; the library's own bound is for other commands.
imaplib._MAXLINE = 10_000_000  # type: ignore[attr-defined]  # noqa: SLF001 - it has no other way to say so


class BoxError(Exception):
    """The server refused what was asked, or said what makes no sense."""


class BoxSession:
    """A folder that is open; every method may raise OSError, imaplib.IMAP4.error or BoxError."""

    def __init__(self, account: Account) -> None:
        """Connect, prove who we are, and open the folder."""
        self.account = account
        self._imap = _connected(account)
        self._ask("LOGIN", self._imap.login(account.user, account.password))
        capabilities = self._ask("CAPABILITY", self._imap.capability())
        self._abilities = set(b" ".join(one for one in capabilities if isinstance(one, bytes)).upper().split())
        self._ask("SELECT", self._imap.select(_quoted(account.folder)))
        for wanted in {account.done, account.unknown} - {""}:
            # Refused where it is there already; where it cannot be made, moving says so.
            self._imap.create(_quoted(wanted))
        told = self._imap.response("UIDVALIDITY")[1]
        self.uid_validity = int(told[0]) if told and told[0] else 0

    def close(self) -> None:
        """Hang up."""
        self._imap.shutdown()

    def mails(self, *, above: int) -> list[tuple[int, int]]:
        """Give the UIDs above this one, in order, each with the mail's size."""
        answers = self._ask("FETCH", self._imap.uid("FETCH", f"{above + 1}:*", "(UID RFC822.SIZE)"))
        found = []
        for answer in answers:
            match = _SIZE.search(answer) if isinstance(answer, bytes) else None
            if match:
                uid, size = (match[1], match[2]) if match[1] else (match[4], match[3])
                found.append((int(uid), int(size)))
        # “n:*” always gives the last mail, even when its UID is below n.
        return sorted(pair for pair in found if pair[0] > above)

    def pieces(self, uid: int) -> Iterator[bytes]:
        """Give a mail's bytes in pieces, each fetched once; nothing is marked as read by it."""
        offset = 0
        while True:
            wanted = f"(BODY.PEEK[]<{offset}.{PIECE}>)"
            answers = self._ask("FETCH", self._imap.uid("FETCH", str(uid), wanted))
            piece = next((answer[1] for answer in answers if isinstance(answer, tuple)), None)
            if piece is None:
                # A server answers a range beyond the end with "", or not at all; the first range must be there.
                if not offset:
                    raise BoxError(f"mail {uid} was not given")
                return
            yield piece
            offset += len(piece)
            if len(piece) < PIECE:
                return

    def mark(self, uid: int, *, flag: str, folder: str) -> None:
        """Say on the server what became of a mail, and move it where a folder is given."""
        self._ask("STORE", self._imap.uid("STORE", str(uid), "+FLAGS.SILENT", f"({flag})"))
        if not folder:
            return
        if b"MOVE" in self._abilities:
            self._ask("MOVE", self._imap.uid("MOVE", str(uid), _quoted(folder)))
        elif b"UIDPLUS" in self._abilities:
            self._ask("COPY", self._imap.uid("COPY", str(uid), _quoted(folder)))
            self._ask("STORE", self._imap.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Deleted)"))
            self._ask("EXPUNGE", self._imap.uid("EXPUNGE", str(uid)))

    def wait(self, *, seconds: float, wake: int) -> None:
        """Wait for news of the folder, at most so long; ``wake`` is a descriptor that ends the waiting.

        Servers without IDLE (RFC 2177) tell nothing by themselves: the time passes, and then they are asked.
        """
        if b"IDLE" not in self._abilities:
            select.select([wake], [], [], seconds)
            self._ask("NOOP", self._imap.noop())
            return
        tag = self._imap._new_tag()  # noqa: SLF001 - IDLE is not in the library yet
        self._imap.send(tag + b" IDLE\r\n")
        while not (line := self._imap.readline()).startswith(b"+"):
            self._look_for_end(line, tag=tag)
        self._until_news(seconds=seconds, wake=wake)
        self._imap.send(b"DONE\r\n")
        while not (line := self._imap.readline()).startswith(tag):
            self._look_for_end(line, tag=tag)

    def _until_news(self, *, seconds: float, wake: int) -> None:
        connection = self._imap.sock
        if _has_more(self._imap):
            return
        select.select([connection.fileno(), wake], [], [], seconds)

    def _look_for_end(self, line: bytes, *, tag: bytes) -> None:
        if not line or line.startswith((b"* BYE", tag)):
            raise BoxError(f"the server ended the waiting: {line[:200]!r}")

    def _ask(self, what: str, answer: tuple[str, Any]) -> list[Any]:
        status, data = answer
        if status != "OK":
            raise BoxError(f"{what} of {self.account.name}: {status} {str(data)[:200]}")
        return list(data or [])


def _has_more(imap: imaplib.IMAP4) -> bool:
    """Tell whether something that came is still unread on our side of the socket, where waiting would not see it."""
    connection = imap.sock
    connection.settimeout(0)
    try:
        return bool(cast("BufferedReader", imap.file).peek(1))
    except (ssl.SSLWantReadError, BlockingIOError):
        return False
    finally:
        connection.settimeout(_TIMEOUT)


def _connected(account: Account) -> imaplib.IMAP4:
    if account.scheme == "imaps":
        return imaplib.IMAP4_SSL(account.host, account.port, ssl_context=ssl.create_default_context(), timeout=_TIMEOUT)
    imap = imaplib.IMAP4(account.host, account.port, timeout=_TIMEOUT)
    if account.scheme == "imap+starttls":
        imap.starttls(ssl.create_default_context())
    return imap


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
