"""Liens de dépôt: made, shown with their state and a QR code, withdrawn."""

from __future__ import annotations

import pytest

from liasse.core.scope import instance_scope
from liasse.passes.models import UploadLink
from tests.queries import asked
from tests.web.office import Office, build

pytestmark = pytest.mark.django_db
FORM = {"request": "La facture EDF de mars", "days": "7", "files": "3", "megabytes": "50", "side": "costs"}


@pytest.fixture
def office(db: None) -> Office:
    del db
    return build()


def test_a_link_is_made_shown_and_withdrawn(office: Office) -> None:
    client, at = office.as_("coding"), f"/files/{office.file.id}/links/"
    assert client.post(at, FORM).status_code == 302
    said = client.get(at).content.decode()
    assert "La facture EDF de mars" in said
    assert "/deposit/" in said
    assert "data:image/svg+xml" in said
    with instance_scope():
        link = UploadLink.objects.get()
    assert client.post(f"{at}{link.id}/revoke/").status_code == 302
    after = client.get(at).content.decode()
    assert "/deposit/" not in after
    assert "retiré" in after


@pytest.mark.parametrize(("name", "typed"), [("days", "0"), ("days", "366"), ("files", "x"), ("megabytes", "١")])
def test_what_cannot_be_is_said_at_its_field(office: Office, name: str, typed: str) -> None:
    answer = office.as_("coding").post(f"/files/{office.file.id}/links/", FORM | {name: typed})
    assert answer.status_code == 422
    assert f'id="link-{name}-error"' in answer.content.decode()
    with instance_scope():
        assert not UploadLink.objects.exists()


def test_who_only_reads_makes_none(office: Office) -> None:
    assert office.as_("reading").post(f"/files/{office.file.id}/links/", FORM).status_code == 403


def test_the_page_of_many_links_asks_a_fixed_number_of_questions(office: Office) -> None:
    client, at = office.as_("coding"), f"/files/{office.file.id}/links/"
    client.post(at, FORM)
    with asked() as one:
        client.get(at)
    for _number in range(5):
        client.post(at, FORM)
    with asked() as many:
        client.get(at)
    assert len(many) == len(one)


def test_the_list_says_how_many_megabytes_a_link_takes(office: Office) -> None:
    client, at = office.as_("coding"), f"/files/{office.file.id}/links/"
    client.post(at, FORM)
    assert "0 fichiers reçus sur 3, 0 Mo sur 50." in client.get(at).content.decode()
