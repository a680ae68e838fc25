"""An outside engine's values are held against the page, the sums and what was read; none decides by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from liasse.outside.rules import ENGINE, FILLED, UNPROVED, Weighed, weigh
from liasse.outside.types import ASKED, Outcome, Told
from liasse.practices.types import Strictness
from liasse.reading.calibration import threshold
from liasse.reading.decisions import is_doubtful
from liasse.reading.exclude import Exclude
from liasse.reading.types import Field, FieldName, Place, ReadingResult, Source, VatLine, Word
from liasse.reading.words import PageWords
from tests.paper import words

PAGE = """
L'Atelier & Fils SAS                      SIREN 732 829 320
Facture n° FA-2026-017
Date : 15/01/2026          Échéance 14/02/2026

Total HT                   1 234,50 EUR
TVA 20 %                     246,90 EUR
Total TTC                  1 481,40 EUR
IBAN FR76 3000 6000 0112 3456 7890 189
"""
AMOUNTS = {FieldName.TOTAL_NET: "1234.50", FieldName.TOTAL_VAT: "246.90", FieldName.TOTAL_GROSS: "1481.40"}
NOBODY = Exclude()


def page(text: str = PAGE, *, source: Source = Source.TEXT) -> PageWords:
    return PageWords(1, 0.7, source, words(text))


def read(**values: str) -> ReadingResult:
    place = Place(1, 0.1, 0.1, 0.2, 0.12)
    fields = {FieldName(name): Field(value, Source.TEXT, 0.9, place=place) for name, value in values.items()}
    return ReadingResult(fields=fields, format="pdf")


def told(**values: str) -> Told:
    return Told({FieldName(name): value for name, value in values.items()})


def weighed(result: ReadingResult, said: Told, *, on: PageWords | None = None, own: Exclude = NOBODY) -> Weighed:
    return weigh(result, said, (on or page(),), own=own, saw_picture=True)


def test_what_stands_on_the_page_fills_an_empty_field_in_doubt_and_has_its_box() -> None:
    done = weighed(read(), told(invoice_number="FA-2026-017", issue_date="2026-01-15", supplier_siren="732829320"))
    field = done.result.fields[FieldName.INVOICE_NUMBER]
    assert (field.value, field.source, field.confidence) == ("FA-2026-017", Source.ENGINE, FILLED)
    assert field.place is not None
    assert 0.03 < field.place.y0 < 0.05
    assert set(done.outcomes.values()) == {Outcome.FILLED}


@pytest.mark.parametrize("name", ASKED)
@pytest.mark.parametrize("strictness", Strictness)
def test_what_only_the_engine_says_is_in_doubt_however_fast_a_practice_is(name: FieldName, strictness: str) -> None:
    assert is_doubtful(name, Field("x", Source.ENGINE, FILLED), strictness=strictness)
    assert threshold(name, strictness=strictness) > FILLED


def test_an_invented_value_is_left_out_and_lowers_nothing() -> None:
    before = read(invoice_number="FA-2026-017")
    done = weighed(before, told(invoice_number="INV-999", due_date="2027-12-31", supplier_name="Evil Corp"))
    assert done.result == before
    assert set(done.outcomes.values()) == {Outcome.NOT_ON_PAGE}


def test_agreement_halves_the_doubt_once() -> None:
    done = weighed(read(invoice_number="FA-2026-017"), told(invoice_number="fa 2026 017"))
    field = done.result.fields[FieldName.INVOICE_NUMBER]
    assert (field.confidence, field.evidence, field.source) == (0.95, (ENGINE,), Source.TEXT)
    again = weighed(done.result, told(invoice_number="FA-2026-017"))
    assert again.result == done.result


def test_agreement_on_what_no_page_says_gains_nothing() -> None:
    before = read(invoice_number="ZZ-1", total_gross="99.00")
    done = weighed(before, told(invoice_number="ZZ-1", total_gross="99.00"))
    assert done.result == before
    assert set(done.outcomes.values()) == {Outcome.SAME}


def test_a_value_that_differs_makes_what_was_read_less_sure_and_is_remembered() -> None:
    done = weighed(read(issue_date="2026-02-14"), told(issue_date="2026-01-15"))
    field = done.result.fields[FieldName.ISSUE_DATE]
    assert (field.value, field.confidence, field.evidence) == ("2026-02-14", 0.45, ("rivals",))
    assert done.others == {FieldName.ISSUE_DATE: "2026-01-15"}


def test_amounts_that_do_not_add_up_neither_fill_nor_confirm() -> None:
    wrong = told(total_net="1234.50", total_vat="246.90", total_gross="246.90")
    assert weighed(read(), wrong).result.fields == {}
    before = read(total_net="1234.50")
    assert weighed(before, wrong).result == before


def test_amounts_that_add_up_replace_those_that_do_not() -> None:
    done = weighed(read(total_net="1234.50", total_vat="20.00", total_gross="1481.40"), Told(AMOUNTS))
    assert done.outcomes[FieldName.TOTAL_VAT] is Outcome.REPLACED
    vat = done.result.fields[FieldName.TOTAL_VAT]
    assert (vat.value, vat.confidence, vat.source) == ("246.90", FILLED, Source.ENGINE)


def test_rates_that_do_not_make_the_vat_break_the_sums() -> None:
    rows = (VatLine("10", "1234.50", "246.90"),)
    assert weighed(read(), Told(AMOUNTS, rows)).result.fields == {}
    assert len(weighed(read(), Told(AMOUNTS, (VatLine("20", "1234.50", "246.90"),))).result.fields) == 3


def test_a_total_that_nothing_proves_is_taken_in_more_doubt() -> None:
    done = weighed(read(), told(total_gross="1481.40"))
    assert done.result.fields[FieldName.TOTAL_GROSS].confidence == UNPROVED


def test_the_end_of_an_amount_is_none() -> None:
    assert weighed(read(), told(total_gross="234.50")).outcomes == {FieldName.TOTAL_GROSS: Outcome.NOT_ON_PAGE}


@pytest.mark.parametrize(
    "kept", [Field("F-9", Source.PERSON, 1.0), Field("F-9", Source.TEXT, 0.5, evidence=("learned",))]
)
def test_a_persons_value_and_what_was_learned_stay(kept: Field) -> None:
    before = ReadingResult(fields={FieldName.INVOICE_NUMBER: kept}, format="pdf")
    done = weighed(before, told(invoice_number="FA-2026-017"))
    assert (done.result, done.outcomes) == (before, {FieldName.INVOICE_NUMBER: Outcome.KEPT})


def test_exact_data_are_never_touched() -> None:
    before = replace(read(), format="pdf+cii")
    assert weighed(before, told(invoice_number="FA-2026-017")).result is before


def test_the_clients_own_numbers_and_names_never_name_a_supplier() -> None:
    own = Exclude(siren=frozenset({"732829320"}), names=frozenset({"latelierfils"}))
    said = told(supplier_siren="732829320", supplier_name="L'Atelier & Fils")
    assert set(weighed(read(), said, own=own).outcomes.values()) == {Outcome.UNUSABLE}


@pytest.mark.parametrize(("name", "value"), [("iban", "FR7630006000011234567890180"), ("supplier_siren", "732829321")])
def test_a_number_with_wrong_check_digits_is_left_out(name: str, value: str) -> None:
    assert weighed(read(), told(**{name: value})).result.fields == {}


def test_what_ocr_misread_is_found_and_taken_as_the_engine_says_it() -> None:
    seen = page("Total TTC 12O,5O EUR\nFacture FA-2O26-Ol7\nL'Ateller & Fils SAS", source=Source.OCR)
    said = told(total_gross="120.50", invoice_number="FA-2026-017", supplier_name="L'Atelier & Fils SAS")
    assert set(weighed(read(), said, on=seen).outcomes.values()) == {Outcome.FILLED}
    assert set(weighed(read(), said, on=replace(seen, source=Source.TEXT)).outcomes.values()) == {Outcome.NOT_ON_PAGE}


def test_words_alone_bear_out_nothing_that_ocr_did_not_see_clearly() -> None:
    dim = Field("FA-2026-017", Source.OCR, 0.9, evidence=("dim",))
    before = ReadingResult(fields={FieldName.INVOICE_NUMBER: dim}, format="image")
    said = told(invoice_number="FA-2026-017")
    assert weigh(before, said, (page(),), own=NOBODY, saw_picture=False).result == before
    assert weigh(before, said, (page(),), own=NOBODY, saw_picture=True).result != before


def test_a_day_that_can_be_read_two_ways_is_still_asked() -> None:
    done = weighed(read(), told(issue_date="2026-04-03"), on=page("Date 03/04/2026"))
    assert "ambiguous" in done.result.fields[FieldName.ISSUE_DATE].evidence


def test_the_box_is_on_the_page_as_shown() -> None:
    one = Word("FA-7", Place(1, 0.1, 0.1, 0.2, 0.2))
    turned = PageWords(
        1, 0.7, Source.OCR, (one,), shown=((0.8, 0.8, 0.9, 0.9),), to_shown=(-1, 0, 1, 0, -1, 1, 0, 0, 1)
    )
    done = weighed(read(), told(invoice_number="FA-7"), on=turned)
    assert done.result.fields[FieldName.INVOICE_NUMBER].place == Place(1, 0.8, 0.8, 0.9, 0.9)


def test_a_day_gets_the_box_of_its_own_words() -> None:
    done = weighed(read(), told(due_date="2026-02-14"))
    place = done.result.fields[FieldName.DUE_DATE].place
    assert place is not None
    assert round(place.x0 / 0.011) == PAGE.strip("\n").splitlines()[2].index("14/02")
    assert round((place.x1 - place.x0) / 0.011) == len("14/02/2026")
