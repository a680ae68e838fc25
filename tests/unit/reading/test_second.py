"""What a second look says of the values that a document is booked by."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from liasse.reading.second import LOOKED_AT, OTHERWISE, TWICE, UNSTEADY, looked_again, with_second_look
from liasse.reading.types import Field, FieldName, Place, Source, Word
from liasse.reading.words import Box, PageWords, words_from_json, words_to_json

NAME, GROSS, DATE = FieldName.SUPPLIER_NAME, FieldName.TOTAL_GROSS, FieldName.ISSUE_DATE


def _page(*lines: str, source: Source = Source.OCR) -> PageWords:
    """Give a page with a line of text every tenth of its height."""
    words = [
        Word(text, Place(1, 0.1 + 0.15 * column, 0.1 * row, 0.24 + 0.15 * column, 0.1 * row + 0.03), 0.99)
        for row, line in enumerate(lines)
        for column, text in enumerate(line.split())
    ]
    return PageWords(1, 0.5, source, tuple(words))


def _field(value: str, *, row: int = 0, rows: int = 1) -> Field:
    place = Place(1, 0.1, 0.1 * row, 0.95, 0.1 * (row + rows - 1) + 0.03)
    return Field(value, Source.OCR, 0.9, place=place, evidence=("top",))


def _code(name: FieldName, field: Field, page: PageWords, *looks: Sequence[str]) -> str:
    """Give the last evidence of a field whose lines are read again as `looks`, one tuple for each line."""
    answers = [tuple(look) for look in looks]
    pages = looked_again([page], {name: field}, look=lambda _page, boxes: answers[: len(boxes)])
    return with_second_look({name: field}, pages)[name].evidence[-1]


def test_a_name_that_is_read_alike_at_every_look_was_seen_twice() -> None:
    assert (
        _code(
            NAME, _field("OLIVE SHOP"), _page("OLIVE SHOP"), ("OLIVE SHOP", "OLIVESHOP", "Olive Shop", ". OLIVE SHOP")
        )
        == TWICE
    )


def test_a_name_that_is_read_otherwise_at_one_look_was_seen_unsteadily() -> None:
    assert (
        _code(NAME, _field("LIVE9 SHOP"), _page("LIVE9 SHOP"), ("LIVE9 SHOP", "LIVE9 SHOP", "LIVEG SHOP", "LIVE9 SHOP"))
        == UNSTEADY
    )


def test_a_name_that_is_read_otherwise_at_half_of_the_looks_was_seen_otherwise() -> None:
    looks = ("VERBENA", "VERBENR", "VERBENA", "VEREENA")
    assert _code(NAME, _field("VERBENA"), _page("VERBENA"), looks) == OTHERWISE


def test_a_legal_form_that_is_misread_says_nothing_of_the_name() -> None:
    looks = ("SUN VICTORY SON BHD", "SUN VICTORY SDN 8HD")
    assert _code(NAME, _field("SUN VICTORY SDN BHD"), _page("SUN VICTORY SDN BHD"), looks) == TWICE


def test_a_look_is_mended_as_the_name_was() -> None:
    looks = ("OLIVE PHARNACY", "0LIVE PHARMACY")
    assert _code(NAME, _field("OLIVE PHARMACY"), _page("OLIVE PHARHACY"), looks[:1]) == TWICE
    assert _code(NAME, _field("OLIVE PHARMACY"), _page("OLIVE PHARHACY"), looks) == OTHERWISE


def test_a_name_over_two_lines_is_seen_twice_only_when_both_are() -> None:
    page, field = _page("HARDWARE", "ENTERPRISE"), _field("HARDWARE ENTERPRISE", rows=2)
    assert _code(NAME, field, page, ("HARDWARE", "HARDWARE"), ("ENTERPRISE", "ENTERPRISE")) == TWICE
    assert _code(NAME, field, page, ("HARDWARE", "HARDWARE"), ("ENTERPRISE", "ENTEPRIZE")) == OTHERWISE


def test_an_amount_with_another_digit_before_it_is_another_amount() -> None:
    page = _page("20.00")
    assert _code(GROSS, _field("20.00"), page, ("RM20.00", "20.00")) == TWICE
    assert _code(GROSS, _field("20.00"), page, ("120.00", "20.00")) == OTHERWISE


def test_a_date_may_be_seen_with_the_time_behind_it() -> None:
    assert _code(DATE, _field("2018-02-19"), _page("19/02/2018"), ("19/02/2018", "19/02/201810:35")) == TWICE
    assert _code(DATE, _field("2018-02-19"), _page("19/02/2018"), ("19/02/2018", "19/02/2016")) == OTHERWISE


def test_nothing_is_said_where_nothing_was_looked_at() -> None:
    assert _code(NAME, _field("OLIVE"), _page("OLIVE"), ()) == "top"
    fields = {NAME: _field("OLIVE")}
    assert with_second_look(fields, [_page("OLIVE")]) == fields


def test_the_text_of_a_pdf_is_not_looked_at_again() -> None:
    def look(_page: int, _boxes: Sequence[Box]) -> list[tuple[str, ...]]:
        pytest.fail("looked at text")

    page = _page("OLIVE", source=Source.TEXT)
    assert looked_again([page], {NAME: _field("OLIVE")}, look=look) == [page]


def test_what_was_seen_again_is_kept_with_the_words() -> None:
    (page,) = looked_again([_page("OLIVE")], {NAME: _field("OLIVE")}, look=lambda _page, _boxes: [("OLIVE", "0LIVE")])
    assert page.again
    assert words_from_json(words_to_json([page]))[0].again == page.again


def test_only_so_many_lines_are_looked_at_again() -> None:
    asked: list[Box] = []

    def look(_page: int, boxes: Sequence[Box]) -> list[tuple[str, ...]]:
        asked.extend(boxes)
        return [() for _ in boxes]

    page = _page(*(f"LINE{row}" for row in range(10)))
    fields = {name: replace(_field("x", row=row), value=f"LINE{row}") for row, name in enumerate(LOOKED_AT)}
    looked_again([page], fields | {NAME: _field("x", rows=10)}, look=look)
    assert len(asked) == 9
