"""Why a document waits: the sentence fits what the document is, and names what it still lacks."""

from __future__ import annotations

import re

import pytest
from django.utils import translation

from liasse.adapters.einvoice_xml.reader import EInvoiceXmlReader
from liasse.documents.models import Document
from liasse.documents.types import DocumentStatus
from liasse.lib.media_types import PDF, XML
from liasse.reading.decisions import Reason, ReasonCode
from liasse.reading.services import store
from liasse.reading.types import ProblemCode, ReadingResult
from liasse.web.inbox.problems import reason_of
from tests.paper import ubl
from tests.web.office import COMPLETE, Office, build

ALL_LACKING = "Il manque\u202f: le fournisseur, le numéro, la date, la devise, le TTC."


@pytest.fixture
def office(db: None) -> Office:
    del db
    return build()


def reason(problem: str, media_type: str, **figures: object) -> str:
    with translation.override("fr"):
        return reason_of(Document(problem=problem, media_type=media_type, **figures))


@pytest.mark.parametrize(
    ("problem", "media_type", "says"),
    [
        ("incomplete", XML, f"La facture électronique ne dit pas tout.*{ALL_LACKING}"),
        ("unsure", XML, f"La facture électronique ne dit pas tout.*{ALL_LACKING}"),
        ("incomplete", PDF, f"La facture électronique ne dit pas tout.*{ALL_LACKING}"),
        ("unsure", PDF, f"Lue dans le texte de la page.*{ALL_LACKING}"),
        ("sums_differ", XML, f"HT et TVA ne font pas le TTC.*{ALL_LACKING}"),
        ("xml_malformed", XML, "Le XML est endommagé.*nouveau fichier à l’expéditeur.$"),
        ("xml_malformed", PDF, f"contenue dans ce PDF est endommagée.*{ALL_LACKING}"),
        ("xml_doctype", XML, "refusé par sécurité.*"),
        ("xml_doctype", PDF, f"contenue dans ce PDF a été refusée.*{ALL_LACKING}"),
        ("picture", "image/jpeg", "^Une image\u202f: saisissez ses champs à la main.$"),
        ("no_text", PDF, "^Aucun texte n’a pu y être distingué"),
        (
            "child_failed",
            PDF,
            "l’original est gardé\u202f: saisissez les champs à la main, ou essayez «\u202fRelire\u202f»",
        ),
        ("too_demanding", PDF, "l’original est gardé"),
    ],
)
def test_the_sentence_fits_the_source(problem: str, media_type: str, says: str) -> None:
    assert re.search(says, reason(problem, media_type)), reason(problem, media_type)


@pytest.mark.parametrize("problem", ["unsure", "incomplete", *ProblemCode])
def test_of_a_file_without_pages_no_sentence_speaks_of_a_page(problem: str) -> None:
    assert "page" not in reason(problem, XML)


def test_what_was_entered_is_not_missing_any_more() -> None:
    assert reason("incomplete", XML, supplier_name="Moulin", number="1", currency="EUR", **COMPLETE).endswith("prête.")


def test_an_e_invoice_without_a_supplier_waits_and_says_so(office: Office) -> None:
    document = office.document(media_type=XML, status=DocumentStatus.PROCESSING)
    content = ubl().replace(b"L'Atelier &amp; Fils", b"")
    result: ReadingResult = EInvoiceXmlReader().read(content)
    with office.scope():
        assert store(document.id, result) == DocumentStatus.TO_REVIEW
        document.refresh_from_db()
    assert document.problem == "incomplete"
    shown = office.as_("coding").get(f"/files/{office.file.id}/documents/{document.id}/").content.decode()
    assert "Il manque\u202f: le fournisseur." in shown
    assert "Lue dans le texte" not in shown


def test_what_an_alarm_says_already_is_not_said_in_the_place_of_another_reason() -> None:
    document = Document(problem="old", media_type=PDF)
    with translation.override("fr"):
        told = reason_of(document, reasons=[Reason(ReasonCode.NOTE, detail="several_papers")])
    assert (
        told
        == "Plusieurs papiers sont sur cette page\u202f: faites de chacun une pièce, ou saisissez les champs d’un seul."
    )
