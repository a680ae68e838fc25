"""Exporter le dossier: asked for, watched, taken away by those with full access, and on record."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from django.test import Client

from liasse.core.models import AuditEvent
from liasse.core.scope import instance_scope
from liasse.custody.models import WholeExport
from liasse.custody.types import ExportState
from liasse.worker.main import run_next
from tests.queries import asked
from tests.web.office import Office, build

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return build()


@pytest.fixture
def browser(office: Office) -> Client:
    return office.as_("full")


def here(office: Office) -> str:
    return f"/files/{office.file.id}/export/"


def newest() -> WholeExport:
    with instance_scope():
        return WholeExport.objects.order_by("-id")[0]


def test_it_is_prepared_watched_and_taken_away(office: Office, browser: Client) -> None:
    document = office.document(content=b"the original")
    waiting = browser.post(here(office), headers={"HX-Request": "true"})
    assert "La préparation va commencer" in waiting.content.decode()
    assert 'hx-trigger="every 1s"' in waiting.content.decode()
    assert run_next()
    done = browser.get(here(office), headers={"HX-Request": "true"}).content.decode()
    assert "Télécharger" in done
    assert "hx-trigger" not in done
    answer = browser.post(f"{here(office)}{newest().id}/download/")
    assert answer["Content-Disposition"].startswith('attachment; filename="boulangerie-lepi-dor-')
    archive = zipfile.ZipFile(io.BytesIO(answer.getvalue()))
    (row,) = json.loads(archive.read("documents.json"))
    assert (row["id"], archive.read(row["original"])) == (str(document.id), b"the original")


def test_asking_and_taking_are_in_the_history(office: Office, browser: Client) -> None:
    browser.post(here(office))
    assert run_next()
    browser.post(f"{here(office)}{newest().id}/download/")
    with instance_scope():
        events = AuditEvent.objects.filter(verb__startswith="file.export").order_by("sequence")
        assert [(event.verb, event.actor_name) for event in events] == [
            ("file.export-asked", "full"),
            ("file.export-taken", "full"),
        ]
    page = browser.get(f"/files/{office.file.id}/settings/").content.decode()
    assert "Export complet demandé" in page
    assert "Export complet téléchargé" in page


@pytest.mark.parametrize("role", ["reading", "coding"])
def test_who_may_not_manage_the_file_takes_nothing(office: Office, browser: Client, role: str) -> None:
    browser.post(here(office))
    assert run_next()
    other = office.as_(role)
    assert other.get(here(office)).status_code == 403
    assert other.post(f"{here(office)}{newest().id}/download/").status_code == 403


@pytest.mark.parametrize("state", [state for state in ExportState if state is not ExportState.READY])
def test_what_is_not_ready_cannot_be_taken(office: Office, browser: Client, state: ExportState) -> None:
    browser.post(here(office))
    assert run_next()
    with instance_scope():
        WholeExport.objects.update(state=state)
    assert browser.post(f"{here(office)}{newest().id}/download/").status_code == 404
    assert browser.get(here(office)).status_code == 200


def test_the_download_of_a_sibling_is_not_there(office: Office) -> None:
    administrator = office.as_("administrator")
    administrator.post(f"/files/{office.sibling.id}/export/")
    assert run_next()
    assert administrator.post(f"{here(office)}{newest().id}/download/").status_code == 404


def test_the_page_costs_the_same_with_any_number_of_exports(office: Office, browser: Client) -> None:
    def cost() -> int:
        with asked() as statements:
            browser.get(here(office))
        return len(statements)

    none = cost()
    for _ in range(3):
        browser.post(here(office))
        assert run_next()
    assert cost() == none
