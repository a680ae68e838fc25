"""Stand-ins that speak the providers' documented interfaces: their ways in, answers and refusals."""

from __future__ import annotations

import hashlib
import time
from base64 import b64decode
from typing import Any

from tests.adapters.sms_http.peer import Asked, Said

BAD, STOPPED, LANDLINE = "+33600000001", "+33600000002", "+33100000000"
OVH = {"ak": "ak-1", "as": "as-2", "ck": "ck-3"}


class Twilio:
    """The Messages resource of one account."""

    account, token = "AC0123456789abcdef0123456789abcdef", "s3cret"

    def __init__(self) -> None:
        self.taken: list[dict[str, str]] = []

    def __call__(self, asked: Asked) -> Said:
        shown = b64decode(asked.headers.get("authorization", "").removeprefix("Basic ")).decode()
        if shown != f"{self.account}:{self.token}":
            return self._error(401, 20003, "Authenticate")
        if asked.path.split("?")[0] != f"/2010-04-01/Accounts/{self.account}/Messages.json":
            return self._error(404, 20404, "The requested resource was not found")
        if asked.method == "GET":
            found = [message for message in self.taken if message["to"] == asked.query.get("To")]
            return 200, {"messages": found, "page": 0, "page_size": 50}
        form = asked.form
        if not form.get("From") and not form.get("MessagingServiceSid"):
            return self._error(400, 21603, "A 'From' phone number is required.")
        refusals = {
            BAD: (21211, f"Invalid 'To' Phone Number: {BAD}"),
            STOPPED: (21610, "Attempt to send to unsubscribed recipient"),
            LANDLINE: (21614, f"'To' number {LANDLINE} is not a valid mobile number"),
        }
        if form["To"] in refusals:
            return self._error(400, *refusals[form["To"]])
        message = {"sid": f"SM{len(self.taken):032d}", "to": form["To"], "body": form["Body"], "status": "queued"}
        self.taken.append(message)
        return 201, {**message, "error_code": None, "error_message": None, "num_segments": "1"}

    def end(self, *, is_delivered: bool) -> None:
        """Say of all that was taken how it fared."""
        ends = {"status": "delivered"} if is_delivered else {"status": "undelivered", "error_code": 30005}
        for message in self.taken:
            message.update(ends)  # type: ignore[arg-type]

    def _error(self, status: int, code: int, message: str) -> Said:
        about = f"https://www.twilio.com/docs/errors/{code}"
        return status, {"code": code, "message": message, "more_info": about, "status": status}


class Ovh:
    """One SMS account, with a clock of its own and the signature checked over what really came."""

    service = "sms-ab12345-1"

    def __init__(self, *, ahead: int = 0) -> None:
        self.taken: list[dict[str, Any]] = []
        self.ahead = ahead
        self.receipt = {"deliveryReceipt": 0, "ptt": 0}

    def end(self, *, is_delivered: bool) -> None:
        self.receipt = {"deliveryReceipt": 1 if is_delivered else 2, "ptt": 1006}

    def now(self) -> int:
        return int(time.time()) + self.ahead

    def __call__(self, asked: Asked) -> Said:
        if asked.path == "/1.0/auth/time":
            return 200, self.now()
        refusal = self._refusal(asked)
        if refusal:
            return 403, {
                "message": refusal.replace("_", " ").title(),
                "errorCode": refusal,
                "httpCode": "403 Forbidden",
            }
        if "/outgoing/" in asked.path:
            return 200, {"id": int(asked.path.rpartition("/")[2]), **self.receipt}
        if asked.method == "GET":
            query = asked.query
            return 200, [
                number
                for number, job in enumerate(self.taken, start=1)
                if job["tag"] == query["tag"] and job["receivers"] == [query["receiver"]]
            ]
        job = asked.words
        if job.get("sender") == "Nobody":
            return 400, {"class": "Client::BadRequest", "message": "Sender Nobody does not exist"}
        bad = [number for number in job["receivers"] if number in {BAD, STOPPED}]
        if not bad:
            self.taken.append(job)
        ids = [] if bad else [len(self.taken)]
        good = [number for number in job["receivers"] if number not in bad]
        return 200, {"ids": ids, "invalidReceivers": bad, "validReceivers": good, "totalCreditsRemoved": len(good)}

    def _refusal(self, asked: Asked) -> str:
        headers = asked.headers
        if headers.get("x-ovh-application") != OVH["ak"]:
            return "INVALID_KEY"
        if headers.get("x-ovh-consumer") != OVH["ck"]:
            return "INVALID_CREDENTIAL"
        at = headers["x-ovh-timestamp"]
        if abs(int(at) - self.now()) > 30:
            return "QUERY_TIME_OUT"
        signed = f"{OVH['as']}+{OVH['ck']}+{asked.method}+{asked.url}+{asked.body}+{at}"
        right = "$1$" + hashlib.sha1(signed.encode()).hexdigest()  # noqa: S324
        return "" if headers.get("x-ovh-signature") == right else "INVALID_SIGNATURE"


class Brevo:
    """Transactional SMS of one account."""

    key = "xkeysib-1"

    def __init__(self) -> None:
        self.event = "accepted"
        self.taken: list[dict[str, str]] = []

    def __call__(self, asked: Asked) -> Said:
        if asked.headers.get("api-key") != self.key:
            return 401, {"code": "unauthorized", "message": "Key not found"}
        if asked.method == "GET":
            query = asked.query
            events = [
                {"event": self.event, "reason": "Invalid number", "phoneNumber": sms["recipient"], "tag": sms["tag"]}
                for sms in self.taken
                if sms["recipient"] == query["phoneNumber"] and sms["tag"] == query["tags"]
            ]
            return 200, {"events": events} if events else {}
        sms = asked.words
        if f"+{sms['recipient']}" == BAD:
            return 400, {"code": "invalid_parameter", "message": "Invalid telephone number"}
        if f"+{sms['recipient']}" == STOPPED:
            return 400, {"code": "invalid_parameter", "message": "Contact is blacklisted"}
        if sms["sender"] == "Poor":
            return 402, {"code": "not_enough_credits", "message": "You do not have enough credits"}
        self.taken.append(sms)
        return 201, {"messageId": 1511882900176220 + len(self.taken)}

    def end(self, *, is_delivered: bool) -> None:
        self.event = "delivered" if is_delivered else "hardBounce"


class Gateway:
    """What our own description of a gateway asks for: each key is taken once."""

    token = "t0ken"

    def __init__(self) -> None:
        self.taken: dict[str, dict[str, str]] = {}
        self.told: dict[str, str] = {}

    def end(self, *, is_delivered: bool) -> None:
        failed = {"status": "failed", "error": "invalid_number", "message": "out of use"}
        self.told = {"status": "delivered"} if is_delivered else failed

    def __call__(self, asked: Asked) -> Said:
        if asked.headers.get("authorization") != f"Bearer {self.token}":
            return 401, {"error": "unauthorized"}
        if asked.method == "GET":
            return (200, self.told) if asked.query["id"] in self.taken else (404, {})
        sms = asked.words
        if sms["to"] == BAD:
            return 422, {"error": "invalid_number", "message": "no such number"}
        if sms["to"] == STOPPED:
            return 422, {"error": "blocked", "message": "the recipient said STOP"}
        assert asked.headers["idempotency-key"] == sms["id"]
        self.taken.setdefault(sms["id"], sms)
        return 202, {"id": sms["id"]}
