"""An invented invoice as data: UN/CEFACT CII and OASIS UBL, both as EN 16931 wants them."""

from __future__ import annotations

from decimal import Decimal
from xml.sax.saxutils import escape

from liasse.cli.demo_invoice import Invoice, Item, Party, VatSum

# What the French reform wants every invoice between firms to say (BR-FR-05), by the subject's code (UNTDID 4451).
_MENTIONS = (
    ("PMT", "Indemnité forfaitaire pour frais de recouvrement en cas de retard de paiement : 40 €."),
    ("PMD", "Pénalités de retard : trois fois le taux d'intérêt légal."),
    ("AAB", "Pas d'escompte pour paiement anticipé."),
)
_SERVICES = "S1"
"""The kind of transaction (BT-23) of an invoice for services that is not paid yet."""

_CII = "urn:un:unece:uncefact:data:standard"
_UBL = "urn:oasis:names:specification:ubl:schema:xsd"


def cii(invoice: Invoice) -> bytes:
    """Give the invoice as CII, the content of ``factur-x.xml`` in the profile EN 16931."""
    kind = "381" if invoice.is_credit else "380"
    order = process = notes = ""
    if invoice.supplier.siren:
        process = f"<ram:ID>{_SERVICES}</ram:ID>"
        process = (
            f"<ram:BusinessProcessSpecifiedDocumentContextParameter>{process}"
            "</ram:BusinessProcessSpecifiedDocumentContextParameter>"
        )
        notes = "".join(
            f"<ram:IncludedNote><ram:Content>{escape(text)}</ram:Content><ram:SubjectCode>{code}</ram:SubjectCode>"
            "</ram:IncludedNote>\n"
            for code, text in _MENTIONS
        )
    if invoice.order_number:
        order = f"<ram:BuyerOrderReferencedDocument>{_cii_id(invoice.order_number)}</ram:BuyerOrderReferencedDocument>"
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice xmlns:rsm="{_CII}:CrossIndustryInvoice:100"
 xmlns:ram="{_CII}:ReusableAggregateBusinessInformationEntity:100" xmlns:udt="{_CII}:UnqualifiedDataType:100">
<rsm:ExchangedDocumentContext>{process}<ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>urn:cen.eu:en16931:2017</ram:ID>
</ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>
<rsm:ExchangedDocument>{_cii_id(invoice.number)}<ram:TypeCode>{kind}</ram:TypeCode>
<ram:IssueDateTime><udt:DateTimeString format="102">{invoice.issued:%Y%m%d}</udt:DateTimeString></ram:IssueDateTime>
{notes}</rsm:ExchangedDocument>
<rsm:SupplyChainTradeTransaction>
{"".join(_cii_line(number, one) for number, one in enumerate(invoice.items, start=1))}
<ram:ApplicableHeaderTradeAgreement><ram:SellerTradeParty>{_cii_party(invoice.supplier)}</ram:SellerTradeParty>
<ram:BuyerTradeParty>{_cii_party(invoice.customer)}</ram:BuyerTradeParty>{order}</ram:ApplicableHeaderTradeAgreement>
<ram:ApplicableHeaderTradeDelivery><ram:ActualDeliverySupplyChainEvent><ram:OccurrenceDateTime>
<udt:DateTimeString format="102">{invoice.issued:%Y%m%d}</udt:DateTimeString></ram:OccurrenceDateTime>
</ram:ActualDeliverySupplyChainEvent></ram:ApplicableHeaderTradeDelivery>
{_cii_settlement(invoice)}
</rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>""".encode()


def _cii_id(text: str) -> str:
    return f"<ram:ID>{escape(text)}</ram:ID>"


def _category(line: VatSum | Item) -> str:
    return "S" if line.rate else "AE"


def _counted(one: Item) -> tuple[Decimal, Decimal]:
    """Give quantity and price: a price is never negative (BR-27), so the quantity of what is taken back is."""
    return (-one.quantity, -one.price) if one.price < 0 else (one.quantity, one.price)


def _cii_line(number: int, one: Item) -> str:
    quantity, price = _counted(one)
    return f"""<ram:IncludedSupplyChainTradeLineItem>
