"""Accès du cabinet: who reaches a file, up to which level, on record and at a fixed cost."""

from typing import Any

import pytest
from django.test import Client

from liasse.clients.models import ClientFile, FileAccess
from liasse.core.access import Level
from liasse.core.models import AuditEvent
from liasse.core.scope import practice_scope
from tests import cast, factories
from tests.cast import Cast
from tests.factories import signed_in
from tests.queries import asked

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def people() -> Cast:
    return cast.build()


@pytest.fixture
def browser(people: Cast) -> Client:
    return signed_in(people.administrator)


def give(people: Cast, browser: Client, to: Any, level: str) -> Any:  # noqa: ANN401 - a colleague; a test response
    return browser.post(f"/files/{people.file.id}/access/{to.id}/", {"level": level}, headers=HTMX)


def test_a_grant_opens_the_file_at_once_and_its_end_closes_it(people: Cast, browser: Client) -> None:
    guest, inbox = signed_in(people.colleague_without), f"/files/{people.file.id}/inbox/"
    assert guest.get(inbox).status_code == 404
    give(people, browser, people.colleague_without, "reading")
    assert guest.get(inbox).status_code == 200
    give(people, browser, people.colleague_without, "")
    assert guest.get(inbox).status_code == 404


def test_each_change_is_on_record_and_counted(people: Cast, browser: Client) -> None:
    for level in ("reading", "full", "full", ""):
        give(people, browser, people.colleague_without, level)
    with practice_scope(people.practice.id):
        events = AuditEvent.objects.filter(verb="file.access").order_by("sequence")
        steps = [(event.before["level"], event.after["level"], event.after["colleague"]) for event in events]
        count = ClientFile.objects.get(id=people.file.id).count_colleagues
    name = people.colleague_without.name
    assert steps == [("", "reading", name), ("reading", "full", name), ("full", "", name)]
    assert count == people.file.count_colleagues


def test_nobody_shuts_themselves_out(people: Cast) -> None:
    said = give(people, signed_in(people.colleague), people.colleague, "reading")
    assert (said.status_code, said.headers["Content-Type"]) == (403, "text/plain; charset=utf-8")
    with practice_scope(people.practice.id):
        assert FileAccess.objects.get(colleague=people.colleague).level == Level.FULL


@pytest.mark.parametrize("level", ["owner", "FULL", "x" * 10_000])
def test_a_level_that_is_none_is_refused(people: Cast, browser: Client, level: str) -> None:
    assert give(people, browser, people.colleague_without, level).status_code == 422
    with practice_scope(people.practice.id):
        assert not FileAccess.objects.filter(colleague=people.colleague_without).exists()


def test_the_list_says_who_is_what_at_a_fixed_cost(
    people: Cast,
    browser: Client,
) -> None:
    for number in range(8):
        factories.grant(people.file, to=factories.colleague(people.practice, f"Colleague {number}"))
    with asked() as seen:
        page = browser.get(f"/files/{people.file.id}/access/").content.decode()
    assert len(seen) <= 9
    for words in ("administrateur", "invité", "suspendu", "Colleague 7", "Sans accès", "Accès complet"):
        assert words in page
    assert people.other_administrator.name not in page
