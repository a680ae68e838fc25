"""Fournisseurs on the screen: the directory, what was learned and forgotten, alarms, the right file, suggestions."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from liasse.clients.models import ClientFile, FileAccess
from liasse.core.access import Level
from liasse.core.models import AuditEvent
from liasse.core.scope import instance_scope
from liasse.documents.models import Document
from liasse.documents.types import DocumentStatus
from liasse.practices.models import Colleague, Practice
from liasse.practices.types import Switch
from liasse.reading.models import Reading
from liasse.reading.types import Field, FieldName, Source
from liasse.suppliers.models import Alarm, Appearance, Layout, Lesson, Mark, SharedName, Supplier
from tests.queries import asked
from tests.web.office import Office, build

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
IBAN = "FR7630006000011234567890189"


@pytest.fixture
def office(db: None) -> Office:
    del db
    return build()


def supplier(
    office: Office,
    name: str = "Moulin du Pont",
    *,
    file: ClientFile | None = None,
    **values: Any,  # noqa: ANN401 - any column
) -> Supplier:
    owner = file or office.file
    document = office.document(file=owner, supplier_name=name)
    with office.scope():
        made = Supplier.objects.create(
            practice=office.practice, client_file=owner, name=name, name_sort=name.lower(),
            search_text=f"{name.lower()} {values.get('siren', '')}", count_documents=1, **values,
        )  # fmt: skip
        Appearance.objects.create(practice=office.practice, client_file=owner, supplier=made, document=document)
        Mark.objects.create(
            practice=office.practice, client_file=owner, supplier=made, kind="iban", key=IBAN, text=IBAN
        )
    return made


def lesson(office: Office, of: Supplier) -> Lesson:
    with office.scope():
        layout = Layout.objects.create(practice=office.practice, client_file_id=of.client_file_id, supplier=of)
        return Lesson.objects.create(
            practice=office.practice, client_file_id=of.client_file_id, layout=layout, field="invoice_number",
            document=Document.objects.get(appearance__supplier=of), value="F-1", learned_by="Claire",
            learned_at=timezone.now(),
            anchors=[{"left": "bon no", "above": "", "page": 1, "is_last": True, "x0": 0, "y0": 0, "x1": 0, "y1": 0}],
        )  # fmt: skip


def alarm(office: Office, document: Document, code: str, **facts: str) -> Alarm:
    with office.scope():
        Reading.objects.update_or_create(
            document=document, practice=office.practice, defaults={"read_at": timezone.now(), "format": "pdf"}
        )
        return Alarm.objects.create(
            practice=office.practice, client_file_id=document.client_file_id, document=document, code=code, facts=facts
        )


def page(office: Office, document: Document, *, who: str = "coding") -> str:
    at = f"/files/{document.client_file_id}/documents/{document.id}/"
    return office.as_(who).get(at).content.decode()


def test_the_directory_is_searched_by_name_and_number_and_shows_its_file_alone(office: Office) -> None:
    supplier(office)
    supplier(office, "Garage", siren="732829320")
    supplier(office, "Secret", file=office.sibling)
    browser, at = office.as_("reading"), f"/files/{office.file.id}/suppliers/"
    whole = browser.get(at).content.decode()
    assert ("Moulin du Pont" in whole, "Garage" in whole, "Secret" in whole) == (True, True, False)
    for text, seen in (("pont", (True, False)), ("732829", (False, True)), ("nobody", (False, False))):
        found = browser.get(at, {"q": text}, headers=HTMX).content.decode()
        assert ("Moulin du Pont" in found, "Garage" in found) == seen
    assert "Fournisseurs" in browser.get(f"/files/{office.file.id}/inbox/").content.decode()


def test_the_directory_is_paged_and_asks_the_same_whatever_its_size(office: Office) -> None:
    browser, at = office.as_("reading"), f"/files/{office.file.id}/suppliers/"
    counts, first = [], ""
    for number in (1, 60):
        for one in range(number):
            supplier(office, f"Maison {number:02} {one:02}")
        with asked() as queries:
            first = browser.get(at).content.decode()
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert (first.count("data-href="), "after=" in first) == (50, True)
    cursor = first.split("after=")[1].split('"')[0].replace("&amp;", "&")
    assert browser.get(f"{at}?after={cursor}", headers=HTMX).content.decode().count("data-href=") == 11
    assert browser.get(at, {"after": "x~y"}).status_code == 200


def test_one_supplier_shows_what_was_learned_and_from_whom(office: Office) -> None:
    made = supplier(office, siren="552100554")
    lesson(office, made)
    shown = office.as_("reading").get(f"/files/{office.file.id}/suppliers/{made.id}/").content.decode()
    assert "FR76 3000 6000" in shown
    assert "appris le" in shown
    assert "de la correction de Claire" in shown
    assert "à droite de" in shown
    assert "Oublier" not in shown
    other = supplier(office, "Secret", file=office.sibling)
    assert office.as_("reading").get(f"/files/{office.file.id}/suppliers/{other.id}/").status_code == 404


def test_what_was_learned_is_forgotten_by_who_works_here_and_that_is_on_record(office: Office) -> None:
    made = supplier(office)
    taught = lesson(office, made)
    at = f"/files/{office.file.id}/lessons/{taught.id}/forget/"
    assert office.as_("reading").post(at).status_code == 403
    foreign = lesson(office, supplier(office, "Secret", file=office.sibling))
    assert office.as_("coding").post(f"/files/{office.file.id}/lessons/{foreign.id}/forget/").status_code == 404
    for _twice in range(2):
        assert office.as_("coding").post(at).status_code == 302
    with instance_scope():
        taught.refresh_from_db()
        assert taught.forgotten_at is not None
        assert AuditEvent.objects.get(verb="supplier.forgotten").before["supplier"] == "Moulin du Pont"
    assert "oublié le" in office.as_("coding").get(f"/files/{office.file.id}/suppliers/{made.id}/").content.decode()


def test_a_document_says_what_was_learned_and_lets_it_be_forgotten(office: Office) -> None:
    made = supplier(office)
    taught = lesson(office, made)
    document = office.document(fields={})
    field = Field("F-2", Source.RULE, 0.99, evidence=("learned", f"lesson:{taught.id}"))
    with office.scope():
        Reading.objects.filter(document=document).update(fields={"invoice_number": field.to_json()}, format="pdf")
    shown = page(office, document)
    assert "de la correction de Claire" in shown
    assert f"/lessons/{taught.id}/forget/" in shown
    assert f"/lessons/{taught.id}/forget/" not in page(office, document, who="reading")


# --------------------------------------------------------------------------------------------------------- alarms


def test_an_alarm_says_what_is_odd_and_what_to_do_and_is_dismissed_by_who_works_here(office: Office) -> None:
    document = office.document(fields={})
    alarm(office, document, "iban-changed", supplier="Moulin", old=IBAN, new="DE89370400440532013000")
    shown = page(office, document)
    assert "Moulin était payé jusqu’ici sur FR76 3000 6000 0112 3456 7890 189." in shown
    assert "DE89 3704 0044 0532 0130 00" in shown
    assert "Appelez le fournisseur" in shown
    assert "Le nouveau compte est le bon" not in page(office, document, who="reading")
    at = f"/files/{office.file.id}/documents/{document.id}/alarms/dismiss/"
    assert office.as_("reading").post(at, {"alarm": "iban-changed"}).status_code == 403
    assert office.as_("coding").post(at, {"alarm": "future"}).status_code == 404
    assert office.as_("coding").post(at, {"alarm": "iban-changed"}).status_code == 302
    shown = page(office, document)
    assert "Le nouveau compte est le bon" in shown
    assert "Appelez le fournisseur" not in shown
    assert "Alerte écartée" in shown


@pytest.mark.parametrize(
    ("code", "facts", "said"),
    [
        ("wrong-vat", {"number": "FR00123"}, "FR00123 n’est pas un numéro de TVA"),
        ("future", {"day": "2027-03-01"}, "datée du 01/03/2027"),
        (
            "total",
            {"supplier": "Moulin", "total": "9000.00", "usual": "100.00", "currency": "EUR"},
            "environ 100,00 EUR",
        ),
        ("other-buyer", {"name": "Garage du Pont", "siren": ""}, "au nom de Garage du Pont"),
    ],
)
def test_each_alarm_has_its_sentence(office: Office, code: str, facts: dict[str, str], said: str) -> None:
    document = office.document(fields={})
    alarm(office, document, code, **facts)
    assert said in page(office, document)


def test_an_invoice_of_another_client_is_moved_to_a_file_that_the_person_works_in(office: Office) -> None:
    document = office.document(fields={})
    alarm(office, document, "other-buyer", name="GARAGE DU PONT SARL", siren="")
    with office.scope():
        ClientFile.objects.filter(id=office.sibling.id).update(search_text="garage du pont")
    # Nobody learns of a file that they do not reach.
    assert "Garage du Pont" not in page(office, document)
    assert "Déplacer vers" in page(office, document, who="administrator")
    at = f"/files/{office.file.id}/documents/{document.id}/refile/"
    words = {"to": str(office.sibling.id), "version": str(document.version)}
    assert office.as_("coding").post(at, words).status_code == 404
    with office.scope():
        me = Colleague.objects.get(user=office.users["coding"])
        grant = FileAccess.objects.create(
            practice=office.practice, client_file=office.sibling, colleague=me, level=Level.READING
        )
    assert "Déplacer vers" not in page(office, document)
    assert office.as_("coding").post(at, words).status_code == 404
    with office.scope():
        FileAccess.objects.filter(id=grant.id).update(level=Level.CODING)
    assert "Déplacer vers" in page(office, document)
    assert office.as_("reading").post(at, words).status_code == 403
    assert office.as_("coding").post(at, words).status_code == 302
    with office.scope():
        document.refresh_from_db()
        assert document.status == DocumentStatus.REPLACED
    shown = page(office, document)
    assert "déplacée dans le dossier d’un autre client" in shown
    assert "Garage du Pont" not in shown


def test_a_page_with_alarms_asks_as_many_queries_for_many(office: Office) -> None:
    document, browser = office.document(fields={}), office.as_("coding")
    at = f"/files/{office.file.id}/documents/{document.id}/"
    browser.get(at)
    counts = []
    for codes in (("future",), ("old", "wrong-vat", "wrong-siren")):
        for code in codes:
            alarm(office, document, code, day="2027-01-01", number="1")
        with asked() as queries:
            browser.get(at)
        counts.append(len(queries))
    assert counts[0] == counts[1]


# ---------------------------------------------------------------------------------------------------- suggestions


def suggested(office: Office, **words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = office.as_("reading").get(f"/files/{office.file.id}/suggest/", words).json()["values"]
    return found


def test_suppliers_are_suggested_by_the_beginning_of_any_word_with_what_else_is_known(office: Office) -> None:
    supplier(office, "Moulin du Pont", siren="552100554", vat="FR39552100554", currency="EUR")
    supplier(office, "Pontoise Transport")
    supplier(office, "Secret Pont", file=office.sibling)
    assert {one["value"] for one in suggested(office, field="supplier_name", q="pont")} == {
        "Moulin du Pont",
        "Pontoise Transport",
    }
    (one,) = suggested(office, field="supplier_name", q="MOU po")
    assert one["also"] == {"supplier_vat": "FR39552100554", "supplier_siren": "552100554", "currency": "EUR"}
    assert suggested(office, field="supplier_name", q="ulin") == []
    assert suggested(office, field="supplier_siren", q="5521")[0]["also"]["supplier_name"] == "Moulin du Pont"
    assert suggested(office, field="iban", q="fr76 30")[0]["value"] == IBAN
    assert suggested(office, field="total_gross", q="1") == []
    assert suggested(office, field="x", q="1") == suggested(office) == []


def test_at_most_eight_are_suggested_with_as_many_queries(office: Office) -> None:
    counts = []
    for number in (3, 12):
        for one in range(number):
            supplier(office, f"Maison {number} {one}")
        with asked() as queries:
            found = suggested(office, field="supplier_name", q="mais")
        counts.append((len(found), len(queries)))
    assert [counts[0][0], counts[1][0], counts[1][1]] == [3, 8, counts[0][1]]


def test_names_of_other_files_are_suggested_only_where_the_practice_shares_them(office: Office) -> None:
    with office.scope():
        SharedName.objects.create(
            practice=office.practice,
            key="732829320",
            name="Garage Moreau",
            name_sort="garage moreau",
            siren="732829320",
        )
    assert suggested(office, field="supplier_name", q="garage") == []
    with instance_scope():
        Practice.objects.filter(id=office.practice.id).update(shares_suppliers=Switch.ON)
    (one,) = suggested(office, field="supplier_name", q="garage")
    assert one == {"value": "Garage Moreau", "also": {"supplier_siren": "732829320"}}


def test_the_practice_shares_suppliers_by_a_setting_that_is_on_record_and_takes_them_back(office: Office) -> None:
    browser = office.as_("administrator")
    assert "Les fournisseurs d’un dossier servent aux autres" in browser.get("/practice/").content.decode()
    assert office.as_("full").post("/practice/shares_suppliers/", {"shares_suppliers": "on"}).status_code == 403
    browser.post("/practice/shares_suppliers/", {"shares_suppliers": "on", "version": "1"})
    with office.scope():
        SharedName.objects.create(practice=office.practice, key="1", name="X", name_sort="x")
    browser.post("/practice/shares_suppliers/", {"shares_suppliers": "off", "version": "2"})
    with instance_scope():
        assert not SharedName.objects.exists()
        said = AuditEvent.objects.filter(verb="practice.changed").order_by("sequence")
        assert [event.after["shares_suppliers"] for event in said] == ["on", "off"]


def test_past_values_are_suggested_the_latest_first(office: Office) -> None:
    for number in ("F-2026-1", "F-2026-2", "X-1"):
        office.document(number=number)
    assert [one["value"] for one in suggested(office, field="invoice_number", q="f-20")] == ["F-2026-2", "F-2026-1"]
    office.document(fields={FieldName.CUSTOMER_NAME: "Boulangerie Dupont"})
    assert [one["value"] for one in suggested(office, field="customer_name", q="boul")] == ["Boulangerie Dupont"]
