"""Desks that stand in for the real one: in memory, and in every bad mood."""

import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Sequence

from liasse.mailgate.types import Answer, Delivery, ReceivedMail, Standing

KNOWN = frozenset({"boulangerie.k7m2p9", "garage.t4x8w3", *(f"file{number}.aaaa" for number in range(120))})
CLOSED = frozenset({"old.b3c4d5"})


class MemoryDesk:
    """Keeps what it takes, one receipt an address and hash; its moods can be changed while it works."""

    def __init__(self) -> None:
        self.mails: list[ReceivedMail] = []
        self.receipts: Counter[tuple[str, str]] = Counter()
        self.lookups = 0
        self.refused: dict[str, Exception] = {}
        self.is_full = False
        self.on_lookup: Callable[[], None] = lambda: None
        self.on_deliver: Callable[[], None] = lambda: None
        self._lock = threading.Lock()

    def has_room(self) -> bool:
        return not self.is_full

    def lookup_all(self, local_parts: Sequence[str], *, domain: str) -> list[Answer]:
        return [self.lookup(local_part, domain=domain) for local_part in local_parts]

    def deliver_all(self, mails: Sequence[ReceivedMail]) -> list[Delivery]:
        return [self._tried(mail) for mail in mails]

    def _tried(self, mail: ReceivedMail) -> Delivery:
        try:
            sha256 = self.deliver(mail)
        except Exception as error:  # noqa: BLE001 - it is told, as the real desk does
            return Delivery("", (error,) * len(mail.recipients))
        return Delivery(sha256, tuple(self.refused.get(to.mailbox.local_part) for to in mail.recipients))

    def lookup(self, local_part: str, *, domain: str) -> Answer:
        self.lookups += 1
        self.on_lookup()
        assert domain == "liasse.example"
        if local_part in CLOSED:
            return Answer(Standing.CLOSED)
        if local_part in KNOWN:
            return Answer(Standing.KNOWN, practice="cabinet", file=local_part)
        return Answer(Standing.UNKNOWN)

    def deliver(self, mail: ReceivedMail) -> str:
        self.on_deliver()
        sha256 = hashlib.sha256(b"".join(mail.content)).hexdigest()
        with self._lock:
            self.mails.append(mail)
            for recipient in mail.recipients:
                self.receipts[recipient.mailbox.local_part, sha256] = 1
        return sha256

    @property
    def contents(self) -> list[bytes]:
        return [b"".join(mail.content) for mail in self.mails]
