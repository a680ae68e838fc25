import pytest
from stdnum import iban
from stdnum.fr import siren, siret, tva

from liasse.lib.checksums import luhn_is_right
from liasse.lib.identifiers import (
    compact,
    french_vat_of,
    is_iban,
    is_iban_shape,
    is_siren,
    is_siret,
    is_vat_shape,
    siren_of_vat,
)


@pytest.mark.parametrize(
    "number", ["732829320", "421938861", "530848134", "356000000", "732829321", "12345678", "abcdefghi"]
)
def test_sirens_are_judged_as_python_stdnum_does(number: str) -> None:
    assert is_siren(number) == siren.is_valid(number)


@pytest.mark.parametrize(
    "number", ["73282932000074", "35600000049837", "35600000000048", "73282932000075", "3560000004983"]
)
def test_sirets_are_judged_as_python_stdnum_does(number: str) -> None:
    assert is_siret(number) == siret.is_valid(number)


@pytest.mark.parametrize("number", ["732829320", "421938861"])
def test_the_french_vat_number_of_a_siren_is_right(number: str) -> None:
    vat = french_vat_of(number)
    assert tva.is_valid(vat)
    assert siren_of_vat(vat) == number


@pytest.mark.parametrize(
    "account",
    ["FR7610107002450061705231739", "DE30507500940000048567", "NL50INGB0683251309", "DE30507500940000048568", "FR76"],
)
def test_ibans_are_judged_as_python_stdnum_does(account: str) -> None:
    assert is_iban(account) == iban.is_valid(account)


def test_an_iban_of_the_wrong_length_for_its_country_is_none() -> None:
    assert is_iban_shape("FR761010700245006170523173")
    assert not is_iban("FR761010700245006170523173")


@pytest.mark.parametrize(
    "vat", ["FR44732829320", "DE123456789", "NL810433941B01", "ATU12345678", "BE0123456789", "CHE123456789TVA"]
)
def test_european_vat_numbers_have_their_shapes(vat: str) -> None:
    assert is_vat_shape(vat)


@pytest.mark.parametrize("text", ["FR1234", "DE12345678", "XX123456789", "DE1234567890", "", "FRIO732829320"])
def test_other_texts_have_no_vat_number_s_shape(text: str) -> None:
    assert not is_vat_shape(text)


def test_blanks_and_points_are_no_part_of_an_identifier() -> None:
    assert compact("fr 604\u00a0219\u202f388.61") == "FR60421938861"


def test_luhn_refuses_digits_of_other_scripts() -> None:
    assert not luhn_is_right("\u0661\u0662\u0663")
