"""SMS through Brevo's transactional SMS interface (version 3)."""

from __future__ import annotations

import json
from typing import Any, Final
from urllib.parse import urlencode

from liasse.adapters.sms_http.answers import ask, refused
from liasse.lib.http_call import Answer
from liasse.messaging.ports import SendError
from liasse.messaging.types import Fate, SentSms, Trouble

_FINE: Final = range(200, 300)
_CODES: Final = {
    "not_enough_credits": Trouble.CREDIT,
    "unauthorized": Trouble.SET_UP,
    "permission_denied": Trouble.SET_UP,
    "account_under_validation": Trouble.SET_UP,
}
_LOST: Final = {
    "hardBounce": Trouble.NO_SUCH_ADDRESS,
    "hardBounces": Trouble.NO_SUCH_ADDRESS,
    "softBounce": Trouble.NOT_DELIVERED,
    "softBounces": Trouble.NOT_DELIVERED,
    "bounces": Trouble.NOT_DELIVERED,
    "rejected": Trouble.NOT_DELIVERED,
    "blocked": Trouble.BLOCKED,
    "unsubscription": Trouble.BLOCKED,
}
_WORDS: Final = {
    "blacklist": Trouble.BLOCKED,
    "unsubscribed": Trouble.BLOCKED,
    "telephone": Trouble.NO_SUCH_ADDRESS,
    "phone": Trouble.NO_SUCH_ADDRESS,
    "recipient": Trouble.NO_SUCH_ADDRESS,
    "sender": Trouble.SET_UP,
}


class BrevoSmsSender:
    """Sends through one account, under a name of at most 11 letters or a number of at most 15 digits."""

    is_configured = True

    def __init__(self, url: str, key: str, sender: str) -> None:
        """Keep where the interface is and what it wants to see."""
        self.root = url.rstrip("/") + "/transactionalSMS"
        self.headers = {"api-key": key}
        self.sender = sender

    def send(self, sms: SentSms) -> None:
        """Send once: each sending has a tag, which is looked for among the events before another try."""
        if sms.is_again and self._found(sms):
            return
        words = {
            "sender": self.sender,
            "recipient": sms.number.lstrip("+"),
            "content": sms.text,
            "type": "transactional",
            "tag": sms.key,
            "unicodeEnabled": True,
        }
        headers = {**self.headers, "Content-Type": "application/json"}
        answer = ask("POST", f"{self.root}/send", headers=headers, body=json.dumps(words).encode())
        if answer.status not in _FINE or not answer.facts.get("messageId"):
            raise _refused(answer)

    def fate(self, sms: SentSms) -> Fate:
        """Look the SMS up among the account's events."""
        for event in self._found(sms):
            name = str(event.get("event", ""))
            if name == "delivered":
                return Fate(is_delivered=True)
            if name in _LOST:
                return Fate(trouble=_LOST[name], reason=str(event.get("reason") or name))
        return Fate()

    def _found(self, sms: SentSms) -> list[dict[str, Any]]:
        query = urlencode({"phoneNumber": sms.number.lstrip("+"), "tags": sms.key, "days": 2, "limit": 10})
        answer = ask("GET", f"{self.root}/statistics/events?{query}", headers=self.headers)
        if answer.status not in _FINE:
            raise _refused(answer)
        events = answer.facts.get("events")
        found = [event for event in events if isinstance(event, dict)] if isinstance(events, list) else []
        return [event for event in found if event.get("tag") == sms.key]


def _refused(answer: Answer) -> SendError:
    code, said = str(answer.facts.get("code", "")), str(answer.facts.get("message", ""))
    trouble = _CODES.get(code)
    if trouble is None and code in {"invalid_parameter", "missing_parameter", "out_of_range"}:
        trouble = next((meant for word, meant in _WORDS.items() if word in said.lower()), None)
    return refused(answer, said=f"{code} {said}".strip(), trouble=trouble)
