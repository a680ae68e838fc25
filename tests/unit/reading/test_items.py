"""The lines of invoices under the heads of their tables, in the languages and orders that printers choose."""

from decimal import Decimal

import pytest

from liasse.reading.exclude import Exclude
from liasse.reading.printed.items import checked
from liasse.reading.rules import read_text
from liasse.reading.types import FieldName, InvoiceLine
from tests.paper import words


def _lines(text: str) -> tuple[InvoiceLine, ...]:
    return read_text(words(text), shapes={1: 0.707}, exclude=Exclude()).lines


def test_a_line_has_its_number_name_quantity_unit_price_rate_and_net() -> None:
    (first, second) = _lines(
        "Facture F-1\nRéf        Désignation                  Qté      PU HT      Montant HT    TVA\n"
        "A100       Ramettes papier A4        10 pce       4,20           42,00     20\n"
        "B220       Stylos                    50 pce       0,60           30,00     20\n"
        "Total HT   72,00\nTVA 20 %   14,40\nTotal TTC   86,40"
    )
    assert first == InvoiceLine("A100", "Ramettes papier A4", "10", "pce", "4.2", "20", "42.00")
    assert second.net == "30.00"


@pytest.mark.parametrize(
    "head",
    [
        "QTY   DESCRIPTION          UNIT PRICE     AMOUNT",
        "Menge   Bezeichnung        Einzelpreis    Gesamtpreis",
        "Cant.   Descripción        Precio         Importe",
        "Q.tà    Descrizione        Prezzo         Importo",
        "Aantal   Omschrijving      Prijs          Bedrag",
    ],
)
def test_the_quantity_may_stand_first(head: str) -> None:
    lines = _lines(
        f"{head}\n 2      Farine T65              12,00         24,00\n"
        f" 3      Levure                   5,00         15,00\nTotal   39,00"
    )
    assert [(line.name, line.net) for line in lines] == [("Farine T65", "24.00"), ("Levure", "15.00")]


def test_a_name_over_its_figures_and_a_note_under_them_are_told_apart() -> None:
    lines = _lines(
        "Description                Quantity    Price      Amount\nSteel coil\n"
        "                              10       85,00      850,00\n"
        "GTIN 4012345001235\nTotal net   850,00"
    )
    assert [(line.name, line.quantity, line.net) for line in lines] == [("Steel coil", "10", "850.00")]


def test_a_subtotal_by_any_name_is_no_line() -> None:
    lines = _lines(
        "Beschreibung          Anzahl    Preis      Betrag\nSupport                   5     150.00     750.00\n"
        "Spesen                    1      50.00      50.00\nSumma summarum                             800.00"
    )
    assert len(lines) == 2


def test_heads_of_two_lines_are_one_head() -> None:
    lines = _lines(
        "                            Menge     Preis/\nPos   Artikel                         Einheit     Betrag\n"
        "1     Trennblätter             20      9,90       198,00\n"
        "2     Joghurt                  50      5,50       275,00\nSumme   473,00"
    )
    assert [(line.quantity, line.price, line.net) for line in lines] == [
        ("20", "9.9", "198.00"),
        ("50", "5.5", "275.00"),
    ]


def test_lines_that_come_to_nothing_known_are_left_out() -> None:
    odd = (
        InvoiceLine(None, "a", None, None, None, None, "1.00"),
        InvoiceLine(None, "b", None, None, None, None, "2.00"),
    )
    assert checked(odd, net=Decimal("3.00"), gross=None) == odd
    assert checked(odd, net=Decimal("1.00"), gross=None) == odd[:1]
    assert checked(odd, net=Decimal("9.00"), gross=None) == ()


def test_lines_speak_for_the_net_that_they_come_to() -> None:
    result = read_text(
        words(
            "Désignation      Qté     PU      Montant\n"
            "Pommes            2    50,00       100,00\nTotal   500,00\nTotal HT   100,00\n"
            "TVA 20 %   20,00\nTotal   120,00"
        ),
        shapes={1: 0.707},
        exclude=Exclude(),
    )
    assert "lines" in result.fields[FieldName.TOTAL_NET].evidence


