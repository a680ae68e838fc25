"""The due date that printed terms make, where no due date is printed."""

import pytest

from liasse.reading.exclude import Exclude
from liasse.reading.rules import read_text
from liasse.reading.types import Field, FieldName, Source
from tests.paper import words


def _due(terms: str, *, head: str = "Facture n° 12", day: str = "Date de facture : 17/10/2026") -> Field | None:
    page = f"Atelier Nord SARL\n\n{head}\n{day}\n\nTotal TTC   120,00 EUR\n\n{terms}"
    result = read_text(words(page), shapes={1: 0.707}, exclude=Exclude())
    return result.fields.get(FieldName.DUE_DATE)


@pytest.mark.parametrize(
    ("terms", "due"),
    [
        ("Paiement à 30 jours net", "2026-11-16"),
        ("Conditions de règlement   30 jours", "2026-11-16"),
        ("Paiement : 30 jours fin de mois", "2026-11-30"),
        ("Règlement à 45 jours fin de mois le 10", "2027-01-10"),
        ("Règlement par virement, 60 jours date de facture", "2026-12-16"),
        ("Payment is due within 14 days of the invoice date.", "2026-10-31"),
        ("Terms: Net 30", "2026-11-16"),
        ("Payable within 30 days end of month", "2026-11-30"),
        ("Zahlbar innerhalb von 14 Tagen ohne Abzug.", "2026-10-31"),
        ("Zahlbar innerhalb von 10 Tagen mit 2 % Skonto, innerhalb von 30 Tagen netto", "2026-11-16"),
        ("Forma de pago: transferencia a 60 días", "2026-12-16"),
        ("Betaling binnen 14 dagen", "2026-10-31"),
        ("Payable à réception de facture", "2026-10-17"),
        ("Due on receipt", "2026-10-17"),
        ("Zahlbar sofort nach Erhalt der Rechnung", "2026-10-17"),
    ],
)
def test_terms_make_a_due_date(terms: str, due: str) -> None:
    field = _due(terms)
    assert field is not None
    assert field.value == due
    assert field.source is Source.RULE
    assert "terms" in field.evidence


@pytest.mark.parametrize(
    "terms",
    [
        "Escompte de 2 % pour paiement sous 8 jours",
        "Réclamation dans les 8 jours suivant la livraison",
        "Bei Zahlung innerhalb 14 Tagen gewähren wir 2,0 % Skonto.",
        "Sie kommen in Verzug, wenn Sie nicht innerhalb von 30 Tagen nach Fälligkeit zahlen",
        "Devis valable 30 jours",
        "Right of return: 14 days",
        "Paiement à 30 jours\n\nPaiement à 60 jours",
        "Location 3 jours",
    ],
)
def test_other_days_make_none(terms: str) -> None:
    assert _due(terms) is None


def test_a_printed_due_date_wins() -> None:
    field = _due("Paiement à 30 jours\nÉchéance : 31/12/2026")
    assert field is not None
    assert field.value == "2026-12-31"
    assert field.source is Source.TEXT


def test_without_the_invoice_s_date_there_is_none() -> None:
    assert _due("Paiement à 30 jours", day="") is None


def test_a_quote_has_none() -> None:
    assert _due("Paiement à 30 jours", head="Devis n° 12") is None
