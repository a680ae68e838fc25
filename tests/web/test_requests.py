"""Demander un dossier, and the request on the client's Expert-comptable: what each side reads and may do."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from liasse.clients.models import ClientFile
from liasse.core.scope import instance_scope, practice_scope
from liasse.custody.models import TransferRequest
from liasse.custody.requesting import ask_for_file
from liasse.identity.sessions import PROVED_AT
from liasse.practices.models import Colleague
from liasse.practices.selectors import actor_of
from liasse.practices.types import ColleagueStatus, Role
from tests import cast, factories
from tests.cast import Cast
from tests.factories import signed_in
from tests.queries import asked

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
URL = "/clients/requests/"
FATIMA = "fatima.dupont@example.fr"
_CHANGING = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|withdraw-[\w-]+|/requests/[\w-]{36}/|datetime="[^"]+"')


@pytest.fixture
def people() -> Cast:
    return cast.build()


@pytest.fixture
def theirs(people: Cast) -> Client:
    return signed_in(people.other_administrator)


@pytest.fixture
def client(people: Cast) -> Client:
    return signed_in(people.client_administrator)


def words(response: Any) -> str:  # noqa: ANN401 - the test client's answer
    return str(response.content.decode()).replace("\u202f", " ").replace("&#x27;", "'")


def ask(people: Cast, *, message: str = "", by: Colleague | None = None, email: str = FATIMA) -> TransferRequest:
    asker = by or people.other_administrator
    with practice_scope(asker.practice_id):
        return ask_for_file(email=email, message=message, actor=actor_of(asker))


def answer_url(people: Cast, request: TransferRequest, what: str) -> str:
    return f"/portal/{people.file.id}/accountant/requests/{request.id}/{what}/"


def unproved(client: Client) -> None:
    session = client.session
    session[PROVED_AT] = 0
    session.save()


def practice_of(people: Cast) -> Any:  # noqa: ANN401 - an id
    with instance_scope():
        return ClientFile.objects.get(id=people.file.id).practice_id


def test_mes_clients_leads_there_for_whoever_may_add_clients(people: Cast) -> None:
    for person in (people.administrator, people.colleague):
        browser = signed_in(person)
        assert URL in words(browser.get("/clients/"))
        assert browser.get(URL).status_code == 200
    without = signed_in(people.colleague_without)
    assert URL not in words(without.get("/clients/"))
    assert (without.get(URL).status_code, without.post(URL, {"email": FATIMA}).status_code) == (403, 403)


def test_the_answer_is_the_same_whoever_has_the_address(people: Cast, theirs: Client) -> None:
    said = set()
    for email in (FATIMA, "nobody.dupont@example.fr", people.client_employee.email, people.colleague.email):
        with instance_scope():
            TransferRequest.objects.all().delete()
        page = words(theirs.post(URL, {"email": email, "message": "Bonjour"}, follow=True))
        assert f"Si {email} est l’adresse" in page
        assert "demandé" in page
        main = page[page.index("<main") : page.index("</main")]
        said.add(_CHANGING.sub("", main).replace(email, "EMAIL"))
    assert len(said) == 1


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(people: Cast, theirs: Client) -> None:
    refused = theirs.post(URL, {"email": "fatima", "message": "Bonjour Fatima"})
    assert refused.status_code == 422
    assert "field-error" in words(refused)
    assert "Bonjour Fatima" in words(refused)
    assert "500 caractères" in words(theirs.post(URL, {"email": FATIMA, "message": "x" * 501}))
    ask(people)
    again = theirs.post(URL, {"email": FATIMA})
    assert again.status_code == 422
    assert "a déjà demandé à cette adresse" in words(again)


def test_the_client_sees_who_asks_and_accepts_after_a_proof(people: Cast, client: Client, theirs: Client) -> None:
    asking = ask(people, message="Bonjour <b>Fatima</b>\nA bientôt")
    page = words(client.get(f"/portal/{people.file.id}/accountant/"))
    for word in ("Cabinet Voisin demande votre dossier", "Victor Voisin", "&lt;b&gt;Fatima&lt;/b&gt;<br>A bientôt"):
        assert word in page
    url = answer_url(people, asking, "accept")
    unproved(client)
    assert client.post(url, headers=HTMX)["HX-Redirect"].startswith("/profile/prove/")
    assert practice_of(people) == people.practice.id
    fresh = signed_in(people.client_administrator)
    proved = fresh.session
    proved[PROVED_AT] = int(timezone.now().timestamp())
    proved.save()
    assert "Cabinet Martin perd le dossier" in words(fresh.get(url, headers=HTMX))
    done = words(fresh.post(url, follow=True))
    assert "Cabinet Voisin a maintenant votre dossier" in done
    assert practice_of(people) == people.other_practice.id
    listed = words(theirs.get(URL))
    assert "accordé" in listed
    assert f"/files/{people.file.id}/inbox/" in listed
    assert "Boulangerie Dupont" in words(theirs.get("/clients/"))
    assert "a donné le dossier « Boulangerie Dupont » demandé" in words(theirs.get("/practice/trail/"))
    assert "Dossier sorti du cabinet" in words(signed_in(people.administrator).get("/practice/"))


def test_the_client_refuses_and_the_practice_reads_it(people: Cast, client: Client, theirs: Client) -> None:
    url = answer_url(people, ask(people), "refuse")
    assert "Victor Voisin" in words(client.get(url, headers=HTMX))
    assert "Vous avez refusé la demande" in words(client.post(url, follow=True))
    assert "Cabinet Voisin" not in words(client.get(f"/portal/{people.file.id}/accountant/"))
    assert "refusé" in words(theirs.get(URL))
    assert "Cabinet Voisin" not in words(signed_in(people.administrator).get("/practice/trail/"))
    # A second click, as from a window left open.
    assert "refusée entre-temps" in words(client.post(url, follow=True))


def test_a_request_that_ended_meanwhile_says_how(people: Cast, client: Client, theirs: Client) -> None:
    asking = ask(people)
    ends: list[tuple[dict[str, Any], str, str]] = [
        ({"expires_at": timezone.now() - timedelta(hours=1)}, "Cette demande a expiré", "expiré"),
        ({"state": "withdrawn"}, "a retiré sa demande", "retiré"),
        ({"state": "ended"}, "Cette demande a pris fin", "Le client en a décidé autrement"),
    ]
    for values, told, listed in ends:
        with instance_scope():
            TransferRequest.objects.all().delete()
            asking = ask(people)
            TransferRequest.objects.filter(id=asking.id).update(**values)
        assert told in words(client.post(answer_url(people, asking, "refuse"), follow=True))
        assert listed in words(theirs.get(URL))
    with instance_scope():
        TransferRequest.objects.filter(id=asking.id).update(state="asked")
        Colleague.objects.filter(id=people.other_administrator.id).update(status=ColleagueStatus.SUSPENDED)
    second = factories.colleague(people.other_practice, "Zoe Chef", role=Role.ADMINISTRATOR)
    assert "Cette demande a pris fin" in words(client.post(answer_url(people, asking, "refuse"), follow=True))
    assert "Victor Voisin ne peut plus ajouter de clients" in words(signed_in(second).get(URL))


def test_nobody_else_answers_or_sees_it(people: Cast, client: Client) -> None:
    asking = ask(people)
    for what in ("accept", "refuse"):
        url = answer_url(people, asking, what)
        assert signed_in(people.client_employee).post(url).status_code == 403
        for stranger in (people.administrator, people.other_administrator, people.outsider):
            assert signed_in(stranger).post(url).status_code == 404
    paul = factories.member(people.file, "Paul Dupont")
    browser = signed_in(paul)
    assert "Cabinet Voisin" not in words(browser.get(f"/portal/{people.file.id}/accountant/"))
    assert browser.get(answer_url(people, asking, "refuse")).status_code == 404
    # The id of a file that the person has no part in, with a request that is theirs.
    foreign = answer_url(people, asking, "refuse").replace(str(people.file.id), str(people.sibling.id))
    assert client.post(foreign).status_code == 404


def test_a_request_is_withdrawn_by_its_practice_alone(people: Cast, theirs: Client, client: Client) -> None:
    asking = ask(people)
    url = f"{URL}{asking.id}/withdraw/"
    assert url in words(theirs.get(URL))
    assert signed_in(people.administrator).post(url).status_code == 404
    assert theirs.get(url).status_code == 405
    page = words(theirs.post(url, follow=True))
    assert "Votre demande a été retirée" in page
    assert url not in page
    assert "Cabinet Voisin" not in words(client.get(f"/portal/{people.file.id}/accountant/"))
    assert theirs.post(url, follow=True).status_code == 200


def test_a_client_with_several_files_is_led_to_each(people: Cast, client: Client) -> None:
    factories.member(people.sibling, "Fatima Dupont")
    ask(people)
    home = words(client.get("/portal/"))
    assert "Cabinet Voisin demande un de vos dossiers" in home
    page = words(client.get(f"/portal/{people.file.id}/accountant/"))
    assert f"/portal/{people.sibling.id}/accountant/" in page
    assert "Garage Moreau" in page


def test_the_list_is_paged_at_a_fixed_cost(people: Cast, theirs: Client) -> None:
    costs, page = [], ""
    for count in (1, 25):
        with instance_scope():
            TransferRequest.objects.all().delete()
            TransferRequest.objects.bulk_create(
                TransferRequest(
                    practice=people.other_practice,
                    asked_by=people.other_administrator,
                    email=f"n{number:02}@example.fr",
                    expires_at=timezone.now() + timedelta(days=1),
                )
                for number in range(count)
            )
        theirs.get(URL)
        with asked() as seen:
            page = words(theirs.get(URL))
        costs.append(len(seen))
    assert costs[0] == costs[1]
    more = page.split("data-more")[0].rsplit('href="', 1)[1].split('"')[0]
    rest = words(theirs.get(more, headers=HTMX))
    first, second = (set(re.findall(r"n\d\d@example\.fr", text)) for text in (page, rest))
    assert (len(first), len(second), first & second, "<main" in rest) == (20, 5, set(), False)
