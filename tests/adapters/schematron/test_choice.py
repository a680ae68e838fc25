"""Which official rules an e-invoice is checked by."""

from __future__ import annotations

import pytest

from liasse.adapters.schematron.artefacts import ALL
from liasse.adapters.schematron.choice import Subject, is_french, rules_for, shape_for

XRECHNUNG = "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
PEPPOL = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
EXTENDED = "urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended"
FRENCH = "urn:cen.eu:en16931:2017#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr"


@pytest.mark.parametrize(
    ("format", "profile", "names"),
    [
        ("ubl-invoice", "urn:cen.eu:en16931:2017", ["EN 16931 UBL"]),
        ("ubl-creditnote", XRECHNUNG, ["EN 16931 UBL", "XRechnung UBL"]),
        ("ubl-invoice", PEPPOL, ["EN 16931 UBL", "Peppol BIS Billing 3"]),
        ("ubl-invoice", FRENCH, ["EXTENDED-CTC-FR UBL", "BR-FR UBL"]),
        ("ubl-invoice", "", ["EN 16931 UBL"]),
        ("cii", "urn:cen.eu:en16931:2017", ["EN 16931 CII"]),
        ("cii", XRECHNUNG, ["EN 16931 CII", "XRechnung CII"]),
        ("cii", FRENCH, ["EXTENDED-CTC-FR CII", "BR-FR CII"]),
        ("pdf+cii", "urn:cen.eu:en16931:2017", ["Factur-X EN 16931"]),
        ("pdf+cii", "urn:factur-x.eu:1p0:minimum", ["Factur-X MINIMUM"]),
        ("pdf+cii", "urn:factur-x.eu:1p0:basicwl", ["Factur-X BASIC WL"]),
        ("pdf+cii", "urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic", ["Factur-X BASIC"]),
        ("pdf+cii", EXTENDED, ["Factur-X EXTENDED"]),
        ("pdf+cii", "urn:zugferd.de:2p0:minimum", ["Factur-X MINIMUM"]),
        ("pdf+zugferd-1", "urn:ferd:CrossIndustryDocument:invoice:1p0:basic", []),
        ("fatturapa", "FPR12", []),
    ],
)
def test_syntax_and_profile_choose(format: str, profile: str, names: list[str]) -> None:
    assert [rule.name for rule in rules_for(Subject(format=format, profile=profile))] == names


@pytest.mark.parametrize(
    ("seller", "buyer", "day", "process", "expected"),
    [
        ("FR", "FR", "2026-09-01", "", True),
        ("FR", "FR", "2026-08-31", "", False),
        ("FR", "FR", "2025-01-10", "B1", True),
        ("FR", "DE", "2026-11-24", "", False),
        ("DE", "FR", "2026-11-24", "S1", False),
    ],
)
def test_french_rules_bind_between_firms_in_france(
    seller: str, buyer: str, day: str, process: str, *, expected: bool
) -> None:
    subject = Subject("cii", issue_date=day, process=process, seller_country=seller, buyer_country=buyer)
    assert is_french(subject) is expected
    assert any(rule.name == "BR-FR CII" for rule in rules_for(subject)) is expected


def test_between_germans_peppol_allows_more_than_one_note() -> None:
    german = rules_for(Subject("ubl-invoice", profile=PEPPOL, seller_country="DE", buyer_country="DE"))[1]
    french = rules_for(Subject("ubl-invoice", profile=PEPPOL, seller_country="FR", buyer_country="DE"))[1]
    assert "PEPPOL-EN16931-R002" in german.leaves_out
    assert "PEPPOL-EN16931-R002" not in french.leaves_out


def test_every_artefact_is_installed_and_says_its_version() -> None:
    assert [one.name for one in ALL if one.path is None] == []
    assert [one.label for one in ALL if "?" in one.label] == []


def test_every_syntax_with_a_schema_has_it() -> None:
    for syntax in ("cii", "ubl-invoice", "ubl-creditnote", "zugferd-1"):
        shape = shape_for(Subject(syntax))
        assert shape is not None
        assert shape.path is not None
    assert shape_for(Subject("fatturapa")) is None
