"""Tills' papers: what was paid, by what was given and given back, and whose shop it was."""

from decimal import Decimal

import pytest

from liasse.reading.exclude import Exclude
from liasse.reading.rules import read_text
from liasse.reading.types import FieldName, ReadingResult, Source, VatLine
from tests.paper import words


def _read(text: str) -> ReadingResult:
    return read_text(words(text), shapes={1: 0.707}, exclude=Exclude(), source=Source.OCR)


HEAD = """MEGA HARDWARE SDN BHD
(742016-W)
NO 3, JALAN JASA
40150 SHAH ALAM
TAX INVOICE
CASHIER: ANN
DATE: 22/02/2018
NAILS  4.01
"""


@pytest.mark.parametrize(
    ("foot", "total"),
    [
        ("TOTAL AMT      60.31\nROUNDING ADJ   -0.01\nRM      60.30\nCASH     70.30\nCHANGE    10.00", "60.30"),
        ("TOTAL      48.16\nROUNDING    -0.01\nTOTAL ROUNDED   48.15\nVISA   48.15", "48.15"),
        (
            "TOTAL QTY: 1   23.32\nTOTAL (EXCLUDING GST) :  22.00\nTOTAL GST :  1.32\nTOTAL (INCLUSIVE OF GST)  23.32",
            "23.32",
        ),
        ("Tatel Amt Peysble :  8.50\nPald Amount:   100.00\nChange :   91.50", "8.50"),
        ("TOTAL SAVING:  0.00   TOTAL   6.85\nCASH  20.00\nCHANGE  13.15", "6.85"),
        ("SUBTOTAL    15.67\n10% SRV CHG  1.55\nTOTAL\n17.22", "17.22"),
        ("TOTAL    5830\nCASH  60.00\nTHANK YOU", "58.30"),
        ("TOTAL GST :  1.32\nTotal (Excluding GST)  22.00\nRM  23.32\nVISA   23.32", "23.32"),
        ("TotalSales(InclusiveofGST)   9.75\nCash   10.00\nChange   0.25", "9.75"),
        ("DUE    7.50\nPAY   20.00\nCHANGE  12.50\n(TOTAL INCLUDED GST @ 6% : 0.42)", "7.50"),
    ],
)
def test_the_total_is_what_was_to_be_paid(foot: str, total: str) -> None:
    result = _read(HEAD + foot)
    assert result.value(FieldName.DOC_TYPE) == "receipt"
    assert result.value(FieldName.TOTAL_GROSS) == total


def test_change_that_agrees_makes_the_total_sure() -> None:
    sure = _read(HEAD + "TOTAL  9.75\nCASH  10.00\nCHANGE  0.25").fields[FieldName.TOTAL_GROSS]
    bare = _read(HEAD + "AMOUNT  9.75").fields[FieldName.TOTAL_GROSS]
    assert "paid" in sure.evidence
    assert sure.confidence > 0.9 > bare.confidence


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("TAN WOON YANN\nINDAH GIFT & HOME DECO\n27, JALAN DEDAP 13", "INDAH GIFT & HOME DECO"),
        ("SOLARIS\nDUTAMAS\nSUN VICTORY SDN BHD\n(NO. 193573-M)\nLEVEL G2", "SUN VICTORY SDN BHD"),
        ("WESTERN EASTERN\nSTATIONERY SDN. BHD\nCO REG NO : 210038-K", "WESTERN EASTERN STATIONERY SDN. BHD"),
        ("** WELCOME **\nAEON CO. (M) BHD (126926-H)\n3RD FLR, AEON TAMAN MALURI", "AEON CO. (M) BHD"),
        ("thomasLche\nFRISCHE EINKAUFEN\nMarktkauf Lehr\nDetmolder Str. 4\n33102 Paderborn", "Marktkauf Lehr"),
    ],
)
def test_the_shop_is_named_at_the_head(head: str, name: str) -> None:
    result = _read(
        f"{head}\nTEL: 03-5885\nRECEIPT\n22/02/2018 12:30\nNAILS   4.01\nTOTAL   4.01\nCASH   5.00\nCHANGE   0.99"
    )
    assert result.value(FieldName.SUPPLIER_NAME) == name


GERMAN = """LIDL
Warburger Str. 130
33100 Paderborn
Emmentaler  5,18 A
Tee  2,38 B
zu zahlen  7,56
Bar  10,00
Rückgeld  -2,44
"""


