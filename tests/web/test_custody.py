"""Détacher, Supprimer and Expert-comptable: what the windows say, who sees them, what they tell nobody."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from liasse.clients.models import ClientFile, Member
from liasse.clients.types import FileStatus, MemberRole, MemberStatus
from liasse.core.scope import instance_scope
from liasse.identity.sessions import PROVED_AT
from tests import cast, factories
from tests.cast import Cast
from tests.factories import signed_in
from tests.queries import asked
from tests.unit.custody.world import fill

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


@pytest.fixture
def people() -> Cast:
    return cast.build()


@pytest.fixture
def administrator(people: Cast) -> Client:
    return signed_in(people.administrator)


@pytest.fixture
def client(people: Cast) -> Client:
    return signed_in(people.client_administrator)


def words(response: Any) -> str:  # noqa: ANN401 - the test client's answer
    return str(response.content.decode()).replace("\u202f", " ").replace("&#x27;", "'")


def practice_of(people: Cast) -> ClientFile:
    with instance_scope():
        return ClientFile.objects.select_related("practice").get(id=people.file.id)


# -------------------------------------------------------------------------------------------------- Détacher


def test_gerer_offers_both_to_administrators_only(people: Cast, administrator: Client) -> None:
    for name in ("Détacher", "Supprimer"):
        assert name in words(administrator.get("/clients/"))
        assert name not in words(signed_in(people.colleague).get("/clients/"))


def test_the_window_says_who_keeps_the_file(people: Cast, administrator: Client) -> None:
    window = words(administrator.get(f"/files/{people.file.id}/detach/", headers=HTMX))
    assert "Fatima Dupont" in window
    assert "Eric Lambert" not in window
    done = administrator.post(f"/files/{people.file.id}/detach/", headers=HTMX)
    assert "close-dialog" in done["HX-Trigger"]
    assert not practice_of(people).practice.is_firm
    assert administrator.get(f"/files/{people.file.id}/inbox/").status_code == 404
    assert "Boulangerie Dupont" not in words(administrator.get("/clients/"))


def test_a_file_without_a_client_who_signs_in_is_not_detached(people: Cast, administrator: Client) -> None:
    url = f"/files/{people.sibling.id}/detach/"
    assert "Aucun administrateur côté client ne peut encore se connecter" in words(administrator.get(url, headers=HTMX))
    assert administrator.post(url, headers=HTMX).status_code == 409


def test_without_scripts_the_window_is_a_page(people: Cast, administrator: Client) -> None:
    page = administrator.get(f"/files/{people.file.id}/detach/")
    assert "<main" in words(page)
    answer = administrator.post(f"/files/{people.file.id}/detach/", follow=True)
    assert "Boulangerie Dupont » est détaché" in words(answer)
    practice = words(administrator.get("/practice/"))
    assert "Dossier sorti du cabinet" in practice
    assert "Boulangerie Dupont" in practice


# ------------------------------------------------------------------------------------------------- Supprimer


def test_a_wrong_name_is_said_beside_the_field(people: Cast, administrator: Client) -> None:
    url = f"/files/{people.sibling.id}/delete/"
    refused = administrator.post(url, {"name": "Garage"}, headers=HTMX)
    assert refused.status_code == 422
    assert "Ce n’est pas le nom du dossier" in words(refused)
    assert 'value="Garage"' in words(refused)
    done = administrator.post(url, {"name": "garage moreau"}, headers=HTMX)
    assert "close-dialog" in done["HX-Trigger"]
    assert administrator.get(url).status_code == 404
    assert "Dossier supprimé" in words(administrator.get("/practice/"))


def test_a_file_with_pieces_says_until_when_and_offers_other_ways(people: Cast, administrator: Client) -> None:
    with instance_scope():
        fill(people.sibling, content=b"a piece")
    url = f"/files/{people.sibling.id}/delete/"
    window = words(administrator.get(url, headers=HTMX))
    assert "Code de commerce, art. L123-22" in window
    for other in ("archive", "export"):
        assert f"/files/{people.sibling.id}/{other}/" in window
    assert 'name="name"' not in window
    assert administrator.post(url, {"name": "Garage Moreau"}, headers=HTMX).status_code == 409
    with instance_scope():
        assert ClientFile.objects.filter(id=people.sibling.id).exists()


def test_an_archived_file_is_not_offered_to_be_archived(people: Cast, administrator: Client) -> None:
    with instance_scope():
        ClientFile.objects.filter(id=people.file.id).update(status=FileStatus.ARCHIVED)
    window = words(administrator.get(f"/files/{people.file.id}/delete/", headers=HTMX))
    assert "Fatima Dupont" in window
    assert f"/files/{people.file.id}/archive/" not in window


# ------------------------------------------------------------------------------------------ Expert-comptable


def place(people: Cast, what: str = "") -> str:
    return f"/portal/{people.file.id}/accountant/{what}"


def allow(people: Cast, client: Client, email: str, **more: Any) -> Any:  # noqa: ANN401 - the test client's answer
    return client.post(place(people, "allow/"), {"email": email, "confirmed": "1"}, **more)


def test_the_page_shows_which_practice_has_access_to_administrators_of_the_file(people: Cast, client: Client) -> None:
    assert "Cabinet Martin" in words(client.get(place(people)))
    assert place(people) in words(client.get(f"/portal/{people.file.id}/"))
    employee = signed_in(people.client_employee)
    assert employee.get(place(people)).status_code == 403
    assert place(people) not in words(employee.get(f"/portal/{people.file.id}/"))


def test_nothing_happens_before_the_confirmation(people: Cast, client: Client) -> None:
    email = people.other_administrator.email
    window = words(client.post(place(people, "allow/"), {"email": f" {email.upper()} "}, headers=HTMX))
    assert email in window
    assert "Cabinet Martin perd le dossier" in window
    assert "Cabinet Voisin" not in window
    assert practice_of(people).practice_id == people.practice.id


def test_once_confirmed_the_file_is_in_the_other_practice_s_list(people: Cast, client: Client) -> None:
    answer = allow(people, client, people.other_administrator.email, headers=HTMX)
    assert answer["HX-Redirect"] == place(people)
    assert "Cabinet Voisin" in words(client.get(place(people)))
    assert "Boulangerie Dupont" in words(signed_in(people.other_administrator).get("/clients/"))
    assert "Boulangerie Dupont" not in words(signed_in(people.administrator).get("/clients/"))
    settings = words(signed_in(people.other_administrator).get(f"/files/{people.file.id}/settings/"))
    assert "Changement de cabinet" in settings


def test_the_answer_is_the_same_for_an_unknown_address(people: Cast, client: Client) -> None:
    said = {}
    for email in ("nobody@example.fr", people.colleague.email, people.suspended.email, people.outsider.email):
        page = words(allow(people, client, email, follow=True)).replace(email, "EMAIL")
        page = _TOKEN.sub("", page)
        said[email] = page[page.index("<main") : page.index("</main")]
        assert "Si EMAIL est l’adresse d’un collaborateur d’un cabinet" in page
    assert len(set(said.values())) == 1
    known = words(allow(people, client, people.other_administrator.email, follow=True))
    assert f"Si {people.other_administrator.email} est l’adresse d’un collaborateur d’un cabinet" in known


def test_what_is_no_address_is_said_beside_the_field(people: Cast, client: Client) -> None:
    for email in ("", "victor", "a@b\x00.fr"):
        refused = client.post(place(people, "allow/"), {"email": email}, headers=HTMX)
        assert (refused.status_code, refused["HX-Retarget"]) == (422, "#accountant-form")
        assert "field-error" in words(refused)
    assert client.post(place(people, "allow/"), {"email": "victor"}).status_code == 422


def test_giving_and_taking_access_need_a_fresh_proof_of_who_one_is(people: Cast, client: Client) -> None:
    session = client.session
    session[PROVED_AT] = 0
    session.save()
    words_of_it = {"email": people.other_administrator.email, "confirmed": "1"}
    for what, sent in (("allow/", words_of_it), ("leave/", {})):
        refused = client.post(place(people, what), sent, headers=HTMX)
        assert refused["HX-Redirect"].startswith("/profile/prove/")
        assert client.post(place(people, what), sent).status_code == 302
    assert client.get(place(people, "leave/"), headers=HTMX)["HX-Redirect"].startswith("/profile/prove/")
    assert practice_of(people).practice_id == people.practice.id


def test_too_many_addresses_are_refused_with_a_sentence(people: Cast, client: Client) -> None:
    for number in range(10):
        allow(people, client, f"nobody{number}@example.fr")
    page = words(allow(people, client, people.other_administrator.email, follow=True))
    assert "Trop d’adresses ont été essayées" in page
    assert practice_of(people).practice_id == people.practice.id


def test_the_client_takes_the_access_away(people: Cast, client: Client) -> None:
    assert "Cabinet Martin" in words(client.get(place(people, "leave/"), headers=HTMX))
    client.post(place(people, "leave/"))
    assert "Aucun cabinet n’a accès" in words(client.get(place(people)))
    assert client.get(f"/portal/{people.file.id}/").status_code == 200
    assert "Boulangerie Dupont" not in words(signed_in(people.administrator).get("/clients/"))
    again = client.post(place(people, "leave/"), follow=True)
    assert "Aucun cabinet n’a accès à ce dossier" in words(again)


def test_who_ceased_to_run_the_file_meanwhile_gives_it_to_nobody(people: Cast, client: Client) -> None:
    with instance_scope():
        member = Member.objects.filter(id=people.client_administrator.id)
        member.update(role=MemberRole.STANDARD)
        assert allow(people, client, people.other_administrator.email).status_code == 403
        member.update(role=MemberRole.ADMINISTRATOR, status=MemberStatus.SUSPENDED)
        assert allow(people, client, people.other_administrator.email).status_code == 404


def test_the_page_costs_the_same_for_a_full_file(people: Cast, client: Client) -> None:
    with asked() as few:
        client.get(place(people))
    for number in range(5):
        factories.member(people.file, f"Personne {number}")
        with instance_scope():
            fill(people.sibling, content=f"piece {number}".encode())
    with asked() as many:
        client.get(place(people))
    assert len(many) == len(few)
