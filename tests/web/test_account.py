from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from liasse.clients.models import FileAccess
from liasse.core.access import ANONYMOUS
from liasse.core.scope import practice_scope
from liasse.identity.services import authenticate
from liasse.identity.tries import TRIES
from liasse.lib.ids import uuid7
from liasse.practices.models import Colleague, Practice
from liasse.practices.services import set_up_link
from liasse.practices.types import ColleagueStatus, Role
from liasse.web.shell import shell_of
from tests import cast, factories
from tests.cast import Cast
from tests.factories import PASSWORD, signed_in

pytestmark = pytest.mark.django_db
SET_UP = {
    "practice_name": "Cabinet Martin",
    "person_name": "Anne Martin",
    "email": "anne@martin.example",
    "password": "quatre mots au hasard",
}


@pytest.fixture
def people() -> Cast:
    return cast.build()


def words(response: Any) -> str:  # noqa: ANN401 - the test client's answer
    return str(response.content.decode())


def sign_in(browser: Client, email: str, password: str = PASSWORD, **more: str) -> Any:  # noqa: ANN401
    return browser.post("/sign-in/", {"email": email, "password": password, **more})


# ------------------------------------------------------------------------------------------------ coming in


@pytest.mark.parametrize(
    ("language", "labels"),
    [("fr", ("Se connecter", "Adresse email", "Mot de passe")), ("en", ("Sign in", "Email address", "Password"))],
)
def test_the_page_speaks_both_languages(language: str, labels: tuple[str, ...]) -> None:
    page = words(Client(HTTP_ACCEPT_LANGUAGE=language).get("/sign-in/"))
    assert [label for label in labels if label not in page] == []
    assert f'<html lang="{language}"' in page
    assert "Français" in page


def test_a_colleague_comes_to_the_clients(people: Cast) -> None:
    response = sign_in(Client(), f" {people.colleague.email.upper()} ")
    assert (response.status_code, response["Location"]) == (302, reverse("clients"))


def test_a_wrong_password_says_one_sentence_and_keeps_the_address(people: Cast) -> None:
    response = sign_in(Client(HTTP_ACCEPT_LANGUAGE="fr"), people.colleague.email, "wrong")
    assert response.status_code == 422
    assert "L’adresse email ou le mot de passe est faux" in words(response)
    assert people.colleague.email in words(response)
    assert "wrong" not in words(response)


def test_the_sixth_try_is_told_to_wait(people: Cast) -> None:
    browser = Client()
    for _try in range(TRIES):
        sign_in(browser, people.colleague.email, "wrong")
    response = sign_in(browser, people.colleague.email)
    assert (response.status_code, response["Retry-After"]) == (429, "300")
    assert browser.get("/clients/").status_code == 302


@pytest.mark.parametrize(
    ("wanted", "location"),
    [
        ("/team/?a=1", "/team/?a=1"),
        ("https://evil.example/", "/clients/"),
        ("//evil.example/", "/clients/"),
        ("/\\evil.example", "/clients/"),
        ("javascript:alert(1)", "/clients/"),
    ],
)
def test_one_goes_on_to_where_one_wanted_but_never_elsewhere(people: Cast, wanted: str, location: str) -> None:
    assert sign_in(Client(), people.administrator.email, next=wanted)["Location"] == location


def test_the_suspended_come_in_to_nothing(people: Cast) -> None:
    browser = Client()
    assert sign_in(browser, people.suspended.email)["Location"] == reverse("profile")
    assert browser.get("/clients/").status_code == 404
    assert browser.get("/profile/").status_code == 200


def test_signing_out_ends_the_session_by_post_only(people: Cast) -> None:
    browser = signed_in(people.colleague)
    assert browser.get("/sign-out/").status_code == 405
    assert browser.post("/sign-out/")["Location"] == "/sign-in/"
    assert browser.get("/clients/").status_code == 302
    assert browser.post("/sign-out/").status_code == 302


def test_home_leads_everybody_to_their_place(people: Cast) -> None:
    assert Client().get("/")["Location"] == "/sign-in/"
    assert signed_in(people.colleague).get("/")["Location"] == "/clients/"
    assert signed_in(people.outsider).get("/")["Location"] == "/profile/"


