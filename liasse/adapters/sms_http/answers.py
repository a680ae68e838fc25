"""From a provider's answer to the one error of the port."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from liasse.lib.http_call import Answer, CallError, call
from liasse.messaging.ports import SendError
from liasse.messaging.types import Trouble

AGENT: Final = {"User-Agent": "Liasse", "Accept": "application/json"}
_BY_STATUS: Final = {
    401: Trouble.SET_UP,
    402: Trouble.CREDIT,
    403: Trouble.SET_UP,
    # The address, or the account's name in it, leads nowhere: that is no fault of this message.
    404: Trouble.SET_UP,
    405: Trouble.SET_UP,
    408: Trouble.BUSY,
    425: Trouble.BUSY,
    429: Trouble.BUSY,
}
_FAULTS: Final = range(500, 600)
_REFUSALS: Final = range(400, 500)
_OURS: Final = {Trouble.SET_UP, Trouble.CREDIT, Trouble.AWAY, Trouble.BUSY}
"""What another try may not meet: it is put right at the provider, or in the settings."""

_LONGEST_PAUSE: Final = 3600.0


def ask(method: str, url: str, *, headers: Mapping[str, str], body: bytes = b"") -> Answer:
    """Call the provider; raise SendError, never permanent, when no answer comes."""
    try:
        return call(method, url, headers={**AGENT, **headers}, body=body)
    except CallError as error:
        raise SendError(f"the provider cannot be reached: {error}", permanent=False, trouble=Trouble.AWAY) from error


def refused(answer: Answer, *, said: str, trouble: Trouble | None = None) -> SendError:
    """Give the error for an answer that is no success; ``trouble`` is what the provider's own code means."""
    meant = trouble or _BY_STATUS.get(answer.status)
    if meant is None:
        meant = Trouble.AWAY if answer.status in _FAULTS else Trouble.REFUSED
    if meant is Trouble.REFUSED and answer.status not in _REFUSALS:
        # A redirect, or a success without its document: the address in the settings leads somewhere else.
        meant, said = Trouble.SET_UP, f"{said} (unexpected answer)"
    reason = f"{answer.status} {said}".strip()[:500]
    return SendError(reason, permanent=meant not in _OURS, trouble=meant, after=_pause(answer))


def _pause(answer: Answer) -> float:
    """Give the seconds of a ``Retry-After`` header; 0 when there is none, or a date in its place."""
    for name, value in answer.headers.items():
        if name.lower() == "retry-after" and value.strip().isdecimal():
            return min(float(value), _LONGEST_PAUSE)
    return 0
