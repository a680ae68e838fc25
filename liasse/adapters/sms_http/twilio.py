"""SMS through Twilio's Messages resource (version 2010-04-01)."""

from __future__ import annotations

from base64 import b64encode
from typing import Any, Final
from urllib.parse import urlencode

from liasse.adapters.sms_http.answers import ask, refused
from liasse.messaging.ports import SendError
from liasse.messaging.types import Fate, SentSms, Trouble

_CREATED: Final = range(200, 300)
_TROUBLES: Final = {
    20003: Trouble.SET_UP,  # Authenticate.
    21211: Trouble.NO_SUCH_ADDRESS,  # Invalid "To" number.
    21214: Trouble.NO_SUCH_ADDRESS,  # "To" number cannot be reached.
    21217: Trouble.NO_SUCH_ADDRESS,  # Number does not appear to be valid.
    21265: Trouble.NO_SUCH_ADDRESS,  # "To" number cannot be a short code.
    21408: Trouble.COUNTRY,  # Region not enabled.
    21608: Trouble.SET_UP,  # A trial account writes to proved numbers only.
    21610: Trouble.BLOCKED,  # The recipient said STOP.
    21612: Trouble.NO_SUCH_ADDRESS,  # Not reachable by SMS from this sender.
    21614: Trouble.NO_MOBILE,  # Not a mobile number.
    21635: Trouble.NO_MOBILE,  # A landline.
    21212: Trouble.SET_UP,  # Invalid sender.
    21606: Trouble.SET_UP,  # The sender cannot send SMS.
    30004: Trouble.BLOCKED,  # Message blocked.
    30005: Trouble.NO_SUCH_ADDRESS,  # Unknown destination handset.
    30006: Trouble.NO_MOBILE,  # Landline or unreachable carrier.
    21659: Trouble.SET_UP,  # The sender is not of this account.
}
_NEVER_LEFT: Final = {"failed", "undelivered", "canceled"}


class TwilioSmsSender:
    """Sends through one account, from a number, a name, or a messaging service (``MG…``)."""

    is_configured = True

    def __init__(self, url: str, account: str, token: str, sender: str) -> None:
        """Keep where the interface is and what it wants to see."""
        self.address = f"{url.rstrip('/')}/2010-04-01/Accounts/{account}/Messages.json"
        self.headers = {"Authorization": "Basic " + b64encode(f"{account}:{token}".encode()).decode()}
        self.sender = sender

    def send(self, sms: SentSms) -> None:
        """Send once: Twilio knows no keys, so before another try its own list is looked through."""
        if sms.is_again and self._has_taken(sms):
            return
        origin = "MessagingServiceSid" if self.sender.startswith("MG") else "From"
        form = urlencode({"To": sms.number, origin: self.sender, "Body": sms.text}).encode()
        headers = {**self.headers, "Content-Type": "application/x-www-form-urlencoded"}
        answer = ask("POST", self.address, headers=headers, body=form)
        facts = answer.facts
        if answer.status in _CREATED and facts.get("sid"):
            if facts.get("status") in _NEVER_LEFT:
                raise _failed(facts)
            return
        raise refused(answer, said=_said(facts), trouble=_TROUBLES.get(_code(facts)))

    def fate(self, sms: SentSms) -> Fate:
        """Look the SMS up in Twilio's list."""
        for message in self._found(sms):
            if message.get("status") == "delivered":
                return Fate(is_delivered=True)
            if message.get("status") in _NEVER_LEFT:
                code = message.get("error_code")
                known = _TROUBLES.get(code) if isinstance(code, int) else None
                said = f"{code or ''} {message.get('error_message') or message['status']}".strip()
                return Fate(trouble=known or Trouble.NOT_DELIVERED, reason=said)
        return Fate()

    def _has_taken(self, sms: SentSms) -> bool:
        """Tell whether the same text went to the number since the first try."""
        return any(message.get("status") not in _NEVER_LEFT for message in self._found(sms))

    def _found(self, sms: SentSms) -> list[dict[str, Any]]:
        """Give Twilio's own entries of an SMS, newest first."""
        day = sms.since.strftime("%Y-%m-%d")
        query = urlencode({"To": sms.number, "DateSent>": day, "PageSize": 50})
        answer = ask("GET", f"{self.address}?{query}", headers=self.headers)
        if answer.status not in _CREATED:
            raise refused(answer, said=_said(answer.facts), trouble=_TROUBLES.get(_code(answer.facts)))
        found = answer.facts.get("messages")
        messages = [message for message in found if isinstance(message, dict)] if isinstance(found, list) else []
        # A link is in every text and no two links are alike, so the text is a key of its own.
        return [message for message in messages if message.get("body") == sms.text]


def _code(facts: dict[str, Any]) -> int:
    code = facts.get("code", facts.get("error_code"))
    return code if isinstance(code, int) else 0


def _said(facts: dict[str, Any]) -> str:
    return " ".join(str(part) for part in (_code(facts) or "", facts.get("message") or "") if part)


def _failed(facts: dict[str, Any]) -> SendError:
    trouble = _TROUBLES.get(_code(facts), Trouble.REFUSED)
    reason = f"{_code(facts)} {facts.get('error_message') or facts.get('status')}"
    return SendError(reason, permanent=trouble is not Trouble.SET_UP, trouble=trouble)
