"""What every answer tells the browser, whatever it is an answer to."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests import cast
from tests.cast import Cast
from tests.factories import signed_in

pytestmark = pytest.mark.django_db
POLICY = {
    "default-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
}


@pytest.fixture
def people() -> Cast:
    return cast.build()


@pytest.fixture
def answers(people: Cast) -> dict[str, Any]:
    """One of each kind: page, redirect, missing, refused, wrong method, failed proof of the form, JSON, file."""
    browser, strict = signed_in(people.administrator), Client(enforce_csrf_checks=True)
    return {
        "page": browser.get("/clients/"),
        "redirect": Client().get("/clients/"),
        "missing": browser.get("/nothing/"),
        "refused": signed_in(people.colleague).get("/practice/"),
        "method": browser.get("/sign-out/"),
        "form": strict.post("/sign-in/", {"email": "a@b.example", "password": "x"}),
        "json": Client().post("/sign-in/passkey/options/"),
        "file": browser.get("/practice/trail/csv/"),
    }


def test_each_kind_of_answer_is_there(answers: dict[str, Any]) -> None:
    statuses = {kind: answer.status_code for kind, answer in answers.items()}
    assert statuses == {
        "page": 200, "redirect": 302, "missing": 404, "refused": 403,
        "method": 405, "form": 403, "json": 200, "file": 200,
    }  # fmt: skip


def test_each_has_the_policy_for_scripts_and_frames(answers: dict[str, Any]) -> None:
    for kind, answer in answers.items():
        said = {part.strip() for part in answer.headers["Content-Security-Policy"].split(";")}
        assert said >= POLICY, kind
        assert "unsafe" not in str(said)
        assert answer.headers["X-Frame-Options"] == "DENY"


def test_each_is_taken_for_what_it_says_and_tells_no_other_site_where_one_was(answers: dict[str, Any]) -> None:
    for kind, answer in answers.items():
        assert answer.headers["X-Content-Type-Options"] == "nosniff", kind
        assert answer.headers["Referrer-Policy"] == "same-origin", kind
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin", kind


def test_no_other_origin_is_let_in(people: Cast) -> None:
    browser = signed_in(people.administrator)
    for answer in (
        browser.get("/clients/", headers={"origin": "https://evil.example"}),
        browser.options("/clients/", headers={"origin": "https://evil.example"}),
    ):
        assert not [name for name in answer.headers if name.lower().startswith("access-control-")]


def test_what_somebody_signed_in_sees_is_kept_by_no_cache(answers: dict[str, Any]) -> None:
    for kind in ("page", "missing", "refused", "file"):
        assert "no-store" in answers[kind].headers["Cache-Control"], kind