<ram:AssociatedDocumentLineDocument><ram:LineID>{number}</ram:LineID></ram:AssociatedDocumentLineDocument>
<ram:SpecifiedTradeProduct><ram:Name>{escape(one.name)}</ram:Name></ram:SpecifiedTradeProduct>
<ram:SpecifiedLineTradeAgreement><ram:NetPriceProductTradePrice><ram:ChargeAmount>{price}</ram:ChargeAmount>
</ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement>
<ram:SpecifiedLineTradeDelivery><ram:BilledQuantity unitCode="{one.unit}">{quantity}</ram:BilledQuantity>
</ram:SpecifiedLineTradeDelivery>
<ram:SpecifiedLineTradeSettlement><ram:ApplicableTradeTax><ram:TypeCode>VAT</ram:TypeCode>
<ram:CategoryCode>{_category(one)}</ram:CategoryCode><ram:RateApplicablePercent>{one.rate}</ram:RateApplicablePercent>
</ram:ApplicableTradeTax><ram:SpecifiedTradeSettlementLineMonetarySummation>
<ram:LineTotalAmount>{one.net}</ram:LineTotalAmount></ram:SpecifiedTradeSettlementLineMonetarySummation>
</ram:SpecifiedLineTradeSettlement></ram:IncludedSupplyChainTradeLineItem>
"""


def _cii_party(party: Party) -> str:
    siren = ""
    if party.siren:
        siren = (
            f'<ram:SpecifiedLegalOrganization><ram:ID schemeID="0002">{party.siren}</ram:ID>'
            "</ram:SpecifiedLegalOrganization>"
        )
    tax = electronic = ""
    if party.siren:
        electronic = (
            f'<ram:URIUniversalCommunication><ram:URIID schemeID="0225">{party.siren}</ram:URIID>'
            "</ram:URIUniversalCommunication>"
        )
    if party.vat:
        tax = f'<ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">{party.vat}</ram:ID></ram:SpecifiedTaxRegistration>'
    return (
        f"<ram:Name>{escape(party.name)}</ram:Name>{siren}"
        f"<ram:PostalTradeAddress><ram:PostcodeCode>{party.postcode}</ram:PostcodeCode>"
        f"<ram:LineOne>{escape(party.street)}</ram:LineOne><ram:CityName>{escape(party.city)}</ram:CityName>"
        f"<ram:CountryID>{party.country}</ram:CountryID></ram:PostalTradeAddress>{electronic}{tax}"
    )


def _cii_settlement(invoice: Invoice) -> str:
    taxes = "".join(
        f"<ram:ApplicableTradeTax><ram:CalculatedAmount>{line.vat}</ram:CalculatedAmount><ram:TypeCode>VAT"
        f"</ram:TypeCode>{_reason(line)}<ram:BasisAmount>{line.base}</ram:BasisAmount>"
        f"<ram:CategoryCode>{_category(line)}</ram:CategoryCode>"
        f"<ram:RateApplicablePercent>{line.rate}</ram:RateApplicablePercent></ram:ApplicableTradeTax>\n"
        for line in invoice.vat_sums
    )
    return f"""<ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
<ram:SpecifiedTradeSettlementPaymentMeans><ram:TypeCode>30</ram:TypeCode>
<ram:PayeePartyCreditorFinancialAccount><ram:IBANID>{invoice.supplier.iban}</ram:IBANID>
</ram:PayeePartyCreditorFinancialAccount></ram:SpecifiedTradeSettlementPaymentMeans>
{taxes}<ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime>
<udt:DateTimeString format="102">{invoice.due:%Y%m%d}</udt:DateTimeString></ram:DueDateDateTime>
</ram:SpecifiedTradePaymentTerms>
<ram:SpecifiedTradeSettlementHeaderMonetarySummation><ram:LineTotalAmount>{invoice.net}</ram:LineTotalAmount>
<ram:TaxBasisTotalAmount>{invoice.net}</ram:TaxBasisTotalAmount>
<ram:TaxTotalAmount currencyID="EUR">{invoice.vat}</ram:TaxTotalAmount>
<ram:GrandTotalAmount>{invoice.gross}</ram:GrandTotalAmount>
<ram:DuePayableAmount>{invoice.gross}</ram:DuePayableAmount>
</ram:SpecifiedTradeSettlementHeaderMonetarySummation></ram:ApplicableHeaderTradeSettlement>"""


def _reason(line: VatSum) -> str:
    return "" if line.rate else "<ram:ExemptionReason>Reverse charge</ram:ExemptionReason>"


def ubl(invoice: Invoice) -> bytes:
    """Give the invoice as UBL, an Invoice or a CreditNote."""
    root = "CreditNote" if invoice.is_credit else "Invoice"
    code = "381" if invoice.is_credit else "380"
    # A credit note has no place for the due date there (BT-9 stands with the means of payment).
    due = "" if invoice.is_credit else f"<cbc:DueDate>{invoice.due}</cbc:DueDate>"
    order = process = notes = ""
    if invoice.supplier.siren:
        process = f"<cbc:ProfileID>{_SERVICES}</cbc:ProfileID>"
        notes = "".join(f"<cbc:Note>#{code}#{escape(text)}</cbc:Note>" for code, text in _MENTIONS)
    if invoice.order_number:
        order = f"<cac:OrderReference><cbc:ID>{escape(invoice.order_number)}</cbc:ID></cac:OrderReference>"
    lines = "".join(_ubl_line(number, one, root=root) for number, one in enumerate(invoice.items, start=1))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<{root} xmlns="{_UBL}:{root}-2" xmlns:cac="{_UBL}:CommonAggregateComponents-2"
 xmlns:cbc="{_UBL}:CommonBasicComponents-2">
<cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>{process}
<cbc:ID>{escape(invoice.number)}</cbc:ID><cbc:IssueDate>{invoice.issued}</cbc:IssueDate>{due}
<cbc:{root}TypeCode>{code}</cbc:{root}TypeCode>{notes}<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>{order}
<cac:AccountingSupplierParty>{_ubl_party(invoice.supplier)}</cac:AccountingSupplierParty>
<cac:AccountingCustomerParty>{_ubl_party(invoice.customer)}</cac:AccountingCustomerParty>
<cac:PaymentMeans><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode>
<cac:PayeeFinancialAccount><cbc:ID>{invoice.supplier.iban}</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>
{_ubl_sums(invoice)}
{lines}</{root}>""".encode()


