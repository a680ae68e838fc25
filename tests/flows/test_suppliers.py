"""Suppliers as documents come in: the directory, alarms that stop a document, and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from liasse.core.access import Actor
from liasse.core.errors import ConflictError, NotThereError
from liasse.core.models import AuditEvent
from liasse.documents.models import Document
from liasse.documents.refiling import refile
from liasse.documents.types import DocumentStatus, Step
from liasse.intake.types import Door, Side
from liasse.pipeline import copies, teaching
from liasse.practices.models import Practice
from liasse.practices.types import Switch
from liasse.reading.services import correct, store
from liasse.reading.types import Field, FieldName, ReadingResult, Source
from liasse.suppliers import alarms
from liasse.suppliers.hints import Hinted
from liasse.suppliers.models import Alarm, Appearance, Mark, SharedName, Supplier
from liasse.suppliers.naming import named
from tests.factories import client_file
from tests.paper import ubl
from tests.queries import asked
from tests.web.office import Office, build

pytestmark = pytest.mark.django_db
CLAIRE = Actor(kind="colleague", name="Claire")
OLD, NEW = "FR7630006000011234567890189", "DE89370400440532013000"
SIREN, OTHER = "552100554", "732829320"


class Desk:
    """Gives documents of a file, read as a test says."""

    def __init__(self, office: Office) -> None:
        self.office, self.made = office, 0

    def read(self, *, side: str = Side.COSTS, **values: str) -> Document:
        """Give a document in which all this was read surely; what is not said is as on any invoice."""
        return self.compared(self.stored(self.arrived(side=side), **values))

    def arrived(self, *, side: str = Side.COSTS) -> Document:
        """Give a document that nothing was read of yet."""
        self.made += 1
        return self.office.document(
            content=ubl(number=f"F-{self.made}"), status=DocumentStatus.PROCESSING, step=Step.READ, side=side,
            filename="f.xml", media_type="application/xml",
        )  # fmt: skip

    def stored(self, made: Document, **values: str) -> Document:
        """Store what was read of a document, as the pipeline does in one transaction."""
        plain = {
            "doc_type": "invoice",
            "supplier_name": "Moulin du Pont SARL",
            "supplier_siren": SIREN,
            "invoice_number": f"M-{self.made}",
            "issue_date": timezone.localdate().isoformat(),
            "currency": "EUR",
            "total_gross": "120.00",
            "iban": OLD,
        } | values
        fields = {FieldName(name): Field(value, Source.TEXT, 0.999) for name, value in plain.items() if value}
        result = ReadingResult(fields=fields, format="pdf")
        store(made.id, result)
        teaching.note(made.id, Hinted(result))
        Document.objects.filter(id=made.id).update(step=Step.DONE)
        return self.again(made)

    def compared(self, document: Document) -> Document:
        """Look whether it is there twice, as a later job does."""
        copies.look_now(document.id)
        return self.again(document)

    def correct(self, document: Document, **values: str) -> Document:
        correct(document, actor=CLAIRE, version=document.version, values=values)
        copies.look_now(document.id)
        return self.again(document)

    def again(self, document: Document) -> Document:
        return Document.objects.select_related("client_file__practice").get(id=document.id)


@pytest.fixture
def desk(db: None) -> Iterator[Desk]:
    del db
    office = build()
    with office.scope():
        yield Desk(office)


def codes(document: Document) -> list[str]:
    return [alarm.code for alarm in alarms.open_alarms(document.id)]


def dismissed(document: Document, code: str) -> None:
    alarms.dismiss(document, code=code, actor=CLAIRE)


def test_a_supplier_is_known_by_its_number_whatever_its_printed_name(desk: Desk) -> None:
    for name in ("Moulin du Pont SARL", "MOULIN DU PONT", "Minoterie Pont & fils"):
        desk.read(supplier_name=name)
    desk.read(supplier_name="Moulin du Pont", supplier_siren="", iban="")
    supplier = Supplier.objects.get(siren=SIREN)
    assert (supplier.count_documents, supplier.median, supplier.currency) == (4, Decimal("120.00"), "EUR")
    assert Mark.objects.filter(supplier=supplier, kind="name").count() == 2
    # The same name with another number is another firm.
    desk.read(supplier_name="Moulin du Pont", supplier_siren=OTHER, iban="")
    assert set(Supplier.objects.filter(count_documents__gt=0).values_list("siren", flat=True)) >= {SIREN, OTHER}


def test_an_account_that_changed_stops_the_document_until_a_person_looked(desk: Desk) -> None:
    assert desk.read().status == DocumentStatus.READY
    changed, next_one = desk.read(iban=NEW), desk.read(iban=NEW)
    assert (codes(changed), changed.status) == (["iban-changed"], DocumentStatus.TO_REVIEW)
    # The new account is not trusted for being seen twice.
    assert codes(next_one) == ["iban-changed"]
    alarm = Alarm.objects.get(document=changed)
    assert (alarm.facts["old"], alarm.facts["new"], alarm.weight) == (OLD, NEW, "stop")
    dismissed(changed, "iban-changed")
    assert desk.again(changed).status == desk.again(next_one).status == DocumentStatus.READY
    assert codes(desk.read(iban=NEW)) == codes(desk.read(iban=OLD)) == []
    said = AuditEvent.objects.get(verb="document.alarm-dismissed")
    assert (said.actor_name, said.after["new"]) == ("Claire", NEW)
    with pytest.raises(ConflictError):
        dismissed(changed, "iban-changed")
    with pytest.raises(NotThereError):
        dismissed(changed, "future")


def test_a_correction_takes_an_alarm_away_and_what_was_misread_with_it(desk: Desk) -> None:
    first = desk.read(iban=NEW)
    desk.correct(first, iban=OLD)
    assert (codes(first), list(Mark.objects.filter(kind="iban").values_list("key", flat=True))) == ([], [OLD])
    assert codes(desk.read(iban=OLD)) == []


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"supplier_vat": "FR40303265046"}, "wrong-vat"),
        ({"supplier_vat": "DE136695977"}, "wrong-vat"),
        ({"supplier_siren": "552100555"}, "wrong-siren"),
        ({"supplier_siret": "55210055400014"}, "wrong-siret"),
        ({"issue_date": (timezone.localdate() + timedelta(days=9)).isoformat()}, "future"),
        ({"issue_date": (timezone.localdate() - timedelta(days=400)).isoformat()}, "old"),
        ({"customer_name": "Garage Moreau"}, "other-buyer"),
    ],
)
def test_what_is_odd_is_said_and_stops_the_document(desk: Desk, values: dict[str, str], code: str) -> None:
    document = desk.read(**values)
    assert (codes(document), document.status) == ([code], DocumentStatus.TO_REVIEW)
    dismissed(document, code)
    assert desk.again(document).status == DocumentStatus.READY


@pytest.mark.parametrize(
    "values",
    [
        {"supplier_vat": "FR40303265045", "supplier_siren": "303265045"},
        {"supplier_vat": "DE136695976"},
        {"supplier_vat": "US123"},
        {"issue_date": (timezone.localdate() + timedelta(days=1)).isoformat()},
        {"customer_name": "BOULANGERIE EPI (siège)"},
        {"customer_name": "SARL"},
    ],
)
def test_what_is_right_is_no_alarm(desk: Desk, values: dict[str, str]) -> None:
    assert codes(desk.read(**values)) == []


def test_the_client_under_another_name_is_asked_about_once(desk: Desk) -> None:
    dismissed(desk.read(customer_name="EURL Fournil Dupuis"), "other-buyer")
    assert codes(desk.read(customer_name="Fournil Dupuis")) == []
    assert codes(desk.read(customer_name="Garage Moreau")) == ["other-buyer"]


def test_a_siren_decides_before_a_name(desk: Desk) -> None:
    desk.office.file.siren = SIREN
    desk.office.file.save()
    assert codes(desk.read(customer_name="Garage Moreau", customer_siren=SIREN, supplier_siren=OTHER)) == []
    assert codes(desk.read(customer_name="Boulangerie Épi", customer_vat="FR39732829320")) == ["other-buyer"]


def test_a_total_off_the_habit_needs_five_earlier_and_a_real_difference(desk: Desk) -> None:
    for total in ("100.00", "110.00", "95.00", "105.00"):
        desk.read(total_gross=total)
    assert codes(desk.read(total_gross="990.00")) == []
    assert codes(desk.read(total_gross="250.00")) == []
    much = desk.read(total_gross="1000.00")
    assert (codes(much), much.status) == (["total"], DocumentStatus.TO_REVIEW)
    little = desk.read(total_gross="9.00")
    assert (codes(little), little.status) == (["total"], DocumentStatus.READY)
    assert codes(desk.read(total_gross="1000.00", currency="USD")) == []


def test_the_same_invoice_that_is_ready_already_stops_the_second(desk: Desk) -> None:
    first = desk.read(invoice_number="2026-0077")
    second = desk.read(invoice_number="2026-77")
    assert (codes(second), second.status) == (["booked"], DocumentStatus.TO_REVIEW)
    assert Alarm.objects.get(document=second).facts["other"] == str(first.id)
    assert codes(first) == []


def test_of_two_that_are_read_at_once_the_one_that_is_stored_second_waits(desk: Desk) -> None:
    """Whatever their order of arrival, and before anybody compared them as duplicates."""
    earlier, later = desk.arrived(), desk.arrived()
    later = desk.stored(later, invoice_number="2026-77")
    earlier = desk.stored(earlier, invoice_number="2026-77")
    for document in (earlier, later):
        desk.compared(document)
    assert (codes(earlier), desk.again(earlier).status) == (["booked"], DocumentStatus.TO_REVIEW)
    assert (codes(later), desk.again(later).status) == ([], DocumentStatus.READY)


def test_what_is_looked_at_again_stays_ready_and_says_what_is_odd(desk: Desk) -> None:
    document = desk.read()
    changed = desk.correct(document, issue_date="2001-03-04")
    assert (codes(changed), changed.status) == (["old"], DocumentStatus.READY)
    waiting = desk.read(issue_date="2001-03-05")
    assert waiting.status == DocumentStatus.TO_REVIEW
    assert desk.correct(waiting, issue_date=timezone.localdate().isoformat()).status == DocumentStatus.READY


def test_own_sales_have_no_supplier_and_no_alarm(desk: Desk) -> None:
    document = desk.read(side=Side.SALES, customer_name="Garage Moreau", issue_date="2001-01-01")
    assert codes(document) == []
    assert not Appearance.objects.filter(document=document).exists()


# ---------------------------------------------------------------------------------------------- the practice's files


def test_names_and_numbers_alone_are_shared_and_only_where_the_practice_wants_it(desk: Desk) -> None:
    desk.read()
    assert not SharedName.objects.exists()
    Practice.objects.update(shares_suppliers=Switch.ON)
    desk.read()
    shared = SharedName.objects.get()
    assert (shared.key, shared.name) == (SIREN, "Moulin du Pont SARL")
    sibling = client_file(desk.office.practice, "Garage Moreau")
    document = desk.again(desk.read())
    document.client_file = sibling
    unnamed = ReadingResult(fields={FieldName.SUPPLIER_SIREN: Field(SIREN, Source.TEXT, 0.99)}, format="pdf")
    sibling.practice.refresh_from_db()
    assert named(document, unnamed).value(FieldName.SUPPLIER_NAME) == "Moulin du Pont SARL"
    sibling.practice.shares_suppliers = Switch.OFF
    assert named(document, unnamed).value(FieldName.SUPPLIER_NAME) is None


def test_a_name_that_a_person_gave_a_number_goes_before_what_is_read(desk: Desk) -> None:
    document = desk.read(supplier_name="M0ULIN")
    desk.correct(document, supplier_name="Moulin du Pont")
    read = ReadingResult(
        fields={
            FieldName.SUPPLIER_SIREN: Field(SIREN, Source.TEXT, 0.99),
            FieldName.SUPPLIER_NAME: Field("M0ULIN", Source.TEXT, 0.99),
        },
        format="pdf",
    )
    assert named(desk.again(document), read).value(FieldName.SUPPLIER_NAME) == "Moulin du Pont"


def _seen(name: str, **numbers: str) -> ReadingResult:
    values = {FieldName.SUPPLIER_NAME: name} | {FieldName(key): value for key, value in numbers.items()}
    return ReadingResult(fields={key: Field(value, Source.OCR, 0.7) for key, value in values.items()}, format="image")


def test_a_name_without_a_number_that_ocr_misread_by_a_letter_is_that_of_the_known_supplier(desk: Desk) -> None:
    document = desk.read(supplier_name="Boulangerie Dupont", supplier_siren="", iban="")
    assert document.status == DocumentStatus.READY
    for name in ("BOULANGERIE DUPONT", "Boulangerle Dupont"):
        with asked() as statements:
            shop = named(document, _seen(name)).fields[FieldName.SUPPLIER_NAME]
        assert len(statements) == 1
        assert (shop.value, shop.confidence, shop.evidence[-1]) == ("Boulangerie Dupont", 0.995, "known")
    assert named(document, _seen("Boulangerie Dumonl")) == _seen("Boulangerie Dumonl")
    numbered = _seen("Boulangerle Dupont", supplier_siren=OTHER)
    assert named(document, numbered).value(FieldName.SUPPLIER_NAME) == "Boulangerle Dupont"


def test_a_name_that_nobody_said_is_right_makes_no_other_sure(desk: Desk) -> None:
    document = desk.read(supplier_name="B0ulangerie Dup0nt", supplier_siren="", iban="")
    Document.objects.filter(id=document.id).update(status=DocumentStatus.TO_REVIEW)
    assert named(document, _seen("B0ulangerie Dup0nt")) == _seen("B0ulangerie Dup0nt")
    desk.correct(desk.again(document), supplier_name="Boulangerie Dupont")
    assert named(document, _seen("Boulangerie Dupond")).value(FieldName.SUPPLIER_NAME) == "Boulangerie Dupont"


# --------------------------------------------------------------------------------------------------- the right file


def test_a_document_moves_to_the_right_file_with_its_bytes_and_both_files_add_up(
    desk: Desk, work_off: Callable[[], int]
) -> None:
    source, target = desk.office.file, client_file(desk.office.practice, "Garage Moreau")
    document = desk.read(customer_name="Garage Moreau")
    receipt = refile(document, to=target, actor=CLAIRE, version=document.version)
    work_off()
    there = Document.objects.get(client_file=target)
    assert (there.sha256, there.receipt_id, receipt.door) == (document.sha256, receipt.id, Door.WEB)
    gone = desk.again(document)
    assert (gone.status, gone.client_file_id) == (DocumentStatus.REPLACED, source.id)
    source.refresh_from_db()
    target.refresh_from_db()
    assert (source.count_to_review, target.count_to_review + target.count_ready) == (0, 1)
    verbs = AuditEvent.objects.filter(verb__startswith="document.refiled")
    assert {event.client_file_id for event in verbs} == {source.id, target.id}
    assert not any("Moreau" in str(event.after) for event in verbs)
    with pytest.raises(ConflictError):
        refile(document, to=target, actor=CLAIRE, version=document.version)


def test_no_document_leaves_its_practice_or_goes_into_an_archived_file(desk: Desk) -> None:
    other = Practice.objects.create(name="Other")
    document = desk.read()
    foreign = client_file(other, "Garage Moreau")
    shut = client_file(desk.office.practice, "Shut")
    shut.status = "archived"
    for target in (foreign, shut, desk.office.file):
        with pytest.raises(NotThereError):
            refile(document, to=target, actor=CLAIRE, version=document.version)
    assert desk.again(document).status == DocumentStatus.READY
