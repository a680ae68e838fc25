"""What is wrong with an e-invoice, as the document's page tells it."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from liasse.core.models import Job
from liasse.documents.models import Document
from liasse.pipeline.checking import CHECK_DOCUMENT
from liasse.reading.models import Reading
from liasse.reading.ports import CHECK_STOPPED
from liasse.reading.types import FieldName, Finding, Severity
from tests.queries import asked
from tests.web.office import Office, build

pytestmark = pytest.mark.django_db

FIELDS = {
    FieldName.TOTAL_NET: "100.00",
    FieldName.TOTAL_VAT: "20.00",
    FieldName.TOTAL_GROSS: "119.00",
    FieldName.CURRENCY: "EUR",
}
SUMS = Finding(
    "BR-CO-15", Severity.FATAL, text="[BR-CO-15]-Invoice total amount with VAT (BT-112) = …", location="/Invoice"
)
PAGE = Finding("PAGE-BT-112", Severity.FATAL, text="page: 180.00 | xml: 120.00", terms=("BT-112",))
FORM = Finding("BR-CL-23", Severity.FATAL, text="[BR-CL-23]-Unit code", terms=("BT-130",))


@pytest.fixture
def office(db: None) -> Office:  # noqa: ARG001 - opens the database.
    return build()


def checked(office: Office, *findings: Finding, by: tuple[str, ...] = ("EN 16931 CII (x 1.0)",)) -> Document:
    document = office.document(fields=FIELDS)
    with office.scope():
        rows = [finding.to_json() for finding in findings]
        Reading.objects.update(findings=rows, checked_by=list(by), checked_at=timezone.now())
    return document


def section(office: Office, document: Document) -> str:
    answer = office.as_("coding").get(f"/files/{office.file.id}/documents/{document.id}/")
    found = re.search(
        r'<details class="doc-section doc-fold conformity".*?(?=<section|<div class="doc-foot)', answer.text, re.DOTALL
    )
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[0])).split()) if found else ""


def test_a_sum_that_does_not_come_out_is_told_with_its_figures_and_its_rule(office: Office) -> None:
    shown = section(office, checked(office, SUMS))
    assert "Conformité 1 remarque Le HT et la TVA ne font pas le total TTC." in shown
    assert "HT 100,00 € TVA 20,00 € Soit 120,00 € TTC dans les données 119,00 €" in shown.replace("\u00a0", " ")
    assert "BR-CO-15 [BR-CO-15]-Invoice total amount with VAT" in shown
    assert "demandez une facture corrigée au fournisseur" in shown
    assert "Vérifiée selon les règles officielles" in shown


def test_a_page_that_differs_comes_first_with_both_figures(office: Office) -> None:
    shown = section(office, checked(office, FORM, PAGE)).replace("\u00a0", " ")
    assert shown.index("La page indique autre chose que les données") < shown.index(
        "n’est pas dans la liste officielle"
    )
    assert "Sur la page 180,00 € Dans les données 120,00 €" in shown


def test_a_rule_of_form_asks_for_nothing(office: Office) -> None:
    shown = section(office, checked(office, FORM, FORM))
    assert "l’unité d’une ligne. × 2" in shown
    assert "Rien à faire pour comptabiliser" in shown


def test_one_that_keeps_its_rules_says_so_and_one_that_waits_says_that(office: Office) -> None:
    assert "Conformité Règles respectées" in section(office, checked(office))
    waiting = office.document(fields=FIELDS)
    assert "Conformité Vérification en cours" in section(office, waiting)
    with office.scope():
        Reading.objects.update(checked_at=None, read_at=timezone.now() - timedelta(hours=1))
    assert "Conformité Non vérifiée" in section(office, waiting)


def test_what_is_no_e_invoice_has_no_such_section(office: Office) -> None:
    document = checked(office)
    with office.scope():
        Reading.objects.update(format="pdf")
    assert section(office, document) == ""


def test_what_an_e_invoice_holds_is_shown_and_never_run(office: Office) -> None:
    evil = Finding("BR-CL-23", Severity.WARNING, text="<script>alert(1)</script>", location="<b>")
    document = checked(office, evil)
    answer = office.as_("coding").get(f"/files/{office.file.id}/documents/{document.id}/")
    assert "<script>alert(1)</script>" not in answer.text


def test_many_findings_ask_for_no_more_queries(office: Office) -> None:
    document, client = checked(office, SUMS), office.as_("coding")
    counts = []
    for findings in ([SUMS], [SUMS], [SUMS, PAGE, *[FORM] * 60]):
        with office.scope():
            Reading.objects.update(findings=[finding.to_json() for finding in findings])
        with asked() as queries:
            client.get(f"/files/{office.file.id}/documents/{document.id}/")
        counts.append(len(queries))
    assert counts[1] == counts[2]


def unchecked(office: Office) -> Document:
    """Give an e-invoice that was read before there were checks."""
    document = office.document(fields=FIELDS)
    with office.scope():
        Reading.objects.update(read_at=timezone.now() - timedelta(days=9))
    return document


def test_what_was_never_checked_is_checked_when_asked(office: Office) -> None:
    document = unchecked(office)
    assert "Non vérifiée" in section(office, document)
    assert "Vérifier maintenant" in section(office, document)
    page = f"/files/{office.file.id}/documents/{document.id}/"
    answer = office.as_("coding").post(f"{page}check/", {"tab": "to-review"})
    with office.scope():
        assert [job.subject_id for job in Job.objects.filter(kind=CHECK_DOCUMENT)] == [document.id]
    waiting = office.as_("coding").get(answer.headers["Location"]).content.decode()
    assert "Vérification en cours" in waiting
    assert "Vérifier maintenant" not in waiting
    with office.scope():
        Reading.objects.update(checked_at=timezone.now(), checked_by=["EN 16931 CII (x 1.0)"])
    assert "Vérification en cours" not in office.as_("coding").get(answer.headers["Location"]).content.decode()


def test_a_check_that_stopped_can_be_asked_for_again_and_a_done_one_not(office: Office) -> None:
    stopped = checked(office, Finding(CHECK_STOPPED, Severity.WARNING, text="time"))
    assert "Vérifier maintenant" in section(office, stopped)
    assert "Vérifier maintenant" not in section(office, checked(office, SUMS))


def test_who_may_only_read_asks_for_no_check(office: Office) -> None:
    page = f"/files/{office.file.id}/documents/{unchecked(office).id}/"
    assert "Vérifier maintenant" not in office.as_("reading").get(page).content.decode()
    assert office.as_("reading").post(f"{page}check/").status_code in {403, 404}


@pytest.mark.parametrize("said", ["x", "", "99999999999", "9" * 40, "-1", "0"])
def test_a_moment_that_is_none_is_left_out(office: Office, said: str) -> None:
    page = f"/files/{office.file.id}/documents/{unchecked(office).id}/?checking={said}"
    assert "Vérifier maintenant" in office.as_("coding").get(page).content.decode()
