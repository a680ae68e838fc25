"""Where a file is cut: what speaks for it, what forbids it, and that nothing is ever lost or torn by guessing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liasse.cutting.names import name_of
from liasse.cutting.rules import SURE, cuts_of, decide, ranges, sheets_of, within
from liasse.cutting.services import runs
from liasse.cutting.sheets import says_separator
from liasse.cutting.types import Cut, PageFacts, Reason
from liasse.documents.types import Piece
from liasse.intake.types import Cutting
from liasse.lib.ids import uuid7

A = PageFacts(
    has_words=True, number="f2026101", number_confidence=0.9, supplier="Durand", ids=frozenset({"404833048"}),
    date="2026-03-12", total="120.00", has_title=True, mentioned=frozenset({"f2026101"}), shape=0.707, ink=0.04,
)  # fmt: skip
B = replace(A, number="k770042", supplier="Parc", ids=frozenset({"303265045"}), mentioned=frozenset({"k770042"}))
TEXT = PageFacts(has_words=True, shape=0.707, ink=0.04)
BLANK = PageFacts(shape=0.707, ink=0.0)
SCAN = PageFacts(shape=0.707, ink=0.05)


def behind(*pages: PageFacts, is_scan: bool = False) -> list[int]:
    """Give the cuts that are made without asking."""
    return [cut.after for cut in cuts_of(pages, is_scan=is_scan) if cut.confidence >= SURE]


def asked(*pages: PageFacts, is_scan: bool = False) -> list[int]:
    """Give the cuts that a person is asked about."""
    return [cut.after for cut in cuts_of(pages, is_scan=is_scan)]


def counted(page: PageFacts, number: int, of: int) -> PageFacts:
    return replace(page, counter=(number, of))


def test_another_number_of_another_supplier_is_cut() -> None:
    assert behind(A, B) == [1]


def test_a_second_number_of_the_same_supplier_begins_at_page_one() -> None:
    second = replace(A, number="f2026102", mentioned=frozenset({"f2026102"}))
    assert behind(counted(A, 1, 1), counted(second, 1, 1)) == [1]
    assert behind(counted(A, 1, 2), counted(A, 2, 2), counted(second, 1, 1)) == [2]


@pytest.mark.parametrize(
    "second",
    [
        replace(A, number="", total=""),
        counted(B, 2, 2),
        replace(B, is_carried_over=True),
        replace(B, mentioned=frozenset({"f2026101", "k770042"})),
        TEXT,
        replace(TEXT, total="999.00"),
        replace(TEXT, supplier="Parc"),
    ],
)
def test_what_may_belong_to_the_page_before_is_not_cut(second: PageFacts) -> None:
    assert behind(counted(A, 1, 2), second) == []


def test_a_scan_is_only_asked_about() -> None:
    assert (behind(A, B, is_scan=True), asked(A, B, is_scan=True)) == ([], [1])


def test_a_blank_page_goes_with_what_stands_before_it() -> None:
    assert behind(A, BLANK, B) == [2]
    assert asked(SCAN, BLANK, SCAN, is_scan=True) == [2]


def test_blank_backs_of_sheets_say_nothing() -> None:
    assert asked(SCAN, BLANK, SCAN, BLANK, SCAN, BLANK, is_scan=True) == []


def test_a_page_that_nothing_ties_makes_its_end_a_question() -> None:
    assert (behind(A, TEXT, B), asked(A, TEXT, B)) == ([], [2])


def test_a_wish_and_an_einvoice_decide_before_any_guess() -> None:
    cuts = [Cut(1, 0.99, Reason.NUMBER)]
    assert decide(cuts, count=3, wish=Cutting.PAGES).behind == (1, 2)
    assert decide(cuts, count=3, wish=Cutting.WHOLE).behind == ()
    assert decide(cuts, count=3, wish=Cutting.AUTOMATIC).behind == (1,)
    assert decide(cuts, count=3, wish=Cutting.PAGES, is_whole=True).behind == ()
    assert decide([], count=500, wish=Cutting.PAGES).behind == ()


FACTS = st.builds(
    PageFacts,
    has_words=st.booleans(),
    number=st.sampled_from(["", "f1001", "f1002", "k7"]),
    number_confidence=st.floats(0, 1),
    supplier=st.sampled_from(["", "Durand", "Parc"]),
    ids=st.frozensets(st.sampled_from(["404833048", "303265045"])),
    date=st.sampled_from(["", "2026-03-12"]),
    total=st.sampled_from(["", "120.00"]),
    has_title=st.booleans(),
    counter=st.none() | st.tuples(st.integers(1, 4), st.integers(0, 4)),
    is_carried_over=st.booleans(),
    mentioned=st.frozensets(st.sampled_from(["f1001", "f1002", "k7"])),
    separator=st.sampled_from(["", "patch t"]),
    ink=st.none() | st.floats(0, 1),
    shape=st.sampled_from([0.0, 0.707, 1.414]),
)


@given(st.lists(FACTS, max_size=12), st.booleans())
def test_every_page_is_in_one_document_whatever_the_pages_say(pages: list[PageFacts], is_scan: bool) -> None:  # noqa: FBT001 - hypothesis gives it
    cuts = cuts_of(pages, is_scan=is_scan)
    assert [cut.after for cut in cuts] == sorted({cut.after for cut in cuts})
    assert all(0 < cut.after < len(pages) and 0.5 <= cut.confidence <= 0.99 for cut in cuts)
    found = ranges([cut.after for cut in cuts], count=max(len(pages), 1))
    laid = [page for first, last in found for page in range(first, last + 1)]
    assert laid == list(range(1, max(len(pages), 1) + 1))
    inside = [cut.after + first - 1 for first, last in found for cut in within(cuts, first=first, last=last)]
    assert inside == []


@given(st.lists(FACTS, min_size=2, max_size=8))
def test_one_number_on_every_page_is_never_cut_without_asking(pages: list[PageFacts]) -> None:
    same = [
        replace(page, has_words=True, separator="", number="f1001", mentioned=frozenset({"f1001"})) for page in pages
    ]
    assert behind(*same) == []


@given(FACTS)
def test_facts_survive_the_way_out_of_the_child(facts: PageFacts) -> None:
    assert PageFacts.from_json(facts.to_json()) == facts


@given(st.permutations(range(1, 8)))
def test_runs_hold_the_same_pages_in_the_same_order(pages: list[int]) -> None:
    part = uuid7()
    made = runs([Piece("0" * 64, "application/pdf", part, page, page) for page in pages])
    assert [page for piece in made for page in range(piece.first, piece.last + 1)] == list(pages)


def test_a_part_is_named_after_its_pages() -> None:
    piece = Piece("0" * 64, "application/pdf", uuid7(), 2, 3)
    assert name_of("scan.du.mois.pdf", pieces=[piece], is_part=True) == "scan.du.mois p. 2-3.pdf"
    assert name_of("", pieces=[piece], is_part=False) == "document.pdf"


SHEET = replace(SCAN, is_sheet=True)


def test_separator_sheets_cut_even_scans_and_are_left_out() -> None:
    pages = (SHEET, SCAN, SHEET, BLANK, SCAN, SCAN, SHEET, SHEET)
    sheets = sheets_of(pages)
    decided = decide(cuts_of(pages, is_scan=True), count=8, wish=Cutting.AUTOMATIC, sheets=sheets)
    assert decided.left_out == (1, 3, 4, 7, 8)
    assert ranges(decided.behind, count=8, left_out=decided.left_out) == [(2, 2), (5, 6)]


def test_a_file_of_separator_sheets_alone_stays_as_it_is() -> None:
    assert (sheets_of((SHEET, SHEET)), sheets_of((SHEET, BLANK)), behind(SHEET, SHEET)) == ((), (), [])


def test_the_same_barcode_ties_pages_and_another_hints_at_a_cut() -> None:
    code = replace(SCAN, codes=frozenset({"3800123"}))
    other = replace(SCAN, codes=frozenset({"3800124"}))
    assert (asked(code, BLANK, code), asked(code, BLANK, other), asked(code, other)) == ([], [2], [])


@pytest.mark.parametrize("text", ["LIASSE-SEPARATOR", "Separator", "PATCHT", "patch-2", "Séparateur", "TRENNBLATT"])
def test_words_of_separator_codes(text: str) -> None:
    assert says_separator(text)
    assert not says_separator(f"{text} 4711")
