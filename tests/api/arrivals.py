"""What providers post for an inbound mail, as their documentation shows it: with the raw mail, and taken apart."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass

PDF = b"%PDF-1.4\r\n\x00\xff facture \xe9\n%%EOF"
RAW = (
    b"Return-Path: <fournisseur@exemple.fr>\r\nFrom: Fournisseur <fournisseur@exemple.fr>\r\n"
    b"Subject: Facture \xe9t\xe9\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\n"
    b"Bonjour, \xe9t\xe9\r\n--xYzZY is not a boundary here\r\n"
)
"""Eight bits that are no UTF-8, and a line that looks like the end of a form's field."""


@dataclass(frozen=True)
class Posted:
    """One request of a provider."""

    body: bytes
    content_type: str = "application/json"


def form(fields: Mapping[str, bytes], files: Mapping[str, tuple[str, str, bytes]] = {}) -> Posted:
    boundary = b"xYzZY0123456789"
    parts = [
        b"--"
        + boundary
        + b'\r\nContent-Disposition: form-data; name="'
        + name.encode()
        + b'"\r\n\r\n'
        + value
        + b"\r\n"
        for name, value in fields.items()
    ]
    parts += [
        b"--" + boundary + f'\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'.encode()
        + f"Content-Type: {kind}\r\n\r\n".encode() + content + b"\r\n"
        for name, (filename, kind, content) in files.items()
    ]  # fmt: skip
    body = b"".join(parts) + b"--" + boundary + b"--\r\n"
    return Posted(body, f"multipart/form-data; boundary={boundary.decode()}")


HEADERS = [
    ["From", "Fournisseur <fournisseur@exemple.fr>"],
    ["To", "depots@cabinet.example"],
    ["Subject", "Facture été"],
    ["Message-Id", "<1@exemple.fr>"],
    ["Date", "Tue, 24 Nov 2026 10:00:00 +0100"],
]


def mailgun_raw(to: str) -> Posted:
    return form(
        {"recipient": to.encode(), "sender": b"fournisseur@exemple.fr", "timestamp": b"1795600000", "body-mime": RAW}
    )


def mailgun(to: str) -> Posted:
    fields = {
        "recipient": to.encode(),
        "sender": b"fournisseur@exemple.fr",
        "timestamp": b"1795600000",
        "message-headers": json.dumps(HEADERS).encode(),
        "body-plain": "Bonjour, été".encode(),
        "attachment-count": b"1",
    }
    return form(fields, {"attachment-1": ("facture.pdf", "application/pdf", PDF)})


def sendgrid_raw(to: str) -> Posted:
    envelope = json.dumps({"to": [to], "from": "fournisseur@exemple.fr"}).encode()
    return form({"email": RAW, "envelope": envelope, "to": to.encode()})


def sendgrid(to: str) -> Posted:
    fields = {
        "headers": "\n".join(f"{name}: {value}" for name, value in HEADERS).encode(),
        "envelope": json.dumps({"to": [to], "from": "fournisseur@exemple.fr"}).encode(),
        "text": "Bonjour, été".encode(),
        "attachments": b"1",
        "attachment-info": json.dumps({"attachment1": {"filename": "", "type": "application/pdf"}}).encode(),
        "charsets": json.dumps({"text": "utf-8"}).encode(),
    }
    # A file without a name, which Django's own reader of forms would drop.
    return form(fields, {"attachment1": ("", "application/pdf", PDF)})


def postmark_raw(to: str) -> Posted:
    return _postmark(to, RawEmail=RAW.decode("ascii", "replace"))


def postmark(to: str) -> Posted:
    attachment = {"Name": "facture.pdf", "Content": b64encode(PDF).decode(), "ContentType": "application/pdf"}
    return _postmark(to, TextBody="Bonjour, été", Attachments=[attachment])


def _postmark(to: str, **more: object) -> Posted:
    event = {
        "FromFull": {"Email": "fournisseur@exemple.fr", "Name": "Fournisseur"},
        "ToFull": [{"Email": to, "Name": ""}],
        "OriginalRecipient": to,
        "Subject": "Facture été",
        "MessageID": "22c74902-a0c1-4511-804f-341342852c90",
        "Date": "Tue, 24 Nov 2026 10:00:00 +0100",
        "Headers": [{"Name": "Return-Path", "Value": "<fournisseur@exemple.fr>"}, {"Name": "X-Of", "Value": "them"}],
        **more,
    }
    return Posted(json.dumps(event).encode())


def mailjet(to: str) -> Posted:
    event = {
        "Sender": "fournisseur@exemple.fr",
        "Recipient": to,
        "Headers": dict(HEADERS),
        "Parts": [
            {"Headers": {"Content-Type": "text/plain"}, "ContentRef": "Text-part"},
            {
                "Headers": {
                    "Content-Type": 'application/pdf; name="facture.pdf"',
                    "Content-Disposition": 'attachment; filename="facture.pdf"',
                },
                "ContentRef": "Attachment1",
            },
        ],
        "Text-part": "Bonjour, été",
        "Attachment1": b64encode(PDF).decode(),
    }
    return Posted(json.dumps(event).encode())


def brevo(to: str) -> Posted:
    item = {
        "Uuid": ["8d79f2b1-20ae-4939-8d0b-d2517331a9e5"],
        "Recipients": [to],
        "Headers": {"Return-Path": "<fournisseur@exemple.fr>", **dict(HEADERS)},
        "RawTextBody": "Bonjour, été",
        "RawHtmlBody": "",
        "Attachments": [
            {"Name": "facture.pdf", "ContentType": "application/pdf", "ContentLength": len(PDF), "DownloadToken": "t/1"}
        ],
    }
    return Posted(json.dumps({"items": [item]}).encode())
