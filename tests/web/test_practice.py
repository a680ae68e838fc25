"""Cabinet: the practice's name and the values of new files."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from liasse.clients.models import ClientFile
from liasse.core.scope import practice_scope
from liasse.practices.models import Practice
from liasse.reading.calibration import shipped
from tests import cast
from tests.cast import Cast
from tests.factories import signed_in

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


def save(browser: Client, field: str, value: str, *, version: int = 1) -> Any:  # noqa: ANN401 - the test client's answer
    return browser.post(f"/practice/{field}/", {field: value, "version": str(version)}, headers=HTMX)


def test_every_value_is_there_with_the_sentence_about_existing_files(people: Cast, browser: Client) -> None:
    page = words(browser.get("/practice/"))
    for label in ("Nom du cabinet", "Devise de base", "Pays", "TVA", "Plan comptable", "Échéance", "Fuseau horaire"):
        assert label in page
    assert "Les dossiers existants gardent leurs valeurs" in page
    assert people.practice.name in page


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "Cabinet Martin & Fils"), ("currency", "CHF"), ("due_days", "45"), ("language", "en"), ("chart", "pcg")],
)
def test_a_field_left_is_saved_with_a_mark_and_the_new_version(
    people: Cast, browser: Client, field: str, value: str
) -> None:
    response = save(browser, field, value)
    assert response.status_code == 200
    assert 'data-state="saved"' in words(response)
    saved = Practice.objects.get(id=people.practice.id)
    assert str(getattr(saved, field)) == value
    assert f'name="version" value="{saved.version}"' in words(response)


def test_a_file_that_exists_keeps_its_value(people: Cast, browser: Client) -> None:
    save(browser, "currency", "CHF")
    with practice_scope(people.practice.id):
        assert ClientFile.objects.get(id=people.file.id).currency == "EUR"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", " ", "nom du cabinet"),
        ("currency", "XXX", "liste"),
        ("due_days", "400", "0 à 365"),
        ("chart", "", "liste"),
    ],
)
def test_a_value_that_cannot_be_is_refused_beside_its_field(
    people: Cast, browser: Client, field: str, value: str, sentence: str
) -> None:
    response = save(browser, field, value)
    assert response.status_code == 422
    assert sentence in words(response)
    assert words(response).count('aria-invalid="true"') == 1
    assert getattr(Practice.objects.get(id=people.practice.id), field) == getattr(people.practice, field)


def test_a_field_that_is_none_is_not_there(browser: Client) -> None:
    assert save(browser, "id", "x").status_code == 404


def test_a_stale_page_does_not_undo_a_change(people: Cast, browser: Client) -> None:
    save(browser, "due_days", "45")
    response = save(browser, "due_days", "60", version=1)
    assert response.status_code == 409
    assert Practice.objects.get(id=people.practice.id).due_days == 45


def test_another_field_changed_meanwhile_is_no_obstacle(people: Cast, browser: Client) -> None:
    save(browser, "due_days", "45")
    assert save(browser, "currency", "CHF", version=1).status_code == 200
    saved = Practice.objects.get(id=people.practice.id)
    assert (saved.due_days, saved.currency, saved.version) == (45, "CHF", 3)


def test_the_history_says_who_and_what(browser: Client) -> None:
    save(browser, "due_days", "45")
    page = words(browser.get("/practice/history/"))
    for shown in ("Anne Martin", "<del", ">30</del>", ">45</ins>"):
        assert shown in page


def test_how_sure_a_reading_must_be_is_chosen_and_told_in_the_history(people: Cast, browser: Client) -> None:
    page = words(browser.get("/practice/"))
    assert "Sûreté exigée de la lecture" in page
    assert all(f">{name}</option>" in page for name in ("Prudent", "Normal", "Rapide"))
    response = save(browser, "strictness", "careful")
    assert 'data-state="saved"' in words(response)
    assert Practice.objects.get(id=people.practice.id).strictness == "careful"
    history = words(browser.get("/practice/history/"))
    assert "Prudent" in history
    assert "Normal" in history


def test_an_unknown_strictness_is_refused(people: Cast, browser: Client) -> None:
    assert save(browser, "strictness", "never").status_code == 422
    assert Practice.objects.get(id=people.practice.id).strictness == "normal"


def test_each_strictness_is_told_with_what_was_measured(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = {"texts": (20, 31, 0), "scans": (9, 24, 0), "receipts": (60, 100, 1)}
    monkeypatch.setattr(
        "liasse.web.practice.strictness.shipped", lambda: replace(shipped(), measured={"normal": counts})
    )
    page = words(browser.get("/practice/"))
    assert [part in page for part in ("65 %", "38 %", "60 %", "1 sur 89")] == [True] * 4


def test_answers_to_mails_are_switched_for_the_whole_practice(people: Cast, browser: Client) -> None:
    assert "Réponses aux emails" in browser.get("/practice/").content.decode()
    assert save(browser, "answers_mail", "off").status_code == 200
    assert Practice.objects.get(id=people.practice.id).answers_mail == "off"
    assert save(browser, "answers_mail", "maybe", version=2).status_code == 422