def _ubl_party(party: Party) -> str:
    electronic = f'<cbc:EndpointID schemeID="0225">{party.siren}</cbc:EndpointID>' if party.siren else ""
    company = f'<cbc:CompanyID schemeID="0002">{party.siren}</cbc:CompanyID>' if party.siren else ""
    tax = ""
    if party.vat:
        tax = (
            f"<cac:PartyTaxScheme><cbc:CompanyID>{party.vat}</cbc:CompanyID>"
            "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>"
        )
    return f"""<cac:Party>{electronic}<cac:PostalAddress><cbc:StreetName>{escape(party.street)}</cbc:StreetName>
<cbc:CityName>{escape(party.city)}</cbc:CityName><cbc:PostalZone>{party.postcode}</cbc:PostalZone>
<cac:Country><cbc:IdentificationCode>{party.country}</cbc:IdentificationCode></cac:Country></cac:PostalAddress>{tax}
<cac:PartyLegalEntity><cbc:RegistrationName>{escape(party.name)}</cbc:RegistrationName>{company}
</cac:PartyLegalEntity></cac:Party>"""


def _money(name: str, amount: object) -> str:
    return f'<cbc:{name} currencyID="EUR">{amount}</cbc:{name}>'


def _ubl_category(line: VatSum | Item, *, element: str) -> str:
    # The reason stands in the breakdown alone.
    reason = ""
    if element == "TaxCategory" and not line.rate:
        reason = "<cbc:TaxExemptionReason>Reverse charge</cbc:TaxExemptionReason>"
    return (
        f"<cac:{element}><cbc:ID>{_category(line)}</cbc:ID><cbc:Percent>{line.rate}</cbc:Percent>{reason}"
        f"<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:{element}>"
    )


def _ubl_sums(invoice: Invoice) -> str:
    parts = "".join(
        f"<cac:TaxSubtotal>{_money('TaxableAmount', line.base)}{_money('TaxAmount', line.vat)}"
        f"{_ubl_category(line, element='TaxCategory')}</cac:TaxSubtotal>\n"
        for line in invoice.vat_sums
    )
    return f"""<cac:TaxTotal>{_money("TaxAmount", invoice.vat)}
{parts}</cac:TaxTotal>
<cac:LegalMonetaryTotal>{_money("LineExtensionAmount", invoice.net)}{_money("TaxExclusiveAmount", invoice.net)}
{_money("TaxInclusiveAmount", invoice.gross)}{_money("PayableAmount", invoice.gross)}</cac:LegalMonetaryTotal>"""


def _ubl_line(number: int, one: Item, *, root: str) -> str:
    element = "CreditedQuantity" if root == "CreditNote" else "InvoicedQuantity"
    quantity, price = _counted(one)
    return f"""<cac:{root}Line><cbc:ID>{number}</cbc:ID>
<cbc:{element} unitCode="{one.unit}">{quantity}</cbc:{element}>{_money("LineExtensionAmount", one.net)}
<cac:Item><cbc:Name>{escape(one.name)}</cbc:Name>{_ubl_category(one, element="ClassifiedTaxCategory")}</cac:Item>
<cac:Price>{_money("PriceAmount", price)}</cac:Price></cac:{root}Line>
"""
