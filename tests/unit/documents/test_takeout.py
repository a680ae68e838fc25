"""What leaves: figures that stay figures, texts that stay texts, and originals byte for byte."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as some

from liasse.adapters.sheet_openpyxl import OpenpyxlSheetWriter
from liasse.documents import takeout
from liasse.documents.names import UniqueNames, safe_name
from liasse.documents.selectors import Chosen, ListQuery, choose, choose_all
from liasse.documents.takeout import Reader, harmless
from liasse.documents.types import DocumentStatus
from liasse.lib.media_types import PDF, XML
from liasse.pipeline import child
from tests.web.office import Office, build

FRENCH = Reader(language="fr", time_zone="Europe/Paris")
ENGLISH = Reader(language="en", time_zone="Europe/London")


@pytest.fixture
def office(db: None) -> Office:
    del db
    return build()


def everything(office: Office) -> Chosen:
    return choose_all(office.file, query=ListQuery(DocumentStatus.TO_REVIEW))


def table(content: bytes, delimiter: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=delimiter))


@pytest.mark.parametrize("text", ["=1+1", "+33 1", "-5", "@x", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "\uff1dx"])
def test_a_text_that_looks_like_a_formula_gets_an_apostrophe(text: str) -> None:
    assert harmless(text) == f"'{text}"


@given(some.text())
def test_no_text_begins_like_a_formula(text: str) -> None:
    assert not harmless(text).lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@given(some.text(alphabet=some.characters(categories=["L", "N"]), min_size=1))
def test_an_ordinary_text_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


def test_french_csv_is_what_a_french_spreadsheet_opens(office: Office) -> None:
    office.document(supplier_name="=HYPERLINK(1)", total_gross=Decimal("-1234.50"), issue_date=date(2026, 3, 1))
    content = b"".join(takeout.as_csv(everything(office), reader=FRENCH))
    [row] = table(content, ";")
    assert content.startswith(b"\xef\xbb\xbf")
    assert (row["TTC"], row["Date"], row["Fournisseur"]) == ("-1234,50", "01/03/2026", "'=HYPERLINK(1)")
    assert row["Reçu le"] == "24/11/2026 12:01"


def test_english_csv_has_commas_and_points(office: Office) -> None:
    office.document(total_gross=Decimal("-1234.50"), issue_date=date(2026, 3, 1), supplier_name='A "B", C')
    [row] = table(b"".join(takeout.as_csv(everything(office), reader=ENGLISH)), ",")
    assert (row["Total"], row["Date"], row["Supplier"]) == ("-1234.50", "2026-03-01", 'A "B", C')


def test_csv_has_one_line_a_document_whatever_is_in_it(office: Office) -> None:
    office.document(supplier_name='a;b"c\r\nd', note="x\ny;z")
    office.document(supplier_name="é" * 200)
    rows = table(b"".join(takeout.as_csv(everything(office), reader=FRENCH)), ";")
    assert sorted(len(row) for row in rows) == [16, 16]


def test_the_workbook_s_cells_have_types(office: Office) -> None:
    office.document(
        supplier_name="=1+1", number="-12", total_gross=Decimal("-3.10"), issue_date=date(2026, 3, 1), note="a\x07b"
    )
    sheet = takeout.as_sheet(everything(office), reader=ENGLISH, writer=OpenpyxlSheetWriter())
    headings, cells = openpyxl.load_workbook(sheet).worksheets[0].iter_rows()
    found = {head.value: cell for head, cell in zip(headings, cells, strict=True)}
    assert (found["Total"].value, found["Total"].data_type) == (-3.1, "n")
    assert (found["Supplier"].value, found["Supplier"].data_type) == ("=1+1", "s")
    assert (found["Number"].value, found["Number"].data_type) == ("-12", "s")
    assert (found["Date"].value, found["Date"].data_type) == (datetime(2026, 3, 1), "d")  # noqa: DTZ001 - sheets have no zone
    assert found["Note"].value == "a b"


def archive(office: Office, chosen: Chosen | None = None) -> tuple[zipfile.ZipFile, list[dict[str, Any]]]:
    content = takeout.as_archive(chosen or everything(office), reader=FRENCH, blobs=child.blobs())
    opened = zipfile.ZipFile(io.BytesIO(b"".join(content)))
    return opened, json.loads(opened.read("manifest.json"))["files"]


def test_originals_are_the_same_bytes_and_the_manifest_knows_them(office: Office) -> None:
    contents = [b"", b"%PDF-1.4 " + bytes(range(256)) * 3000, b"<x/>"]
    made = {str(office.document(content=one, filename="facture.pdf").id): one for one in contents}
    opened, files = archive(office)
    assert len(files) == len(made) == 3
    for line in files:
        assert opened.read(line["name"]) == made[line["document"]]
        assert line["sha256"] == hashlib.sha256(made[line["document"]]).hexdigest()
        assert line["state"] == "ok"


def test_names_are_unique_also_without_capitals_and_beside_the_manifest(office: Office) -> None:
    for name in ("Facture.pdf", "facture.PDF", "facture.pdf", "manifest.csv", "", "../../etc/passwd"):
        office.document(filename=name)
    opened, files = archive(office)
    names = opened.namelist()
    assert len({name.casefold() for name in names}) == len(names) == 8
    assert not any("/" in name or "\\" in name for name in names)
    assert {line["name"] for line in files} | {"manifest.csv", "manifest.json"} == set(names)


def test_both_manifests_say_the_same(office: Office) -> None:
    office.document(filename="a;b.pdf")
    opened, [line] = archive(office)
    [row] = table(opened.read("manifest.csv"), ";")
    assert row == {name: str(value) for name, value in line.items()}


def test_what_is_missing_or_damaged_is_said(office: Office) -> None:
    missing, damaged, whole = (office.document(content=bytes([n]) * 9, filename=f"{n}.pdf") for n in range(3))
    store = child.blobs()
    store.path(missing.sha256).unlink()
    path = store.path(damaged.sha256)
    path.chmod(0o600)
    path.write_bytes(b"other")
    opened, files = archive(office)
    states = {line["document"]: line["state"] for line in files}
    assert states == {str(missing.id): "missing", str(damaged.id): "damaged", str(whole.id): "ok"}
    assert "0.pdf" not in opened.namelist()


class _Watched:
    """A store that notes what was opened."""

    def __init__(self) -> None:
        self.opened: list[str] = []

    def open(self, sha256: str) -> BinaryIO:
        self.opened.append(sha256)
        return child.blobs().open(sha256)


def test_an_archive_is_sent_while_it_is_made(office: Office) -> None:
    for number in range(3):
        office.document(content=bytes([number]) * 10)
    store: Any = _Watched()
    pieces = takeout.as_archive(everything(office), reader=FRENCH, blobs=store)
    assert next(pieces).startswith(b"PK")
    assert len(store.opened) == 1


def test_only_what_was_chosen_leaves(office: Office) -> None:
    office.document()
    wanted = office.document()
    with office.scope():
        chosen = choose(office.file, ids=[str(wanted.id)])
    assert [line["document"] for line in archive(office, chosen)[1]] == [str(wanted.id)]


@pytest.mark.parametrize(
    ("wished", "media_type", "name"),
    [
        ("facture.pdf", PDF, "facture.pdf"),
        ("FACTURE.PDF", PDF, "FACTURE.PDF"),
        ("scan", PDF, "scan.pdf"),
        ("run.exe", PDF, "run.exe.pdf"),
        ("../../x.pdf", PDF, "x.pdf"),
        ("C:\\temp\\x.pdf", PDF, "x.pdf"),
        ("a<b>:c.xml", XML, "a_b__c.xml"),
        ("fdp\u202etac.pdf", PDF, "fdp tac.pdf"),
        ("con.pdf", PDF, "document con.pdf"),
        ("", PDF, "document.pdf"),
        (" .. ", XML, "document.xml"),
        ("x" * 300 + ".pdf", PDF, "x" * 116 + ".pdf"),
    ],
)
def test_names_are_safe_everywhere(wished: str, media_type: str, name: str) -> None:
    assert safe_name(wished, media_type=media_type, fallback="document") == name


@given(some.text(max_size=200))
def test_no_name_leaves_its_folder(wished: str) -> None:
    name = safe_name(wished, media_type=PDF, fallback="document")
    assert name.lower().endswith(".pdf")
    assert not set(name) & set('/\\<>:"|?*\0')
    assert name not in {".pdf", "..pdf"}


def test_unique_names_count_on() -> None:
    names = UniqueNames("a.pdf")
    assert [names.give("A.pdf"), names.give("A.pdf"), names.give("b.pdf")] == ["A (2).pdf", "A (3).pdf", "b.pdf"]
