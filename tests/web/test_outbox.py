"""Boîte d'envoi: what leaves, what waits, and the link that is handed over by hand."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from liasse.core.access import Actor
from liasse.core.audit import Subject
from liasse.core.models import Job
from liasse.core.scope import practice_scope
from liasse.messaging import services
from liasse.messaging.models import OutgoingMessage
from liasse.messaging.selectors import rendered
from liasse.messaging.types import Channel, Draft, MessageLink, MessageState
from liasse.practices.models import Practice
from liasse.practices.selectors import actor_of
from tests import cast
from tests.cast import Cast
from tests.factories import signed_in
from tests.queries import asked

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def people() -> Cast:
    return cast.build()


@pytest.fixture
def browser(people: Cast) -> Client:
    return signed_in(people.administrator)


def words(response: Any) -> str:  # noqa: ANN401 - the test client's answer
    return str(response.content.decode()).replace("\u202f", " ")


def queue(practice: Practice, *, actor: Actor, to: str = "paul@lepi.example") -> OutgoingMessage:
    with practice_scope(practice.id):
        link = MessageLink(path="/invitations/{token}/", purpose="invitation", subject_id=practice.id, nonce=to)
        draft = Draft(Channel.EMAIL, to, "Paul <b>Lépi</b>", f"Pour {to}", "Bonjour\n\n{link}\n", link)
        subject = Subject(kind="practice", id=practice.id)
        return services.queue(draft, practice_id=practice.id, subject=subject, actor=actor)


def test_each_message_shows_its_text_and_its_link_to_copy(people: Cast, browser: Client) -> None:
    message = queue(people.practice, actor=people.actor)
    page = words(browser.get("/outbox/"))
    link = rendered(message).link
    assert f'data-copy="{link}"' in page
    assert f"Bonjour\n\n{link}" in page
    for shown in ("Pour paul@lepi.example", "en attente", "Aucun relais", "&lt;b&gt;Lépi"):
        assert shown in page


def test_the_menu_counts_what_was_not_sent(people: Cast, browser: Client) -> None:
    assert '<span class="count">' not in words(browser.get("/outbox/"))
    queue(people.practice, actor=people.actor)
    assert '<span class="count">1</span>' in words(browser.get("/clients/"))


def test_another_practice_s_messages_are_not_there(people: Cast, browser: Client) -> None:
    message = queue(people.other_practice, actor=actor_of(people.other_administrator))
    assert "paul@lepi" not in words(browser.get("/outbox/"))
    assert browser.get(f"/outbox/?before={message.id}").status_code == 200
    for action in ("retry", "cancel"):
        assert browser.post(f"/outbox/{message.id}/{action}/").status_code == 404


def test_a_failed_one_says_why_and_is_sent_again(
    people: Cast, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = queue(people.practice, actor=people.actor)
    monkeypatch.setattr("liasse.web.outbox.views.can_send_email", lambda: True)
    with practice_scope(people.practice.id):
        Job.objects.all().delete()
        OutgoingMessage.objects.update(state=MessageState.FAILED, last_error="550 no such user")
    page = words(browser.get("/outbox/"))
    assert "550 no such user" in page
    assert "échec" in page
    response = browser.post(f"/outbox/{message.id}/retry/", headers=HTMX)
    assert "en route" in words(response)
    with practice_scope(people.practice.id):
        assert Job.objects.get().subject_id == message.id


def test_without_a_relay_nothing_is_offered_to_be_sent_again(people: Cast, browser: Client) -> None:
    message = queue(people.practice, actor=people.actor)
    page = words(browser.get("/outbox/"))
    assert f"/outbox/{message.id}/retry/" not in page
    assert f"/outbox/{message.id}/cancel/" in page


def test_a_cancelled_one_offers_nothing_more(people: Cast, browser: Client) -> None:
    message = queue(people.practice, actor=people.actor)
    response = browser.post(f"/outbox/{message.id}/cancel/", headers=HTMX)
    assert "annulé" in words(response)
    assert "data-copy" not in words(response)
    assert browser.post(f"/outbox/{message.id}/retry/", headers=HTMX).status_code == 409


def test_it_is_paged_newest_first(people: Cast, browser: Client) -> None:
    for number in range(30):
        queue(people.practice, actor=people.actor, to=f"p{number:02}@lepi.example")
    with asked() as seen:
        first = words(browser.get("/outbox/"))
    assert len(seen) <= 10
    assert ("Pour p29@" in first, "Pour p05@" in first, "Pour p04@" in first) == (True, True, False)
    rest = first.split('class="btn btn-ghost btn-s" href="')[1].split('"')[0]
    second = words(browser.get(rest, headers=HTMX))
    assert ("Pour p04@" in second, "Pour p00@" in second, "Pour p05@" in second) == (True, True, False)


def test_a_code_is_shown_only_where_nothing_leaves_by_itself(
    people: Cast, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with practice_scope(people.practice.id):
        link = MessageLink(path="", purpose="proof", subject_id=people.practice.id, nonce="n")
        draft = Draft(Channel.EMAIL, "paul@lepi.example", "Paul", "Code", "Le code :\n\n{code}\n", link)
        subject = Subject(kind="practice", id=people.practice.id)
        message = services.queue(draft, practice_id=people.practice.id, subject=subject, actor=people.actor)
    code = rendered(message).code
    assert code in words(browser.get("/outbox/"))
    monkeypatch.setattr("liasse.web.outbox.views.can_send_email", lambda: True)
    page = words(browser.get("/outbox/"))
    assert code not in page
    assert "••••••" in page


@pytest.mark.parametrize("state", ["failed", "nonsense", ""])
def test_it_is_filtered_by_state(people: Cast, browser: Client, state: str) -> None:
    for number in range(30):
        queue(people.practice, actor=people.actor, to=f"p{number:02}@lepi.example")
    with practice_scope(people.practice.id):
        OutgoingMessage.objects.filter(to_address__startswith="p0").update(state=MessageState.FAILED)
    with asked() as seen:
        page = words(browser.get(f"/outbox/?state={state}"))
    assert len(seen) <= 10
    assert ("Pour p05@" in page, "Pour p29@" in page) == ((True, False) if state == "failed" else (True, True))


@pytest.mark.parametrize("place", ["nonsense", "00000000-0000-0000-0000-000000000000"])
def test_a_place_that_is_none_shows_the_newest(people: Cast, browser: Client, place: str) -> None:
    queue(people.practice, actor=people.actor)
    assert "paul@lepi" in words(browser.get(f"/outbox/?before={place}"))
