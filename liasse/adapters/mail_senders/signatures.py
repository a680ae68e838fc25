"""The signatures on a mail: DKIM (RFC 6376), and the seals of those who passed it on (ARC, RFC 8617)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import dkim  # type: ignore[import-untyped]

from liasse.adapters.mail_senders.known import Known

MAX_SIGNATURES: Final = 5
MAX_SEALS: Final = 10

type KeyLookup = Callable[..., bytes | None]


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature: whose, and ``pass``, ``fail`` or ``partial`` (it covers the beginning of the mail only)."""

    domain: str
    result: str


@dataclass(frozen=True, slots=True)
class Chain:
    """The seals: ``none``, ``pass`` or ``fail``; who sealed, the last first; what the first of them had found."""

    result: str = "none"
    sealers: tuple[str, ...] = ()
    found: str = ""


def signatures(message: bytes, *, known: Known) -> list[Signature]:
    """Check each signature of a mail, the topmost first."""
    try:
        mail = dkim.DKIM(message, minkey=1024)
    except dkim.DKIMException:
        return []
    count = sum(name.lower() == b"dkim-signature" for name, _value in mail.headers)
    return [_signature(message, index, known=known) for index in range(min(count, MAX_SIGNATURES))]


def _signature(message: bytes, index: int, *, known: Known) -> Signature:
    mail = dkim.DKIM(message, minkey=1024)
    try:
        is_good = mail.verify(index, dnsfunc=_keys(known))
    except Exception:  # noqa: BLE001 - foreign bytes lead the library anywhere, and the answer is the same.
        is_good = False
    fields: dict[bytes, bytes] = mail.signature_fields or {}
    domain = fields.get(b"d", b"").decode("ascii", "replace").strip().lower()
    if is_good and b"l" in fields:
        return Signature(domain, "partial")
    return Signature(domain, "pass" if is_good else "fail")


def _keys(known: Known) -> KeyLookup:
    def look_up(name: bytes, timeout: float = 0) -> bytes | None:
        del timeout
        records = known.text(name.decode("ascii", "replace"))
        return records[0].encode("latin-1", "replace") if records else None

    return look_up


def chain(message: bytes, *, known: Known) -> Chain:
    """Check the seals of a mail that was passed on."""
    try:
        mail = dkim.ARC(message, minkey=1024)
        count, _headers = mail.sorted_arc_headers()
        if not count:
            return Chain()
        if count > MAX_SEALS:
            return Chain("fail")
        result, sets, _why = mail.verify(dnsfunc=_keys(known))
    except Exception:  # noqa: BLE001 - the same
        return Chain("fail")
    if result != dkim.CV_Pass:
        return Chain("fail", tuple(_domain(one) for one in sets))
    return Chain("pass", tuple(_domain(one) for one in sets), _text(sets[-1].get("aar-value")))


def _domain(one: dict[str, Any]) -> str:
    return _text(one.get("as-domain")).lower()


def _text(value: bytes | None) -> str:
    return re.sub(r"\s+", " ", (value or b"").decode("ascii", "replace"))
