"""UN/CEFACT CII, D16B and D22B (EN 16931-3-3): XRechnung, Factur-X and ZUGFeRD 2, French CTC."""

from __future__ import annotations

from typing import Final

from liasse.adapters.einvoice_xml.adjustments import cefact_address, cefact_adjustments
from liasse.adapters.einvoice_xml.syntax import Syntax

_AGREEMENT: Final = "SupplyChainTradeTransaction/ApplicableHeaderTradeAgreement"
_DELIVERY: Final = "SupplyChainTradeTransaction/ApplicableHeaderTradeDelivery"
_SETTLEMENT: Final = "SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement"
_SELLER: Final = f"{_AGREEMENT}/SellerTradeParty"
_BUYER: Final = f"{_AGREEMENT}/BuyerTradeParty"
_MEANS: Final = f"{_SETTLEMENT}/SpecifiedTradeSettlementPaymentMeans"
_PERIOD: Final = f"{_SETTLEMENT}/BillingSpecifiedPeriod"
_TOTALS: Final = f"{_SETTLEMENT}/SpecifiedTradeSettlementHeaderMonetarySummation"
_ACCOUNT: Final = f"{_MEANS}/PayeePartyCreditorFinancialAccount"


def _sirens(party: str) -> tuple[str, ...]:
    return (
        f"{party}/SpecifiedLegalOrganization/ID[@schemeID='0002' or @schemeID='0009']",
        f"{party}/GlobalID[@schemeID='0002']",
        f"{party}/GlobalID[@schemeID='0009']",
        f"{party}/ID[@schemeID='0002' or @schemeID='0009']",
        f"{party}/URIUniversalCommunication/URIID[@schemeID='0002' or @schemeID='0009']",
        f"{party}/URIUniversalCommunication/URIID[@schemeID='0225']",
    )


CII: Final = Syntax(
    name="cii",
    root="CrossIndustryInvoice",
    namespaces=("urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:",),
    document={
        "BT-1": ("ExchangedDocument/ID",),
        "BT-2": ("ExchangedDocument/IssueDateTime/*",),
        "BT-3": ("ExchangedDocument/TypeCode",),
        "BT-5": (f"{_SETTLEMENT}/InvoiceCurrencyCode",),
        "BT-9": (f"{_SETTLEMENT}/SpecifiedTradePaymentTerms/DueDateDateTime/*",),
        "BT-13": (f"{_AGREEMENT}/BuyerOrderReferencedDocument/IssuerAssignedID",),
        "BT-24": ("ExchangedDocumentContext/GuidelineSpecifiedDocumentContextParameter/ID",),
        "BT-27": (f"{_SELLER}/Name",),
        "BT-31": (f"{_SELLER}/SpecifiedTaxRegistration/ID[@schemeID='VA']",),
        "BT-44": (f"{_BUYER}/Name",),
        "BT-48": (f"{_BUYER}/SpecifiedTaxRegistration/ID[@schemeID='VA']",),
        "BT-72": (f"{_DELIVERY}/ActualDeliverySupplyChainEvent/OccurrenceDateTime/*",),
        "BT-73": (f"{_PERIOD}/StartDateTime/*",),
        "BT-74": (f"{_PERIOD}/EndDateTime/*",),
        "BT-81": (f"{_MEANS}/TypeCode",),
        "BT-84": (f"{_ACCOUNT}/IBANID",),
        "BT-87": (f"{_MEANS}/ApplicableTradeSettlementFinancialCard/ID",),
        "BT-109": (f"{_TOTALS}/TaxBasisTotalAmount",),
        "BT-110": (
            f"{_TOTALS}/TaxTotalAmount[@currencyID=$currency]",
            f"{_TOTALS}/TaxTotalAmount[not(@currencyID) or $currency='']",
        ),
        "BT-112": (f"{_TOTALS}/GrandTotalAmount",),
        "BT-113": (f"{_TOTALS}/TotalPrepaidAmount",),
        "BT-114": (f"{_TOTALS}/RoundingAmount",),
        "BT-115": (f"{_TOTALS}/DuePayableAmount",),
    },
    sirens=_sirens(_SELLER),
    buyer_sirens=_sirens(_BUYER),
    seller_address=cefact_address(_SELLER),
    buyer_address=cefact_address(_BUYER),
    remarks=("ExchangedDocument/IncludedNote/Content", f"{_SETTLEMENT}/SpecifiedTradePaymentTerms/Description"),
    attached=(f"{_AGREEMENT}/AdditionalReferencedDocument[not(TypeCode='130' or TypeCode='50')]",),
    vat_group=f"{_SETTLEMENT}/ApplicableTradeTax",
    vat={
        "BT-116": ("BasisAmount",),
        "BT-117": ("CalculatedAmount",),
        "BT-118": ("CategoryCode",),
        "BT-119": ("RateApplicablePercent", "ApplicablePercent"),
    },
    line="SupplyChainTradeTransaction/IncludedSupplyChainTradeLineItem",
    lines={
        "BT-126": ("AssociatedDocumentLineDocument/LineID",),
        "BT-129": ("SpecifiedLineTradeDelivery/BilledQuantity",),
        "BT-130": ("SpecifiedLineTradeDelivery/BilledQuantity/@unitCode",),
        "BT-131": ("SpecifiedLineTradeSettlement/SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount",),
        "BT-146": ("SpecifiedLineTradeAgreement/NetPriceProductTradePrice/ChargeAmount",),
        "BT-152": ("SpecifiedLineTradeSettlement/ApplicableTradeTax/RateApplicablePercent",),
        "BT-153": ("SpecifiedTradeProduct/Name",),
    },
    adjustments=cefact_adjustments(_SETTLEMENT),
)
