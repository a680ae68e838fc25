"""Whether a domain lets a server send in its name: SPF (RFC 7208)."""

from __future__ import annotations

import re
from typing import Any, Final

import spf  # type: ignore[import-untyped]

from liasse.adapters.mail_senders.known import Known

_NAMES: Final = re.compile(r"[+?~-]?(include|redirect|a|mx)[:=]([^\s%/]+)", re.IGNORECASE)


class _Query(spf.query):  # type: ignore[misc]  # a class without types
    """The library's query, with the answers at hand in place of DNS."""

    known: Known

    def dns(self, name: str, qtype: str, cnames: Any = None, ignore_void: bool = False) -> list[Any]:  # noqa: ANN401, ARG002, FBT001, FBT002 - the library's own signature
        """Give the records in the library's own forms."""
        records = self.known.look_up(qtype, str(name))
        if self.known.is_silent(qtype, str(name)):
            raise spf.TempError("no answer")
        if not records and not ignore_void:
            self.void_lookups += 1
            if self.void_lookups > spf.MAX_VOID_LOOKUPS:
                raise spf.PermError("too many names that are not there")
        return [self._record(qtype, record) for record in records]

    def _record(self, qtype: str, record: str) -> Any:  # noqa: ANN401 - by kind
        if qtype == "MX":
            preference, _blank, exchange = record.partition(" ")
            return int(preference), exchange
        return (record.encode("latin-1", "replace"),) if qtype in {"TXT", "SPF"} else record


def server_result(*, server: str, envelope_from: str, known: Known) -> str:
    """Tell whether ``server`` may send for the envelope's domain, in the words of RFC 7208: ``pass``, ``none``."""
    domain = envelope_from.rpartition("@")[2]
    if not server or not domain:
        return "none"
    _ask_ahead(domain, server=server, known=known, depth=0)
    query = _Query(i=server, s=envelope_from, h=domain, receiver="liasse", strict=True)
    query.known = known
    try:
        result, _code, _words = query.check()
    except Exception:  # noqa: BLE001 - foreign records lead the library anywhere, and the answer is the same.
        return "permerror"
    return str(result)


def _ask_ahead(domain: str, *, server: str, known: Known, depth: int) -> None:
    """Ask for all that a record names at once, so that the child runs three times and not ten."""
    if depth > 3:  # noqa: PLR2004 - deeper ones are asked for one by one
        return
    for record in known.text(domain):
        if not record.lower().startswith("v=spf1"):
            continue
        for kind, name in _NAMES.findall(record)[:20]:
            word = kind.lower()
            if word in {"include", "redirect"}:
                _ask_ahead(name, server=server, known=known, depth=depth + 1)
            elif word == "a":
                known.look_up("AAAA" if ":" in server else "A", name)
