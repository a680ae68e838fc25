import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liasse.reading.exclude import Exclude
from liasse.reading.rules import read_text
from liasse.reading.types import FieldName, Place, ReadingResult, Source, VatLine, Word
from tests.paper import words

_NOTHING = Exclude()


def _read(text: str, *, exclude: Exclude = _NOTHING) -> ReadingResult:
    return read_text(words(text), shapes={1: 0.707}, exclude=exclude)


FRENCH = """
Boulangerie Martin SARL                       Client
12 rue des Lilas                              Cabinet Dupont
69001 Lyon                                    3 place Bellecour
SIRET 732 829 320 00074                       N° TVA  FR60421938861
N° TVA intracom. : FR44 732 829 320           69002 Lyon

Facture N° F-2026/117
Date de facture : 12 mars 2026                Échéance : 11/04/2026
Votre commande : BC-558

Désignation            Qté       P.U. HT      Montant HT
Farine T65              10         12,00          120,00
Levure                   4         20,00           80,00

                                 Total HT         200,00 €
                                 TVA 5,5 %         11,00 €
                                 Total TTC        211,00 €
                                 Acompte           50,00 €
                                 Net à payer      161,00 €

IBAN : FR76 1010 7002 4500 6170 5231 739
"""


def test_a_plain_french_invoice_is_read_whole() -> None:
    result = _read(FRENCH)
    assert {name.value: field.value for name, field in result.fields.items()} == {
        "doc_type": "invoice",
        "supplier_name": "Boulangerie Martin SARL",
        "supplier_vat": "FR44732829320",
        "supplier_siren": "732829320",
        "supplier_siret": "73282932000074",
        "supplier_address": "12 rue des Lilas, 69001 Lyon",
        "customer_name": "Cabinet Dupont",
        "customer_address": "3 place Bellecour, 69002 Lyon",
        "customer_vat": "FR60421938861",
        "invoice_number": "F-2026/117",
        "order_number": "BC-558",
        "issue_date": "2026-03-12",
        "due_date": "2026-04-11",
        "currency": "EUR",
        "total_net": "200.00",
        "total_vat": "11.00",
        "total_gross": "211.00",
        "amount_due": "161.00",
        "iban": "FR7610107002450061705231739",
        "language": "fr",
    }
    assert result.vat_breakdown == (VatLine("5.5", "200.00", "11.00"),)


def test_a_value_says_where_it_stands() -> None:
    field = _read(FRENCH).fields[FieldName.TOTAL_GROSS]
    (printed,) = [word.place for word in words(FRENCH) if word.text == "211,00"]
    assert field.place == printed
    assert field.source is Source.TEXT


def test_the_client_s_own_numbers_never_name_the_supplier() -> None:
    own = Exclude.from_json(
        {"vat": ["FR44732829320"], "names": ["Boulangerie Martin"], "iban": ["FR76 10107002450061705231739"]}
    )
    result = _read(FRENCH, exclude=own)
    assert result.value(FieldName.SUPPLIER_SIREN) != "732829320"
    assert result.value(FieldName.SUPPLIER_NAME) != "Boulangerie Martin SARL"
    assert result.value(FieldName.IBAN) is None


@pytest.mark.parametrize(
    ("text", "net", "vat", "gross"),
    [
        (
            "Rechnung Nr. 5\nNettobetrag   1.000,00\n19% MwSt.   190,00\nGesamtbetrag   1.190,00",
            "1000.00",
            "190.00",
            "1190.00",
        ),
        ("Invoice No. 5\nSubtotal   $1,000.00\nSales tax   $82.50\nTotal   $1,082.50", "1000.00", "82.50", "1082.50"),
        (
            "Factura n.º 5\nBase imponible   100,00\nIVA 21%   21,00\nTotal factura   121,00 €",
            "100.00",
            "21.00",
            "121.00",
        ),
        ("Fattura n. 5\nImponibile   100,00\nIVA 22%   22,00\nTotale documento   122,00", "100.00", "22.00", "122.00"),
        ("Factuur\nExclusief BTW   € 593,36\nBTW 21%   € 124,61\nTotaal   € 717,97", "593.36", "124.61", "717.97"),
    ],
)
def test_totals_of_five_languages(text: str, net: str, vat: str, gross: str) -> None:
    result = _read(text)
    totals = (FieldName.TOTAL_NET, FieldName.TOTAL_VAT, FieldName.TOTAL_GROSS)
    assert tuple(result.value(name) for name in totals) == (net, vat, gross)
    assert all(result.fields[name].confidence >= 0.8 for name in totals)


