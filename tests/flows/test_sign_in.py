"""A code by email, really sent by the worker and read by a mail parser, opens the browser that asked."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from django.test import Client

from liasse.worker.main import run_next
from tests import cast
from tests.mailbox import Mailbox, mailbox, page_of, text_of
from tests.providers import served_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def relay() -> Iterator[Mailbox]:
    with mailbox() as made:
        path = "liasse.adapters.mail_smtp.SmtpMailSender"
        with served_by("mail_sender", path, relay=f"smtp://{made.address}", sender="liasse@cabinet.example"):
            yield made


def send_all() -> None:
    while run_next():
        pass


@pytest.mark.parametrize(("language", "subject"), [("fr", "Connexion à Liasse"), ("en", "Signing in to Liasse")])
def test_a_code_is_received_within_seconds_and_signs_in(relay: Mailbox, language: str, subject: str) -> None:
    people, browser = cast.build(), Client(HTTP_ACCEPT_LANGUAGE=language)
    start = time.time()
    browser.post("/sign-in/code/", {"email": people.colleague.email})
    send_all()
    assert relay.at[0] - start < 3
    mail = relay.mails[0]
    found = re.search(r"^(\d{6})$", text_of(mail), re.MULTILINE)
    assert found
    assert (mail["Subject"], mail["From"].addresses[0].display_name) == (subject, "Liasse")
    assert found[1] not in str(mail["Subject"])
    assert found[1] in page_of(mail).text
    assert browser.post("/sign-in/code/check/", {"code": found[1]})["Location"] == "/clients/"


def test_nobody_s_mail_has_no_code_and_no_link(relay: Mailbox) -> None:
    cast.build()
    Client(HTTP_ACCEPT_LANGUAGE="en").post("/sign-in/code/", {"email": "nobody@cabinet.example"})
    send_all()
    text = text_of(relay.mails[0])
    assert not re.search(r"\d{6}|https?://", text)
    assert "no account here" in text
