"""What a provider of mail posts by itself comes onto the message; nothing else does, and nothing is told."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from liasse.core.audit import Subject, history
from liasse.core.scope import practice_scope
from liasse.lib.ids import uuid7
from liasse.messaging import services
from liasse.messaging.models import OutgoingMessage
from liasse.messaging.types import Channel, Draft, MessageState, Trouble
from tests import cast
from tests.adapters.mail_anymail.payloads import BOUNCES, COMPLAINTS, DELIVERIES
from tests.cast import Cast
from tests.factories import signed_in
from tests.providers import served_by

pytestmark = pytest.mark.django_db
SECRET = "a-secret-of-twenty-letters"
PAUL = "paul@lepi.example"


@pytest.fixture
def people() -> Cast:
    return cast.build()


@pytest.fixture(params=list(BOUNCES))
def provider(request: pytest.FixtureRequest) -> Iterator[str]:
    path = "liasse.adapters.mail_anymail.AnymailMailEvents"
    with served_by("mail_events", path, provider=request.param, secret=SECRET):
        yield request.param


@pytest.fixture
def brevo() -> Iterator[None]:
    with served_by("mail_events", "liasse.adapters.mail_anymail.AnymailMailEvents", provider="brevo", secret=SECRET):
        yield


def sent(people: Cast, **values: Any) -> OutgoingMessage:  # noqa: ANN401 - any column
    with practice_scope(people.practice.id):
        draft = Draft(Channel.EMAIL, PAUL, "Paul", "Invitation", "Bonjour")
        subject = Subject("invitation", uuid7(), people.file.id)
        message = services.queue(draft, practice_id=people.practice.id, subject=subject, actor=people.actor)
        columns = {"state": MessageState.SENT, "attempts": 1} | values
        OutgoingMessage.objects.filter(id=message.id).update(**columns)
        return message


def post(words: Any, *, secret: str = SECRET, **more: Any) -> Any:  # noqa: ANN401
    shown = "Basic " + b64encode(f"liasse:{secret}".encode()).decode()
    client = Client(enforce_csrf_checks=True)
    body = words if isinstance(words, bytes) else json.dumps(words)
    return client.post("/hooks/mail/", body, content_type="application/json", headers={"Authorization": shown, **more})


def key_of(message: OutgoingMessage, *, sending: int = 0) -> str:
    return f"{message.id.hex}.{sending}"


def now(message: OutgoingMessage) -> OutgoingMessage:
    with practice_scope(message.practice_id):
        return OutgoingMessage.objects.get(id=message.id)


def test_a_bounce_comes_back_onto_the_message(people: Cast, provider: str) -> None:
    message = sent(people)
    for _time in range(2):
        answer = post(BOUNCES[provider](key_of(message), PAUL.upper()))
        assert (answer.status_code, answer.content) == (200, b"")
    found = now(message)
    assert (found.state, found.trouble, found.last_error) == (MessageState.BOUNCED, Trouble.BOUNCED, "550 no such user")
    with practice_scope(people.practice.id):
        verbs = [event.verb for event in history(practice_id=people.practice.id, subject_id=message.subject_id)]
    assert verbs == ["invitation.message-bounced", "invitation.message-queued"]
    page = signed_in(people.administrator).get("/outbox/?state=bounced").content.decode()
    assert "revenu" in page
    assert "550 no such user" in page
    assert f"/outbox/{message.id}/cancel/" in page


def test_a_complaint_ends_it_and_a_delivery_is_seen(people: Cast, provider: str) -> None:
    message = sent(people)
    post(DELIVERIES[provider](key_of(message), PAUL))
    assert now(message).delivered_at is not None
    post(COMPLAINTS[provider](key_of(message), PAUL))
    post(DELIVERIES[provider](key_of(message), PAUL))
    assert (now(message).state, now(message).trouble) == (MessageState.COMPLAINED, Trouble.COMPLAINT)
    browser = signed_in(people.administrator)
    assert browser.post(f"/outbox/{message.id}/retry/", headers={"HX-Request": "true"}).status_code == 409


@pytest.mark.usefixtures("brevo")
def test_what_arrives_after_all_is_no_bounce(people: Cast) -> None:
    message = sent(people)
    post(BOUNCES["brevo"](key_of(message), PAUL))
    post(DELIVERIES["brevo"](key_of(message), PAUL))
    assert (now(message).state, now(message).problem) == (MessageState.SENT, "")


@pytest.mark.usefixtures("brevo")
def test_known_and_unknown_messages_are_answered_alike(people: Cast) -> None:
    message = sent(people)
    known = post(BOUNCES["brevo"](key_of(message), PAUL))
    others = [
        BOUNCES["brevo"](f"{uuid7().hex}.0", PAUL),
        BOUNCES["brevo"]("nonsense", PAUL),
        BOUNCES["brevo"](key_of(message), "somebody@else.example"),
    ]
    for words in others:
        answer = post(words)
        assert (answer.status_code, answer.content, dict(answer.headers)) == (200, b"", dict(known.headers))


@pytest.mark.usefixtures("brevo")
@pytest.mark.parametrize(
    ("values", "sending", "address"),
    [
        ({}, 0, "somebody@else.example"),
        ({"sending": 1}, 0, PAUL),
        ({"state": MessageState.CANCELLED}, 0, PAUL),
        ({"state": MessageState.WAITING, "attempts": 0}, 0, PAUL),
        ({"channel": Channel.SMS}, 0, PAUL),
    ],
)
def test_what_is_not_about_this_sending_changes_nothing(
    people: Cast, values: dict[str, Any], sending: int, address: str
) -> None:
    message = sent(people, **values)
    before = now(message)
    assert post(BOUNCES["brevo"](key_of(message, sending=sending), address)).status_code == 200
    assert (now(message).state, now(message).trouble) == (before.state, "")


@pytest.mark.usefixtures("brevo")
def test_without_the_secret_nothing_is_read(people: Cast) -> None:
    message = sent(people)
    words = BOUNCES["brevo"](key_of(message), PAUL)
    for answer in (post(words, secret="wrong"), post(words, secret=""), Client().post("/hooks/mail/", words)):
        assert (answer.status_code, answer.content) == (401, b"")
    assert now(message).state == MessageState.SENT


@pytest.mark.usefixtures("brevo")
def test_a_long_or_odd_body_is_refused(people: Cast) -> None:
    message = sent(people)
    words = BOUNCES["brevo"](key_of(message), PAUL) | {"padding": "x" * 1024 * 1024}
    assert post(words).status_code == 413
    assert post(b"{").status_code == 400
    assert post(b"[" * 100_000).status_code == 400
    assert now(message).state == MessageState.SENT


@pytest.mark.usefixtures("brevo")
def test_only_posts_are_taken() -> None:
    assert Client().get("/hooks/mail/").status_code == 405


def test_without_a_provider_there_is_no_such_address() -> None:
    assert post({}).status_code == 404
