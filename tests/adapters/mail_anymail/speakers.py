"""Stand-ins of the providers of mail: their ways in, what they take, how they refuse."""

from __future__ import annotations

from base64 import b64decode
from typing import Any

from tests.adapters.sms_http.peer import Asked, Said

KEY, SECRET = "key-1", "secret-2"
NOBODY = "nobody@lepi.example"


class Brevo:
    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []

    def __call__(self, asked: Asked) -> Said:
        if asked.headers.get("api-key") != KEY:
            return 401, {"code": "unauthorized", "message": "Key not found"}
        mail = asked.words
        if asked.path != "/smtp/email" or mail["to"][0]["email"] == NOBODY:
            return 400, {"code": "invalid_parameter", "message": "email is not valid in to"}
        self.taken.append(mail)
        return 201, {"messageId": f"<{len(self.taken)}@smtp-relay.mailin.fr>"}

    def seen(self) -> tuple[str, str, str, str]:
        mail = self.taken[0]
        return mail["sender"]["name"], mail["subject"], mail["textContent"], mail["htmlContent"]


class Mailjet:
    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []

    def __call__(self, asked: Asked) -> Said:
        if b64decode(asked.headers["authorization"].removeprefix("Basic ")).decode() != f"{KEY}:{SECRET}":
            return 401, {"ErrorIdentifier": "x", "StatusCode": 401, "ErrorMessage": "API key authentication failure"}
        words = asked.words
        mail = words.get("Globals", {}) | words["Messages"][0]
        if asked.path != "/send" or mail["To"][0]["Email"] == NOBODY:
            errors = [
                {
                    "ErrorCode": "mj-0013",
                    "StatusCode": 400,
                    "ErrorMessage": "invalid email",
                    "ErrorRelatedTo": ["To[0].Email"],
                }
            ]
            return 400, {"Messages": [{"Status": "error", "Errors": errors}]}
        self.taken.append(mail)
        to = [{"Email": mail["To"][0]["Email"], "MessageUUID": "u", "MessageID": 70650219165027410, "MessageHref": "h"}]
        return 200, {"Messages": [{"Status": "success", "CustomID": "", "To": to, "Cc": [], "Bcc": []}]}

    def seen(self) -> tuple[str, str, str, str]:
        mail = self.taken[0]
        return mail["From"]["Name"], mail["Subject"], mail["TextPart"], mail["HTMLPart"]


class Postmark:
    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []

    def __call__(self, asked: Asked) -> Said:
        if asked.headers.get("x-postmark-server-token") != KEY:
            return 401, {"ErrorCode": 10, "Message": "Request does not contain a valid Server token."}
        mail = asked.words
        if asked.path != "/email" or NOBODY in mail["To"]:
            return 422, {"ErrorCode": 300, "Message": f"Invalid 'To' address: '{NOBODY}'."}
        self.taken.append(mail)
        return 200, {
            "To": mail["To"],
            "SubmittedAt": "2026-11-24",
            "MessageID": "b7bc2f4a",
            "ErrorCode": 0,
            "Message": "OK",
        }

    def seen(self) -> tuple[str, str, str, str]:
        mail = self.taken[0]
        return mail["From"], mail["Subject"], mail["TextBody"], mail["HtmlBody"]


class SendGrid:
    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []

    def __call__(self, asked: Asked) -> Said:
        if asked.headers.get("authorization") != f"Bearer {KEY}":
            return 401, {"errors": [{"message": "The provided authorization grant is invalid", "field": None}]}
        mail = asked.words
        if asked.path != "/mail/send" or mail["personalizations"][0]["to"][0]["email"] == NOBODY:
            return 400, {"errors": [{"message": "Does not contain a valid address.", "field": "to"}]}
        self.taken.append(mail)
        return 202, b""

    def seen(self) -> tuple[str, str, str, str]:
        mail = self.taken[0]
        subject = mail.get("subject") or mail["personalizations"][0]["subject"]
        contents = {content["type"]: content["value"] for content in mail["content"]}
        return mail["from"]["name"], subject, contents["text/plain"], contents["text/html"]
