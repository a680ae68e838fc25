"""Names of shops as OCR misspells them."""

import pytest

from liasse.reading.printed.shop_words import mended_name


@pytest.mark.parametrize(
    ("seen", "name"),
    [
        ("OLIVE9 PHARHACY SDN BHD", "OLIVE9 PHARMACY SDN BHD"),
        ("Verbena Confectiunery", "Verbena Confectionery"),
        ("FO0D HOUSE", "FOOD HOUSE"),
        ("B0ulangerie Dupont", "Boulangerie Dupont"),
        ("Taste of the WorId", "Taste of the World"),
        ("SUN VICTORY SON BHD", "SUN VICTORY SDN BHD"),
        ("KEDAI ALAM SIN. BHU.", "KEDAI ALAM SDN. BHD."),
        ("Bäcker Huber GnbH", "Bäcker Huber GmbH"),
        ("Pätisserie Noël", "Pätisserie Noël"),
    ],
)
def test_words_that_shops_are_called_by_are_mended(seen: str, name: str) -> None:
    assert mended_name(seen) == name


@pytest.mark.parametrize(
    "name",
    [
        "99 SPEED MART",
        "7-ELEVEN MALAYSIA",
        "C&A MODE GMBH & CO. KG",
        "McIntosh & Sons",
        "Le 5 à 7",
        "Pharmacia",
        "STATIONARY WORLD",
        "MR D.I.Y. (KUCHAI) SDN BHD",
        "Wilson Bhatt",
        "A1B2C3",
        "H1N1 Studio 54",
    ],
)
def test_other_names_stay_as_they_are(name: str) -> None:
    assert mended_name(name) == name
