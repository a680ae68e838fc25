"""A document of many pages says on its screen how many of them were read."""

from __future__ import annotations

import pytest

from liasse.reading.models import Reading
from tests.web.office import Office, build

pytestmark = pytest.mark.django_db
SIZE = {"width": 595, "height": 842}


@pytest.fixture
def office(db: None) -> Office:
    del db
    return build()


@pytest.mark.parametrize(
    ("pages", "form", "says"),
    [
        (25, "pdf", "Seules les 12 premières et les 12 dernières de ses 25 pages ont été lues."),
        (30, "image", "Seules les 24 premières de ses 30 pages ont été lues."),
        (24, "pdf", ""),
        (25, "pdf+cii", ""),
    ],
)
def test_it_is_said_in_a_sentence(office: Office, pages: int, form: str, says: str) -> None:
    document = office.document(fields={}, pages=[SIZE] * pages)
    with office.scope():
        Reading.objects.update(format=form)
    shown = office.as_("reading").get(f"/files/{office.file.id}/documents/{document.id}/").content.decode()
    assert (says in shown) if says else "ont été lues" not in shown