def test_totals_under_their_headings_are_found() -> None:
    result = _read("FACTURE N° 7\n\nTOTAL HT      TOTAL TVA     TOTAL TTC\n100,00        4,90          104,90")
    assert result.value(FieldName.TOTAL_VAT) == "4.90"
    assert result.value(FieldName.TOTAL_GROSS) == "104.90"


def test_the_sum_decides_between_two_totals() -> None:
    result = _read("Facture 9\nTotal   500,00\nTotal HT   100,00\nTVA 20 %   20,00\nTotal   120,00\nTotal   610,00")
    assert result.value(FieldName.TOTAL_GROSS) == "120.00"


def test_figures_that_do_not_add_up_are_not_trusted() -> None:
    result = _read("Facture 9\nTotal HT   100,00\nTVA 20 %   20,00\nTotal TTC   150,00")
    assert all(result.fields[name].confidence <= 0.7 for name in (FieldName.TOTAL_NET, FieldName.TOTAL_GROSS))


def test_a_table_of_rates_gives_the_breakdown() -> None:
    result = _read(
        "Facture 9\nTaux      Base      TVA\n20,00 %   10,00     2,00\n5,50 %    100,00    5,50\n"
        "Total HT   110,00\nTotal TVA   7,50\nTotal TTC   117,50"
    )
    assert result.vat_breakdown == (VatLine("20", "10.00", "2.00"), VatLine("5.5", "100.00", "5.50"))


def test_what_is_left_to_pay_is_the_gross_unless_something_was_paid() -> None:
    totals = "Facture 9\nTotal HT   100,00\nTVA 20 %   20,00\nTotal TTC   120,00"
    assert _read(totals).fields[FieldName.AMOUNT_DUE].source is Source.RULE
    assert FieldName.AMOUNT_DUE not in _read(f"{totals}\nAcompte versé   20,00").fields


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("AVOIR N° 12", "credit_note"),
        ("Gutschrift", "credit_note"),
        ("Credit note 4", "credit_note"),
        ("FACTURE", "invoice"),
        ("Ticket de caisse", "receipt"),
        ("Bonjour", None),
    ],
)
def test_the_title_tells_the_kind(title: str, kind: str | None) -> None:
    assert _read(f"{title}\n12 pommes").value(FieldName.DOC_TYPE) == kind


def test_an_invoice_over_less_than_nothing_is_a_credit_note() -> None:
    result = _read("FACTURE 8\nTotal HT   -100,00 €\nTVA 20 %   -20,00 €\nTotal TTC   -120,00 €")
    assert result.value(FieldName.DOC_TYPE) == "credit_note"
    assert result.value(FieldName.TOTAL_GROSS) == "-120.00"


def test_another_invoice_s_number_and_date_are_left_alone() -> None:
    result = _read("Avoir AV-5 du 02/03/2026\nFacture liée F-4 du 01/02/2026")
    assert result.value(FieldName.INVOICE_NUMBER) == "AV-5"
    assert result.value(FieldName.ISSUE_DATE) == "2026-03-02"


def test_dollars_put_the_month_first_and_euros_the_day() -> None:
    assert _read("Invoice Date: 03/04/2026\nTotal   $5.00").value(FieldName.ISSUE_DATE) == "2026-03-04"
    assert _read("Invoice Date: 03/04/2026\nTotal   €5.00").value(FieldName.ISSUE_DATE) == "2026-04-03"


