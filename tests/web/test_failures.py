"""Who fails to prove who they are: what the histories keep of it, who is warned, and what is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from liasse.core.models import AuditEvent
from liasse.core.scope import instance_scope, practice_scope
from liasse.identity.models import User
from liasse.messaging.models import OutgoingMessage
from liasse.messaging.selectors import rendered
from tests import cast, factories
from tests.cast import Cast
from tests.factories import PASSWORD, signed_in
from tests.providers import served_by
from tests.web.test_ways import RELAY, ask, by_passkey, mails, phone_of, type_code, with_app, words

pytestmark = pytest.mark.django_db
WRONG = {"way": "password", "password": "not this one"}


@pytest.fixture
def people() -> Cast:
    return cast.build()


@pytest.fixture(autouse=True)
def _relay() -> Iterator[None]:
    with served_by("mail_sender", RELAY, relay="smtp://127.0.0.1:9", sender="liasse@cabinet.example"):
        yield


def failures() -> list[tuple[str, str, str]]:
    """Verb, who did it, and to whom, of every practice."""
    with instance_scope():
        events = AuditEvent.objects.filter(verb__startswith="login.").order_by("practice_id", "sequence")
        return [(event.verb, event.actor_name, str(event.subject_id)) for event in events]


def guess(user: User, *, times: int) -> list[int]:
    browser = Client()
    browser.post("/sign-in/", {"email": user.email, "password": PASSWORD})
    return [browser.post("/sign-in/factor/", {"code": "000000"}).status_code for _time in range(times)]


def login_of(person: object) -> User:
    user = getattr(person, "user", None)
    assert isinstance(user, User)
    return user


def test_a_failed_second_factor_is_in_the_history_once_an_hour_and_names_nobody(people: Cast) -> None:
    with_app(login_of(people.colleague))
    assert guess(login_of(people.colleague), times=3) == [422] * 3
    assert failures() == [("login.factor-refused", "", str(people.colleague.id))]
    page = words(signed_in(people.administrator, language="en").get("/practice/trail/", {"kind": "refused"}))
    assert f"Somebody passed the first step of signing in as {people.colleague.name}" in page


def test_that_of_a_client_is_in_the_history_of_each_of_their_files(people: Cast) -> None:
    user = login_of(people.client_administrator)
    further = factories.member(people.other_file, people.client_administrator.name)
    with_app(user)
    guess(user, times=1)
    mine = {str(people.client_administrator.id), str(further.id)}
    assert {(verb, whom) for verb, _who, whom in failures()} == {("login.factor-refused", one) for one in mine}
    page = words(signed_in(people.administrator, language="en").get(f"/files/{people.file.id}/trail/"))
    assert f"as {people.client_administrator.name}, and failed" in page


def test_a_passkey_of_somebody_else_after_the_password_is_such_a_failure(people: Cast) -> None:
    phone_of(login_of(people.colleague))
    stranger = phone_of(people.outsider)
    browser = Client()
    browser.post("/sign-in/", {"email": people.colleague.email, "password": PASSWORD}, secure=True)
    by_passkey(browser, stranger)
    assert [verb for verb, _who, _whom in failures()] == ["login.factor-refused"]


def test_a_client_who_does_not_prove_it_again_is_on_record(people: Cast) -> None:
    browser = signed_in(people.client_employee)
    for _time in range(2):
        assert browser.post("/profile/prove/", WRONG).status_code == 422
    assert failures() == [("login.refused", people.client_employee.name, str(people.client_employee.id))]


def test_whoever_is_nobody_anywhere_leaves_no_trace(people: Cast) -> None:
    assert signed_in(people.outsider).post("/profile/prove/", WRONG).status_code == 422
    assert failures() == []


def test_guessing_at_the_second_factor_warns_its_person_once_an_hour(people: Cast) -> None:
    user = login_of(people.client_employee)
    with_app(user)
    assert guess(user, times=8)[5:] == [429] * 3
    told = [(mail.to_address, mail.text) for mail in mails()]
    assert [address for address, _text in told] == [user.email]
    with instance_scope():
        OutgoingMessage.objects.update(created_at=timezone.now() - timedelta(minutes=61))
    guess(user, times=1)
    assert len(mails()) == 2


def test_a_wrong_code_or_two_warn_nobody(people: Cast) -> None:
    with_app(login_of(people.client_employee))
    guess(login_of(people.client_employee), times=2)
    assert mails() == []


def test_mails_of_codes_are_gone_after_a_week_whoever_they_went_to(people: Cast) -> None:
    for email in ("nobody@cabinet.example", people.colleague.email):
        ask(Client(), email)
    with instance_scope():
        OutgoingMessage.objects.update(created_at=timezone.now() - timedelta(days=7, minutes=1))
    with practice_scope(people.practice.id):
        kept = OutgoingMessage.objects.create(
            practice=people.practice, subject_kind="invitation", subject_id=people.file.id, channel="email", text="x"
        )
        OutgoingMessage.objects.filter(id=kept.id).update(created_at=timezone.now() - timedelta(days=30))
    browser = Client()
    ask(browser, people.administrator.email)
    assert {mail.to_address for mail in mails()} == {"", people.administrator.email}
    assert type_code(browser, rendered(mails()[-1]).code)["Location"] == "/clients/"


def test_no_history_keeps_an_address_that_somebody_typed(people: Cast) -> None:
    del people
    ask(Client(), "nobody@cabinet.example")
    with instance_scope():
        assert len(mails()) == 1
        assert not AuditEvent.objects.filter(after__icontains="nobody@cabinet.example").exists()
        assert not [event for event in AuditEvent.objects.all() if "nobody@" in str(event.after)]
