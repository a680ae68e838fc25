"""The other ways in: codes by email, the second factor, passkeys; and that none tells who is known."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from typing import Any

import pyotp
import pytest
from django.test import Client

from liasse.core.scope import instance_scope
from liasse.identity import factors, passkeys
from liasse.identity.models import User
from liasse.identity.passkeys import Site
from liasse.messaging.html import as_html
from liasse.messaging.models import OutgoingMessage
from liasse.messaging.selectors import rendered
from tests import cast
from tests.cast import Cast
from tests.factories import PASSWORD, signed_in
from tests.passkey import SoftPasskey
from tests.providers import served_by
from tests.queries import asked

pytestmark = pytest.mark.django_db
RELAY = "liasse.adapters.mail_smtp.SmtpMailSender"
SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.fixture
def people() -> Cast:
    return cast.build()


@pytest.fixture(autouse=True)
def _relay() -> Iterator[None]:
    with served_by("mail_sender", RELAY, relay="smtp://127.0.0.1:9", sender="liasse@cabinet.example"):
        yield


def mails() -> list[OutgoingMessage]:
    with instance_scope():
        return list(OutgoingMessage.objects.order_by("id"))


def words(response: Any) -> str:  # noqa: ANN401 - the test client's answer
    return str(response.content.decode())


def ask(browser: Client, email: str) -> Any:  # noqa: ANN401 - the test client's answer
    return browser.post("/sign-in/code/", {"email": email})


def type_code(browser: Client, code: str) -> Any:  # noqa: ANN401 - the test client's answer
    return browser.post("/sign-in/code/check/", {"code": code})


def with_app(user: User) -> list[str]:
    factors.add_app(user, seed=SEED, code=pyotp.TOTP(SEED).at(int(time.time()) - 30))
    return factors.new_recovery_codes(user)


def now_code() -> str:
    return pyotp.TOTP(SEED).at(int(time.time()))


# ----------------------------------------------------------------------------------------------- codes by email


def test_a_code_by_email_signs_in_where_it_was_asked_for_alone(people: Cast) -> None:
    here, elsewhere = Client(), Client()
    assert ask(here, people.colleague.email)["Location"] == "/sign-in/code/check/"
    code = rendered(mails()[0]).code
    assert type_code(elsewhere, code)["Location"] == "/sign-in/code/"
    assert type_code(here, "000000" if code != "000000" else "111111").status_code == 422
    assert type_code(here, code)["Location"] == "/clients/"
    assert here.get("/clients/").status_code == 200


def test_known_and_unknown_addresses_get_one_answer_one_mail_and_the_same_statements(people: Cast) -> None:
    seen = []
    # Once before, so that what is made at the first mail of all is there for both.
    ask(Client(), "first@cabinet.example")
    for email in (people.colleague.email, "nobody@cabinet.example"):
        before, browser = len(mails()), Client()
        with asked() as statements:
            response = ask(browser, email)
        page = browser.get(response["Location"])
        kinds = [re.sub(r"'[^']*'|\b[0-9a-f]{32}\b|\d+|NULL", "?", sql)[:60] for sql in statements]
        seen.append((response.status_code, response["Location"], page.content, len(mails()) - before, kinds))
        assert email not in words(page)
    known, unknown = seen
    strip = re.compile(rb'value="[A-Za-z0-9]{64}"|"X-CSRFToken": "[A-Za-z0-9]+"')
    assert known[:2] == unknown[:2]
    assert strip.sub(b"", known[2]) == strip.sub(b"", unknown[2])
    assert known[3] == unknown[3] == 1
    assert known[4] == unknown[4]


def test_the_mail_to_nobody_holds_no_code(people: Cast) -> None:
    del people
    browser = Client(HTTP_ACCEPT_LANGUAGE="en")
    ask(browser, "nobody@cabinet.example")
    mail = mails()[0]
    assert rendered(mail).code not in rendered(mail).text
    assert "no account here" in rendered(mail).text
    assert type_code(browser, rendered(mail).code).status_code == 422


def test_no_practice_can_read_a_code_and_no_row_holds_it(people: Cast) -> None:
    ask(Client(), people.colleague.email)
    mail = mails()[0]
    code = rendered(mail).code
    assert mail.practice_id not in {people.practice.id, people.other_practice.id}
    assert code not in mail.text + mail.subject
    assert code in rendered(mail).text
    assert f">{code}<" in as_html(mail, language="fr", firm="Liasse")


def test_the_fourth_code_within_minutes_is_refused_alike(people: Cast) -> None:
    answers = []
    for email in (people.colleague.email, "nobody@cabinet.example"):
        statuses = [ask(Client(), email).status_code for _time in range(4)]
        answers.append(statuses)
    assert answers == [[302, 302, 302, 429]] * 2


def test_without_a_relay_no_code_is_offered_or_made(people: Cast) -> None:
    with served_by("mail_sender", RELAY, relay="", sender="liasse@cabinet.example"):
        assert "/sign-in/code/" not in words(Client().get("/sign-in/"))
        assert ask(Client(), people.colleague.email).status_code == 200
    assert mails() == []


def test_before_there_is_a_practice_no_mail_is_sent() -> None:
    ask(Client(), "nobody@cabinet.example")
    assert mails() == []


# ------------------------------------------------------------------------------------------- the second factor


@pytest.mark.parametrize("way", ["password", "code"])
def test_whoever_has_a_factor_is_asked_for_it(people: Cast, way: str) -> None:
    with_app(people.colleague.user or User())
    browser, email = Client(), people.colleague.email
    if way == "password":
        response = browser.post("/sign-in/", {"email": email, "password": PASSWORD, "next": "/profile/"})
    else:
        ask(browser, email)
        response = type_code(browser, rendered(mails()[0]).code)
    assert response["Location"] == "/sign-in/factor/"
    assert browser.get("/clients/").status_code == 302
    assert browser.post("/sign-in/factor/", {"code": "000000"}).status_code == 422
    response = browser.post("/sign-in/factor/", {"code": now_code()})
    assert response["Location"] == ("/profile/" if way == "password" else "/clients/")
    assert browser.get("/clients/").status_code == 200


def test_a_recovery_code_does_for_a_lost_phone(people: Cast) -> None:
    codes = with_app(people.colleague.user or User())
    for _time, location in ((1, "/clients/"), (2, None)):
        browser = Client()
        browser.post("/sign-in/", {"email": people.colleague.email, "password": PASSWORD})
        response = browser.post("/sign-in/factor/", {"code": codes[0]})
        assert response.headers.get("Location") == location


def test_guesses_at_the_factor_are_limited_over_all_browsers(people: Cast) -> None:
    with_app(people.colleague.user or User())
    statuses = []
    for _time in range(6):
        browser = Client()
        browser.post("/sign-in/", {"email": people.colleague.email, "password": PASSWORD})
        statuses.append(browser.post("/sign-in/factor/", {"code": "000000"}).status_code)
    assert statuses == [422] * 5 + [429]


def test_half_a_sign_in_ends_after_ten_minutes_and_for_the_closed(
    people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = people.colleague.user or User()
    with_app(user)
    browser = Client()
    browser.post("/sign-in/", {"email": user.email, "password": PASSWORD})
    User.objects.filter(id=user.id).update(is_active=False)
    assert browser.get("/sign-in/factor/")["Location"] == "/sign-in/"
    User.objects.filter(id=user.id).update(is_active=True)
    assert browser.get("/sign-in/factor/").status_code == 200
    later = time.time() + 601
    monkeypatch.setattr(time, "time", lambda: later)
    assert browser.post("/sign-in/factor/", {"code": now_code()})["Location"] == "/sign-in/"


def test_the_session_gets_a_new_key_at_each_step(people: Cast) -> None:
    with_app(people.colleague.user or User())
    browser, keys = Client(), []
    browser.get("/sign-in/code/")
    for path, data in (
        ("/sign-in/", {"email": people.colleague.email, "password": PASSWORD}),
        ("/sign-in/factor/", {"code": now_code()}),
    ):
        browser.post(path, data)
        keys.append(browser.session.session_key)
    assert len(set(keys)) == 2


# ---------------------------------------------------------------------------------------------------- passkeys


def phone_of(user: User, *, host: str = "testserver") -> SoftPasskey:
    site = Site(scheme="https", host=host)
    phone = SoftPasskey(origin=f"https://{host}", site=host)
    begun = passkeys.begin_adding(user, site=site)
    passkeys.add(user, site=site, state=begun.state, answer=phone.made(begun.options), name="Phone")
    return phone


def by_passkey(browser: Client, phone: SoftPasskey, **more: str) -> Any:  # noqa: ANN401 - the test client's answer
    options = json.loads(browser.post("/sign-in/passkey/options/", secure=True).content)
    data = {"credential": phone.used(options), **more}
    return browser.post("/sign-in/passkey/", data, secure=True)


def test_a_passkey_signs_in_without_more(people: Cast) -> None:
    phone = phone_of(people.colleague.user or User())
    browser = Client()
    assert by_passkey(browser, phone, next="/profile/")["Location"] == "/profile/"
    assert browser.get("/clients/", secure=True).status_code == 200


def test_a_passkey_answers_one_question_once(people: Cast) -> None:
    phone, browser = phone_of(people.colleague.user or User()), Client()
    options = json.loads(browser.post("/sign-in/passkey/options/", secure=True).content)
    answer = phone.used(options)
    assert browser.post("/sign-in/passkey/", {"credential": answer}, secure=True)["Location"] == "/clients/"
    thief = Client()
    thief.post("/sign-in/passkey/options/", secure=True)
    assert thief.post("/sign-in/passkey/", {"credential": answer}, secure=True)["Location"] == "/sign-in/"


def test_after_a_password_only_ones_own_passkey_does(people: Cast) -> None:
    own = phone_of(people.colleague.user or User())
    other = phone_of(people.administrator.user or User())
    browser = Client()
    login = {"email": people.colleague.email, "password": PASSWORD}
    assert browser.post("/sign-in/", login, secure=True)["Location"] == "/sign-in/factor/"
    assert by_passkey(browser, other)["Location"] == "/sign-in/factor/"
    assert by_passkey(browser, own)["Location"] == "/clients/"


def test_an_answer_of_a_passkey_proves_once(people: Cast) -> None:
    phone = phone_of(people.colleague.user or User())
    browser = signed_in(people.colleague)
    begin = "/sign-in/passkey/options/"
    answer = phone.used(json.loads(browser.post(begin, secure=True).content))
    statuses = [
        browser.post("/profile/prove/", {"way": "passkey", "credential": answer}, secure=True).status_code
        for _time in range(2)
    ]
    assert statuses == [302, 422]


def test_nothing_of_before_is_left_in_the_session_that_opens(people: Cast) -> None:
    browser = Client()
    ask(browser, "nobody@cabinet.example")
    before = browser.session.session_key
    login = {"email": people.colleague.email, "password": PASSWORD}
    browser.post("/sign-in/", login)
    assert browser.session.session_key != before
    assert "sign-in-code" not in browser.session
    assert type_code(browser, "000000")["Location"] == "/sign-in/code/"