def test_the_delivery_s_date_is_not_the_invoice_s() -> None:
    result = _read("Facture 4\nDate de livraison : 28/01/2026\nDate : 31/01/2026")
    assert result.value(FieldName.ISSUE_DATE) == "2026-01-31"
    assert result.value(FieldName.DELIVERY_DATE) == "2026-01-28"


def test_the_buyer_s_vat_number_is_not_the_supplier_s() -> None:
    result = _read("Atelier SAS\nTVA FR44732829320\n\nVos identifiants\nN° TVA : FR60421938861")
    assert result.value(FieldName.SUPPLIER_VAT) == "FR44732829320"


def test_a_page_without_an_invoice_gives_no_fields() -> None:
    assert _read("Il fait beau\nNous partons demain").fields.keys() <= {FieldName.SUPPLIER_NAME}


_PLACES = st.builds(
    lambda x, y, w: Place(1, x, y, x + w, y + 0.01), *[st.floats(0, 0.9), st.floats(0, 0.9), st.floats(0, 0.1)]
)
_SAMPLES = ["total", "tva", "ht", "1,00", "100,00", "20%", "date", "12/03/2026", "€", "client", "change", "l2,O0"]
_TOKENS = st.one_of(st.text(min_size=1, max_size=12), st.sampled_from(_SAMPLES))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.builds(Word, _TOKENS, _PLACES), max_size=60), st.sampled_from([Source.TEXT, Source.OCR]))
def test_no_page_raises_and_every_value_is_canonical(page: list[Word], source: Source) -> None:
    result = read_text(page, shapes={}, exclude=_NOTHING, source=source)
    assert all(0 <= field.confidence <= 1 for field in result.fields.values())
    assert ReadingResult.from_json(result.to_json()) == result


def test_a_page_made_to_be_slow_is_read_in_good_time() -> None:
    row = tuple(Word("1,00", Place(1, i / 12000, 0.5, (i + 0.5) / 12000, 0.51)) for i in range(12000))
    assert read_text(row, shapes={}, exclude=_NOTHING).value(FieldName.TOTAL_GROSS) is None


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("DEVIS N° D-2026-14", "quote"),
        ("Quotation", "quote"),
        ("Angebot Nr. 4711", "quote"),
        ("Presupuesto 2026/8", "quote"),
        ("Preventivo n. 12", "quote"),
        ("Offerte 2026-77", "quote"),
        ("Facture pro forma", "quote"),
        ("Proforma invoice", "quote"),
        ("Relevé de compte", "statement"),
        ("Bank statement", "statement"),
        ("Kontoauszug 3/2026", "statement"),
        ("Extracto de cuenta", "statement"),
        ("Estratto conto", "statement"),
        ("Rekeningafschrift", "statement"),
        ("Bon de livraison n° 88", "delivery_note"),
        ("Delivery note", "delivery_note"),
        ("Lieferschein Nr. 5", "delivery_note"),
        ("Albarán 12", "delivery_note"),
        ("Conferma d'ordine", "other"),
        ("Pakbon", "delivery_note"),
        ("Ticket de caisse", "receipt"),
        ("Gutschrift", "credit_note"),
    ],
)
def test_the_kind_is_what_the_paper_calls_itself(title: str, kind: str) -> None:
    found = _read(f"Boulangerie Martin SARL\n\n{title}\n12 mars 2026\n\nTotal TTC        211,00 €")
    assert found.value(FieldName.DOC_TYPE) == kind


@pytest.mark.parametrize("named", ["Devis n° D-12", "Lieferschein Nr. 5", "Bon de commande BC-7", "Quotation Q-1"])
def test_an_invoice_that_names_its_quote_or_delivery_stays_one(named: str) -> None:
    found = _read(f"Boulangerie Martin SARL\n\n{named}\n\nFacture N° F-2026/117\n\nTotal TTC        211,00 €")
    assert found.value(FieldName.DOC_TYPE) == "invoice"
