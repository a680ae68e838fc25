"""UBL 2.1 Invoice and CreditNote (EN 16931-3-2; Peppol BIS Billing 3, XRechnung, French CTC)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from liasse.adapters.einvoice_xml.syntax import AdjustmentGroup, Syntax
from liasse.reading.types import AdjustmentKind

_SELLER: Final = "AccountingSupplierParty/Party"
_BUYER: Final = "AccountingCustomerParty/Party"

_DOCUMENT: Final = {
    "BT-1": ("ID",),
    "BT-2": ("IssueDate",),
    "BT-3": ("InvoiceTypeCode", "CreditNoteTypeCode"),
    "BT-5": ("DocumentCurrencyCode",),
    "BT-9": ("DueDate", "PaymentMeans/PaymentDueDate"),
    "BT-13": ("OrderReference/ID",),
    "BT-24": ("CustomizationID",),
    "BT-27": (
        f"{_SELLER}/PartyLegalEntity/RegistrationName",
        f"{_SELLER}/PartyName/Name",
    ),
    "BT-31": (f"{_SELLER}/PartyTaxScheme[normalize-space(TaxScheme/ID)='VAT']/CompanyID",),
    "BT-44": (
        f"{_BUYER}/PartyLegalEntity/RegistrationName",
        f"{_BUYER}/PartyName/Name",
    ),
    "BT-48": (f"{_BUYER}/PartyTaxScheme[normalize-space(TaxScheme/ID)='VAT']/CompanyID",),
    "BT-72": ("Delivery/ActualDeliveryDate",),
    "BT-73": ("InvoicePeriod/StartDate",),
    "BT-74": ("InvoicePeriod/EndDate",),
    "BT-81": ("PaymentMeans/PaymentMeansCode",),
    "BT-84": ("PaymentMeans/PayeeFinancialAccount/ID",),
    "BT-87": ("PaymentMeans/CardAccount/PrimaryAccountNumberID",),
    "BT-109": ("LegalMonetaryTotal/TaxExclusiveAmount",),
    "BT-110": (
        "TaxTotal/TaxAmount[@currencyID=$currency]",
        "TaxTotal/TaxAmount[not(@currencyID) or $currency='']",
    ),
    "BT-112": ("LegalMonetaryTotal/TaxInclusiveAmount",),
    "BT-113": ("LegalMonetaryTotal/PrepaidAmount",),
    "BT-114": ("LegalMonetaryTotal/PayableRoundingAmount",),
    "BT-115": ("LegalMonetaryTotal/PayableAmount",),
}


def _sirens(party: str) -> tuple[str, ...]:
    return (
        f"{party}/PartyLegalEntity/CompanyID[@schemeID='0002' or @schemeID='0009']",
        f"{party}/PartyIdentification/ID[@schemeID='0002']",
        f"{party}/PartyIdentification/ID[@schemeID='0009']",
        f"{party}/EndpointID[@schemeID='0002' or @schemeID='0009']",
        f"{party}/EndpointID[@schemeID='0225']",
    )


def _address(party: str) -> tuple[tuple[str, ...], ...]:
    address = f"{party}/PostalAddress"
    return (
        (f"{address}/StreetName",),
        (f"{address}/AdditionalStreetName",),
        (f"{address}/AddressLine/Line",),
        (f"{address}/PostalZone", f"{address}/CityName"),
        (f"{address}/CountrySubentity",),
        (f"{address}/Country/IdentificationCode",),
    )


_REMARKS: Final = ("Note", "PaymentTerms/Note")
_ATTACHED: Final = (
    # An order's or a contract's number has its own element; these are papers beside the invoice.
    "AdditionalDocumentReference[not(DocumentTypeCode='130')]",
)
_VAT: Final = {
    "BT-116": ("TaxableAmount",),
    "BT-117": ("TaxAmount",),
    "BT-118": ("TaxCategory/ID",),
    "BT-119": ("TaxCategory/Percent", "Percent"),
}


def _adjustment(kind: AdjustmentKind, *, indicator: str) -> AdjustmentGroup:
    return AdjustmentGroup(
        kind=kind,
        path=f"AllowanceCharge[{indicator}]",
        amount=("Amount",),
        reason=("AllowanceChargeReason",),
        percent=("MultiplierFactorNumeric",),
        rate=("TaxCategory/Percent",),
    )


_IS_CHARGE: Final = "normalize-space(ChargeIndicator)='true' or normalize-space(ChargeIndicator)='1'"
_ADJUSTMENTS: Final = (
    _adjustment(AdjustmentKind.ALLOWANCE, indicator=f"not({_IS_CHARGE})"),
    _adjustment(AdjustmentKind.CHARGE, indicator=_IS_CHARGE),
)


def _lines(quantity: str) -> dict[str, tuple[str, ...]]:
    return {
        "BT-126": ("ID",),
        "BT-129": (quantity,),
        "BT-130": (f"{quantity}/@unitCode",),
        "BT-131": ("LineExtensionAmount",),
        "BT-146": ("Price/PriceAmount",),
        "BT-152": ("Item/ClassifiedTaxCategory/Percent", "TaxTotal/TaxSubtotal/Percent"),
        "BT-153": ("Item/Name", "Item/Description"),
    }


UBL_INVOICE: Final = Syntax(
    name="ubl-invoice",
    root="Invoice",
    namespaces=("urn:oasis:names:specification:ubl:schema:xsd:Invoice-",),
    document=_DOCUMENT,
    sirens=_sirens(_SELLER),
    buyer_sirens=_sirens(_BUYER),
    seller_address=_address(_SELLER),
    buyer_address=_address(_BUYER),
    remarks=_REMARKS,
    attached=_ATTACHED,
    vat_group="TaxTotal/TaxSubtotal",
    vat=_VAT,
    line="InvoiceLine",
    lines=_lines("InvoicedQuantity"),
    adjustments=_ADJUSTMENTS,
)
UBL_CREDIT_NOTE: Final = replace(
    UBL_INVOICE,
    name="ubl-creditnote",
    root="CreditNote",
    namespaces=("urn:oasis:names:specification:ubl:schema:xsd:CreditNote-",),
    line="CreditNoteLine",
    lines=_lines("CreditedQuantity"),
    is_credit=True,
)
