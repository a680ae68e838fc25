"""What OCR did not see clearly is told among the evidence of the value, and of no other."""

from __future__ import annotations

import pytest

from liasse.reading.sight import with_sight
from liasse.reading.types import Field, FieldName, Place, ReadingResult, Source, Word

LEFT, RIGHT = Place(1, 0.1, 0.1, 0.3, 0.12), Place(1, 0.6, 0.1, 0.8, 0.12)


@pytest.mark.parametrize(("worst", "code"), [(0.5, ("dim",)), (0.9, ("pale",)), (0.99, ())])
def test_the_worst_word_of_a_value_counts(worst: float, code: tuple[str, ...]) -> None:
    result = ReadingResult(fields={FieldName.TOTAL_GROSS: Field("1.00", Source.OCR, 0.9, place=LEFT)})
    words = [Word("1,00", LEFT, worst), Word("EUR", LEFT, 1.0)]
    assert with_sight(result, words).fields[FieldName.TOTAL_GROSS].evidence == code


def test_words_elsewhere_and_values_without_a_place_do_not() -> None:
    fields = {
        FieldName.TOTAL_GROSS: Field("1.00", Source.OCR, 0.9, place=LEFT),
        FieldName.CURRENCY: Field("EUR", Source.OCR, 0.9),
    }
    seen = with_sight(ReadingResult(fields=fields), [Word("x", RIGHT, 0.1), Word("1,00", LEFT, 1.0)])
    assert seen.fields == fields
