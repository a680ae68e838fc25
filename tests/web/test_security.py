"""One's own second factor; what the practice asks; and proofs before what is sensitive."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from django.test import Client
from django.utils import timezone

from liasse.core.audit import history
from liasse.core.scope import instance_scope, practice_scope
from liasse.identity import factors
from liasse.identity.models import Passkey, RecoveryCode, User
from liasse.identity.sessions import PROOF_HOLDS
from liasse.messaging.models import OutgoingMessage
from liasse.messaging.selectors import rendered
from liasse.practices.models import Colleague, Practice
from liasse.practices.types import ColleagueStatus, Role
from tests import cast
from tests.cast import Cast
from tests.factories import PASSWORD, signed_in
from tests.providers import served_by
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


def words(response: Any) -> str:  # noqa: ANN401 - the test client's answer
    return str(response.content.decode())


def told() -> list[tuple[str, str]]:
    with instance_scope():
        return [(mail.to_address, mail.subject) for mail in OutgoingMessage.objects.order_by("id")]


def newest_code() -> str:
    with instance_scope():
        return rendered(OutgoingMessage.objects.order_by("-id")[0]).code


def user_of(colleague: Colleague) -> User:
    assert colleague.user is not None
    return colleague.user


def minutes_pass(monkeypatch: pytest.MonkeyPatch, seconds: int = PROOF_HOLDS + 1) -> None:
    later = time.time() + seconds
    monkeypatch.setattr(time, "time", lambda: later)


def set_up_app(browser: Client) -> Any:  # noqa: ANN401 - the test client's answer
    page = words(browser.get("/profile/security/app/"))
    offer = re.search(r'name="offer" value="([^"]+)"', page)
    key = re.search(r'<code class="key">([A-Z2-7 ]+)</code>', page)
    assert offer
    assert key
    code = pyotp.TOTP(key[1].replace(" ", "")).at(int(time.time()))
    return browser.post("/profile/security/app/", {"offer": offer[1], "code": code})


# ---------------------------------------------------------------------------------------------------- factors


def test_an_app_is_set_up_and_its_recovery_codes_are_shown_once(people: Cast) -> None:
    browser = signed_in(people.colleague, language="en")
    page = words(set_up_app(browser))
    codes = re.findall(r'<code class="key">([a-z2-7-]+)</code>', page)
    assert len(codes) == factors.RECOVERY_CODES
    file = browser.post("/profile/security/recovery/file/", {"code": [*codes, "<script>"]})
    assert file["Content-Disposition"].startswith("attachment")
    assert [line for line in words(file).splitlines() if line in codes] == codes
    assert "script" not in words(file)
    assert not any(code in words(browser.get("/profile/security/")) for code in codes)
    assert told() == [(people.colleague.email, "Your second factor was changed")]


def test_an_offer_of_somebody_else_or_of_nobody_binds_no_app(people: Cast) -> None:
    theirs = words(signed_in(people.administrator).get("/profile/security/app/"))
    offer = re.search(r'name="offer" value="([^"]+)"', theirs)
    assert offer
    browser = signed_in(people.colleague)
    for forged in (offer[1], "forged", ""):
        response = browser.post("/profile/security/app/", {"offer": forged, "code": "123456"})
        assert response["Location"] == "/profile/security/app/"


def test_a_wrong_first_code_shows_the_same_key_again(people: Cast) -> None:
    browser = signed_in(people.colleague)
    page = words(browser.get("/profile/security/app/"))
    offer, key = re.search(r'name="offer" value="([^"]+)"', page), re.search(r'"key">([A-Z2-7 ]+)<', page)
    assert offer
    assert key
    response = browser.post("/profile/security/app/", {"offer": offer[1], "code": "000000"})
    assert response.status_code == 422
    assert key[1] in words(response)


def test_new_recovery_codes_end_the_former_and_need_a_factor(people: Cast) -> None:
    browser = signed_in(people.colleague)
    assert browser.post("/profile/security/recovery/")["Location"] == "/profile/security/"
    former = with_app(user_of(people.colleague))
    page = words(browser.post("/profile/security/recovery/"))
    assert former[0] not in page
    assert RecoveryCode.objects.count() == factors.RECOVERY_CODES


def test_the_passkeys_of_others_are_not_there(people: Cast) -> None:
    theirs = Passkey.objects.create(
        user=user_of(people.administrator), site="x", credential_hash="x", credential=b"", name="Theirs"
    )
    browser = signed_in(people.colleague)
    for path in (f"/profile/security/passkeys/{theirs.id}/", f"/profile/security/passkeys/{theirs.id}/remove/"):
        assert browser.post(path, {"name": "Mine"}).status_code == 404
    assert Passkey.objects.get().name == "Theirs"


# ------------------------------------------------------------------------------------ what the practice asks for


def days_pass(days: int) -> None:
    with instance_scope():
        before = timezone.now() - timedelta(days=days)
        Colleague.objects.update(created_at=before)
        Practice.objects.update(factor_from=before)


@pytest.mark.parametrize("path", ["/clients/", "/team/", "/files/{file}/inbox/", "/files/{file}/settings/"])
def test_after_the_days_of_grace_a_colleague_without_a_factor_is_led_to_add_one(people: Cast, path: str) -> None:
    browser, address = signed_in(people.administrator), path.format(file=people.file.id)
    days_pass(13)
    assert browser.get(address).status_code == 200
    days_pass(15)
    assert browser.get(address)["Location"] == "/profile/security/"
    assert browser.get(address, headers={"hx-request": "true"})["HX-Redirect"] == "/profile/security/"
    assert browser.post(address).status_code == 302
    assert browser.get("/profile/security/").status_code == 200
    set_up_app(browser)
    assert browser.get(address).status_code == 200


def test_the_days_count_from_when_the_practice_asked_and_the_colleague_came(people: Cast) -> None:
    browser, before = signed_in(people.colleague), timezone.now() - timedelta(days=100)
    with instance_scope():
        Colleague.objects.update(created_at=before)
        assert browser.get("/clients/").status_code == 200
        Colleague.objects.update(created_at=timezone.now())
        Practice.objects.update(factor_from=before)
    assert browser.get("/clients/").status_code == 200


def test_clients_are_never_made_to(people: Cast) -> None:
    days_pass(100)
    browser = signed_in(people.client_administrator)
    assert browser.get(f"/portal/{people.file.id}/", follow=True).status_code == 200
    assert browser.get("/profile/security/").status_code == 200


def test_the_administrator_sets_the_days(people: Cast) -> None:
    browser = signed_in(people.administrator)
    days_pass(3)
    assert browser.post("/practice/factor_days/", {"factor_days": "91", "version": "1"}).status_code in {302, 422}
    assert Practice.objects.get(id=people.practice.id).factor_days == 14
    browser.post("/practice/factor_days/", {"factor_days": "2", "version": "1"})
    assert browser.get("/clients/")["Location"] == "/profile/security/"


def test_an_administrator_resets_what_a_colleague_lost(people: Cast) -> None:
    user = user_of(people.colleague)
    with_app(user)
    theirs, browser = signed_in(people.colleague), signed_in(people.administrator)
    path = f"/team/{people.colleague.id}/factor/"
    assert browser.get(path).status_code == 200
    assert browser.post(path)["Location"] == "/team/"
    assert not User.objects.get(id=user.id).has_factor
    assert theirs.get("/clients/").status_code == 302
    with practice_scope(people.practice.id):
        events = history(practice_id=people.practice.id, subject_id=people.colleague.id)
    assert [(event.verb, event.actor_name) for event in events] == [("colleague.factor-reset", "Anne Martin")]
    assert [address for address, _subject in told()] == [user.email]


def test_nobody_else_may_and_not_what_opens_another_practice(people: Cast) -> None:
    user, path = user_of(people.colleague), f"/team/{people.colleague.id}/factor/"
    with_app(user)
    assert signed_in(people.colleague_without).post(path).status_code == 403
    assert signed_in(people.other_administrator).post(path).status_code == 404
    with practice_scope(people.other_practice.id):
        Colleague.objects.create(
            practice=people.other_practice, user=user, email=user.email, name="K", status=ColleagueStatus.ACTIVE
        )
    assert signed_in(people.administrator).post(path).status_code == 422
    assert User.objects.get(id=user.id).has_factor


# ------------------------------------------------------------------------------------------------------ proofs

_SENSITIVE = [
    ("GET", "/profile/security/app/"),
    ("POST", "/profile/security/app/"),
    ("POST", "/profile/security/app/remove/"),
    ("POST", "/profile/security/recovery/"),
    ("POST", "/profile/security/passkeys/begin/"),
    ("POST", "/profile/security/passkeys/"),
    ("POST", "/profile/address/"),
    ("POST", "/profile/address/check/"),
    ("POST", "/team/{colleague}/factor/"),
    ("POST", "/team/csv/{colleague}/confirm/"),
    ("POST", "/files/{file}/delete/"),
    ("POST", "/files/{file}/detach/"),
    ("POST", "/files/{file}/export/"),
]


@pytest.mark.parametrize(("method", "path"), _SENSITIVE)
def test_what_is_sensitive_asks_who_one_is_after_ten_minutes(
    people: Cast, monkeypatch: pytest.MonkeyPatch, method: str, path: str
) -> None:
    browser = signed_in(people.administrator)
    address = path.format(file=people.file.id, colleague=people.colleague.id)
    minutes_pass(monkeypatch)
    response = browser.generic(method, address)
    assert response.headers.get("Location", "").startswith("/profile/prove/?next=")
    htmx = browser.generic(method, address, headers={"hx-request": "true", "hx-current-url": "http://x/clients/?a=1"})
    assert htmx["HX-Redirect"] == "/profile/prove/?next=%2Fclients%2F%3Fa%3D1"
    minutes_pass(monkeypatch, -PROOF_HOLDS)
    assert not browser.generic(method, address).headers.get("Location", "").startswith("/profile/prove/?next=")


def test_an_administrator_is_made_only_after_a_proof(people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    browser, path = signed_in(people.administrator), f"/team/{people.colleague.id}/"
    minutes_pass(monkeypatch)
    as_before = {"name": "Karim B.", "role": Role.COLLEAGUE}
    assert browser.post(path, as_before)["Location"] == "/team/"
    for address in (path, "/team/new/"):
        raised = {"name": "K", "email": "k@new.example", "role": Role.ADMINISTRATOR}
        assert browser.post(address, raised)["Location"].startswith("/profile/prove/")
    browser.post("/profile/prove/", {"password": PASSWORD})
    browser.post(path, {"name": "Karim B.", "role": Role.ADMINISTRATOR})
    with practice_scope(people.practice.id):
        assert Colleague.objects.get(id=people.colleague.id).is_administrator


def test_the_proof_is_a_password_or_a_code_and_leads_back(people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = signed_in(people.colleague)
    minutes_pass(monkeypatch)
    wanted = "/profile/prove/?next=%2Fprofile%2Fsecurity%2Fapp%2F"
    assert browser.get("/profile/security/app/")["Location"] == wanted
    page = {"next": "/profile/security/app/"}
    assert browser.post("/profile/prove/", {"password": "guess", **page}).status_code == 422
    assert browser.get("/profile/security/app/").status_code == 302
    assert browser.post("/profile/prove/", {"password": PASSWORD, **page})["Location"] == "/profile/security/app/"
    assert browser.get("/profile/security/app/").status_code == 200
    minutes_pass(monkeypatch, PROOF_HOLDS + 2)
    browser.post("/profile/prove/code/", page)
    code = newest_code()
    assert browser.post("/profile/prove/", {"way": "code", "code": "x"}).status_code == 422
    assert browser.post("/profile/prove/", {"way": "code", "code": code, "next": "//evil.example"})["Location"] == (
        "/clients/"
    )
    assert browser.get("/profile/security/app/").status_code == 200


def test_guesses_at_the_proof_are_limited(people: Cast) -> None:
    browser = signed_in(people.colleague)
    statuses = [browser.post("/profile/prove/", {"password": "guess"}).status_code for _try in range(6)]
    assert statuses == [422] * 5 + [429]
    assert browser.post("/profile/prove/", {"way": "passkey", "credential": "{}"}).status_code == 422


@pytest.mark.parametrize(("days", "is_said"), [(3, False), (9, True), (13, True)])
def test_the_last_days_of_grace_are_said_at_sign_in(people: Cast, days: int, *, is_said: bool) -> None:
    days_pass(days)
    browser = Client(HTTP_ACCEPT_LANGUAGE="en")
    login = {"email": people.colleague.email, "password": PASSWORD}
    page = words(browser.post("/sign-in/", login, follow=True))
    assert ("Your practice asks for a second factor from" in page) == is_said