def test_a_post_without_its_proof_is_refused(people: Cast) -> None:
    browser = Client(enforce_csrf_checks=True)
    assert sign_in(browser, people.colleague.email).status_code == 403


# ----------------------------------------------------------------------------------------------- setting up


def link_path() -> str:
    link = set_up_link()
    assert link
    return link.removeprefix(settings.LIASSE_PUBLIC_URL)


def test_the_link_leads_to_a_page_without_the_token() -> None:
    browser, path = Client(), link_path()
    first = browser.get(path)
    assert first["Referrer-Policy"] == "no-referrer"
    assert first["Location"] == "/setup/"
    page = words(browser.get("/setup/"))
    assert path.split("/")[2] not in page


def test_the_form_sets_the_practice_up_and_signs_in() -> None:
    browser = Client(HTTP_ACCEPT_LANGUAGE="en")
    browser.get(link_path())
    response = browser.post("/setup/", SET_UP)
    assert response["Location"] == "/clients/"
    assert "Anne Martin" in words(browser.get("/clients/"))
    assert Practice.objects.get().language == "en"


def test_a_mistake_is_told_beside_its_field_and_nothing_is_lost() -> None:
    browser = Client(HTTP_ACCEPT_LANGUAGE="fr")
    browser.get(link_path())
    response = browser.post("/setup/", SET_UP | {"practice_name": " ", "password": "court"})
    assert response.status_code == 422
    assert "Tapez le nom du cabinet." in words(response)
    assert "anne@martin.example" in words(response)
    assert words(response).count('aria-invalid="true"') == 2
    assert browser.post("/setup/", SET_UP).status_code == 302


def test_an_old_link_and_a_made_up_one_lead_nowhere() -> None:
    old, new = link_path(), link_path()
    for path in (old, "/setup/made-up/"):
        response = Client().get(path)
        assert (response.status_code, response["Referrer-Policy"]) == (404, "no-referrer")
    assert Client().post(new, SET_UP).status_code == 302
    assert Client().get(new).status_code == 404
    assert Client().get("/setup/").status_code == 404


def test_a_second_click_makes_no_second_practice() -> None:
    browser, again = Client(), Client()
    path = link_path()
    for each in (browser, again):
        each.get(path)
    browser.post("/setup/", SET_UP)
    assert again.post("/setup/", SET_UP | {"email": "b@martin.example"}).status_code == 404
    assert Practice.objects.count() == 1


# ------------------------------------------------------------------------------------------- one's own choices


def test_the_language_is_kept_in_the_browser_and_with_the_person(people: Cast) -> None:
    browser = signed_in(people.colleague, language="fr")
    response = browser.post("/language/", {"language": "en", "next": "/clients/"})
    assert response["Location"] == "/clients/"
    assert '<html lang="en"' in words(browser.get("/clients/"))
    elsewhere = signed_in(people.colleague, language="fr")
    assert '<html lang="en"' in words(elsewhere.get("/clients/"))


def test_an_unknown_language_or_theme_changes_nothing() -> None:
    browser = Client()
    browser.post("/language/", {"language": "xx", "next": "https://evil.example/"})
    browser.post("/theme/", {"theme": "pink"})
    assert list(browser.cookies) == []


def test_the_theme_is_kept_and_forgotten(people: Cast) -> None:
    browser = signed_in(people.colleague)
    browser.post("/theme/", {"theme": "dark", "next": "/clients/"})
    assert 'data-theme="dark"' in words(browser.get("/clients/"))
    elsewhere = Client()
    sign_in(elsewhere, people.colleague.email)
    assert 'data-theme="dark"' in words(elsewhere.get("/clients/"))
    browser.post("/theme/", {"theme": "system"})
    assert "data-theme" not in words(browser.get("/clients/"))


def test_a_person_changes_their_name_and_language(people: Cast) -> None:
    browser = signed_in(people.outsider, language="fr")
    response = browser.post("/profile/", {"name": " Olga  P. ", "language": "en"}, follow=True)
    people.outsider.refresh_from_db()
    assert (people.outsider.name, people.outsider.language) == ("Olga P.", "en")
    assert '<html lang="en"' in words(response)
    assert browser.post("/profile/", {"name": " ", "language": "en"}).status_code == 422
    assert browser.post("/profile/", {"name": "Olga", "language": "xx"}).status_code == 422


