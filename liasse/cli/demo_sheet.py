"""How an invented invoice looks on paper, in the language of whoever sends it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from liasse.cli.demo_invoice import Invoice, Item, Party, VatSum
from liasse.cli.demo_pdf import HEIGHT, Sheet, pdf
from liasse.cli.demo_xml import cii

_FIRST_ROWS: Final = 22
_FURTHER_ROWS: Final = 34
_ROW: Final = 17
_RIGHT: Final = 550
_LEFT: Final = 45
_COLUMNS: Final = (350, 430, 475, _RIGHT)
_WORDS: Final = {
    "fr": {
        "invoice": "FACTURE", "credit": "AVOIR", "number": "Facture n°", "credit_number": "Avoir n°",
        "issued": "Date de facture", "due": "Échéance", "order": "Commande n°", "customer": "Facturé à",
        "item": "Désignation", "quantity": "Quantité", "price": "Prix unit. HT", "rate": "TVA",
        "line": "Montant HT", "net": "Total HT", "vat": "TVA", "gross": "Total TTC", "to_pay": "Net à payer",
        "tax": "N° TVA", "bank": "Règlement par virement, IBAN", "page": "Page", "sum": "Total TVA",
        "reverse": "Autoliquidation de la TVA par le preneur",
        "late": "En cas de retard : pénalités au taux légal majoré de 10 points, indemnité de recouvrement de 40 €.",
    },
    "de": {
        "invoice": "RECHNUNG", "credit": "GUTSCHRIFT", "number": "Rechnungsnummer", "credit_number": "Gutschrift Nr.",
        "issued": "Rechnungsdatum", "due": "Zahlbar bis", "order": "Bestellnummer", "customer": "Rechnung an",
        "item": "Bezeichnung", "quantity": "Menge", "price": "Einzelpreis", "rate": "USt",
        "line": "Betrag netto", "net": "Nettobetrag", "vat": "USt", "gross": "Gesamtbetrag", "to_pay": "Zahlbetrag",
        "tax": "USt-IdNr.", "bank": "Zahlung per Überweisung, IBAN", "page": "Seite", "sum": "Umsatzsteuer",
        "reverse": "Steuerfreie innergemeinschaftliche Lieferung, § 4 Nr. 1b UStG",
        "late": "Bei Zahlungsverzug berechnen wir Zinsen in gesetzlicher Höhe.",
    },
    "en": {
        "invoice": "INVOICE", "credit": "CREDIT NOTE", "number": "Invoice number",
        "credit_number": "Credit note number", "issued": "Invoice date", "due": "Due date",
        "order": "Purchase order", "customer": "Bill to",
        "item": "Description", "quantity": "Quantity", "price": "Unit price", "rate": "VAT",
        "line": "Amount", "net": "Total excl. VAT", "vat": "VAT", "gross": "Total incl. VAT", "to_pay": "Amount due",
        "tax": "VAT number", "bank": "Payment by bank transfer, IBAN", "page": "Page", "sum": "Total VAT",
        "reverse": "Reverse charge: VAT to be accounted for by the recipient",
        "late": "Late payment interest is charged at the statutory rate.",
    },
}  # fmt: skip
_UNITS: Final = {"C62": "", "KGM": "kg", "LTR": "l", "HUR": "h", "KWH": "kWh", "MTR": "m", "MON": "mois"}


def invoice_pdf(invoice: Invoice) -> bytes:
    """Give the invoice as a PDF with text and nothing attached."""
    return pdf(_sheets(invoice))


def facturx_pdf(invoice: Invoice) -> bytes:
    """Give the invoice as a PDF with its own data attached, as Factur-X has it."""
    return pdf(_sheets(invoice), attached=("factur-x.xml", cii(invoice)), metadata=_METADATA)


_METADATA: Final = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:fx="urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#">
<fx:DocumentType>INVOICE</fx:DocumentType><fx:DocumentFileName>factur-x.xml</fx:DocumentFileName>
<fx:Version>1.0</fx:Version><fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


def _sheets(invoice: Invoice) -> list[Sheet]:
    parts = list(_parts(invoice.items))
    sheets = []
    for number, items in enumerate(parts, start=1):
        sheet = Sheet()
        y = _head(sheet, invoice) if number == 1 else 60
        y = _table(sheet, invoice, items=items, y=y)
        if number == len(parts):
            _sums(sheet, invoice, y=y + 14)
        _foot(sheet, invoice, page=f"{number}/{len(parts)}")
        sheets.append(sheet)
    return sheets


def _parts(items: tuple[Item, ...]) -> Iterator[tuple[Item, ...]]:
    yield items[:_FIRST_ROWS]
    for start in range(_FIRST_ROWS, len(items), _FURTHER_ROWS):
        yield items[start : start + _FURTHER_ROWS]


def _head(sheet: Sheet, invoice: Invoice) -> int:
    words, supplier, colour = _WORDS[invoice.supplier.language], invoice.supplier, invoice.supplier.colour
    sheet.box(0, 0, 595, 8, colour=colour)
    sheet.text(_LEFT, 58, supplier.name, size=17, weight="bold", colour=colour)
    for row, words_of_row in enumerate(_address(supplier)):
        sheet.text(_LEFT, 76 + row * 12, words_of_row)
    sheet.text(370, 58, words["credit" if invoice.is_credit else "invoice"], size=17, weight="bold")
    facts = [
        (words["credit_number" if invoice.is_credit else "number"], invoice.number),
        (words["issued"], _day(invoice.issued, supplier.language)),
        (words["due"], _day(invoice.due, supplier.language)),
        *([(words["order"], invoice.order_number)] if invoice.order_number else []),
    ]
    for row, (name, value) in enumerate(facts):
        sheet.text(370, 82 + row * 14, f"{name} :" if supplier.language == "fr" else f"{name}:")
        sheet.text(462, 82 + row * 14, value, weight="bold")
    sheet.text(320, 168, words["customer"], size=8, colour="0.45 0.45 0.5")
    sheet.text(320, 183, invoice.customer.name, size=10.5, weight="bold")
    for row, words_of_row in enumerate(_address(invoice.customer)[:2]):
        sheet.text(320, 197 + row * 12, words_of_row)
    if invoice.is_reverse_charge:
        sheet.text(320, 223, f"{words['tax']} {invoice.customer.vat}")
    return 250


def _address(party: Party) -> list[str]:
    tax = _WORDS[party.language]["tax"]
    lines = [party.street, f"{party.postcode} {party.city}"]
    lines += [f"{party.form} - SIREN {_grouped(party.siren)}"] if party.siren else [party.form]
    return [*lines, f"{tax} {party.vat}"]


def _grouped(digits: str) -> str:
    return " ".join(digits[start : start + 3] for start in range(0, len(digits), 3))


def _table(sheet: Sheet, invoice: Invoice, *, items: tuple[Item, ...], y: int) -> int:
    words, language = _WORDS[invoice.supplier.language], invoice.supplier.language
    sheet.box(_LEFT - 5, y, _RIGHT - _LEFT + 10, 19, colour=invoice.supplier.colour)
    white = "1 1 1"
    sheet.text(_LEFT, y + 13, words["item"], size=8.5, weight="bold", colour=white)
    names = (words["quantity"], words["price"], words["rate"], words["line"])
    for right, name in zip(_COLUMNS, names, strict=True):
        sheet.amount(right, y + 13, name, size=8, weight="bold", colour=white)
    y += 19
    for one in items:
        y += _ROW
        sheet.text(_LEFT, y - 4, one.name)
        quantity = f"{_number(one.quantity, language)} {_UNITS[one.unit]}".strip()
        cells = (quantity, money(one.price, language), f"{_number(one.rate, language)} %", money(one.net, language))
        for right, cell in zip(_COLUMNS, cells, strict=True):
            sheet.amount(right, y - 4, cell)
        sheet.line(_LEFT - 5, y + 2, _RIGHT + 5)
    return y


def _sums(sheet: Sheet, invoice: Invoice, *, y: int) -> None:
    words, language = _WORDS[invoice.supplier.language], invoice.supplier.language
    rows = [(words["net"], invoice.net)]
    rows += [
        (f"{words['vat']} {_number(line.rate, language)} %{_base(line, invoice=invoice)}", line.vat)
        for line in invoice.vat_sums
    ]
    if len(invoice.vat_sums) > 1:
        rows.append((words["sum"], invoice.vat))
    for name, value in rows:
        y += 16
        sheet.text(345, y, name)
        sheet.amount(_RIGHT, y, f"{money(value, language)} €")
    y += 10
    sheet.box(335, y, _RIGHT - 325, 24, colour="0.94 0.95 0.96")
    sheet.text(345, y + 16, words["gross"], size=11, weight="bold")
    sheet.amount(_RIGHT, y + 16, f"{money(invoice.gross, language)} €", size=11, weight="bold")
    if invoice.is_reverse_charge:
        sheet.text(_LEFT, y + 16, words["reverse"], size=8.5)


def _base(line: VatSum, *, invoice: Invoice) -> str:
    """Say what a rate is taken of, where there are several."""
    language = invoice.supplier.language
    on = {"de": "auf", "en": "on"}.get(language, "sur")
    return f" {on} {money(line.base, language)}" if len(invoice.vat_sums) > 1 else ""


def _foot(sheet: Sheet, invoice: Invoice, *, page: str) -> None:
    words, y = _WORDS[invoice.supplier.language], HEIGHT - 62
    sheet.line(_LEFT - 5, y, _RIGHT + 5)
    sheet.text(_LEFT, y + 15, f"{words['bank']} {_iban(invoice.supplier.iban)}", size=8.5)
    sheet.text(_LEFT, y + 28, words["late"], size=7.5, colour="0.45 0.45 0.5")
    sheet.text(_LEFT, y + 40, f"{invoice.supplier.name} - {invoice.supplier.email}", size=7.5, colour="0.45 0.45 0.5")
    sheet.amount(_RIGHT, y + 40, f"{words['page']} {page}", size=7.5, colour="0.45 0.45 0.5")


def _iban(text: str) -> str:
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def money(amount: Decimal, language: str) -> str:
    """Write an amount as the language does; Helvetica has no narrow no-break space, so a plain one parts thousands."""
    text = f"{amount:,.2f}"
    if language == "en":
        return text
    thousands = "." if language == "de" else "\u00a0"
    return text.replace(",", "\t").replace(".", ",").replace("\t", thousands)


def _number(value: Decimal, language: str) -> str:
    text = f"{value.normalize():f}"
    return text if language == "en" else text.replace(".", ",")


def _day(day: date, language: str) -> str:
    return {"fr": f"{day:%d/%m/%Y}", "de": f"{day:%d.%m.%Y}"}.get(language, f"{day.day} {day:%B %Y}")
