import json

import pytest

from liasse.reading.types import Field, FieldName, Place, Source, Word
from liasse.reading.words import (
    IDENTITY,
    PageWords,
    box_round,
    fields_shown,
    moved,
    times,
    words_from_json,
    words_to_json,
)

UPSIDE_DOWN = (-1.0, 0.0, 1.0, 0.0, -1.0, 1.0, 0.0, 0.0, 1.0)
STRAIGHT = PageWords(1, 0.7, Source.TEXT, (Word("Total", Place(1, 0.1, 0.2, 0.3, 0.25)),))
TURNED = PageWords(
    page=2,
    shape=0.7,
    source=Source.OCR,
    words=(Word("12,00", Place(2, 0.1, 0.2, 0.3, 0.25), 0.91),),
    shown=((0.7, 0.75, 0.9, 0.8),),
    to_shown=UPSIDE_DOWN,
    turn=180,
    papers=((0.0, 0.0, 0.4, 1.0), (0.5, 0.0, 1.0, 1.0)),
)


def test_pages_survive_their_file() -> None:
    data = json.loads(json.dumps(words_to_json([STRAIGHT, TURNED])))
    assert words_from_json(data) == (STRAIGHT, TURNED)


def test_the_file_has_words_where_they_are_shown() -> None:
    straight, turned = words_to_json([STRAIGHT, TURNED])["pages"]
    assert straight["words"] == [["Total", 0.1, 0.2, 0.3, 0.25, 1.0]]
    assert turned["words"] == [["12,00", 0.7, 0.75, 0.9, 0.8, 0.91]]
    assert turned["straight"] == [[0.1, 0.2, 0.3, 0.25]]
    assert TURNED.words_shown() == (Word("12,00", Place(2, 0.7, 0.75, 0.9, 0.8), 0.91),)


def test_fields_of_a_turned_page_are_put_where_they_are_shown() -> None:
    field = Field("12.00", Source.OCR, 0.9, place=Place(2, 0.1, 0.2, 0.3, 0.25))
    beside = Field("2026", Source.TEXT, 0.9, place=Place(1, 0.1, 0.2, 0.3, 0.25))
    fields = {FieldName.TOTAL_GROSS: field, FieldName.INVOICE_NUMBER: beside}
    found = fields_shown(fields, [STRAIGHT, TURNED])
    place = found[FieldName.TOTAL_GROSS].place
    assert place is not None
    assert (place.x0, place.y0, place.x1, place.y1) == pytest.approx((0.7, 0.75, 0.9, 0.8))
    assert found[FieldName.INVOICE_NUMBER] == beside


def test_mappings_are_done_one_after_the_other() -> None:
    shifted = (1.0, 0.0, 0.25, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
    assert moved(times(UPSIDE_DOWN, shifted), 0.25, 0.25) == (0.5, 0.75)
    assert moved(times(shifted, IDENTITY), 0.25, 0.25) == (0.5, 0.25)


def test_a_box_stays_on_its_page() -> None:
    assert box_round([(-0.1, 0.2), (0.5, 1.4)]) == (0.0, 0.2, 0.5, 1.0)
