"""A document's page: what is to be checked, words of its pages, several fields at once, VAT by rate, undoing."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from liasse.documents.models import Document
from liasse.pipeline import child
from liasse.reading.decisions import Reason, ReasonCode
from liasse.reading.models import Reading
from liasse.reading.services import store
from liasse.reading.types import Field, FieldName, Place, ReadingResult, Source, VatLine
from tests.paper import pdf
from tests.queries import asked
from tests.web.office import COMPLETE, Office, build

READ = {
    FieldName.DOC_TYPE: Field("invoice", Source.TEXT, 0.999),
    FieldName.SUPPLIER_NAME: Field("Moulin", Source.TEXT, 0.62, "BT-27", Place(1, 0.1, 0.1, 0.2, 0.12), ("rivals",)),
    FieldName.ISSUE_DATE: Field("2026-04-03", Source.OCR, 0.9, evidence=("label", "ambiguous")),
    FieldName.TOTAL_NET: Field("100.00", Source.TEXT, 0.9999, evidence=("label", "sums")),
    FieldName.TOTAL_VAT: Field("20.00", Source.TEXT, 0.9999),
    FieldName.TOTAL_GROSS: Field("120.00", Source.TEXT, 0.9999, evidence=("label", "sums")),
    FieldName.CURRENCY: Field("EUR", Source.TEXT, 0.9999),
}


@pytest.fixture
def office(db: None) -> Office:
    del db
    return build()


def url(office: Office, document: Document, rest: str = "") -> str:
    return f"/files/{office.file.id}/documents/{document.id}/{rest}"


def waiting(office: Office, **more: Any) -> Document:  # noqa: ANN401 - any column
    document = office.document(fields={}, pages=[{"width": 595, "height": 842}], **more)
    reasons = [Reason(ReasonCode.MISSING, (FieldName.INVOICE_NUMBER,), "missing")]
    with office.scope():
        Reading.objects.filter(document=document).update(
            format="pdf",
            fields={name.value: field.to_json() for name, field in READ.items()},
            reasons=[reason.to_json() for reason in reasons],
        )
    return document


def page(office: Office, document: Document, *, role: str = "coding") -> str:
    response = office.as_(role).get(url(office, document))
    assert response.status_code == 200
    return str(response.content.decode())


def reading(office: Office, document: Document) -> Reading:
    with office.scope():
        return Reading.objects.get(document=document)


def post(office: Office, document: Document, rest: str, *, role: str = "coding", **sent: Any) -> Any:  # noqa: ANN401 - the test client's own
    return office.as_(role).post(url(office, document, rest), {"version": "1", **sent})


def test_what_is_to_be_checked_is_told_with_its_reason_and_leads_there(office: Office) -> None:
    shown = page(office, waiting(office))
    assert "À vérifier (3)" in shown
    assert 'data-goto="supplier_name"' in shown
    assert "sûr à 62\u202f%. D’autres valeurs sont possibles" in shown
    assert "se lit de deux façons\u202f: 03/04/2026 ou 04/03/2026" in shown
    assert "Introuvables\u202f:" in shown
    assert 'data-doubt="missing"' in shown


def test_what_is_ready_asks_nothing(office: Office) -> None:
    shown = page(office, waiting(office, status="ready"))
    assert 'data-goto="' not in shown
    assert "À vérifier (" not in shown


def test_both_days_of_an_ambiguous_date_are_offered(office: Office) -> None:
    shown = page(office, waiting(office))
    assert 'data-pick="03/04/2026">3 avril 2026</button>' in shown
    assert 'data-pick="04/03/2026">4 mars 2026</button>' in shown


def test_where_a_value_came_from_is_said_in_words(office: Office) -> None:
    shown = page(office, waiting(office))
    assert "Lu dans le texte de la page\u202f: sûr, 99\u202f%. Un libellé le désigne, les sommes concordent." in shown
    assert 'aria-describedby="id_total_gross_origin"' in shown


def test_what_is_blank_is_folded(office: Office) -> None:
    shown = page(office, waiting(office))
    assert shown.count('<details class="doc-section doc-fold">') == 6
    assert 'name="card_last4"' in shown


def words(office: Office, document: Document) -> None:
    """Store words as a reading does."""
    at = [["Moulin", 0.1, 0.1, 0.2, 0.12, 1.0], ["120,00", 0.7, 0.8, 0.8, 0.82, 0.9]]
    told = {"pages": [{"page": 1, "shape": 0.7, "source": "ocr", "words": at}]}
    name = child.blobs().put(gzip.compress(json.dumps(told).encode())).sha256
    with office.scope():
        Reading.objects.filter(document=document).update(words_sha256=name)


def test_the_words_of_a_page_stand_at_their_places(office: Office) -> None:
    document = waiting(office)
    words(office, document)
    found = office.as_("reading").get(url(office, document, "words/?page=1"))
    assert [word[0] for word in found.json()["words"]] == ["Moulin", "120,00"]
    assert found.json()["words"][0][1] == pytest.approx(0.1)
    again = office.as_("reading").get(url(office, document, "words/?page=1"), headers={"If-None-Match": found["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert found["Cache-Control"] == "private, no-cache"


def papers(office: Office, document: Document) -> None:
    """Have reading say that four papers lie on the page."""
    boxes = [[0.05, 0.05, 0.4, 0.4], [0.6, 0.05, 0.95, 0.4], [0.05, 0.6, 0.4, 0.95], [0.6, 0.6, 0.95, 0.95]]
    told = {"pages": [{"page": 1, "shape": 0.7, "source": "ocr", "words": [], "papers": boxes}]}
    name = child.blobs().put(gzip.compress(json.dumps(told).encode())).sha256
    reason = Reason(ReasonCode.NOTE, detail="several_papers").to_json()
    with office.scope():
        Reading.objects.filter(document=document).update(words_sha256=name, reasons=[reason])


def four_papers(office: Office) -> Document:
    blob = child.blobs().put(pdf([(50, 50, "Ticket 1"), (350, 50, "Ticket 2"), (50, 700, "T 3"), (350, 700, "T 4")]))
    document = waiting(office, sha256=blob.sha256, size=blob.size, filename="tickets.pdf")
    papers(office, document)
    return document


def test_four_papers_on_one_page_are_made_four_documents_and_that_is_undone(office: Office) -> None:
    document = four_papers(office)
    assert "Faire 4 pièces" in page(office, document)
    answer = post(office, document, "apart/")
    with office.scope():
        made = list(Document.objects.exclude(id=document.id).order_by("cut_index"))
    assert [one.filename for one in made] == [f"tickets p. 1 ({n}).pdf" for n in (1, 2, 3, 4)]
    assert made[0].pieces[0]["box"] == pytest.approx([0.03, 0.03, 0.42, 0.42])
    undo = answer.headers["Location"] + "undo/"
    assert office.as_("coding").post(undo).status_code == 302
    with office.scope():
        assert Document.objects.get(id=document.id).replaced_by is None


def test_one_paper_is_not_taken_apart(office: Office) -> None:
    document = waiting(office)
    assert "Faire" not in page(office, document)
    answer = office.as_("coding").post(url(office, document, "apart/"), {"version": "1"}, follow=True)
    assert "ne peuvent pas être distingués" in answer.content.decode()


@pytest.mark.parametrize("asked_page", ["2", "0", "x", "99999999999"])
def test_a_page_without_words_has_none(office: Office, asked_page: str) -> None:
    document = waiting(office)
    words(office, document)
    assert office.as_("coding").get(url(office, document, f"words/?page={asked_page}")).json()["words"] == []


def test_words_that_the_store_lost_are_no_fault_of_the_page(office: Office) -> None:
    document = waiting(office)
    with office.scope():
        Reading.objects.filter(document=document).update(words_sha256="ab" * 32)
    assert office.as_("coding").get(url(office, document, "words/?page=1")).json()["words"] == []


def test_the_words_of_another_file_are_not_there(office: Office) -> None:
    document = waiting(office, file=office.sibling)
    words(office, document)
    assert office.as_("coding").get(url(office, document, "words/?page=1")).status_code == 404


def test_a_value_taken_from_the_page_keeps_its_place(office: Office) -> None:
    document = waiting(office)
    sent = {"invoice_number": "F-7", "place": "1 0.6 0.1 0.7 0.12"}
    assert post(office, document, "fields/invoice_number/", **sent).status_code == 200
    kept = reading(office, document).fields["invoice_number"]
    assert (kept["value"], kept["source"]) == ("F-7", "person")
    assert kept["place"] == {"page": 1, "x0": 0.6, "y0": 0.1, "x1": 0.7, "y1": 0.12}


@pytest.mark.parametrize("place", ["", "1 0.6", "1 0.6 0.1 7 0.12", "x 0 0 1 1", "1 nan 0 1 1", "0 0 0 1 1"])
def test_a_place_that_is_none_is_left_out(office: Office, place: str) -> None:
    document = waiting(office)
    post(office, document, "fields/invoice_number/", invoice_number="F-7", place=place)
    assert reading(office, document).fields["invoice_number"]["place"] is None


def test_several_fields_are_saved_at_once_and_taken_back_at_once(office: Office) -> None:
    document = waiting(office)
    chosen = {"supplier_name": "Moulin du Pré", "supplier_siren": "303 265 045"}
    answer = post(office, document, "fields/", **chosen)
    assert answer.content.decode().count('hx-swap-oob="true"') >= 2
    assert reading(office, document).fields["supplier_siren"]["value"] == "303265045"
    back = {"version": "2", "take_back": ["supplier_name", "supplier_siren"]}
    assert office.as_("coding").post(url(office, document, "fields/"), back).status_code == 200
    fields = reading(office, document).fields
    assert fields["supplier_name"] == READ[FieldName.SUPPLIER_NAME].to_json()
    assert "supplier_siren" not in fields


def test_several_fields_are_saved_all_or_none(office: Office) -> None:
    document = waiting(office)
    answer = post(office, document, "fields/", supplier_name="X", total_gross="abc")
    assert answer.status_code == 409
    assert "Saisissez un montant" in json.loads(answer["HX-Trigger"])["toast"]["text"]
    assert reading(office, document).fields["supplier_name"]["value"] == "Moulin"


def test_who_may_only_read_saves_neither_fields_nor_vat(office: Office) -> None:
    document = waiting(office)
    assert post(office, document, "fields/", role="reading", supplier_name="X").status_code in {403, 404}
    assert post(office, document, "vat/", role="reading", **{"vat-0-base": "1"}).status_code in {403, 404}
    assert "vat-0-base" not in page(office, document, role="reading")


def row(rate: str, base: str, vat: str, number: int = 0) -> dict[str, str]:
    return {f"vat-{number}-rate": rate, f"vat-{number}-base": base, f"vat-{number}-vat": vat}


def test_vat_rows_are_saved_and_their_sums_checked(office: Office) -> None:
    document = waiting(office)
    answer = post(office, document, "vat/", **row("20\u00a0%", "100,00 €", "20"), **row("", "", "", 1))
    assert "Taux, bases et totaux concordent." in answer.content.decode()
    kept = reading(office, document).vat_breakdown
    assert kept == [{"rate": "20", "base": "100.00", "vat": "20.00", "category": None}]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (row("20", "100", "21"), "La TVA fait 21,00, la TVA totale est de 20,00."),
        (row("10", "100", "20"), "Base × taux font 10,00."),
        (row("20", "90", "18") | row("5,5", "10", "0,55", 1), "La TVA fait 18,55"),
        (row("20", "90", "18"), "Les bases font 90,00, le HT est de 100,00."),
    ],
)
def test_what_does_not_add_up_is_said(office: Office, rows: dict[str, str], says: str) -> None:
    assert says in post(office, waiting(office), "vat/", **rows).content.decode()


@pytest.mark.parametrize("rows", [row("vingt", "100", "20"), row("20", "cent", "20"), row("2000", "100", "20")])
def test_a_cell_that_is_no_number_is_refused_and_kept_in_sight(office: Office, rows: dict[str, str]) -> None:
    document = waiting(office)
    answer = post(office, document, "vat/", **rows)
    assert answer.status_code == 422
    assert answer.content.decode().count('aria-invalid="true"') == 1
    assert reading(office, document).vat_breakdown == []


def test_reading_again_leaves_a_persons_vat_rows(office: Office) -> None:
    document = waiting(office)
    post(office, document, "vat/", **row("20", "100", "20"))
    read = ReadingResult(fields=READ, vat_breakdown=(VatLine("10", "1.00", "0.10"),), format="pdf")
    with office.scope():
        store(document.id, read)
    assert reading(office, document).vat_breakdown[0]["rate"] == "20"


def test_a_page_that_went_on_by_itself_is_told_where_it_should_be(office: Office) -> None:
    second, first = waiting(office, **COMPLETE), waiting(office, **COMPLETE)
    told = post(office, first, "move/", to="ready", ahead="1").json()
    assert (told["url"], told["error"]) == (url(office, second), "")
    last = post(office, second, "move/", to="ready", ahead="1").json()
    assert "C’était la dernière de la liste." in last["said"]
    lacking = waiting(office, supplier_name="")
    assert "ask=ready" in post(office, lacking, "move/", to="ready", ahead="1").json()["url"]


def test_the_queries_of_a_page_do_not_grow_with_what_is_to_be_checked(office: Office) -> None:
    client = office.as_("coding")
    plain, doubtful = office.document(fields={}), waiting(office)
    client.get(url(office, plain))
    with asked() as few:
        client.get(url(office, plain))
    client.get(url(office, doubtful))
    with asked() as many:
        client.get(url(office, doubtful))
    assert len(many) <= len(few)


def test_words_cost_few_queries(office: Office) -> None:
    document = waiting(office)
    words(office, document)
    client = office.as_("coding")
    client.get(url(office, document, "words/?page=1"))
    with asked() as statements:
        client.get(url(office, document, "words/?page=1"))
    assert len(statements) <= 10
