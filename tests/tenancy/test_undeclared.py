"""A route that declares no rule lets nobody in, even if it came past the check at start."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from tests import cast
from tests.factories import signed_in

pytestmark = pytest.mark.django_db


def undeclared(request: HttpRequest) -> HttpResponse:
    """Answer whoever comes."""
    del request
    return HttpResponse("open to all")


urlpatterns = [path("undeclared/", undeclared)]


@override_settings(ROOT_URLCONF=__name__)
def test_a_route_without_a_rule_is_not_there_for_anybody() -> None:
    people = cast.build()
    for browser in (Client(), signed_in(people.administrator), signed_in(people.client_administrator)):
        assert browser.get("/undeclared/").status_code == 404
