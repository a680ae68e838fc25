"""Asks DNS for the records that tell who may send for a domain; short, several at once, and never again and again."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Final

import dns.exception
import dns.nameserver
import dns.rdatatype
import dns.resolver
from dns.rdata import Rdata

_AT_ONCE: Final = 8
_PATIENCE: Final = 2.0
"""Seconds for one question."""

_PAUSE: Final = 30.0
"""Seconds in which nothing is asked once no question of a whole set was answered."""


class DnsLookup:
    """Asks the given servers, or those of the machine when none is given."""

    def __init__(
        self,
        *,
        servers: Sequence[tuple[str, int]] = (),
        is_on: bool = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Keep where to ask; nothing is asked yet."""
        self.is_on = is_on
        self._servers = servers
        self._clock = clock
        self._lock = Lock()
        self._silent_until = 0.0

    def ask(self, questions: Collection[str], *, seconds: float) -> dict[str, list[str] | None]:
        """Give the records for each ``"TXT example.fr"``; None for those that were not answered in time."""
        if not questions or self._clock() < self._silent_until:
            return dict.fromkeys(questions)
        try:
            resolver = self._resolver()
        except (dns.exception.DNSException, OSError, ValueError):
            return dict.fromkeys(questions)
        patience = min(_PATIENCE, max(seconds, 0.1))
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            answers = list(pool.map(lambda question: _ask(resolver, question, patience), questions))
        if all(answer is None for answer in answers):
            with self._lock:
                self._silent_until = self._clock() + _PAUSE
        return dict(zip(questions, answers, strict=True))

    def _resolver(self) -> dns.resolver.Resolver:
        if not self._servers:
            return dns.resolver.Resolver()
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers = [dns.nameserver.Do53Nameserver(host, port) for host, port in self._servers]
        return resolver


def _ask(resolver: dns.resolver.Resolver, question: str, patience: float) -> list[str] | None:
    kind, _blank, name = question.partition(" ")
    try:
        answer = resolver.resolve(f"{name}.", kind, lifetime=patience, search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except (dns.exception.DNSException, OSError, ValueError):
        return None
    return [_text(record) for record in answer]


def _text(record: Rdata) -> str:
    """Give a record as text; a long one is kept in DNS as several that belong together without a blank."""
    if record.rdtype == dns.rdatatype.TXT:
        return b"".join(record.strings).decode("latin-1")  # type: ignore[attr-defined]  # a text record has them
    return record.to_text().rstrip(".")
