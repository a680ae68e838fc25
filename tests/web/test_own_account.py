"""What a person can and cannot do to their own account, and what the pages of passwords are like."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from liasse.identity.models import User
from tests import cast
from tests.cast import Cast
from tests.factories import PASSWORD, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Cast:
    return cast.build()


def words(response: Any) -> str:  # noqa: ANN401 - the test client's answer
    return str(response.content.decode())


def values_of(user: User) -> dict[str, Any]:
    return dict(User.objects.filter(id=user.id).values().get())


@pytest.mark.parametrize("path", ["/profile/", "/profile/password/", "/profile/security/"])
def test_no_form_sets_what_it_does_not_show(people: Cast, path: str) -> None:
    user, browser = people.outsider, signed_in(people.outsider)
    before = values_of(user)
    everything = dict.fromkeys(before, "1") | {"is_staff": "1", "role": "administrator", "practice": "1"}
    browser.post(path, everything | {"name": user.name, "language": user.language})
    after = values_of(user)
    changed = {name for name in after if after[name] != before[name]}
    assert changed <= {"last_login", "language"}


def test_a_fresh_instance_has_nobody_who_could_sign_in() -> None:
    assert User.objects.count() == 0


def test_a_new_password_takes_the_current_one(people: Cast) -> None:
    browser, new = signed_in(people.colleague), "cinq mots tout neufs ici"
    for current in ("", "not this one", PASSWORD.upper(), f"{PASSWORD} "):
        assert browser.post("/profile/password/", {"current": current, "new": new}).status_code == 422
    assert browser.post("/profile/password/", {"current": PASSWORD, "new": new}).status_code == 302


def test_passwords_are_hidden_and_password_managers_know_the_fields(people: Cast) -> None:
    pages = [
        Client().get("/sign-in/"),
        *(signed_in(people.colleague).get(path) for path in ("/profile/", "/profile/prove/")),
    ]
    fields = [field for page in pages for field in re.findall(r"<input[^>]*assword[^>]*>", words(page))]
    assert len(fields) == 4
    for field in fields:
        assert 'type="password"' in field
        assert re.search(r'autocomplete="(current|new)-password"', field), field


def test_no_question_or_hint_stands_for_a_password_and_none_runs_out() -> None:
    names = {field.name for field in User._meta.get_fields()}
    assert "password" in names
    assert not [name for name in names if re.search(r"hint|question|answer|expire|rotat|password_", name)]


def test_looking_at_a_public_page_opens_no_session() -> None:
    for path in ("/", "/sign-in/", "/sign-in/code/", "/sign-in/factor/", "/setup/abc/", "/invitations/abc/"):
        browser = Client()
        browser.get(path, follow=True)
        assert settings.SESSION_COOKIE_NAME not in browser.cookies, path
