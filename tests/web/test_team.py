"""Équipe: adding, inviting, changing, suspending the people of a practice."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from liasse.core.models import AuditEvent
from liasse.core.scope import practice_scope
from liasse.invitations.models import Invitation
from liasse.invitations.team import team_of
from liasse.messaging.models import OutgoingMessage
from liasse.practices.models import Colleague
from liasse.practices.services import leave
from liasse.practices.types import ColleagueStatus, Role
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


def words(response: Any) -> str:  # noqa: ANN401 - the test client's answer
    return str(response.content.decode()).replace("\u202f", " ")


def add(browser: Client, **typed: str) -> Any:  # noqa: ANN401 - the test client's answer
    known = {"name": "Zoé Roux", "email": " Zoe@Martin.example ", "role": "colleague"}
    return browser.post("/team/new/", known | typed, headers=HTMX)


def colleague(people: Cast, email: str) -> Colleague:
    with practice_scope(people.practice.id):
        return Colleague.objects.get(email=email)


def test_the_list_shows_everybody_with_status_and_files(people: Cast, browser: Client) -> None:
    page = words(browser.get("/team/"))
    for shown in ("Karim Benali", people.colleague.email, "Administrateur", "Invité", "Suspendu", "tous"):
        assert shown in page
    assert "Victor Voisin" not in page
    with practice_scope(people.practice.id):
        counts = {row.colleague.name: row.count_files for row in team_of(people.practice.id)}
    assert (counts["Karim Benali"], counts["Chloe Petit"]) == (1, 0)


def test_the_list_costs_the_same_for_any_number(
    people: Cast,
    browser: Client,
) -> None:
    with asked() as few:
        browser.get("/team/")
    for number in range(12):
        made = factories.colleague(people.practice, f"Person {number}", status=ColleagueStatus.INVITED)
        factories.grant(people.file, to=made)
        browser.post(f"/team/{made.id}/resend/", headers=HTMX)
    with asked() as many:
        browser.get("/team/")
    # The first page meets no invitation, so it may spare the query of their messages.
    assert len(many) <= len(few) + 1 <= 18


def test_who_left_is_folded_below_and_may_be_added_again(people: Cast, browser: Client) -> None:
    gone = factories.colleague(people.practice, "Odile Ancienne")
    with practice_scope(people.practice.id):
        leave(gone, actor=people.actor)
    page = browser.get("/team/")
    [former] = page.context["former"]
    assert former.colleague.id == gone.id
    assert former.left_at.date() == timezone.now().date()
    rows, folded = words(page).split("<details", 1)
    assert "Odile Ancienne" not in rows
    assert f"/team/new/?again={gone.id}" in folded
    window = words(browser.get(f"/team/new/?again={gone.id}", headers=HTMX))
    assert f'value="{gone.email}"' in window
    foreign = words(browser.get(f"/team/new/?again={people.colleague.id}", headers=HTMX))
    assert people.colleague.email not in foreign
    add(browser, name="Odile Ancienne", email=gone.email)
    assert "<details" not in words(browser.get("/team/"))


def test_who_left_costs_two_queries_however_many(people: Cast, browser: Client) -> None:
    counts = []
    for number in range(6):
        factories.colleague(people.practice, f"Ancien {number}", status=ColleagueStatus.LEFT)
        with asked() as statements:
            browser.get("/team/")
        counts.append(len(statements))
    assert len(set(counts)) == 1


def test_adding_makes_the_row_and_the_invitation(people: Cast, browser: Client) -> None:
    response = add(browser, can_add_clients="on")
    assert response.status_code == 200
    assert {"close-dialog", "toast"} <= set(eval_trigger(response))
    made = colleague(people, "zoe@martin.example")
    assert (made.name, made.status, made.can_add_clients) == ("Zoé Roux", ColleagueStatus.INVITED, True)
    with practice_scope(people.practice.id):
        assert Invitation.objects.get(colleague=made).invited_by == people.administrator
        assert OutgoingMessage.objects.get().to_address == "zoe@martin.example"


def eval_trigger(response: Any) -> dict[str, Any]:  # noqa: ANN401 - the test client's answer
    import json

    return dict(json.loads(response.headers["HX-Trigger"]))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": "  "}, "Tapez un nom"),
        ({"email": "pas une adresse"}, "espace"),
        ({"email": "karim.benali@example.fr"}, "déjà"),
        ({"role": "king"}, "liste"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    people: Cast, browser: Client, typed: dict[str, str], sentence: str
) -> None:
    response = add(browser, **typed)
    assert response.status_code == 422
    assert sentence in words(response)
    assert words(response).count('aria-invalid="true"') == 1
    with practice_scope(people.practice.id):
        assert not Invitation.objects.exists()


def test_the_link_of_an_invitation_is_shown_to_be_copied(people: Cast, browser: Client) -> None:
    add(browser)
    made = colleague(people, "zoe@martin.example")
    page = words(browser.get(f"/team/{made.id}/link/", headers=HTMX))
    assert "/invitations/" in page
    assert browser.get(f"/team/{people.colleague.id}/link/").status_code == 404


def test_sending_again_ends_the_older_link(people: Cast, browser: Client) -> None:
    add(browser)
    made = colleague(people, "zoe@martin.example")
    before = words(browser.get(f"/team/{made.id}/link/", headers=HTMX))
    assert browser.post(f"/team/{made.id}/resend/", headers=HTMX).status_code == 200
    assert words(browser.get(f"/team/{made.id}/link/", headers=HTMX)) != before
    with practice_scope(people.practice.id):
        assert list(Invitation.objects.order_by("id").values_list("state", flat=True)) == ["revoked", "waiting"]


def test_a_suspended_colleague_is_out_at_the_next_click(people: Cast, browser: Client) -> None:
    theirs = signed_in(people.colleague)
    assert theirs.get("/clients/").status_code == 200
    assert "Suspendre Karim" in words(browser.get(f"/team/{people.colleague.id}/suspend/", headers=HTMX))
    browser.post(f"/team/{people.colleague.id}/suspend/", headers=HTMX)
    assert theirs.get("/clients/").status_code == 404
    browser.post(f"/team/{people.colleague.id}/reactivate/", headers=HTMX)
    assert theirs.get("/clients/").status_code == 200


def test_the_last_administrator_stays(people: Cast, browser: Client) -> None:
    response = browser.post(f"/team/{people.administrator.id}/suspend/", headers=HTMX)
    assert response.status_code == 422
    assert "dernier administrateur" in words(response)
    change = {"name": "Anne Martin", "role": "colleague"}
    response = browser.post(f"/team/{people.administrator.id}/", change, headers=HTMX)
    assert (response.status_code, words(response).count("dernier administrateur")) == (422, 1)
    assert colleague(people, people.administrator.email).role == Role.ADMINISTRATOR


def test_name_role_and_right_are_changed_and_on_record(people: Cast, browser: Client) -> None:
    change = {"name": "Karim B.", "role": "administrator"}
    assert browser.post(f"/team/{people.colleague.id}/", change, headers=HTMX).status_code == 200
    made = colleague(people, people.colleague.email)
    assert (made.name, made.role, made.can_add_clients) == ("Karim B.", Role.ADMINISTRATOR, False)
    with practice_scope(people.practice.id):
        event = AuditEvent.objects.get(verb="colleague.changed")
    assert (event.actor_name, event.before["name" if "name" in event.before else "colleague"]) == (
        "Anne Martin",
        "Karim Benali",
    )


def test_a_colleague_of_another_practice_is_not_there(people: Cast, browser: Client) -> None:
    for rest in ("", "link/", "suspend/"):
        assert browser.get(f"/team/{people.other_administrator.id}/{rest}").status_code == 404
    for rest in ("", "resend/", "suspend/", "reactivate/"):
        assert browser.post(f"/team/{people.other_administrator.id}/{rest}").status_code == 404


@pytest.mark.parametrize("language", ["fr", "en"])
def test_without_scripts_the_windows_are_pages(people: Cast, language: str) -> None:
    browser = signed_in(people.administrator, language=language)
    assert "<html" in words(browser.get("/team/new/"))
    response = browser.post("/team/new/", {"name": "Zoé", "email": "zoe@martin.example", "role": "colleague"})
    assert (response.status_code, response["Location"]) == (302, "/team/")
