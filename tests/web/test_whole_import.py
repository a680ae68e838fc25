"""Importer un dossier: for administrators, from the ZIP that an export gave; what is wrong is said beside the field."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from liasse.clients.models import ClientFile
from liasse.core.scope import instance_scope
from liasse.custody import restoring
from liasse.custody.models import WholeImport
from liasse.practices.models import Colleague
from liasse.practices.types import Role
from liasse.worker.main import run_next
from tests import factories
from tests.queries import asked

pytestmark = pytest.mark.django_db
HERE = "/clients/import/"


@pytest.fixture
def victor() -> Colleague:
    return factories.colleague(factories.practice("Cabinet Voisin"), "Victor Voisin", role=Role.ADMINISTRATOR)


@pytest.fixture
def browser(victor: Colleague) -> Client:
    return factories.signed_in(victor)


def upload(browser: Client, content: bytes, **more: Any) -> Any:  # noqa: ANN401 - a test response
    return browser.post(HERE, {"archive": SimpleUploadedFile("dossier.zip", content)}, **more)


def work() -> None:
    while run_next():
        pass


def exported() -> bytes:
    """Give the ZIP of a file of another practice, made through the screens."""
    firm = factories.practice("Cabinet Martin")
    file = factories.client_file(firm, "Boulangerie Dupont")
    anne = factories.signed_in(factories.colleague(firm, "Anne Martin", role=Role.ADMINISTRATOR))
    anne.post(f"/files/{file.id}/export/")
    work()
    page = anne.get(f"/files/{file.id}/export/").content.decode()
    action = page.split('action="')[-1].split('"')[0]
    return b"".join(anne.post(action).streaming_content)  # type: ignore[attr-defined]


def test_a_file_comes_in_and_is_in_the_list(browser: Client) -> None:
    content = exported()
    assert upload(browser, content, follow=True).redirect_chain == [(HERE, 302)]
    assert 'hx-trigger="every 1s"' in browser.get(HERE).content.decode()
    work()
    done = browser.get(HERE, headers={"HX-Request": "true"}).content.decode()
    assert "Ouvrir le dossier" in done
    assert "hx-trigger" not in done
    assert "Boulangerie Dupont" in browser.get("/clients/").content.decode()


@pytest.mark.parametrize(("content", "said"), [(b"%PDF-1.7", "Ce n’est pas un ZIP."), (b"", "Ce fichier est vide.")])
def test_what_is_plainly_wrong_is_said_at_once_and_not_kept(browser: Client, content: bytes, said: str) -> None:
    answer = upload(browser, content)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    with instance_scope():
        assert not WholeImport.objects.exists()


def test_nothing_chosen_is_said(browser: Client) -> None:
    answer = browser.post(HERE)
    assert answer.status_code == 422
    assert "Choisissez le ZIP issu d’un export." in answer.content.decode()


def test_too_much_is_said_with_the_limit(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restoring, "LARGEST_UPLOAD", 10)
    answer = upload(browser, b"PK\x03\x04 and more than ten bytes")
    assert "trop volumineux" in answer.content.decode()


def test_a_refusal_is_said_in_the_list(browser: Client) -> None:
    content = exported()
    upload(browser, content[: len(content) - 300])
    work()
    page = browser.get(HERE).content.decode()
    assert "refusé" in page
    assert "Ce ZIP ne peut pas être lu en entier." in page
    with instance_scope():
        assert ClientFile.objects.count() == 1


def test_only_administrators_find_the_way(victor: Colleague, browser: Client) -> None:
    person = factories.colleague(victor.practice, "Chloe Petit", can_add_clients=True)
    other = factories.signed_in(person)
    assert HERE in browser.get("/clients/").content.decode()
    assert HERE not in other.get("/clients/").content.decode()
    assert other.get(HERE).status_code == 403


def test_another_practice_sees_nothing_of_it(browser: Client) -> None:
    upload(browser, exported())
    work()
    firm = factories.practice("Cabinet Martin")
    stranger = factories.signed_in(factories.colleague(firm, "Bruno Martin", role=Role.ADMINISTRATOR))
    assert "dossier.zip" not in stranger.get(HERE).content.decode()
    assert "Boulangerie Dupont" not in stranger.get(HERE).content.decode()


def test_the_page_costs_the_same_with_any_number_of_imports(browser: Client) -> None:
    def cost() -> int:
        with asked() as statements:
            browser.get(HERE)
        return len(statements)

    none = cost()
    for _ in range(3):
        upload(browser, io.BytesIO(b"PK\x03\x04").getvalue())
    work()
    assert cost() == none
