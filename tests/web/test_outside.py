"""The switch of the outside engine on its screens: what it warns of, who may, and who sees that it is on."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.test import Client

from liasse.adapters.engine_openai import OpenAiEngine
from liasse.core.access import Actor
from liasse.core.models import AuditEvent
from liasse.core.scope import practice_scope
from liasse.outside.models import EngineSwitch
from liasse.outside.services import begin, stop, switch_on
from liasse.outside.types import ShownPage, Trouble
from liasse.reading.models import Reading
from liasse.reading.types import Field, Place, Source
from tests import cast
from tests.cast import Cast
from tests.factories import signed_in
from tests.outside import set_up
from tests.queries import asked
from tests.web.office import build

pytestmark = pytest.mark.django_db
KEY = "sk-never-shown-0123"
HOST = "api.moteur.example"


@pytest.fixture
def people() -> Cast:
    return cast.build()


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> OpenAiEngine:
    made = OpenAiEngine(f"https://{HOST}/v1", model="vision-1", key=KEY)
    set_up(made, monkeypatch)
    return made


def words(response: Any) -> str:  # noqa: ANN401 - the test client's own
    assert response.status_code == 200
    return html.unescape(response.content.decode()).replace("\u202f", " ")


def settings_of(people: Cast, browser: Client, what: str = "settings/") -> str:
    return words(browser.get(f"/files/{people.file.id}/{what}"))


def switch(people: Cast, browser: Client, to: str, host: str = HOST) -> Any:  # noqa: ANN401 - the test client's own
    return browser.post(f"/files/{people.file.id}/engine/{to}/", {"host": host})


def test_without_an_engine_nothing_is_said_or_asked_of_it(people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = signed_in(people.administrator)
    with asked() as before:
        assert "Moteur extérieur" not in settings_of(people, browser)
    set_up(OpenAiEngine(f"https://{HOST}/v1", model="m"), monkeypatch)
    with asked() as after:
        assert "Moteur extérieur" in settings_of(people, browser)
    assert len(after) == len(before) + 1


@pytest.mark.usefixtures("engine")
def test_the_warning_names_the_host_and_no_screen_shows_the_key(people: Cast) -> None:
    browser = signed_in(people.administrator)
    shown = settings_of(people, browser)
    assert f"partent par internet vers {HOST} :" in shown
    assert "quittent ce serveur" in shown
    switch(people, browser, "on")
    for what in ("settings/", "sight/", "trail/"):
        assert KEY not in settings_of(people, browser, what)


def test_a_near_host_is_said_to_be_on_this_network(people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    set_up(OpenAiEngine("http://192.168.1.20:11434/v1", model="m"), monkeypatch)
    assert "192.168.1.20:11434, sur ce réseau" in settings_of(people, signed_in(people.administrator))


@pytest.mark.usefixtures("engine")
def test_on_and_off_are_in_the_history_with_who_and_where(people: Cast) -> None:
    browser = signed_in(people.administrator)
    assert switch(people, browser, "on").status_code == 302
    assert switch(people, browser, "on").status_code == 302
    assert f"Activé par {people.administrator.name}" in settings_of(people, browser)
    switch(people, browser, "off")
    with practice_scope(people.practice.id):
        events = AuditEvent.objects.filter(verb__startswith="file.engine").order_by("sequence")
        assert [event.verb for event in events] == ["file.engine-on", "file.engine-off"]
        assert events[0].after == {"engine_host": HOST, "engine_model": "vision-1", "engine_sends": "auto"}
        assert not EngineSwitch.objects.exists()
    history = settings_of(people, browser, "trail/")
    assert "a laissé partir des pièces du dossier" in history
    assert HOST in history


@pytest.mark.usefixtures("engine")
def test_another_host_than_the_one_that_was_read_switches_nothing_on(people: Cast) -> None:
    switch(people, signed_in(people.administrator), "on", host="other.example")
    with practice_scope(people.practice.id):
        assert not EngineSwitch.objects.exists()


@pytest.mark.usefixtures("engine")
def test_it_is_one_of_those_who_see_the_file_and_taken_away_there(people: Cast) -> None:
    browser = signed_in(people.administrator)
    assert HOST not in settings_of(people, browser, "sight/")
    switch(people, browser, "on")
    assert HOST in settings_of(people, browser, "sight/")
    browser.post(f"/files/{people.file.id}/sight/engine/remove/", headers={"HX-Request": "true"})
    assert HOST not in settings_of(people, browser, "sight/")


@pytest.mark.usefixtures("engine")
def test_the_client_sees_that_it_is_on(people: Cast) -> None:
    client = signed_in(people.client_administrator)
    address = f"/portal/{people.file.id}/accountant/"
    assert HOST not in words(client.get(address))
    with practice_scope(people.practice.id):
        switch_on(people.file, host=HOST, actor=people.actor)
    assert f"à l’adresse {HOST} :" in words(client.get(address))


@pytest.mark.usefixtures("engine")
def test_a_document_says_where_its_value_came_from_and_what_was_sent() -> None:
    office = build()
    field = Field("ZX-9", Source.ENGINE, 0.75, place=Place(1, 0.1, 0.1, 0.2, 0.12))
    document = office.document(fields={})
    with office.scope():
        Reading.objects.filter(document=document).update(fields={"invoice_number": field.to_json()}, format="pdf")
        switch_on(office.file, host=HOST, actor=Actor(kind="colleague", name="Claire"))
        goal = OpenAiEngine(f"https://{HOST}/v1", model="vision-1", key=KEY).destination
        assert goal is not None
        assert begin(document.id, goal, [ShownPage(1, text="Facture"), ShownPage(2, picture=b"x" * 5000)]) is not None
        stop(document.id, Trouble.KEY)
    shown = words(office.as_("coding").get(f"/files/{office.file.id}/documents/{document.id}/"))
    assert "Moteur extérieur 75 %" in shown
    assert "Lu par un moteur extérieur à Liasse et retrouvé sur la page" in shown
    for said in ("Envoyée à un moteur extérieur", HOST, "vision-1", "5 007", "a refusé la clé"):
        assert said in shown, said