def test_the_net_alone_decides_before_the_gross() -> None:
    (line,) = _lines(
        "Pos   Beschreibung       Menge      Einzelpreis    Betrag\n"
        "1     Beratung           1          100,00         100,00\n"
        "Umsatzsteuer (S)         100,00     19 %           19,00\n"
        "Nettobetrag   100,00\nMwSt. 19 %   19,00\nGesamtbetrag   119,00"
    )
    assert line.net == "100.00"


def test_a_subtotal_of_a_part_ends_no_table() -> None:
    lines = _lines(
        "Désignation              Quantité   Prix unitaire   Montant HT\n"
        "Dépose                   1          100,00          100,00\n"
        "Sous-total lot 1                                    100,00\n"
        "Pose                     2          150,00          300,00\n"
        "Joints                   3          10,00           30,00\n"
        "Sous-total lot 2                                    330,00\n"
        "Total HT   430,00\nTVA 20 %   86,00\nTotal TTC   516,00"
    )
    assert [line.net for line in lines] == ["100.00", "300.00", "30.00"]


def test_what_is_carried_to_the_next_page_is_no_line() -> None:
    head = "Bezeichnung          Menge      Einzelpreis    Gesamt\n"
    first = words(
        f"{head}Papier               2          10,00          20,00\n"
        "Übertrag                                       20,00"
    )
    second = words(
        f"{head}Übertrag                                       20,00\n"
        "Stifte               4          5,00           20,00\n"
        "Nettobetrag   40,00\nMwSt. 19 %   7,60\nGesamtbetrag   47,60",
        page=2,
    )
    lines = read_text((*first, *second), shapes={1: 0.707, 2: 0.707}, exclude=Exclude()).lines
    assert [line.net for line in lines] == ["20.00", "20.00"]


def test_a_table_goes_on_without_its_head_on_the_next_page() -> None:
    first = words(
        "Description          Qty        Unit price     Amount\n"
        "Paper                2          10.00          20.00\nCarried forward                                20.00"
    )
    second = words(
        "Brought forward                                20.00\n"
        "Pens                 4          5.00           20.00\n"
        "Subtotal   40.00\nVAT 20 %   8.00\nTotal   48.00",
        page=2,
    )
    lines = read_text((*first, *second), shapes={1: 0.707, 2: 0.707}, exclude=Exclude()).lines
    assert [line.net for line in lines] == ["20.00", "20.00"]


def test_the_head_of_the_nets_may_stand_lines_over_the_others() -> None:
    lines = _lines(
        "                                                       Positionsbetrag\n"
        "Art-Nr\n"
        "Pos   Beschreibung      Nettopreis     Menge     USt.\n"
        "                                                       ohne USt.\n"
        "1     Strom             0,0520         10000     19 %  52,00\n"
        "2     Abgabe            0,0205         10000     19 %  20,50\n"
        "Nettobetrag   72,50\nMwSt. 19 %   13,78\nGesamtbetrag   86,28"
    )
    assert [line.net for line in lines] == ["52.00", "20.50"]


def test_a_discount_in_a_column_of_its_own_is_not_the_net() -> None:
    (line,) = _lines(
        "Désignation         Qté     PU HT      Remise     Montant HT\n"
        "Chaise              4       50,00      20,00      180,00\n"
        "Total HT   180,00\nTVA 20 %   36,00\nTotal TTC   216,00"
    )
    assert (line.quantity, line.price, line.net) == ("4", "50", "180.00")


def test_lines_may_come_to_a_sum_before_discounts_and_carriage() -> None:
    (line,) = _lines(
        "Pos   Beschreibung      Menge     Einzelpreis    Betrag\n"
        "1     Stahl             10        100,00         850,00\n"
        "Positionssumme                                   850,00\n"
        "Zuschlag Verpackung                              8,75\n"
        "Nettobetrag   858,75\nMwSt. 19 %   163,16\nGesamtbetrag   1021,91"
    )
    assert line.net == "850.00"


def test_one_row_that_is_no_line_is_left_out_where_the_others_make_the_net() -> None:
    def line(net: str, quantity: str, price: str) -> InvoiceLine:
        return InvoiceLine(None, "Papier", quantity, None, price, None, net)

    lines = (line("20.00", "2", "10"), line("1.00", "4.5", "15"), line("30.00", "3", "10"))
    assert [one.net for one in checked(lines, net=Decimal(50), gross=None)] == ["20.00", "30.00"]
