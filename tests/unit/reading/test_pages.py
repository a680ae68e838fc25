import pytest

from liasse.reading.pages import agree, is_wanted, source_of, sourced
from liasse.reading.ports import PageShape
from liasse.reading.types import Field, FieldName, Place, Source, Word
from liasse.reading.words import PageWords

PAGE = PageShape(1, 0.7, words=100)
TEXT = [
    *("Facture", "FA-17", "du", "14/10/2026", "Total", "HT", "1", "028,80", "EUR", "TVA", "(20", "%)"),
    *("205,76", "l'olive", "info@a.fr", "FR12345678901", "A/B"),
]


def _words(texts: list[str]) -> list[Word]:
    return [Word(text, Place(1, 0.1, 0.1, 0.2, 0.2)) for text in texts]


def _page(texts: list[str], source: Source, *, page: int = 1) -> PageWords:
    return PageWords(page, 0.7, source, tuple(_words(texts)))


@pytest.mark.parametrize(
    ("shape", "why"),
    [
        (PageShape(1, 0.7, words=0, pictures=0.9), "a scan"),
        (PageShape(1, 0.7, words=5, pictures=0.9), "a scan with a stamp"),
        (PageShape(1, 0.7, words=40, pictures=0.8), "a scan with a letter head"),
        (PageShape(1, 0.7, words=0, hidden=200, pictures=1.0), "a scanner's own text"),
        (PageShape(1, 0.7, words=0, strokes=400), "letters drawn as shapes"),
        (PageShape(1, 0.7, words=100, garbage=90), "a font without letters"),
    ],
)
def test_a_page_is_looked_at_where_its_text_does_not_say_it(shape: PageShape, why: str) -> None:
    assert is_wanted(shape, _words(TEXT)), why


@pytest.mark.parametrize(
    "shape",
    [
        PAGE,
        PageShape(1, 0.7, words=100, pictures=0.9),
        PageShape(1, 0.7, words=40, pictures=0.1),
        PageShape(1, 0.7, words=0),
        PageShape(1, 0.7, words=3, strokes=4),
    ],
)
def test_a_page_with_text_or_nothing_on_it_is_not_looked_at(shape: PageShape) -> None:
    assert not is_wanted(shape, _words(TEXT))


def test_words_that_mean_nothing_are_garbage_in_every_language_but_ours_are_not() -> None:
    assert is_wanted(PAGE, _words(["$#!x", "~^;q&", "<|>", "=~=", "¶§w^", "{}[]", "\\/;", "~~a|", "^^", "``|"]))
    assert not is_wanted(PAGE, _words(["发票", "号码", "日期", "总计", "合计", "金额", "税", "公司", "地址", "电话"]))


def test_text_that_says_something_else_than_is_seen_does_not_agree() -> None:
    seen = _page(TEXT, Source.OCR)
    assert agree(_page(TEXT, Source.TEXT), seen)
    assert not agree(_page(["Lorem", "ipsum", "dolor"] * 5, Source.TEXT), seen)
    assert agree(_page(["Lorem"], Source.TEXT), _page(["Cat"], Source.OCR))


def test_each_field_has_the_source_of_its_page() -> None:
    pages = [_page(TEXT, Source.TEXT, page=1), _page([*TEXT, *TEXT], Source.OCR, page=2)]
    assert source_of(pages) is Source.OCR
    field = Field("FA-17", Source.OCR, 0.9, place=Place(1, 0.1, 0.1, 0.2, 0.2))
    derived = Field("1.00", Source.RULE, 0.9)
    found = sourced({FieldName.INVOICE_NUMBER: field, FieldName.TOTAL_NET: derived}, pages)
    assert found[FieldName.INVOICE_NUMBER].source is Source.TEXT
    assert found[FieldName.TOTAL_NET].source is Source.RULE
