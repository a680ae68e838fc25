"""SMS through any gateway that takes one small JSON document; docs/mechanisms/messages.md describes it."""

from __future__ import annotations

import json
from typing import Final
from urllib.parse import urlencode

from liasse.adapters.sms_http.answers import ask, refused
from liasse.lib.http_call import Answer
from liasse.messaging.types import Fate, SentSms, Trouble

_FINE: Final = range(200, 300)
_TROUBLES: Final = {
    "invalid_number": Trouble.NO_SUCH_ADDRESS,
    "not_mobile": Trouble.NO_MOBILE,
    "blocked": Trouble.BLOCKED,
    "no_credit": Trouble.CREDIT,
}
_IN_HAND: Final = 409


class GatewaySmsSender:
    """Posts ``{"to", "text", "from", "id"}`` with the key as ``Idempotency-Key`` too."""

    is_configured = True

    def __init__(self, url: str, token: str, sender: str) -> None:
        """Keep where the gateway is; a blank token means that it asks for none."""
        self.url = url
        self.headers = {"Content-Type": "application/json"}
        if token:
            self.headers["Authorization"] = f"Bearer {token}"
        self.sender = sender

    def send(self, sms: SentSms) -> None:
        """Post the SMS; the gateway takes each key once."""
        words = {"to": sms.number, "text": sms.text, "from": self.sender, "id": sms.key}
        headers = {**self.headers, "Idempotency-Key": sms.key}
        answer = ask("POST", self.url, headers=headers, body=json.dumps(words).encode())
        if answer.status in _FINE:
            return
        if answer.status == _IN_HAND:
            # The same key is being worked on: its end is told the next time.
            raise refused(Answer(425, answer.body, answer.headers), said="in hand")
        said = " ".join(str(answer.facts[name]) for name in ("error", "message") if answer.facts.get(name))
        raise refused(answer, said=said, trouble=_TROUBLES.get(str(answer.facts.get("error", ""))))

    def fate(self, sms: SentSms) -> Fate:
        """Ask the gateway, which may know nothing of it."""
        joint = "&" if "?" in self.url else "?"
        answer = ask("GET", f"{self.url}{joint}{urlencode({'id': sms.key})}", headers=self.headers)
        facts = answer.facts if answer.status in _FINE else {}
        if facts.get("status") == "delivered":
            return Fate(is_delivered=True)
        if facts.get("status") != "failed":
            return Fate()
        trouble = _TROUBLES.get(str(facts.get("error", "")), Trouble.NOT_DELIVERED)
        return Fate(trouble=trouble, reason=str(facts.get("message") or facts.get("error") or ""))
