"""Figures and labels as OCR misreads them."""

import pytest

from liasse.reading.page.layout import Layout, slope_of
from liasse.reading.page.mending import mended, mended_ids
from liasse.reading.page.spelling import mended_labels
from liasse.reading.page.values import amounts, days
from liasse.reading.types import Place, Word
from tests.paper import words


def _amounts(text: str, *, is_ocr: bool = True) -> list[str]:
    layout = Layout(words(text), shapes={1: 0.707}, is_ocr=is_ocr)
    return [str(amount.value) for cell in layout.cells for amount in amounts(cell)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1'234.56", "1234.56"),
        ("12O,5O", "120.50"),
        ("l2,5O €", "12.50"),
        ("RM 64 13", "64.13"),
        ("12 , 50 €", "12.50"),
        ("(12,50)", "-12.50"),
        ("12,50-", "-12.50"),
        ("RM9.00", "9.00"),
    ],
)
def test_an_amount_is_read_however_it_is_printed(text: str, value: str) -> None:
    assert _amounts(text) == [value]


@pytest.mark.parametrize("text", ["so.me", "a.o.c", "ISO 9001", "3, 20", "Bio", "12.03.2026", "20,00 %", "v1.50.2"])
def test_what_is_no_amount_is_not_made_one(text: str) -> None:
    assert _amounts(text, is_ocr=False) == []


def test_mending_keeps_every_letter_in_its_place() -> None:
    for text in ["total 12o,5o eur", "0ct 3, 2016", "12 , 50", "rm 64 13", "fr8i27o6034"]:
        assert len(mended(text, is_ocr=True)) == len(text)
        assert len(mended_ids(text)) == len(text)


def test_letters_inside_numbers_of_firms_become_digits() -> None:
    assert mended_ids("siret 732 829 32o 00074") == "siret 732 829 320 00074"
    assert mended_ids("de8i27o6034") == "de812706034"
    assert mended_ids("bistro") == "bistro"


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("facturc", "facture"),
        ("rechnungsdatom", "rechnungsdatum"),
        ("tota1", "total"),
        ("tetal", "total"),
        ("t0tal", "total"),
    ],
)
def test_a_label_misread_in_a_letter_or_two_is_that_label(read: str, meant: str) -> None:
    assert mended_labels(read) == meant


@pytest.mark.parametrize("word", ["metal", "factory", "12345", "durant", "tonic"])
def test_other_words_stay_what_they_are(word: str) -> None:
    assert mended_labels(word) == word


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("25/12/201812:30", "2018-12-25"),
        ("02.03.2015:59", "2020-03-02"),
        ("2018/02/2213:34:14", "2018-02-22"),
        ("20180428/191204", "2018-04-28"),
        ("15 JUN 18 08:34:31 PM", "2018-06-15"),
        ("0ct 3, 2016 12:16:25 PM", "2016-10-03"),
        ("07/04/2018-18.10:59", "2018-04-07"),
        ("12-JAN-18", "2018-01-12"),
        ("l2/03/2O26", "2026-03-12"),
        ("12,03.2026", "2026-03-12"),
    ],
)
def test_days_as_tills_and_ocr_write_them(text: str, day: str) -> None:
    layout = Layout(words(text), shapes={1: 0.707}, is_ocr=True)
    assert [found.value for cell in layout.cells for found in days(cell, month_first=False)] == [day]


def test_rows_that_hang_are_laid_straight_and_places_stay_on_the_page() -> None:
    hanging = [
        Word(f"{row},{column}0", Place(1, x, row / 40 + 0.02 * x, x + 0.05, row / 40 + 0.02 * x + 0.012))
        for row in range(30)
        for column, x in enumerate((0.1, 0.35, 0.6, 0.85))
    ]
    assert slope_of(hanging) == pytest.approx(0.02, abs=0.005)
    layout = Layout(hanging, shapes={1: 0.7}, is_ocr=True)
    assert [len(line) for line in layout.lines] == [4] * 30
    shown = layout.place_shown(layout.lines[3][3].place)
    assert shown.y0 == pytest.approx(3 / 40 + 0.02 * 0.85, abs=0.003)
