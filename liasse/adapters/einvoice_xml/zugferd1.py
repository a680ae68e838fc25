"""ZUGFeRD 1.0 (CrossIndustryDocument) and its release candidate, whose root was `Invoice`."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from liasse.adapters.einvoice_xml.adjustments import cefact_address, cefact_adjustments
from liasse.adapters.einvoice_xml.syntax import Syntax

_DEAL: Final = "SpecifiedSupplyChainTradeTransaction"
_AGREEMENT: Final = f"{_DEAL}/ApplicableSupplyChainTradeAgreement"
_DELIVERY: Final = f"{_DEAL}/ApplicableSupplyChainTradeDelivery"
_SETTLEMENT: Final = f"{_DEAL}/ApplicableSupplyChainTradeSettlement"
_SELLER: Final = f"{_AGREEMENT}/SellerTradeParty"
_BUYER: Final = f"{_AGREEMENT}/BuyerTradeParty"
_MEANS: Final = f"{_SETTLEMENT}/SpecifiedTradeSettlementPaymentMeans"
_PERIOD: Final = f"{_SETTLEMENT}/BillingSpecifiedPeriod"
_TOTALS: Final = f"{_SETTLEMENT}/SpecifiedTradeSettlementMonetarySummation"
_CONTEXT: Final = "SpecifiedExchangedDocumentContext/GuidelineSpecifiedDocumentContextParameter"
_ACCOUNT: Final = f"{_MEANS}/PayeePartyCreditorFinancialAccount"

ZUGFERD_1: Final = Syntax(
    name="zugferd-1",
    root="CrossIndustryDocument",
    namespaces=("urn:ferd:CrossIndustryDocument:",),
    document={
        "BT-1": ("HeaderExchangedDocument/ID",),
        "BT-2": ("HeaderExchangedDocument/IssueDateTime/*", "HeaderExchangedDocument/IssueDateTime"),
        "BT-3": ("HeaderExchangedDocument/TypeCode",),
        "BT-5": (f"{_SETTLEMENT}/InvoiceCurrencyCode",),
        "BT-9": (f"{_SETTLEMENT}/SpecifiedTradePaymentTerms/DueDateDateTime/*",),
        "BT-13": (f"{_AGREEMENT}/BuyerOrderReferencedDocument/ID",),
        "BT-24": (f"{_CONTEXT}/ID",),
        "BT-27": (f"{_SELLER}/Name",),
        "BT-31": (f"{_SELLER}/SpecifiedTaxRegistration/ID[@schemeID='VA']",),
        "BT-44": (f"{_BUYER}/Name",),
        "BT-48": (f"{_BUYER}/SpecifiedTaxRegistration/ID[@schemeID='VA']",),
        "BT-72": (f"{_DELIVERY}/ActualDeliverySupplyChainEvent/OccurrenceDateTime/*",),
        "BT-73": (f"{_PERIOD}/StartDateTime/*", f"{_PERIOD}/StartDateTime"),
        "BT-74": (f"{_PERIOD}/EndDateTime/*", f"{_PERIOD}/EndDateTime"),
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
    sirens=(
        f"{_SELLER}/GlobalID[@schemeID='0002']",
        f"{_SELLER}/GlobalID[@schemeID='0009']",
    ),
    buyer_sirens=(
        f"{_BUYER}/GlobalID[@schemeID='0002']",
        f"{_BUYER}/GlobalID[@schemeID='0009']",
    ),
    seller_address=cefact_address(_SELLER),
    buyer_address=cefact_address(_BUYER),
    remarks=("HeaderExchangedDocument/IncludedNote/Content", f"{_SETTLEMENT}/SpecifiedTradePaymentTerms/Description"),
    attached=(f"{_AGREEMENT}/AdditionalReferencedDocument",),
    vat_group=f"{_SETTLEMENT}/ApplicableTradeTax",
    vat={
        "BT-116": ("BasisAmount",),
        "BT-117": ("CalculatedAmount",),
        "BT-118": ("CategoryCode",),
        "BT-119": ("ApplicablePercent",),
    },
    line=f"{_DEAL}/IncludedSupplyChainTradeLineItem",
    lines={
        "BT-126": ("AssociatedDocumentLineDocument/LineID",),
        "BT-129": ("SpecifiedSupplyChainTradeDelivery/BilledQuantity",),
        "BT-130": ("SpecifiedSupplyChainTradeDelivery/BilledQuantity/@unitCode",),
        "BT-131": ("SpecifiedSupplyChainTradeSettlement/SpecifiedTradeSettlementMonetarySummation/LineTotalAmount",),
        "BT-146": ("SpecifiedSupplyChainTradeAgreement/NetPriceProductTradePrice/ChargeAmount",),
        "BT-152": ("SpecifiedSupplyChainTradeSettlement/ApplicableTradeTax/ApplicablePercent",),
        "BT-153": ("SpecifiedTradeProduct/Name",),
    },
    adjustments=cefact_adjustments(_SETTLEMENT),
)
ZUGFERD_RC: Final = replace(ZUGFERD_1, root="Invoice", namespaces=("urn:un:unece:uncefact:data:standard:CBFBUY:",))
