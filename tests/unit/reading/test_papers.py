from dataclasses import replace

from liasse.reading.papers import separate_papers
from liasse.reading.types import Place, Word
from tests.paper import words

RECEIPT = """
BOULANGERIE MARTIN
14/10/2026 08:12

Pain           1,20
Croissant      2,40
Total EUR      3,60
Merci et a bientot
"""
INVOICE = """
Dupont SARL                                   Client
12 rue des Lilas                              Martin SA
69003 Lyon                                    5 quai Rambaud

Facture FA-17                                 Date 14/10/2026

Chaise                                        100,00
Table                                         200,00
Total HT                                      300,00
TVA 20 %                                      60,00
Total TTC                                     360,00
"""


def _at(receipt: str, across: float, down: float) -> list[Word]:
    return [replace(word, place=_moved(word.place, across, down)) for word in words(receipt)]


def _moved(place: Place, across: float, down: float) -> Place:
    return Place(1, place.x0 + across, place.y0 + down, place.x1 + across, place.y1 + down)


def _priced(total: str) -> str:
    return RECEIPT.replace("3,60", total)


def test_four_receipts_on_one_page_are_four_papers() -> None:
    places = [(0.05, 0.05, "3,60"), (0.55, 0.05, "4,60"), (0.05, 0.55, "5,60"), (0.55, 0.55, "6,60")]
    page = [word for across, down, total in places for word in _at(_priced(total), across, down)]
    found = separate_papers(page, shape=0.7)
    assert len(found) == 4
    assert {(round(box[0] * 2), round(box[1] * 2)) for box in found} == {(0, 0), (1, 0), (0, 1), (1, 1)}


def test_two_receipts_one_above_the_other_are_two() -> None:
    assert len(separate_papers([*_at(RECEIPT, 0.1, 0.0), *_at(_priced("9,90"), 0.1, 0.5)], shape=0.7)) == 2


def test_papers_that_nearly_touch_are_told_apart() -> None:
    width = max(word.place.x1 for word in words(RECEIPT))
    close = [*words(RECEIPT), *_at(_priced("9,90"), width + 0.05, 0.0)]
    assert len(separate_papers(close, shape=0.7)) == 2


def test_a_card_s_slip_below_the_receipt_is_on_the_same_paper() -> None:
    assert separate_papers([*_at(RECEIPT, 0.1, 0.0), *_at(RECEIPT, 0.1, 0.5)], shape=0.7) == ()


def test_one_invoice_with_two_columns_is_one_paper() -> None:
    assert separate_papers(words(INVOICE), shape=0.7) == ()


def test_one_receipt_is_one_paper() -> None:
    assert separate_papers(words(RECEIPT), shape=0.4) == ()


def test_a_page_without_words_has_no_papers() -> None:
    assert separate_papers([], shape=0.0) == ()