def test_a_new_password_signs_the_others_out(people: Cast) -> None:
    here, there = signed_in(people.colleague), signed_in(people.colleague)
    wrong = here.post("/profile/password/", {"current": "guess", "new": "cinq mots tout neufs ici"})
    assert wrong.status_code == 422
    here.post("/profile/password/", {"current": PASSWORD, "new": "cinq mots tout neufs ici"})
    assert here.get("/clients/").status_code == 200
    assert there.get("/clients/").status_code == 302
    assert authenticate(people.colleague.email, "cinq mots tout neufs ici") == people.colleague.user


def test_one_goes_from_practice_to_practice(people: Cast) -> None:
    with practice_scope(people.other_practice.id):
        Colleague.objects.create(
            practice=people.other_practice,
            user=people.colleague.user,
            email=people.colleague.email,
            name="Karim",
            status=ColleagueStatus.ACTIVE,
        )
    browser = signed_in(people.colleague)
    assert "Cabinet Voisin" in words(browser.get("/profile/"))
    browser.post(f"/practices/{people.other_practice.id}/switch/")
    assert "Cabinet Voisin" in words(browser.get("/clients/"))
    assert browser.post(f"/practices/{uuid7()}/switch/").status_code == 404


def test_a_practice_of_others_is_not_there(people: Cast) -> None:
    browser = signed_in(people.colleague)
    foreign = browser.post(f"/practices/{people.other_practice.id}/switch/")
    missing = browser.post(f"/practices/{uuid7()}/switch/")
    assert (foreign.status_code, foreign.content) == (404, missing.content)


# ----------------------------------------------------------------------------------------------- the frame


def test_the_menu_is_the_person_s_own(people: Cast) -> None:
    plain, all_of_it = (words(signed_in(who).get("/clients/")) for who in (people.colleague, people.administrator))
    assert "Mes clients" in plain
    assert "Boîte d’envoi" not in plain
    for name, label in {"team": "Équipe", "outbox": "Boîte d’envoi", "practice": "Cabinet"}.items():
        assert f'href="{reverse(name)}"' in all_of_it
        assert label in all_of_it
    assert "Ajouter ou gérer" in words(signed_in(people.colleague).get("/clients/"))


def test_a_file_has_entries_of_its_own(people: Cast) -> None:
    page = words(signed_in(people.colleague).get(f"/files/{people.file.id}/inbox/"))
    for label in ("Historique d’envoi", "Paramètres du dossier", people.file.name, people.practice.name):
        assert label in page


@pytest.mark.parametrize(("who", "queries"), [("colleague", 0), ("administrator", 1)])
def test_the_frame_costs_the_same_for_any_number_of_files(
    people: Cast,
    rf: Any,  # noqa: ANN401 - pytest-django's own
    django_assert_num_queries: Any,  # noqa: ANN401
    who: str,
    queries: int,
) -> None:
    from liasse.practices.selectors import actor_of

    for number in range(3):
        file = factories.client_file(people.practice, f"File {number}")
        factories.grant(file, to=people.colleague)
    person: Colleague = getattr(people, who)
    request = rf.get("/clients/")
    request.user, request.actor, request.practice = person.user, actor_of(person), people.practice
    with practice_scope(people.practice.id), django_assert_num_queries(queries):
        shell = shell_of(request)
    assert shell.account_name == people.practice.name
    assert (person.role == Role.ADMINISTRATOR) == (len(shell.entries) > 2)
    with practice_scope(people.practice.id):
        assert FileAccess.objects.count() >= 3


def test_a_stranger_s_frame_has_no_name(rf: Any) -> None:  # noqa: ANN401 - pytest-django's own
    request = rf.get("/sign-in/")
    request.actor = ANONYMOUS
    shell = shell_of(request)
    assert (shell.user_name, shell.entries, shell.account_name) == ("", (), "")
    assert shell.language_url == "/language/"
