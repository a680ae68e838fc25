from __future__ import annotations

import json
from base64 import b64encode
from contextlib import suppress

import pytest

from liasse.adapters.mail_anymail import AnymailMailEvents
from liasse.messaging.types import MailEvent, MailEventKind
from tests.adapters.mail_anymail.payloads import BOUNCES, COMPLAINTS, DELIVERIES, brevo, sendgrid

SECRET = "a-secret-of-twenty-letters"
PROVIDERS = list(BOUNCES)
KEY, ADDRESS = "0190abcd.0", "paul@lepi.example"


def read(provider: str, words: object) -> list[MailEvent]:
    return AnymailMailEvents(provider=provider, secret=SECRET).read(json.dumps(words).encode(), headers={})


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_bounce_comes_back_with_the_words_of_who_refused(provider: str) -> None:
    found = read(provider, BOUNCES[provider](KEY, ADDRESS))
    assert found == [MailEvent(MailEventKind.BOUNCED, KEY, ADDRESS, "550 no such user")]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_complaints_and_deliveries_are_told_apart(provider: str) -> None:
    complaint, delivery = (read(provider, kind[provider](KEY, ADDRESS))[0] for kind in (COMPLAINTS, DELIVERIES))
    assert (complaint.kind, complaint.key) == (MailEventKind.COMPLAINED, KEY)
    assert (delivery.kind, delivery.key) == (MailEventKind.DELIVERED, KEY)


def test_opened_and_clicked_are_nobody_s_business() -> None:
    assert read("brevo", brevo("opened", key=KEY, address=ADDRESS)) == []
    assert read("sendgrid", [sendgrid("click", key=KEY, address=ADDRESS, url="https://x")]) == []


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe", b"[]x", b"null", b"3", b'"x"', b"[1]", b"[" * 100_000, b'{"event": []}', b'{"items": 1}']
)
def test_no_body_is_a_fault_of_ours(provider: str, body: bytes) -> None:
    reader = AnymailMailEvents(provider=provider, secret=SECRET)
    with suppress(ValueError):
        assert reader.read(body, headers={}) == []


def basic(words: str) -> str:
    return "Basic " + b64encode(words.encode()).decode()


def test_only_the_secret_opens() -> None:
    reader = AnymailMailEvents(provider="brevo", secret=SECRET)
    assert reader.is_from_provider(basic(f"liasse:{SECRET}"))
    assert reader.is_from_provider(basic(f"anybody:{SECRET}"))
    wrong = ["", "Basic", "Basic !!", f"Bearer {SECRET}", basic(SECRET), basic("liasse:"), basic(f"liasse:{SECRET}x")]
    assert not any(reader.is_from_provider(header) for header in wrong)
    assert not AnymailMailEvents(provider="brevo", secret="").is_from_provider(basic("liasse:"))