@pytest.mark.parametrize(
    "table",
    [
        "MWST%  MWST +  Netto  Brutto\nA 7%  0,34  4,84  5,18\nB 19%  0,38  2,00  2,38\nSumme  0,72  6,84  7,56",
        "Steuer  Netto  MwSt  Brutto\nA=  7,00%  4,84  0,34  5,18\nB= 19,00%  2,00  0,38  2,38",
        "A  7%  MwSt  0,34  von  5,18\nB  19%  MwSt  0,38  von  2,38",
    ],
)
def test_the_vat_table_is_read_whatever_its_columns(table: str) -> None:
    result = _read(GERMAN + table)
    assert set(result.vat_breakdown) == {VatLine("7", "4.84", "0.34"), VatLine("19", "2.00", "0.38")}
    assert result.value(FieldName.TOTAL_NET) == "6.84"
    assert result.value(FieldName.TOTAL_VAT) == "0.72"


def test_what_was_bought_comes_to_the_total_or_is_left_out() -> None:
    assert [line.net for line in _read(GERMAN).lines] == ["5.18", "2.38"]
    assert _read(GERMAN.replace("2,38 B", "9,99 B")).lines == ()


def test_card_tip_and_way_of_paying() -> None:
    result = _read(HEAD + "SUBTOTAL  20.00\nTAX   1.65\nTIP    3.00\nTOTAL   24.65\nVISA **** **** **** 4242   24.65")
    assert result.value(FieldName.CARD_LAST4) == "4242"
    assert result.value(FieldName.TIP) == "3.00"
    assert result.value(FieldName.PAYMENT_METHOD) == "card"
    assert Decimal(result.value(FieldName.TOTAL_NET) or "0") == Decimal("20.00")


def test_a_shop_s_name_that_is_misread_is_mended_and_said_to_be() -> None:
    shop = _read(
        "OLIVE9 PHARHACY SON BHD\n(742016-W)\n" + HEAD.partition("\n")[2] + "TOTAL  4.01\nCASH  5.00\nCHANGE  0.99"
    ).fields[FieldName.SUPPLIER_NAME]
    assert shop.value == "OLIVE9 PHARMACY SDN BHD"
    assert "mended" in shop.evidence


def test_a_shop_that_is_named_again_at_the_foot_is_surer() -> None:
    paper = "OLIVE SHOP\n" + HEAD.partition("\n")[2] + "TOTAL 4.01\nTHANK YOU\n"
    once, twice = (_read(paper + foot).fields[FieldName.SUPPLIER_NAME] for foot in ("SEE YOU", "VISIT OLIVE SHOP"))
    assert (once.value, twice.value) == ("OLIVE SHOP", "OLIVE SHOP")
    assert "repeated" in twice.evidence
    assert once.confidence < twice.confidence


@pytest.mark.parametrize(
    ("paid", "is_rounded"),
    [
        ("ROUNDING  -0.02\nTOTAL ROUNDED  23.30\nCASH  30.00\nCHANGE  6.70", True),
        ("TOTAL  23.32\nCASH  23.32\nCHANGE  0.00", False),
    ],
)
def test_a_total_that_was_rounded_for_cash_is_said_to_be(paid: str, *, is_rounded: bool) -> None:
    table = "GST SUMMARY\nSR 6%   22.00   1.32"
    gross = _read(f"{HEAD}TOTAL SALES (INCL GST)  23.32\n{paid}\n{table}").fields[FieldName.TOTAL_GROSS]
    assert gross.value == ("23.30" if is_rounded else "23.32")
    assert "table" in gross.evidence
    assert ("rounded" in gross.evidence) is is_rounded


def test_a_sign_beside_the_firm_s_own_name_makes_the_shop_s_name_unsure() -> None:
    rest = HEAD.partition("\n")[2] + "TOTAL  4.01\nCASH  5.00\nCHANGE  0.99"
    alone = _read("IKANO HANDEL SDN BHD\n" + rest).fields[FieldName.SUPPLIER_NAME]
    beside = _read("IKEA CHERAS\nIKANO HANDEL SDN BHD\n" + rest).fields[FieldName.SUPPLIER_NAME]
    assert "rivals" not in alone.evidence
    assert "rivals" in beside.evidence
    assert beside.confidence < alone.confidence - 0.1


def test_a_title_that_is_misread_is_no_shop() -> None:
    rest = HEAD.partition("\n")[2] + "TOTAL  4.01\nCASH  5.00\nCHANGE  0.99"
    assert _read("Tax Involce\nOLIVE\n" + rest).value(FieldName.SUPPLIER_NAME) == "OLIVE"
