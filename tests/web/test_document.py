"""A document's page: what it shows, how an edit is saved or refused, and where one goes next."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image

from liasse.documents.models import Document, PageImage
from liasse.documents.services import store_page_image
from liasse.documents.types import DocumentStatus, Step
from liasse.pipeline import child
from liasse.reading.models import Reading
from liasse.reading.types import Field, FieldName, Source
from tests.paper import pdf
from tests.queries import asked
from tests.web.office import COMPLETE, Office, build

LARGE = "?size=large"
FIELDS = {
    FieldName.DOC_TYPE: "invoice",
    FieldName.SUPPLIER_NAME: "Moulin",
    FieldName.TOTAL_NET: "1000.00",
    FieldName.TOTAL_VAT: "200.00",
    FieldName.TOTAL_GROSS: "1200.00",
    FieldName.ISSUE_DATE: "2026-03-01",
    FieldName.CURRENCY: "EUR",
}


@pytest.fixture
def office(db: None) -> Office:
    del db
    return build()


def url(office: Office, document: Document, rest: str = "") -> str:
    return f"/files/{office.file.id}/documents/{document.id}/{rest}"


def page(office: Office, document: Document, *, role: str = "coding", rest: str = "") -> str:
    response = office.as_(role).get(url(office, document, rest))
    assert response.status_code == 200
    return response.content.decode()


def save(office: Office, document: Document, name: str, text: str, *, version: int = 1, role: str = "coding") -> Any:  # noqa: ANN401 - the test client's own
    return office.as_(role).post(url(office, document, f"fields/{name}/"), {name: text, "version": version})


def fresh(office: Office, document: Document) -> Document:
    with office.scope():
        return Document.objects.get(id=document.id)


def test_fields_show_value_source_and_business_term(office: Office) -> None:
    shown = page(office, office.document(fields=FIELDS))
    assert 'value="1\u202f200,00"' in shown
    assert 'value="01/03/2026"' in shown
    assert "Lu dans les données de la facture électronique. BT-1" in shown
    assert '<option value="invoice" selected>Facture</option>' in shown


def test_a_value_that_nobody_is_sure_of_is_marked(office: Office) -> None:
    document = office.document(fields=FIELDS)
    with office.scope():
        reading = Reading.objects.get(document=document)
        reading.fields["invoice_number"] = Field("7", Source.TEXT, 0.62, "BT-1").to_json()
        reading.save()
    shown = page(office, document)
    assert "Texte 62\u202f%" in shown
    assert shown.count("is-unsure") == 1


def test_why_it_waits_is_a_sentence_while_it_waits(office: Office) -> None:
    waiting = office.document(problem="xml_malformed", media_type="application/xml")
    ready = office.document(problem="xml_malformed", status=DocumentStatus.READY)
    sentence = "Le XML est endommagé"
    assert sentence in page(office, waiting)
    assert sentence not in page(office, ready)


def test_an_e_invoice_without_pages_is_drawn_as_a_sheet(office: Office) -> None:
    document = office.document(fields=FIELDS, media_type="application/xml")
    with office.scope():
        lines = [
            {
                "id": "1",
                "name": "<b>Farine</b>",
                "quantity": "2",
                "unit": "C62",
                "price": "500",
                "rate": "20",
                "net": "1000.00",
            }
        ]
        vat = [{"rate": "20.00", "base": "1000.00", "vat": "200.00", "category": "S"}]
        Reading.objects.filter(document=document).update(lines=lines, vat_breakdown=vat)
    shown = page(office, document)
    assert 'class="paper"' in shown
    assert "&lt;b&gt;Farine&lt;/b&gt;" in shown
    assert "20\u00a0%" in shown


def test_the_sheet_shows_what_stands_between_the_lines_and_what_is_due(office: Office) -> None:
    document = office.document(fields=FIELDS | {FieldName.AMOUNT_DUE: "1100.00"}, media_type="application/xml")
    rows = [
        {"kind": "allowance", "amount": "10.00", "reason": "<i>Fidélité</i>", "percent": "2.5", "rate": "20"},
        {"kind": "charge", "amount": "33.00", "reason": None, "percent": None, "rate": None},
        {"kind": "charge", "amount": "0.00", "reason": "Nothing", "percent": None, "rate": None},
        {"kind": "prepaid", "amount": "100.00", "reason": None, "percent": None, "rate": None},
    ]
    with office.scope():
        Reading.objects.filter(document=document).update(adjustments=rows)
    shown = page(office, document)
    for text in (
        "&lt;i&gt;Fidélité&lt;/i&gt;",
        "2,5\u00a0%",
        "\u221210,00",
        "Frais",
        "33,00",
        "Déjà payé",
        "\u2212100,00",
    ):
        assert text in shown
    assert "Nothing" not in shown


def test_an_edit_is_saved_against_its_version(office: Office) -> None:
    document = office.document(fields=FIELDS)
    response = save(office, document, "total_gross", "1 234,5")
    shown = response.content.decode()
    assert response.status_code == 200
    assert 'data-state="saved"' in shown
    assert 'value="1\u202f234,50"' in shown
    assert 'id="version" name="version" value="2" hx-swap-oob' in shown
    assert str(fresh(office, document).total_gross) == "1234.50"


def test_what_was_read_stays_beside_what_a_person_typed(office: Office) -> None:
    document = office.document(fields=FIELDS)
    save(office, document, "supplier_name", "Moulin Neuf")
    shown = page(office, document)
    assert "<s>Moulin</s>" in shown
    assert "Saisi par une personne." in shown


def test_an_older_version_saves_nothing_and_keeps_what_was_typed(office: Office) -> None:
    document = office.document(fields=FIELDS)
    save(office, document, "supplier_name", "First")
    response = save(office, document, "supplier_name", "Second", version=1)
    shown = response.content.decode()
    assert response.status_code == 422
    assert 'value="Second"' in shown
    assert "Quelqu’un a modifié cette pièce entre-temps." in shown
    assert fresh(office, document).supplier_name == "First"


@pytest.mark.parametrize(
    ("name", "text"), [("total_net", "douze"), ("issue_date", "31/02/2026"), ("currency", "euros"), ("doc_type", "x")]
)
def test_what_makes_no_sense_is_refused_beside_its_field(office: Office, name: str, text: str) -> None:
    document = office.document(fields=FIELDS)
    response = save(office, document, name, text)
    assert response.status_code == 422
    assert "field-error" in response.content.decode()
    assert fresh(office, document).version == 1


def test_sums_that_differ_are_said_at_once_and_only_then(office: Office) -> None:
    document = office.document(fields=FIELDS)
    sentence = "HT et TVA ne font pas le TTC"
    assert sentence not in page(office, document)
    assert sentence in save(office, document, "total_vat", "100").content.decode()
    assert sentence not in save(office, document, "total_vat", "200", version=2).content.decode()


def test_owner_and_note_are_saved_too(office: Office) -> None:
    document = office.document()
    assert save(office, document, "owner", str(office.member.id)).status_code == 200
    assert save(office, document, "note", "À payer\nvite", version=2).status_code == 200
    assert (fresh(office, document).owner_id, fresh(office, document).note) == (office.member.id, "À payer\nvite")


@pytest.mark.parametrize("owner", [str(uuid4()), "x"], ids=["missing", "malformed"])
def test_an_owner_from_elsewhere_is_not_there(office: Office, owner: str) -> None:
    document = office.document()
    assert save(office, document, "owner", owner).status_code == 404


@pytest.mark.parametrize("name", ["status", "sha256", "version", "practice"])
def test_no_other_column_can_be_written(office: Office, name: str) -> None:
    document = office.document()
    assert save(office, document, name, "1").status_code == 404


def test_the_history_says_what_was_there_before(office: Office) -> None:
    document = office.document(fields=FIELDS)
    save(office, document, "total_gross", "1300")
    assert "TTC <s>1\u202f200,00</s> → 1\u202f300,00" in page(office, document)


def test_who_may_only_read_can_change_nothing(office: Office) -> None:
    document = office.document(fields=FIELDS)
    shown = page(office, document, role="reading")
    assert "hx-post" not in shown
    assert "Marquer prêt" not in shown
    assert shown.count(" disabled") >= len(FieldName) + 2
    assert save(office, document, "note", "x", role="reading").status_code == 403


def test_marking_ready_opens_the_next_of_the_same_list(office: Office) -> None:
    last, middle, first = (office.document(supplier_name="Moulin", **COMPLETE) for _ in range(3))
    office.document(supplier_name="Garage")
    data = {"to": "ready", "q": "moulin", "tab": "to-review"}
    client = office.as_("coding")
    for one, following in ((first, middle), (middle, last)):
        response = client.post(url(office, one, "move/"), data)
        assert response.headers["Location"] == url(office, following) + "?tab=to-review&q=moulin"
    response = client.post(url(office, last, "move/"), data)
    assert response.headers["Location"] == f"/files/{office.file.id}/inbox/?tab=to-review&q=moulin"
    assert fresh(office, first).status == DocumentStatus.READY


def mark(office: Office, document: Document, **more: str) -> str:
    """Press the green button; give the page that one is on then."""
    response = office.as_("coding").post(url(office, document, "move/"), {"to": "ready", **more}, follow=True)
    return response.content.decode()


def test_marking_ready_asks_what_is_missing_and_a_second_word_does_it(office: Office) -> None:
    document = office.document(supplier_name="", issue_date=COMPLETE["issue_date"])
    asked_first = mark(office, document)
    assert "Il manque\u202f: le fournisseur, le TTC." in asked_first
    assert "Marquer prêt quand même" in asked_first
    assert fresh(office, document).status == DocumentStatus.TO_REVIEW
    mark(office, document, anyway="1")
    assert fresh(office, document).status == DocumentStatus.READY


def test_sums_that_differ_are_asked_about_too(office: Office) -> None:
    document = office.document(**COMPLETE, total_net=Decimal(1234), total_vat=Decimal(4))
    assert "HT et TVA ne font pas le TTC" in mark(office, document)
    assert fresh(office, document).status == DocumentStatus.TO_REVIEW


@pytest.mark.parametrize("more", [{}, {"anyway": "1"}])
def test_a_document_that_says_nothing_is_never_ready(office: Office, more: dict[str, str]) -> None:
    document = office.document(supplier_name="", media_type="image/jpeg", problem="picture")
    shown = mark(office, document, **more)
    assert "sans fournisseur, date ni TTC, il n’y a rien à comptabiliser" in shown
    assert "quand même" not in shown
    assert fresh(office, document).status == DocumentStatus.TO_REVIEW


def test_the_question_follows_what_is_typed_and_goes_when_nothing_is_missing(office: Office) -> None:
    document = office.document(fields={FieldName.SUPPLIER_NAME: "Moulin"}, issue_date=None)
    here = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{url(office, document)}?tab=to-review&ask=ready"}
    client = office.as_("coding")
    shown = []
    for version, (name, text) in enumerate({"issue_date": "1/3/2026", "total_gross": "12"}.items(), start=1):
        data = {name: text, "version": version}
        shown.append(client.post(url(office, document, f"fields/{name}/"), data, headers=here).content.decode())
    assert "Il manque\u202f: le TTC." in shown[0]
    assert 'name="tab" value="to-review"' in shown[0]
    assert "Marquer prêt quand même" not in shown[1]


def test_a_document_that_is_being_read_stays_where_it_is(office: Office) -> None:
    document = office.document(status=DocumentStatus.PROCESSING, step=Step.READ)
    response = office.as_("coding").post(url(office, document, "move/"), {"to": "ready"}, follow=True)
    assert "ne peut pas encore être déplacée" in response.content.decode()
    assert fresh(office, document).status == DocumentStatus.PROCESSING


def test_the_page_waits_for_its_reading_and_is_then_drawn_anew(office: Office) -> None:
    document = office.document(status=DocumentStatus.PROCESSING, step=Step.READ)
    assert "every 1s" in page(office, document)
    client = office.as_("reading")
    assert client.get(url(office, document, "news/?step=read&status=processing")).status_code == 204
    response = client.get(url(office, document, "news/?step=pages&status=processing"))
    assert response.headers["HX-Refresh"] == "true"


def drawn(office: Office) -> Document:
    document = office.document(pages=[{"width": 595, "height": 842}])
    blob = child.blobs().put(b"RIFF a page")
    with office.scope():
        store_page_image(document, page=1, width=child.PAGE_WIDTH, sha256=blob.sha256, media_type="image/webp")
    return document


def image(office: Office, document: Document, page: int = 1, *, etag: str = "") -> Any:  # noqa: ANN401 - the test client's own
    headers = {"If-None-Match": etag} if etag else {}
    return office.as_("reading").get(url(office, document, f"pages/{page}/"), headers=headers)


def test_a_page_s_image_may_be_kept_by_the_person_s_own_browser(office: Office) -> None:
    document = drawn(office)
    response = image(office, document)
    assert response.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert response.headers["Content-Type"] == "image/webp"
    again = image(office, document, etag=response.headers["ETag"])
    assert (again.status_code, again.content) == (304, b"")


def test_a_page_that_the_document_has_not_is_not_there(office: Office) -> None:
    document = drawn(office)
    assert [image(office, document, page).status_code for page in (0, 2, 10**12)] == [404, 404, 404]
    with office.scope():
        assert PageImage.objects.count() == 1


def test_a_document_of_another_file_is_not_there_in_any_way(office: Office) -> None:
    foreign = office.document(file=office.sibling, pages=[{"width": 1, "height": 1}])
    client = office.as_("administrator")
    for rest in ("", "news/", "pages/1/", "original/"):
        assert client.get(url(office, foreign, rest)).status_code == 404
    assert client.post(url(office, foreign, "move/"), {"to": "ready"}).status_code == 404
    assert client.post(url(office, foreign, "fields/note/"), {"note": "x", "version": 1}).status_code == 404


def test_the_page_costs_the_same_for_every_role_and_size(office: Office) -> None:
    def cost(document: Document, role: str) -> int:
        client = office.as_(role)
        client.get(url(office, document))
        with asked() as queries:
            client.get(url(office, document))
        return len(queries)

    document = office.document(fields=FIELDS)
    few = cost(document, "coding")
    for _ in range(30):
        office.document()
    for number in range(3):
        save(office, document, "note", str(number), version=number + 1)
    assert cost(document, "coding") == few
    assert cost(document, "administrator") in {few - 1, few}


def test_the_large_image_is_made_once_beside_the_small_one(office: Office) -> None:
    document = office.document(content=pdf([(50, 50, "Facture")]), pages=[{"width": 595, "height": 842}])
    client = office.as_("reading")
    small, large, again = (client.get(url(office, document, f"pages/1/{size}")) for size in ("", LARGE, LARGE))
    widths = [Image.open(io.BytesIO(one.getvalue())).width for one in (small, large, again)]
    assert widths == [1600, 3200, 3200]
    with office.scope():
        assert sorted(PageImage.objects.values_list("width", flat=True)) == [1600, 3200]


def test_there_is_no_third_size(office: Office) -> None:
    document = drawn(office)
    office.as_("reading").get(url(office, document, "pages/1/?size=9999"))
    with office.scope():
        assert PageImage.objects.count() == 1


def test_a_small_picture_has_no_large_image(office: Office) -> None:
    shown = page(office, office.document(media_type="image/png", pages=[{"width": 800, "height": 600}]))
    assert "data-large" not in shown


def test_who_may_only_read_cannot_have_it_read_again(office: Office) -> None:
    document = office.document()
    assert "Relire" not in page(office, document, role="reading")
    assert office.as_("reading").post(url(office, document, "read-again/")).status_code == 403
    assert fresh(office, document).step == Step.DONE


def test_one_that_is_being_read_says_so_when_asked_again(office: Office) -> None:
    document = office.document(step=Step.READ, status=DocumentStatus.PROCESSING)
    response = office.as_("coding").post(url(office, document, "read-again/"), follow=True)
    assert "déjà en cours de lecture" in response.content.decode()
