"""Which known supplier a name that OCR read is."""

import pytest

from liasse.suppliers.alike import known_as

KNOWN = ("Boulangerie Dupont SARL", "TEO HENG STATIONERY", "Garage 12", "ACME", "Station Nord 1", "Station Nord 2")


@pytest.mark.parametrize(
    ("read", "name"),
    [
        ("BOULANGERIE DUPONT", "Boulangerie Dupont SARL"),
        ("Boulangerle Dupont", "Boulangerie Dupont SARL"),
        ("Boulangerie Duponts", "Boulangerie Dupont SARL"),
        ("TEOHENG STATIONERY", "TEO HENG STATIONERY"),
        ("TED HENG STATIONERY", "TEO HENG STATIONERY"),
        ("Acme", "ACME"),
        ("Station Nord 2", "Station Nord 2"),
    ],
)
def test_a_name_that_is_the_same_or_a_letter_off_is_the_known_one(read: str, name: str) -> None:
    assert known_as(read, KNOWN) == name


@pytest.mark.parametrize(
    "read", ["", "Boulangerie Dumont Fils", "Boulangerle Duponl", "ACMF", "Garage 13", "Station Nord", "Station Nord 7"]
)
def test_any_other_name_is_nobody_s(read: str) -> None:
    assert known_as(read, KNOWN) is None


def test_a_name_between_two_known_ones_is_neither() -> None:
    assert known_as("Maison Mortin", ("Maison Martin", "Maison Mertin")) is None
    assert known_as("Maison Martin", ("Maison Martin", "Maison Mertin")) == "Maison Martin"
