"""Suppliers and customers: their names, addresses and numbers, and whose is whose."""

import pytest

from liasse.reading.exclude import Exclude
from liasse.reading.rules import read_text
from liasse.reading.types import FieldName, ReadingResult, Source
from tests.paper import words

_NOTHING = Exclude()


def _read(text: str, *, exclude: Exclude = _NOTHING, source: Source = Source.TEXT) -> ReadingResult:
    return read_text(words(text), shapes={1: 0.707}, exclude=exclude, source=source)


@pytest.mark.parametrize(
    "heading", ["Bill to", "Client :", "Rechnungsempfänger", "Facturé à", "Factuuradres", "Sold to:", "Destinataire"]
)
def test_the_customer_stands_under_its_heading(heading: str) -> None:
    result = _read(
        f"Atelier Nord SARL\n\nFacture 12\n\n{heading}\nCabinet Dupont\n3 place Bellecour\n69002 Lyon\nFrance"
    )
    assert result.value(FieldName.CUSTOMER_NAME) == "Cabinet Dupont"
    assert result.value(FieldName.CUSTOMER_ADDRESS) == "3 place Bellecour, 69002 Lyon, France"


def test_a_letter_s_window_names_the_customer_and_its_small_line_the_sender() -> None:
    result = _read(
        "Malermeister Schulze · Am Ring 5 · 50667 Köln\n\nFrau\nSabine Krause\nLindenallee 12\n"
        "50968 Köln\n\nRechnung Nr. 7"
    )
    assert result.value(FieldName.SUPPLIER_NAME) == "Malermeister Schulze"
    assert result.value(FieldName.SUPPLIER_ADDRESS) == "Am Ring 5, 50667 Köln"
    assert result.value(FieldName.CUSTOMER_NAME) == "Sabine Krause"


def test_the_client_s_own_numbers_are_the_customer_s() -> None:
    own = Exclude.from_json({"vat": ["FR44732829320"], "names": ["Boulangerie Martin"]})
    result = _read("Boulangerie Martin\nTVA FR44732829320   SIREN 732 829 320\n\nFacture 3", exclude=own)
    assert result.value(FieldName.SUPPLIER_VAT) is None
    assert result.value(FieldName.CUSTOMER_VAT) == "FR44732829320"
    assert result.value(FieldName.CUSTOMER_SIREN) == "732829320"
    assert "own" in result.fields[FieldName.CUSTOMER_VAT].evidence


def test_numbers_say_whether_their_own_check_holds() -> None:
    right = _read("Atelier SAS\nSIRET 732 829 320 00074\nTVA FR44732829320\nIBAN FR76 1010 7002 4500 6170 5231 739")
    for name in (FieldName.SUPPLIER_SIREN, FieldName.SUPPLIER_VAT, FieldName.IBAN, FieldName.SUPPLIER_SIRET):
        assert "id-checked" in right.fields[name].evidence
    wrong = _read("Atelier SAS\nSIRET 732 829 321 00074\nTVA FR45732829320")
    assert "id-wrong" in wrong.fields[FieldName.SUPPLIER_SIREN].evidence
    assert "id-wrong" in wrong.fields[FieldName.SUPPLIER_VAT].evidence


def test_a_vat_number_that_lost_a_digit_is_made_of_its_siren() -> None:
    result = _read(
        "Atelier SAS\nTVA: FR4473282932 - SIREN 732 829 320\n\nN° TVA client  FR60421938861", source=Source.OCR
    )
    assert result.value(FieldName.SUPPLIER_VAT) == "FR44732829320"
    assert "repaired" in result.fields[FieldName.SUPPLIER_VAT].evidence


def test_letters_and_digits_that_look_like_an_account_are_none() -> None:
    assert _read("Contrat CT2018120802 N° BON DE COMMANDE").value(FieldName.IBAN) is None


def test_who_is_named_again_in_the_foot_is_likelier_the_supplier() -> None:
    result = _read(
        "Ventes en gros\nLe Fournisseur\n35 rue d'ici\n75018 Paris\n\nFacture 8\n\n"
        "Le Fournisseur - 35 rue d'ici - 75018 Paris"
    )
    assert result.value(FieldName.SUPPLIER_NAME) == "Le Fournisseur"
    assert "again" in result.fields[FieldName.SUPPLIER_NAME].evidence


def test_a_branch_in_the_head_is_not_the_customer() -> None:
    result = _read(
        "Assurances Delmas\nVotre assureur\n                                     Agence de Sète\n"
        "                                     8 quai Bosc\n                                     34200 Sète\n\n\n\n"
        "                                     Pâtisserie Lenoir\n"
        "                                     9 rue Française\n                                     34500 Béziers\n\n"
        "Facture 12"
    )
    assert result.value(FieldName.CUSTOMER_NAME) == "Pâtisserie Lenoir"
