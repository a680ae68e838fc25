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
