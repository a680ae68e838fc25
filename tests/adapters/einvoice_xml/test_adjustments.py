"""Allowances, charges, prepayments and roundings of the whole document, in each syntax that has them."""

from __future__ import annotations

import pytest

from liasse.adapters.einvoice_xml.reader import EInvoiceXmlReader
from liasse.reading.types import Adjustment, AdjustmentKind
from tests.paper import ubl

ALLOWANCE = Adjustment(AdjustmentKind.ALLOWANCE, "10.00", reason="Remise de fin d’année", percent="10", rate="20")
CHARGE = Adjustment(AdjustmentKind.CHARGE, "5.50", reason="Port", rate="20")
PREPAID = Adjustment(AdjustmentKind.PREPAID, "40.00")
ROUNDING = Adjustment(AdjustmentKind.ROUNDING, "-0.02")

UBL = """<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator>
  <cbc:AllowanceChargeReason>Remise de fin d’année</cbc:AllowanceChargeReason>
  <cbc:MultiplierFactorNumeric>10.0</cbc:MultiplierFactorNumeric><cbc:Amount currencyID="EUR">10</cbc:Amount>
  <cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>20.00</cbc:Percent></cac:TaxCategory></cac:AllowanceCharge>
<cac:AllowanceCharge><cbc:ChargeIndicator> true </cbc:ChargeIndicator>
  <cbc:AllowanceChargeReason>Port</cbc:AllowanceChargeReason><cbc:Amount currencyID="EUR">5.5</cbc:Amount>
  <cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>20</cbc:Percent></cac:TaxCategory></cac:AllowanceCharge>"""
CII = """<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
  xmlns="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
  xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
<rsm:SupplyChainTradeTransaction><ApplicableHeaderTradeSettlement>
  <SpecifiedTradeAllowanceCharge><ChargeIndicator><udt:Indicator>false</udt:Indicator></ChargeIndicator>
    <CalculationPercent>10.00</CalculationPercent><ActualAmount>10.00</ActualAmount>
    <Reason>Remise de fin d’année</Reason>
    <CategoryTradeTax><RateApplicablePercent>20.00</RateApplicablePercent></CategoryTradeTax>
  </SpecifiedTradeAllowanceCharge>
  {charge}
  <SpecifiedTradeSettlementHeaderMonetarySummation><TotalPrepaidAmount>40.00</TotalPrepaidAmount>
    <RoundingAmount>-0.02</RoundingAmount></SpecifiedTradeSettlementHeaderMonetarySummation>
</ApplicableHeaderTradeSettlement></rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>"""
TRADE_CHARGE = """<SpecifiedTradeAllowanceCharge><ChargeIndicator><udt:Indicator>true</udt:Indicator></ChargeIndicator>
  <ActualAmount>5.50</ActualAmount><Reason>Port</Reason>
  <CategoryTradeTax><RateApplicablePercent>20</RateApplicablePercent></CategoryTradeTax>
</SpecifiedTradeAllowanceCharge>"""
LOGISTICS = """<SpecifiedLogisticsServiceCharge><Description>Port</Description><AppliedAmount>5.50</AppliedAmount>
  <AppliedTradeTax><RateApplicablePercent>20</RateApplicablePercent></AppliedTradeTax>
</SpecifiedLogisticsServiceCharge>"""


def read(content: bytes) -> tuple[Adjustment, ...]:
    return EInvoiceXmlReader().read(content).adjustments


def test_ubl_states_them_beside_its_parties_and_totals() -> None:
    totals = b"<cbc:PrepaidAmount>40</cbc:PrepaidAmount><cbc:PayableRoundingAmount>-0.02</cbc:PayableRoundingAmount>"
    content = ubl(extra=UBL).replace(b"<cbc:PayableAmount", totals + b"<cbc:PayableAmount")
    assert read(content) == (ALLOWANCE, CHARGE, PREPAID, ROUNDING)


@pytest.mark.parametrize("charge", [TRADE_CHARGE, LOGISTICS], ids=["charge", "logistics"])
def test_cii_states_them_in_its_settlement(charge: str) -> None:
    assert read(CII.format(charge=charge).encode()) == (ALLOWANCE, CHARGE, PREPAID, ROUNDING)


def test_those_of_a_line_are_not_the_document_s() -> None:
    line = f"<cac:InvoiceLine>{UBL}</cac:InvoiceLine>"
    assert read(ubl(extra=line)) == ()


def test_one_without_an_amount_is_left_out() -> None:
    assert read(ubl(extra=UBL.replace(">10<", ">NaN<").replace(">5.5<", "><"))) == ()
