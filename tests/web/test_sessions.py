"""Open sessions and a new address of one's own: what is listed, what ends with it, who is told."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client

from liasse.core.audit import history
from liasse.core.scope import instance_scope, practice_scope
from liasse.identity.models import OpenSession, User
from liasse.identity.services import authenticate
from liasse.messaging.models import OutgoingMessage
from liasse.practices.models import Colleague
from tests import cast
from tests.cast import Cast
from tests.factories import PASSWORD, signed_in
from tests.providers import served_by
from tests.queries import asked
from tests.web.test_security import minutes_pass, newest_code, told, user_of, words
from tests.web.test_ways import RELAY

pytestmark = pytest.mark.django_db
NEW = "cinq mots tout neufs ici"


@pytest.fixture
def people() -> Cast:
    return cast.build()


@pytest.fixture(autouse=True)
def _relay() -> Iterator[None]:
    with served_by("mail_sender", RELAY, relay="smtp://127.0.0.1:9", sender="liasse@cabinet.example"):
        yield


# ---------------------------------------------------------------------------------------------------- sessions


def test_each_session_is_listed_with_its_device_and_ended_alone(people: Cast) -> None:
    here, phone = Client(), Client()
    for browser, agent in ((here, "Firefox/150.0 (X11; Linux)"), (phone, "(iPhone) Version/19 Safari/605")):
        login = {"email": people.colleague.email, "password": PASSWORD}
        browser.post("/sign-in/", login, headers={"user-agent": agent}, REMOTE_ADDR="192.0.2.9")
    page = words(here.get("/profile/security/", headers={"accept-language": "en"}))
    for said in ("Firefox on Linux", "Safari on iPhone", "192.0.2.9"):
        assert said in page
    place = re.search(r"/profile/security/sessions/([0-9a-f-]{36})/end/", page)
    assert place
    stranger = signed_in(people.administrator)
    assert stranger.post(f"/profile/security/sessions/{place[1]}/end/").status_code == 404
    here.post(f"/profile/security/sessions/{place[1]}/end/")
    assert phone.get("/clients/").status_code == 302
    assert here.get("/clients/").status_code == 200


def test_all_others_are_ended_at_once(people: Cast) -> None:
    here, *others = [signed_in(people.colleague) for _number in range(4)]
    stranger = signed_in(people.administrator)
    here.post("/profile/security/sessions/end/")
    assert [browser.get("/clients/").status_code for browser in (here, stranger, *others)] == [200, 200, 302, 302, 302]
    assert OpenSession.objects.filter(user=user_of(people.colleague)).count() == 1


def test_the_list_costs_the_same_for_any_number_of_sessions(people: Cast) -> None:
    browser, counts = signed_in(people.colleague), []
    for _round in range(2):
        with asked() as statements:
            browser.get("/profile/security/")
        counts.append(len(statements))
        for _session in range(5):
            signed_in(people.colleague)
    assert counts[0] == counts[1]


def test_a_page_writes_that_it_was_seen_every_five_minutes_at_most(
    people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = signed_in(people.colleague)
    browser.get("/clients/")
    with asked() as statements:
        browser.get("/clients/")
    assert not [sql for sql in statements if "UPDATE" in sql]
    minutes_pass(monkeypatch, 301)
    with asked() as statements:
        browser.get("/clients/")
    assert [sql for sql in statements if "UPDATE" in sql and "opensession" in sql]


def test_signing_out_leaves_no_session_behind(people: Cast) -> None:
    browser = signed_in(people.colleague)
    browser.post("/sign-out/")
    assert OpenSession.objects.count() == 0


def test_a_new_password_ends_the_other_sessions_and_is_told(people: Cast) -> None:
    here, there = signed_in(people.colleague), signed_in(people.colleague)
    here.post("/profile/password/", {"current": PASSWORD, "new": NEW})
    assert there.get("/clients/").status_code == 302
    assert OpenSession.objects.count() == 1
    assert "ici" in words(here.get("/profile/security/"))
    assert [address for address, _subject in told()] == [people.colleague.email]


def test_whoever_came_by_a_code_sets_a_password_without_the_forgotten_one(
    people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Client()
    browser.post("/sign-in/code/", {"email": people.colleague.email})
    browser.post("/sign-in/code/check/", {"code": newest_code()})
    assert 'name="current"' not in words(browser.get("/profile/"))
    assert browser.post("/profile/password/", {"new": NEW}).status_code == 302
    assert authenticate(people.colleague.email, NEW) == user_of(people.colleague)
    minutes_pass(monkeypatch)
    assert browser.post("/profile/password/", {"new": "encore un autre mot de passe"}).status_code == 422


# ----------------------------------------------------------------------------------------------------- address


def test_a_new_address_is_proved_and_the_old_one_told(people: Cast) -> None:
    here, there = signed_in(people.colleague, language="en"), signed_in(people.colleague)
    former = people.colleague.email
    here.post("/profile/address/", {"email": "Karim@New.example"})
    assert told() == [("karim@new.example", "A new address for a Liasse account")]
    assert here.post("/profile/address/check/", {"code": "nothing"}).status_code == 422
    code = newest_code()
    assert here.post("/profile/address/check/", {"code": code})["Location"] == "/profile/security/"
    user = User.objects.get(id=user_of(people.colleague).id)
    assert user.email == "karim@new.example"
    assert {address for address, subject in told() if "changed" in subject} == {former, "karim@new.example"}
    assert there.get("/clients/").status_code == 302
    with practice_scope(people.practice.id):
        assert Colleague.objects.get(id=people.colleague.id).email == "karim@new.example"
        events = history(practice_id=people.practice.id, subject_id=people.colleague.id)
    assert events[0].before == {"email": former}


def test_an_address_in_use_is_answered_alike_and_never_taken(people: Cast) -> None:
    browser = signed_in(people.colleague, language="en")
    emails = ("free@new.example", people.administrator.email)
    answers = [browser.post("/profile/address/", {"email": email})["Location"] for email in emails]
    assert len(set(answers)) == 1
    assert browser.post("/profile/address/check/", {"code": newest_code()}).status_code == 422
    with instance_scope():
        mail = OutgoingMessage.objects.order_by("-id")[0]
    assert "has an account already" in mail.text
    assert "{code}" not in mail.text
