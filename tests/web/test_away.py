"""What a person sees while the database is away."""

from __future__ import annotations

from typing import Any, NoReturn

import pytest
from django.db import OperationalError, connection
from django.test import Client

from tests.web.firm import firm

pytestmark = pytest.mark.django_db


def away(*_: Any) -> NoReturn:  # noqa: ANN401 - Django's own signature
    raise OperationalError("could not connect to server: 10.0.0.7 refused")


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_the_database_away_is_said_as_such_without_its_words(headers: dict[str, str]) -> None:
    browser = Client(raise_request_exception=False, HTTP_ACCEPT_LANGUAGE="fr")
    user = firm("claire").people["claire"].user
    assert user is not None
    browser.force_login(user)
    with connection.execute_wrapper(away):
        answer = browser.get("/clients/", headers=headers)
    assert answer.status_code == 503
    assert answer["Retry-After"] == "60"
    assert "La base de données ne répond pas" in answer.content.decode()
    assert "10.0.0.7" not in answer.content.decode()
    assert browser.get("/clients/").status_code == 200
