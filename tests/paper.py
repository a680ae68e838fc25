"""Papers made for tests: words at places, PDFs with text and attachments, small e-invoices."""

from io import BytesIO
from pathlib import Path

import pikepdf

from liasse.reading.types import Place, Word

A4 = (595, 842)
_LETTER = 0.011
_HEIGHT = 0.014


def words(text: str, *, page: int = 1) -> tuple[Word, ...]:
    """Give the words of a typewritten page: a column is a letter, a row a line.

    Two or more blanks part cells, as wide gaps do on paper.
    """
    found = []
    for row, line in enumerate(text.strip("\n").splitlines()):
        column = 0
        for part in line.split(" "):
            if part:
                place = Place(
                    page,
                    column * _LETTER,
                    row * 0.02 + 0.02,
                    (column + len(part)) * _LETTER,
                    row * 0.02 + 0.02 + _HEIGHT,
                )
                found.append(Word(part, place))
            column += len(part) + 1
    return tuple(found)


def pdf(
    lines: list[tuple[float, float, str]],
    *,
    attachments: dict[str, bytes] | None = None,
    rotate: int = 0,
    mode: int = 0,
) -> bytes:
    """Give a PDF of one A4 page with texts at (x, y) in points from the top left; `mode` 3 hides them."""
    document = pikepdf.new()
    page = document.add_blank_page(page_size=A4)
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica,
        Encoding=pikepdf.Name.WinAnsiEncoding,
    )  # fmt: skip
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    content = b"".join(_shown(x, A4[1] - y, text, mode) for x, y, text in lines)
    page.Contents = document.make_stream(content)
    page.Rotate = rotate
    for name, data in (attachments or {}).items():
        document.attachments[name] = pikepdf.AttachedFileSpec(document, data, filename=name)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _shown(x: float, y: float, text: str, mode: int) -> bytes:
    body = text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    return b"BT %d Tr /F1 11 Tf %f %f Td (%s) Tj ET\n" % (mode, x, y, body)


def written(folder: Path, name: str, data: bytes) -> Path:
    """Write a file and give its path."""
    path = folder / name
    path.write_bytes(data)
    return path


def ubl(*, number: str = "F-1", due: str = "120.00", extra: str = "", root: str = "Invoice") -> bytes:
    """Give a small UBL invoice of 100.00 and 20 % VAT that keeps every rule of EN 16931."""
    is_credit = root == "CreditNote"
    kind, quantity, code = ("CreditNote", "Credited", 381) if is_credit else ("Invoice", "Invoiced", 380)
    address = """<cac:PostalAddress><cbc:CityName>Lyon</cbc:CityName>
      <cac:Country><cbc:IdentificationCode>FR</cbc:IdentificationCode></cac:Country></cac:PostalAddress>"""
    tax = "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>"
    space = "urn:oasis:names:specification:ubl:schema:xsd:"
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<{root} xmlns="{space}{root}-2" xmlns:cac="{space}CommonAggregateComponents-2"
  xmlns:cbc="{space}CommonBasicComponents-2">
  <cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>
  <cbc:ID>{number}</cbc:ID><cbc:IssueDate>2026-01-15</cbc:IssueDate>
  <cbc:{kind}TypeCode>{code}</cbc:{kind}TypeCode><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>{extra}
  <cac:AccountingSupplierParty><cac:Party>{address}
    <cac:PartyTaxScheme><cbc:CompanyID>FR44732829320</cbc:CompanyID>
      <cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
    <cac:PartyLegalEntity><cbc:RegistrationName>L'Atelier &amp; Fils</cbc:RegistrationName></cac:PartyLegalEntity>
  </cac:Party></cac:AccountingSupplierParty>
  <cac:AccountingCustomerParty><cac:Party>{address}
    <cac:PartyLegalEntity><cbc:RegistrationName>Boulangerie</cbc:RegistrationName></cac:PartyLegalEntity>
  </cac:Party></cac:AccountingCustomerParty>
  <cac:TaxTotal><cbc:TaxAmount currencyID="EUR">20.00</cbc:TaxAmount>
    <cac:TaxSubtotal><cbc:TaxableAmount currencyID="EUR">100.00</cbc:TaxableAmount>
      <cbc:TaxAmount currencyID="EUR">20.00</cbc:TaxAmount>
      <cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>20.00</cbc:Percent>{tax}</cac:TaxCategory></cac:TaxSubtotal>
  </cac:TaxTotal>
  <cac:LegalMonetaryTotal><cbc:LineExtensionAmount currencyID="EUR">100.00</cbc:LineExtensionAmount>
    <cbc:TaxExclusiveAmount currencyID="EUR">100.00</cbc:TaxExclusiveAmount>
    <cbc:TaxInclusiveAmount currencyID="EUR">120.00</cbc:TaxInclusiveAmount>
    <cbc:PayableAmount currencyID="EUR">{due}</cbc:PayableAmount></cac:LegalMonetaryTotal>
  <cac:{kind}Line><cbc:ID>1</cbc:ID><cbc:{quantity}Quantity unitCode="C62">1</cbc:{quantity}Quantity>
    <cbc:LineExtensionAmount currencyID="EUR">100.00</cbc:LineExtensionAmount>
    <cac:Item><cbc:Name>Reliure</cbc:Name><cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID>
      <cbc:Percent>20.00</cbc:Percent>{tax}</cac:ClassifiedTaxCategory></cac:Item>
    <cac:Price><cbc:PriceAmount currencyID="EUR">100.00</cbc:PriceAmount></cac:Price></cac:{kind}Line>
</{root}>""".encode()
