"""The app's page, its manifest and its worker: nobody's data, strict, taken anew when something changes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from PIL import Image

from liasse.clients.addresses import addresses_of_members, give_to_member
from liasse.core.access import Actor
from tests import factories
from tests.queries import asked
from tests.web.office import Office, build

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db: None) -> Office:
    del db
    return build()


def signed_in(office: Office, name: str = "Paul") -> Client:
    member = factories.member(office.file, name)
    assert member.user is not None
    client = Client()
    client.force_login(member.user)
    return client


def test_the_page_is_the_same_for_everybody(office: Office) -> None:
    inside = signed_in(office).get("/portal/send/?language=fr")
    outside = Client().get("/portal/send/?language=fr")
    assert inside.content == outside.content
    assert "csrf" not in outside.content.decode()
    assert not outside.cookies
    assert "unsafe" not in outside["Content-Security-Policy"]


def test_it_speaks_the_language_that_is_kept(db: None) -> None:
    del db
    pages = [Client().get(f"/portal/send/?language={code}").content.decode() for code in ("fr", "en", "xx")]
    assert ['lang="fr"' in pages[0], 'lang="en"' in pages[1], "<html lang=" in pages[2]] == [True, True, True]


def test_it_can_be_installed_and_shared_with(db: None) -> None:
    del db
    answer = Client().get("/portal/app.webmanifest")
    found = json.loads(answer.content)
    assert answer["Content-Type"] == "application/manifest+json"
    assert (found["display"], found["start_url"], found["scope"]) == ("standalone", "/portal/send/", "/portal/")
    assert found["share_target"]["params"]["files"][0]["name"] == "files"
    purposes = set()
    for icon in found["icons"]:
        path = finders.find(icon["src"].removeprefix("/static/"))
        assert isinstance(path, str)
        if icon["type"] == "image/png":
            purposes.add(icon["purpose"])
            assert "x".join(map(str, Image.open(Path(path)).size)) == icon["sizes"]
    assert purposes == {"any", "maskable"}


def test_the_worker_keeps_all_that_the_page_needs(db: None) -> None:
    del db
    worker = Client().get("/portal/sw.js")
    page = Client().get("/portal/send/?language=fr").content.decode()
    assert worker["Content-Type"].startswith("text/javascript")
    assert "no-store" in worker["Cache-Control"]
    told = json.loads(re.search(r"start\((\{.*\}), queue\)", worker.content.decode())[1])  # type: ignore[index]
    needed = set(re.findall(r'(?:src|data-\w+|rel="stylesheet" href)="(/static/[^"]+)"', page))
    assert len(needed) >= 10
    assert needed <= set(told["assets"])


def test_who_is_there_is_said_to_that_person_alone(office: Office) -> None:
    actor = Actor(kind="colleague", name="Claire", user_id=office.users["coding"].id)
    member = factories.member(office.file, "Zoé")
    with office.scope():
        own = give_to_member(member, actor=actor)
    client = Client()
    assert member.user is not None
    client.force_login(member.user)
    found = client.get("/portal/me/").json()
    assert (found["name"], [file["name"] for file in found["files"]]) == ("Zoé", [office.file.name])
    assert found["files"][0]["own_address"].startswith(own)
    assert Client().get("/portal/me/", headers={"HX-Request": "true"}).status_code == 401


def test_addresses_of_many_are_asked_for_once(office: Office) -> None:
    members = [factories.member(office.file, name) for name in ("Paul", "Zoé", "Max")]
    with asked() as statements:
        found = addresses_of_members(members)
    assert len(statements) == 1
    assert set(found) == {member.id for member in members}
