"""Every rule that an official stylesheet can break has a sentence, and the usual ones a sentence of their own."""

from __future__ import annotations

import re

import pytest
from django.utils.translation import override

from liasse.adapters.schematron import artefacts
from liasse.reading import findings_tables as tables
from liasse.reading.conformity import hindrance, stops
from liasse.reading.findings import Weight, page_and_data, told
from liasse.reading.types import Finding, Severity

FATAL, WARNING = Severity.FATAL, Severity.WARNING


def french(rule: str, *terms: str) -> str:
    with override("fr"):
        return told(Finding(rule, FATAL, terms=terms)).sentence


def rules_of(artefact: artefacts.Artefact) -> set[str]:
    path = artefact.path
    assert path is not None, artefact.name
    text = path.read_text(encoding="utf-8")
    return set(re.findall(r'(?:name="id">|\bid="|\[)((?:BR|PEPPOL)-[A-Z0-9-]+?)(?=[<"\]_/])', text))


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("BR-CO-15", "Le HT et la TVA ne font pas le total TTC."),
        ("BR-FXEXT-CO-15", "Le HT et la TVA ne font pas le total TTC."),
        ("BR-02", "Il manque dans la facture électronique\u202f: le numéro de facture."),
        ("BR-AE-09", "Le montant de TVA n’est pas celui que donnent la base et le taux (autoliquidation)."),
        ("BR-IC-11", "Il manque la date ou la période de livraison (livraison intracommunautaire)."),
        ("BR-FR-09_BT-29", "Un SIRET n’a pas 14 chiffres commençant par le SIREN."),
        ("BR-DE-15", "Il manque dans la facture électronique\u202f: la référence de l’acheteur."),
        ("UBL-CR-218", "Les données contiennent un élément que la norme, ou le profil annoncé, ne prévoit pas."),
        ("XX-1", "Une règle de la norme n’est pas respectée."),
    ],
)
def test_a_rule_is_told_in_plain_french(rule: str, sentence: str) -> None:
    assert french(rule) == sentence


def test_a_rule_of_decimals_or_codes_names_what_it_is_about() -> None:
    assert french("BR-DEC-23", "BT-131") == "Trop de décimales\u202f: le montant HT d’une ligne."
    assert french("BR-CL-23") == "Le code n’est pas dans la liste officielle\u202f: l’unité d’une ligne."


@pytest.mark.parametrize("artefact", artefacts.ALL, ids=lambda one: one.name)
def test_the_rules_of_every_official_artefact_have_a_sentence_of_their_own(artefact: artefacts.Artefact) -> None:
    ruled = sorted(rules_of(artefact))
    other = [rule for rule in ruled if french(rule) == "Une règle de la norme n’est pas respectée."]
    print(f"{artefact.name}: {len(ruled)} rules, {len(other)} without a sentence of their own: {other}")
    assert ruled
    assert len(other) <= len(ruled) * 0.1


def test_amounts_and_parties_hold_a_document_up_and_forms_do_not() -> None:
    assert all(stops(Finding(rule, FATAL)) for rule in ("BR-CO-15", "BR-S-08", "BR-06", "PAGE-BT-84", "BR-FR-10_BT-30"))
    assert not any(stops(Finding(rule, FATAL)) for rule in ("BR-DE-15", "BR-CL-23", "BR-DEC-23", "FX-PDFA", "BR-16"))
    assert not stops(Finding("BR-CO-15", WARNING))
    assert hindrance([Finding("BR-CO-15", FATAL), Finding("PAGE-BT-2", FATAL)]) == "page_differs"


def test_a_difference_gives_both_figures() -> None:
    finding = Finding("PAGE-BT-112", FATAL, text="page: 180.00 | xml: 120.00", terms=("BT-112",))
    assert page_and_data(finding) == ("180.00", "120.00")
    assert told(finding).weight is Weight.DIFFERS


def test_every_business_term_named_by_a_table_has_a_name() -> None:
    from liasse.reading.terms import TERMS

    named = {term for table in (tables.MISSING, tables.CODES) for terms in table.values() for term in terms}
    assert named <= set(TERMS)
