"""What UN/CEFACT's syntaxes, CII and its forebear ZUGFeRD 1, have in common: allowances, charges, addresses."""

from __future__ import annotations

from typing import Final

from liasse.adapters.einvoice_xml.syntax import AddressLines, AdjustmentGroup
from liasse.reading.types import AdjustmentKind

_FLAG: Final = "ChargeIndicator/Indicator | ChargeIndicator[not(*)]"
_IS_CHARGE: Final = f"({_FLAG})[normalize-space()='true' or normalize-space()='1']"


def cefact_adjustments(settlement: str) -> tuple[AdjustmentGroup, ...]:
    """Return the groups under the settlement; a logistics service (EXTENDED) is a charge as well."""
    return (
        _group(AdjustmentKind.ALLOWANCE, path=f"{settlement}/SpecifiedTradeAllowanceCharge[not({_IS_CHARGE})]"),
        _group(AdjustmentKind.CHARGE, path=f"{settlement}/SpecifiedTradeAllowanceCharge[{_IS_CHARGE}]"),
        AdjustmentGroup(
            kind=AdjustmentKind.CHARGE,
            path=f"{settlement}/SpecifiedLogisticsServiceCharge",
            amount=("AppliedAmount",),
            reason=("Description",),
            rate=("AppliedTradeTax/RateApplicablePercent", "AppliedTradeTax/ApplicablePercent"),
        ),
    )


def cefact_address(party: str) -> AddressLines:
    """Return the lines of a party's address."""
    address = f"{party}/PostalTradeAddress"
    return (
        (f"{address}/LineOne",),
        (f"{address}/LineTwo",),
        (f"{address}/LineThree",),
        (f"{address}/PostcodeCode", f"{address}/CityName"),
        (f"{address}/CountrySubDivisionName",),
        (f"{address}/CountryID",),
    )


def _group(kind: AdjustmentKind, *, path: str) -> AdjustmentGroup:
    return AdjustmentGroup(
        kind=kind,
        path=path,
        amount=("ActualAmount",),
        reason=("Reason",),
        percent=("CalculationPercent",),
        rate=("CategoryTradeTax/RateApplicablePercent", "CategoryTradeTax/ApplicablePercent"),
    )
