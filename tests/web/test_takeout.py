"""Taking documents out through the browser: what was chosen, all of it, and nobody else's."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from uuid import uuid4

import openpyxl
import pytest
from django.conf import LazySettings

from liasse.core import adapters
from liasse.documents.types import DocumentStatus
from tests.web.office import Office, build

KINDS = ("csv", "xlsx", "zip")


@pytest.fixture
def office(db: None, settings: LazySettings) -> Office:
    del db
    writer = "liasse.adapters.sheet_openpyxl.OpenpyxlSheetWriter"
    settings.LIASSE_ADAPTERS = {**settings.LIASSE_ADAPTERS, "sheet_writer": writer}
    adapters.adapter.cache_clear()
    return build()


def taken(office: Office, kind: str, *, role: str = "reading", **data: object) -> bytes:
    response = office.as_(role).post(f"/files/{office.file.id}/documents/{kind}/", data)
    assert response.status_code == 200
    assert response.headers["Content-Disposition"].startswith('attachment; filename="boulangerie-lepi-dor-')
    return response.getvalue()


def numbers(content: bytes, kind: str) -> list[str]:
    if kind == "csv":
        return [row["Numéro"] for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")]
    if kind == "xlsx":
        return [str(row[6]) for row in openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].values][1:]
    files = json.loads(zipfile.ZipFile(io.BytesIO(content)).read("manifest.json"))["files"]
    return [line["original_name"].removesuffix(".pdf") for line in files]


@pytest.mark.parametrize("kind", KINDS)
def test_the_chosen_documents_leave_and_no_other(office: Office, kind: str) -> None:
    made = [office.document(number=f"N{n}", filename=f"N{n}.pdf") for n in range(4)]
    ids = [str(made[2].id), str(made[0].id)]
    assert numbers(taken(office, kind, document=ids), kind) == ["N2", "N0"]


@pytest.mark.parametrize("kind", KINDS)
def test_all_is_the_list_with_its_tab_search_and_order(office: Office, kind: str) -> None:
    for number, supplier in enumerate(("Moulin", "Garage", "Moulin")):
        office.document(number=f"N{number}", filename=f"N{number}.pdf", supplier_name=supplier)
    office.document(status=DocumentStatus.READY)
    content = taken(office, kind, all="1", tab="to-review", q="moulin", sort="received")
    assert numbers(content, kind) == ["N0", "N2"]


@pytest.mark.parametrize("kind", KINDS)
def test_one_foreign_id_and_nothing_leaves(office: Office, kind: str) -> None:
    own, foreign = office.document(), office.document(file=office.sibling)
    for other in (foreign.id, uuid4(), "x"):
        data = {"document": [str(own.id), str(other)]}
        response = office.as_("administrator").post(f"/files/{office.file.id}/documents/{kind}/", data)
        assert response.status_code == 404


@pytest.mark.parametrize("kind", KINDS)
def test_who_chose_nothing_is_told(office: Office, kind: str) -> None:
    client = office.as_("reading")
    response = client.post(f"/files/{office.file.id}/documents/{kind}/", {"tab": "ready"}, follow=True)
    assert "Choisissez d’abord au moins une pièce." in response.content.decode()


def test_three_thousand_ids_are_taken(office: Office) -> None:
    ids = [str(office.document().id)] * 3000
    assert numbers(taken(office, "csv", document=ids), "csv") == ["F-1"]


@pytest.mark.parametrize(("media_type", "name"), [("application/xml", "x.xml"), ("image/png", "x.svg")])
def test_an_original_is_the_sender_s_bytes_and_never_a_page_of_ours(office: Office, media_type: str, name: str) -> None:
    content = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    one = office.document(content=content, media_type=media_type, filename=name)
    response = office.as_("reading").get(f"/files/{office.file.id}/documents/{one.id}/original/")
    assert response.getvalue() == content
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_an_original_of_another_file_is_not_there(office: Office) -> None:
    foreign = office.document(file=office.sibling)
    response = office.as_("administrator").get(f"/files/{office.file.id}/documents/{foreign.id}/original/")
    assert response.status_code == 404
