"""From an empty instance to a client who sees what became of an invoice, through screens and mails alone."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from liasse.clients.models import ClientFile, InboundAddress
from liasse.clients.types import Invitee, NewClientFile
from liasse.core.audit import verify_chain
from liasse.core.scope import practice_scope
from liasse.invitations.opening import open_client_file
from liasse.lib.ids import uuid7
from liasse.practices.models import Colleague, Practice
from liasse.practices.selectors import actor_of
from liasse.practices.services import set_up_link

pytestmark = pytest.mark.django_db
SET_UP = {
    "practice_name": "Cabinet Martin",
    "person_name": "Anne Martin",
    "email": "anne@martin.example",
    "password": "quatre mots au hasard",
}


def words(response: Any) -> str:  # noqa: ANN401 - the test client's answer
    return unescape(response.content.decode())


def path_of(link: str) -> str:
    return "/" + link.split("/", 3)[3]


def set_up() -> Client:
    """Give the first administrator's browser."""
    browser = Client(HTTP_ACCEPT_LANGUAGE="fr")
    link = set_up_link()
    assert link is not None
    page = browser.get(path_of(link), follow=True)
    address = page.redirect_chain[-1][0] if page.redirect_chain else path_of(link)
    assert browser.post(address, SET_UP, follow=True).redirect_chain[-1][0] == "/clients/"
    return browser


def newest_link(administrator: Client) -> str:
    """Copy the newest link of the outbox, as a firm without a relay does."""
    found = re.search(r'data-copy="([^"]+/invitations/[^"]+)"', words(administrator.get("/outbox/")))
    assert found is not None
    return path_of(found[1])


def accept(link: str, *, name: str, password: str) -> Client:
    browser = Client(HTTP_ACCEPT_LANGUAGE="fr")
    browser.get(link, follow=True)
    browser.post("/invitations/", {"name": name, "password": password})
    return browser


def open_file(practice: Practice, *, email: str, name: str = "Boulangerie Lépi") -> ClientFile:
    """Open a file by the wizard's one service, with its client invited."""
    with practice_scope(practice.id):
        actor = actor_of(Colleague.objects.get(email=SET_UP["email"]))
        answers = NewClientFile(key=uuid7(), opened_at=timezone.now(), name=name, invitee=Invitee("Paul Lépi", email))
        return open_client_file(answers, actor=actor).opened.client_file


def test_a_firm_without_a_relay_gets_its_people_in() -> None:
    administrator = set_up()
    practice = Practice.objects.get()
    add = {"name": "Karim Benali", "email": "karim@martin.example", "role": "colleague", "can_add_clients": "on"}
    administrator.post("/team/new/", add)
    colleague = accept(newest_link(administrator), name="Karim Benali", password="du papier en liasse")
    assert "Ajouter un client" in words(colleague.get("/clients/"))
    assert colleague.get("/team/").status_code == 403

    file = open_file(practice, email="paul@lepi.example")
    client = accept(newest_link(administrator), name="Paul Lépi", password="du pain chaud le matin")
    page = words(client.get("/", follow=True))
    with practice_scope(practice.id):
        address = InboundAddress.objects.get(client_file=file).local_part
        assert list(verify_chain(practice.id)) == []
    assert f'data-copy="{address}@' in page
    assert colleague.get(f"/files/{file.id}/inbox/").status_code == 404
    assert client.get("/clients/").status_code == 404


def test_a_second_file_comes_under_the_same_login() -> None:
    administrator = set_up()
    practice = Practice.objects.get()
    first = open_file(practice, email="paul@lepi.example")
    client = accept(newest_link(administrator), name="Paul Lépi", password="du pain chaud le matin")
    second = open_file(practice, email=" PAUL@lepi.example ", name="Moulin Lépi")
    client.get(newest_link(administrator), follow=True)
    client.post("/invitations/")
    for file in (first, second):
        assert client.get(f"/portal/{file.id}/").status_code == 200
    signing = {"email": "paul@lepi.example", "password": "du pain chaud le matin"}
    assert Client().post("/sign-in/", signing, follow=True).redirect_chain[-1][0] == "/portal/"
