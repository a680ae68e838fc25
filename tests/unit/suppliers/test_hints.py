"""What was learned of one document, used on the next ones of that layout, and on no other's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from liasse.lib.ids import uuid7
from liasse.reading.types import Field, FieldName, Place, ReadingResult, Source, Word
from liasse.suppliers.anchors import anchors_of, pages_of
from liasse.suppliers.hints import applied
from liasse.suppliers.layouts import SAME, likeness, own_marks, sketch_of
from liasse.suppliers.types import Sketch, Taught
from tests.unit.suppliers.papers import Layout

OWN = ("Boulangerie Dupont",)
WRONG = ReadingResult(
    fields={
        name: Field("0.00", Source.TEXT, 0.9)
        for name in (FieldName.TOTAL_NET, FieldName.TOTAL_VAT, FieldName.TOTAL_GROSS, FieldName.INVOICE_NUMBER)
    },
    format="pdf",
)


def taught(layout: Layout, *, number: int = 0) -> list[Taught]:
    words, truth = layout.paper(number)
    pages = pages_of(words)
    return [Taught(uuid7(), name, value, anchors_of(name, value, pages)) for name, value in truth.items()]


def wrong_fields(layout: Layout, lessons: list[Taught], *, first: int = 1, last: int = 10) -> list[str]:
    found = []
    for number in range(first, last + 1):
        words, truth = layout.paper(number)
        hinted = applied(WRONG, lessons, words).result
        found += [f"{layout.seed}/{number} {name}" for name, value in truth.items() if hinted.value(name) != value]
    return found


@pytest.mark.parametrize(("is_ocr", "most"), [(False, 0), (True, 12)])
def test_after_one_correction_the_next_ten_need_none(is_ocr: bool, most: int) -> None:  # noqa: FBT001 - of the test
    layouts = [Layout(seed, is_ocr=is_ocr) for seed in range(60)]
    wrong = [one for layout in layouts for one in wrong_fields(layout, taught(layout))]
    print(f"{len(wrong)} of 3600 fields wrong (OCR: {is_ocr})")
    assert len(wrong) <= most, wrong


def test_each_lesson_knows_its_layout_and_no_other() -> None:
    layouts = [Layout(seed) for seed in range(40)]
    known = [sketch_of(one.paper(0)[0], own=OWN, names=(one.name,)) for one in layouts]
    for at, layout in enumerate(layouts):
        seen = sketch_of(layout.paper(5)[0], own=OWN)
        alike = [other for other, sketch in enumerate(known) if likeness(sketch, seen) >= SAME]
        assert alike == [at], (at, alike)


def test_numbers_of_the_supplier_decide_before_words() -> None:
    def sketch(*numbers: str, siren: str = "", names: tuple[str, ...] = ()) -> Sketch:
        added = [Word(text, Place(1, 0.1, 0.9 + at / 50, 0.2, 0.91 + at / 50)) for at, text in enumerate(numbers)]
        found = sketch_of([*Layout(1).paper(0)[0], *added], names=names)
        return replace(found, marks=own_marks(found, siren=siren, vat="")) if siren else found

    mine, others, buyer = "552100554", "732829320", "404833048"
    known = sketch(mine, buyer, siren=mine)
    assert likeness(known, sketch(mine)) == likeness(known, sketch(mine, buyer)) == 1.0
    # The buyer's number is on the papers of all its suppliers, and decides nothing.
    assert likeness(known, sketch(others, buyer)) == likeness(known, sketch(buyer)) == 0.0
    named = sketch(mine, buyer, siren=mine, names=(Layout(1).name,))
    assert likeness(named, sketch(buyer)) >= SAME


def test_an_e_invoice_is_left_as_it_says() -> None:
    layout = Layout(3)
    exact = replace(WRONG, format="cii")
    assert applied(exact, taught(layout), layout.paper(1)[0]).result == exact


def test_a_value_that_is_not_there_leaves_what_was_read_in_doubt() -> None:
    layout = Layout(3)
    result = applied(WRONG, taught(layout), [Word("rien", Place(1, 0.1, 0.1, 0.2, 0.12))]).result
    assert result.fields[FieldName.TOTAL_GROSS].confidence <= 0.6


def test_sums_speak_for_what_was_found_and_against_it() -> None:
    layout = Layout(4)
    words, truth = layout.paper(2)
    found = applied(WRONG, taught(layout), words).result.fields[FieldName.TOTAL_GROSS]
    assert (found.confidence, "sums" in found.evidence) == (0.999, True)
    gross = [one for one in taught(layout) if one.field is FieldName.TOTAL_GROSS]
    against = replace(WRONG, fields={FieldName.TOTAL_NET: Field("1.00", Source.TEXT, 1.0)} | {
        FieldName.TOTAL_VAT: Field("1.00", Source.TEXT, 1.0)
    })  # fmt: skip
    doubtful = applied(against, gross, words).result
    assert doubtful.value(FieldName.TOTAL_GROSS) == truth[FieldName.TOTAL_GROSS]
    assert (doubtful.fields[FieldName.TOTAL_GROSS].confidence, "sums_differ" in doubtful.notes) == (0.5, True)


def test_a_kind_is_put_only_where_the_same_was_wrong_before() -> None:
    lesson = Taught(uuid7(), FieldName.DOC_TYPE, "receipt", wrong="invoice")
    for read, expected in (("invoice", "receipt"), ("credit_note", "credit_note")):
        result = ReadingResult(fields={FieldName.DOC_TYPE: Field(read, Source.TEXT, 0.9)}, format="pdf")
        assert applied(result, [lesson], []).result.value(FieldName.DOC_TYPE) == expected


def test_a_day_is_read_in_the_order_that_was_corrected() -> None:
    def paper(day: str) -> list[Word]:
        return [Word("Date", Place(1, 0.1, 0.1, 0.15, 0.12)), Word(day, Place(1, 0.2, 0.1, 0.3, 0.12))]

    anchors = anchors_of(FieldName.ISSUE_DATE, "2026-03-04", pages_of(paper("03/04/2026")))
    lesson = Taught(uuid7(), FieldName.ISSUE_DATE, "2026-03-04", anchors)
    assert applied(WRONG, [lesson], paper("05/06/2026")).result.value(FieldName.ISSUE_DATE) == "2026-05-06"


def test_a_credit_note_laid_out_as_the_invoice_is_looked_at() -> None:
    layout = Layout(5)
    words, truth = layout.paper(1)
    for kind, is_sure in (("invoice", True), ("credit_note", False)):
        lessons = [replace(one, kind="invoice") for one in taught(layout) if one.field is FieldName.INVOICE_NUMBER]
        read = replace(WRONG, fields={FieldName.DOC_TYPE: Field(kind, Source.TEXT, 0.99)})
        found = applied(read, lessons, words).result.fields[FieldName.INVOICE_NUMBER]
        assert (found.value, found.confidence > 0.99) == (truth[FieldName.INVOICE_NUMBER], is_sure)


def test_a_code_of_another_shape_and_a_value_at_two_labels_are_doubted() -> None:
    def paper(*words: tuple[str, float, float]) -> list[Word]:
        return [Word(text, Place(1, x, y, x + 0.08, y + 0.012)) for text, x, y in words]

    anchors = anchors_of(FieldName.INVOICE_NUMBER, "FA-12", pages_of(paper(("Folio", 0.1, 0.1), ("FA-12", 0.2, 0.1))))
    lesson = Taught(uuid7(), FieldName.INVOICE_NUMBER, "FA-12", anchors)
    other = applied(WRONG, [lesson], paper(("Folio", 0.1, 0.1), ("2", 0.2, 0.1))).result
    assert other.fields[FieldName.INVOICE_NUMBER].confidence <= 0.6
    same = paper(("Emis", 0.1, 0.1), ("02/01/2026", 0.2, 0.1), ("Terme", 0.1, 0.2), ("02/01/2026", 0.2, 0.2))
    lesson = Taught(
        uuid7(), FieldName.DUE_DATE, "2026-01-02", anchors_of(FieldName.DUE_DATE, "2026-01-02", pages_of(same))
    )
    apart = paper(("Emis", 0.1, 0.1), ("02/02/2026", 0.2, 0.1), ("Terme", 0.1, 0.2), ("02/03/2026", 0.2, 0.2))
    found = applied(WRONG, [lesson], apart).result.fields[FieldName.DUE_DATE]
    assert (found.value, found.confidence <= 0.6) == ("2026-03-02", True)
