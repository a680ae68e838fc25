"""Open sessions and a new address of one's own: what is listed, what ends with it, who is told."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from liasse.clients.models import Member
from liasse.clients.types import MemberStatus
from liasse.core.audit import history
from liasse.core.scope import instance_scope, practice_scope
from liasse.identity.models import OpenSession, User
from liasse.identity.services import authenticate
from liasse.messaging.models import OutgoingMessage
from liasse.practices.models import Colleague
from tests import cast, factories
from tests.cast import Cast
from tests.factories import PASSWORD, signed_in
from tests.providers import served_by
from tests.queries import asked
from tests.web.test_security import minutes_pass, newest_code, told, user_of, words
from tests.web.test_ways import RELAY, with_app

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


def test_the_files_of_a_client_follow_the_new_address_and_their_history_says_so(people: Cast) -> None:
    member = people.client_administrator
    with practice_scope(people.other_practice.id):
        factories.member(people.other_file, member.name, email=member.email)
        taken = factories.member(people.other_sibling, member.name, email=member.email)
        factories.member(people.other_sibling, "Somebody Else", status=MemberStatus.INVITED, email="f@new.example")
    browser = signed_in(member, language="en")
    browser.post("/profile/address/", {"email": "f@new.example"})
    browser.post("/profile/address/check/", {"code": newest_code()})
    with instance_scope():
        emails = dict(Member.objects.filter(user=member.user).values_list("client_file_id", "email"))
        event = history(practice_id=people.practice.id, subject_id=member.id)[0]
    assert emails.pop(taken.client_file_id) == member.email
    assert set(emails.values()) == {"f@new.example"}
    assert (event.verb, event.client_file_id, event.actor_name) == ("member.changed", people.file.id, member.name)
    assert (event.before, event.after) == ({"email": member.email}, {"email": "f@new.example"})
    assert User.objects.get(email="f@new.example").email_proved_at is not None


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


# ------------------------------------------------------------------------------------------------------- limits


def hours_pass(monkeypatch: pytest.MonkeyPatch, hours: float) -> None:
    now = timezone.now() + timedelta(hours=hours)
    monkeypatch.setattr(timezone, "now", lambda: now)
    minutes_pass(monkeypatch, int(hours * 3600))


def test_an_hour_without_use_signs_a_colleague_out_and_says_why(people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = signed_in(people.colleague, language="en")
    minutes_pass(monkeypatch, 55 * 60)
    assert browser.get("/clients/").status_code == 200
    minutes_pass(monkeypatch, 61 * 60)
    response = browser.get("/clients/?q=x")
    assert response["Location"] == "/sign-in/?next=%2Fclients%2F%3Fq%3Dx"
    assert "nothing was done for an hour" in words(browser.get(response["Location"]))
    assert OpenSession.objects.count() == 0


def test_a_page_that_asks_for_news_by_itself_is_no_use(people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = signed_in(people.colleague)
    for minutes in (30, 29):
        minutes_pass(monkeypatch, minutes * 60)
        assert browser.get(f"/files/{people.file.id}/inbox/news/").status_code != 302
    minutes_pass(monkeypatch, 2 * 60)
    news = browser.get(f"/files/{people.file.id}/inbox/news/", headers={"hx-request": "true"})
    assert (news.status_code, news.headers["HX-Redirect"]) == (401, "/sign-in/")


def test_being_a_client_too_does_not_keep_the_practice_open(people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    factories.member(people.other_file, people.colleague.name)
    browser = signed_in(people.colleague)
    for _step in range(3):
        minutes_pass(monkeypatch, 25 * 60)
        assert browser.get(f"/portal/{people.other_file.id}/").status_code == 200
    assert browser.get("/clients/").status_code == 302


def test_a_client_stays_signed_in_for_the_day(people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = signed_in(people.client_employee)
    minutes_pass(monkeypatch, 5 * 3600)
    assert browser.get(f"/portal/{people.file.id}/").status_code == 200


@pytest.mark.parametrize("who", ["colleague", "client_employee"])
def test_after_twelve_hours_it_ends_however_much_it_was_used(
    people: Cast, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    browser = signed_in(getattr(people, who))
    for _half_hour in range(23):
        hours_pass(monkeypatch, 0.5)
        assert browser.get("/profile/").status_code == 200
    hours_pass(monkeypatch, 0.6)
    assert browser.get("/profile/").status_code == 302


def test_a_proof_gives_the_session_another_key_and_ends_the_former(people: Cast) -> None:
    browser, thief = signed_in(people.colleague), Client()
    name = settings.SESSION_COOKIE_NAME
    thief.cookies[name] = browser.cookies[name].value
    assert thief.get("/clients/").status_code == 200
    browser.post("/profile/prove/", {"way": "password", "password": PASSWORD})
    assert browser.get("/clients/").status_code == 200
    assert thief.get("/clients/").status_code == 302
    assert "ici" in words(browser.get("/profile/security/"))


def test_ending_sessions_asks_who_one_is(people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    here, there = signed_in(people.colleague), signed_in(people.colleague)
    minutes_pass(monkeypatch)
    assert here.post("/profile/security/sessions/end/")["Location"].startswith("/profile/prove/")
    assert there.get("/clients/").status_code == 200
    here.post("/profile/prove/", {"way": "password", "password": PASSWORD})
    here.post("/profile/security/sessions/end/")
    assert there.get("/clients/").status_code == 302


def test_a_changed_factor_leads_to_where_other_sessions_are_ended(people: Cast) -> None:
    with_app(user_of(people.colleague))
    browser = signed_in(people.colleague)
    signed_in(people.colleague)
    response = browser.post("/profile/security/app/remove/", follow=True)
    assert 'action="/profile/security/sessions/end/"' in words(response)


def test_a_cookie_replayed_after_signing_out_opens_nothing(people: Cast) -> None:
    browser, thief = signed_in(people.colleague), Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = browser.cookies[settings.SESSION_COOKIE_NAME].value
    browser.post("/sign-out/")
    assert thief.get("/clients/").status_code == 302


def test_a_closed_account_is_out_at_the_next_click(people: Cast) -> None:
    browser = signed_in(people.colleague)
    User.objects.filter(id=user_of(people.colleague).id).update(is_active=False)
    assert browser.get("/clients/").status_code == 302


@pytest.mark.parametrize("who", ["administrator", "client_employee", "outsider"])
def test_every_frame_has_the_way_out(people: Cast, who: str) -> None:
    browser = signed_in(getattr(people, who))
    for path in ("/profile/", "/profile/security/", "/"):
        assert 'action="/sign-out/"' in words(browser.get(path, follow=True))


def test_session_keys_have_more_than_128_random_bits(people: Cast) -> None:
    keys = {signed_in(people.colleague).session.session_key or "" for _number in range(20)}
    assert len(keys) == 20
    letters = set("".join(keys))
    assert min(map(len, keys)) * math.log2(len(letters)) > 128
