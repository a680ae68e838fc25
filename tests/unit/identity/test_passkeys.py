"""Passkeys with a passkey of software: what is taken, and every answer that is not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from liasse.core.errors import ConflictError, InvalidError
from liasse.identity import passkeys
from liasse.identity.errors import WrongPasskeyError
from liasse.identity.models import Passkey, User
from liasse.identity.passkeys import Site
from tests.factories import user
from tests.passkey import SoftPasskey

pytestmark = pytest.mark.django_db
SITE = Site(scheme="http", host="localhost:8000")


@pytest.fixture
def anne() -> User:
    return user("Anne Martin")


def add(person: User, phone: SoftPasskey, *, name: str = "Phone") -> Passkey:
    begun = passkeys.begin_adding(person, site=SITE)
    return passkeys.add(person, site=SITE, state=begun.state, answer=phone.made(begun.options), name=name)


def prove(phone: SoftPasskey, **more: Any) -> User:  # noqa: ANN401 - what prove takes
    begun = passkeys.begin_proving(site=SITE)
    return passkeys.prove(site=SITE, state=begun.state, answer=phone.used(begun.options), **more)


def test_a_passkey_tells_whose_it_is(anne: User) -> None:
    phone = SoftPasskey()
    kept = add(anne, phone)
    assert prove(phone) == anne
    kept.refresh_from_db()
    assert kept.used_at is not None
    assert User.objects.get(id=anne.id).has_factor


@pytest.mark.parametrize(
    "fault",
    [
        {"origin": "https://liasse.example.evil"},
        {"origin": "http://localhost:9000"},
        {"origin": "https://localhost:8000"},
        {"site": "evil.example"},
        {"flags": 0x01},
        {"flags": 0x04},
        {"id": b"another id"},
        {"key": SoftPasskey().key},
        {"handle": b"somebody else"},
    ],
)
def test_an_answer_that_is_not_quite_it_opens_nothing(anne: User, fault: dict[str, Any]) -> None:
    phone = SoftPasskey()
    add(anne, phone)
    with pytest.raises(WrongPasskeyError):
        prove(replace(phone, **fault))


@pytest.mark.parametrize("fault", [{"origin": "http://evil.example"}, {"site": "evil.example"}, {"flags": 0x01}])
def test_nor_is_it_kept(anne: User, fault: dict[str, Any]) -> None:
    with pytest.raises(WrongPasskeyError):
        add(anne, SoftPasskey(**fault))
    assert Passkey.objects.count() == 0


@pytest.mark.parametrize(
    "answer", ["", "[]", "{}", "null", '{"id": 1}', "\x00", '{"id":"YQ","rawId":"YQ","response":{}}']
)
def test_what_is_no_answer_is_refused_in_a_sentence(anne: User, answer: str) -> None:
    state = passkeys.begin_proving(site=SITE).state
    for kept in (state, {}):
        with pytest.raises(WrongPasskeyError):
            passkeys.prove(site=SITE, state=kept, answer=answer)
        with pytest.raises(WrongPasskeyError):
            passkeys.add(anne, site=SITE, state=kept, answer=answer, name="x")


def test_an_answer_to_a_former_question_is_refused(anne: User) -> None:
    phone = SoftPasskey()
    add(anne, phone)
    former, now = passkeys.begin_proving(site=SITE), passkeys.begin_proving(site=SITE)
    with pytest.raises(WrongPasskeyError):
        passkeys.prove(site=SITE, state=now.state, answer=phone.used(former.options))


def test_a_copied_authenticator_is_noticed_by_its_count(anne: User) -> None:
    phone = SoftPasskey(count=5)
    add(anne, phone)
    phone.count = 9
    assert prove(phone) == anne
    with pytest.raises(WrongPasskeyError):
        prove(replace(phone, count=7))


def test_it_opens_nobody_elses_door_nor_a_closed_account(anne: User) -> None:
    phone = SoftPasskey()
    add(anne, phone)
    with pytest.raises(WrongPasskeyError):
        prove(phone, user=user("Karim Benali"))
    User.objects.filter(id=anne.id).update(is_active=False)
    with pytest.raises(WrongPasskeyError):
        prove(phone)


def test_the_same_passkey_is_kept_once_and_named_or_removed_by_its_person_alone(anne: User) -> None:
    phone, karim = SoftPasskey(), user("Karim Benali")
    kept = add(anne, phone, name="  My   phone ")
    assert kept.name == "My phone"
    with pytest.raises(ConflictError):
        add(karim, phone)
    assert not passkeys.rename(karim, passkey_id=kept.id, name="Mine")
    assert not passkeys.remove(karim, passkey_id=kept.id)
    with pytest.raises(InvalidError):
        passkeys.rename(anne, passkey_id=kept.id, name=" ")
    assert passkeys.remove(anne, passkey_id=kept.id)
    assert not User.objects.get(id=anne.id).has_factor


@pytest.mark.parametrize(
    ("site", "can"),
    [
        (Site("https", "liasse.example"), True),
        (Site("http", "localhost:8000"), True),
        (Site("http", "liasse.example"), False),
        (Site("http", "127.0.0.1:8000"), False),
        (Site("https", "[::1]:8000"), False),
    ],
)
def test_passkeys_are_offered_where_browsers_allow_them(site: Site, *, can: bool) -> None:
    assert site.can_have_passkeys == can
