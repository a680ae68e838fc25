"""What the providers post, as they document it; the metadata is that of a mail of ours."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

type Payload = Callable[[str, str], Any]


def brevo(event: str, *, key: str, address: str, **more: Any) -> Any:  # noqa: ANN401
    return {
        "event": event,
        "email": address,
        "id": 1,
        "date": "2026-11-24 14:00:00",
        "ts": 1795000000,
        "message-id": "<202611241400.1@smtp-relay.mailin.fr>",
        "ts_event": 1795000000,
        "ts_epoch": 1795000000000,
        "subject": "Invitation",
        "X-Mailin-custom": json.dumps({"liasse": key}),
        "sending_ip": "192.0.2.1",
        **more,
    }


def mailjet(event: str, *, key: str, address: str, **more: Any) -> Any:  # noqa: ANN401
    return {
        "event": event,
        "time": 1795000000,
        "MessageID": 70650219165027410,
        "email": address,
        "mj_campaign_id": 1,
        "mj_contact_id": 1,
        "customcampaign": "",
        "CustomID": "",
        "Payload": json.dumps({"liasse": key}),
        **more,
    }


def postmark(record: str, *, key: str, address: str, **more: Any) -> Any:  # noqa: ANN401
    recipient = "Recipient" if record == "Delivery" else "Email"
    return {
        "RecordType": record,
        "ServerID": 23,
        "MessageID": "00000000-0000-0000-0000-000000000000",
        "Tag": "",
        "Metadata": {"liasse": key},
        recipient: address,
        **more,
    }


def sendgrid(event: str, *, key: str, address: str, **more: Any) -> Any:  # noqa: ANN401
    return {
        "event": event,
        "email": address,
        "timestamp": 1795000000,
        "smtp-id": "<x@ismtpd>",
        "sg_event_id": "e",
        "sg_message_id": "m",
        "liasse": key,
        **more,
    }


BOUNCES: dict[str, Payload] = {
    "brevo": lambda key, address: brevo("hard_bounce", key=key, address=address, reason="550 no such user"),
    "mailjet": lambda key, address: mailjet(
        "bounce", key=key, address=address, blocked=False, hard_bounce=True, error_related_to="recipient",
        error="user unknown", comment="550 no such user", smtp_reply="550 no such user",
    ),
    "postmark": lambda key, address: postmark(
        "Bounce", key=key, address=address, ID=42, Type="HardBounce", TypeCode=1, Name="Hard bounce",
        Description="The server was unable to deliver your message", Details="550 no such user",
        BouncedAt="2026-11-24T14:00:00Z", Inactive=True, CanActivate=True,
    ),
    "sendgrid": lambda key, address: [
        sendgrid("bounce", key=key, address=address, reason="550 no such user", status="5.1.1", type="bounce")
    ],
}  # fmt: skip
COMPLAINTS: dict[str, Payload] = {
    "brevo": lambda key, address: brevo("spam", key=key, address=address),
    "mailjet": lambda key, address: [mailjet("spam", key=key, address=address, source="JMRPP")],
    "postmark": lambda key, address: postmark(
        "SpamComplaint", key=key, address=address, ID=43, Type="SpamComplaint", BouncedAt="2026-11-24T14:00:00Z"
    ),
    "sendgrid": lambda key, address: [sendgrid("spamreport", key=key, address=address)],
}
DELIVERIES: dict[str, Payload] = {
    "brevo": lambda key, address: brevo("delivered", key=key, address=address),
    "mailjet": lambda key, address: mailjet("sent", key=key, address=address, smtp_reply="250 OK"),
    "postmark": lambda key, address: postmark(
        "Delivery", key=key, address=address, DeliveredAt="2026-11-24T14:00:00Z", Details="250 OK"
    ),
    "sendgrid": lambda key, address: [sendgrid("delivered", key=key, address=address, response="250 OK")],
}
