"""SMS through OVHcloud's ``/sms/{serviceName}/jobs``, with its signature."""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode

from liasse.adapters.sms_http.answers import ask, refused
from liasse.lib.http_call import Answer
from liasse.messaging.ports import SendError
from liasse.messaging.types import Fate, SentSms, Trouble

_FINE: Final = range(200, 300)
_CLOCK: Final = {"INVALID_SIGNATURE", "QUERY_TIME_OUT"}
_TAG_LENGTH: Final = 20
_DELIVERED: Final = 1
_LOST: Final = {2, 16}
"""Delivery failed; refused by the operator's centre."""


@dataclass(frozen=True, slots=True)
class OvhKeys:
    """What OVHcloud hands out: the application's key and secret, and the account's consent."""

    application_key: str
    application_secret: str
    consumer_key: str

    def signature(self, method: str, url: str, *, body: str, at: int) -> str:
        """Sign a request as OVHcloud documents it."""
        words = "+".join((self.application_secret, self.consumer_key, method, url, body, str(at)))
        return "$1$" + hashlib.sha1(words.encode()).hexdigest()  # noqa: S324 - OVHcloud's own choice


class OvhSmsSender:
    """Sends through one SMS account (``sms-ab12345-1``), from a name of it or, without one, a short number."""

    is_configured = True

    def __init__(self, *, url: str, service: str, keys: OvhKeys, sender: str) -> None:
        """Keep where the interface is and what it wants to see."""
        self.root = url.rstrip("/")
        self.address = f"{self.root}/sms/{quote(service, safe='')}"
        self.keys = keys
        self.sender = sender
        self._clock: float | None = None

    def send(self, sms: SentSms) -> None:
        """Send once: each sending has a tag, which is looked for before another try."""
        tag = _tag(sms)
        if sms.is_again and self._found(sms):
            return
        job: dict[str, Any] = {
            "receivers": [sms.number],
            "message": sms.text,
            "charset": "UTF-8",
            "class": "phoneDisplay",
            "priority": "high",
            # No advertising, so no word on how to be left alone, and no wait for the morning.
            "noStopClause": True,
            "tag": tag,
        }
        job |= {"sender": self.sender} if self.sender else {"senderForResponse": True}
        answer = self._signed("POST", f"{self.address}/jobs", body=json.dumps(job))
        if answer.status not in _FINE:
            raise _refused(answer)
        facts = answer.facts
        if facts.get("invalidReceivers"):
            raise SendError("invalidReceivers", permanent=True, trouble=Trouble.NO_SUCH_ADDRESS)
        if not facts.get("ids"):
            raise refused(answer, said="no SMS was made", trouble=Trouble.SET_UP)

    def fate(self, sms: SentSms) -> Fate:
        """Look the SMS up among what the account sent; the receipt's numbers are those of SMS gateways (Kannel)."""
        for number in self._found(sms):
            answer = self._signed("GET", f"{self.address}/outgoing/{number}")
            if answer.status not in _FINE:
                raise _refused(answer)
            receipt = answer.facts.get("deliveryReceipt")
            if receipt == _DELIVERED:
                return Fate(is_delivered=True)
            if receipt in _LOST:
                return Fate(trouble=Trouble.NOT_DELIVERED, reason=f"ptt {answer.facts.get('ptt', '')}".strip())
        return Fate()

    def _found(self, sms: SentSms) -> list[int]:
        """Give the numbers under which the account sent an SMS."""
        query = urlencode({"receiver": sms.number, "tag": _tag(sms)})
        answer = self._signed("GET", f"{self.address}/outgoing?{query}")
        if answer.status not in _FINE:
            raise _refused(answer)
        found = answer.words
        return [number for number in found if isinstance(number, int)] if isinstance(found, list) else []

    def _signed(self, method: str, url: str, *, body: str = "") -> Answer:
        """Sign by OVHcloud's clock; ours may be wrong, and is asked about once more when the signature is refused."""
        answer = self._once(method, url, body=body)
        if answer.status in _FINE or answer.facts.get("errorCode") not in _CLOCK:
            return answer
        self._clock = None
        return self._once(method, url, body=body)

    def _once(self, method: str, url: str, *, body: str) -> Answer:
        now = int(time.time() + self._ahead())
        headers = {
            "Content-Type": "application/json;charset=utf-8",
            "X-Ovh-Application": self.keys.application_key,
            "X-Ovh-Consumer": self.keys.consumer_key,
            "X-Ovh-Timestamp": str(now),
            "X-Ovh-Signature": self.keys.signature(method, url, body=body, at=now),
        }
        return ask(method, url, headers=headers, body=body.encode())

    def _ahead(self) -> float:
        """Give by how many seconds OVHcloud's clock is ahead of ours."""
        if self._clock is None:
            answer = ask("GET", f"{self.root}/auth/time", headers={})
            if answer.status not in _FINE or not isinstance(answer.words, int):
                raise refused(answer, said="no time")
            self._clock = answer.words - time.time()
        return self._clock


def _tag(sms: SentSms) -> str:
    return hashlib.sha256(sms.key.encode()).hexdigest()[:_TAG_LENGTH]


def of_words(*, url: str, service: str, key: str, secret: str, consumer_key: str, sender: str) -> OvhSmsSender:
    """Make the sender from the settings' words."""
    return OvhSmsSender(url=url, service=service, keys=OvhKeys(key, secret, consumer_key), sender=sender)


def _refused(answer: Answer) -> SendError:
    facts = answer.facts
    said = " ".join(str(facts[name]) for name in ("errorCode", "message") if facts.get(name))
    trouble = None
    if "credit" in said.lower():
        trouble = Trouble.CREDIT
    elif "receiver" in said.lower():
        trouble = Trouble.NO_SUCH_ADDRESS
    elif "sender" in said.lower() or facts.get("errorCode") in {"INVALID_CREDENTIAL", "NOT_CREDENTIAL", "INVALID_KEY"}:
        trouble = Trouble.SET_UP
    return refused(answer, said=said, trouble=trouble if answer.status < 500 else None)  # noqa: PLR2004 - HTTP's own
