"""The sheet drawn of an e-invoice adds up: lines, allowances and charges make the net, and the rest what is due."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from liasse.adapters.einvoice_xml.reader import EInvoiceXmlReader
from liasse.reading.types import AdjustmentKind, FieldName, ReadingResult

pytestmark = [pytest.mark.corpus, pytest.mark.house]

_SIGNS = {
    AdjustmentKind.ALLOWANCE: -1,
    AdjustmentKind.CHARGE: 1,
    AdjustmentKind.PREPAID: -1,
    AdjustmentKind.ROUNDING: 1,
}
_CENT = Decimal("0.01")


def adjusted(result: ReadingResult, *kinds: AdjustmentKind) -> Decimal:
    return sum((_SIGNS[row.kind] * Decimal(row.amount) for row in result.adjustments if row.kind in kinds), Decimal(0))


def read_all(corpus: Path) -> list[ReadingResult]:
    files = sorted(corpus.glob("einvoice-*/files/**/*.xml"))
    return [result for path in files if (result := EInvoiceXmlReader().read(path.read_bytes())).adjustments]


def test_lines_with_allowances_and_charges_make_the_net_and_what_is_due(corpus: Path) -> None:
    net = due = right_net = right_due = 0
    for result in read_all(corpus):
        stated = {
            name: result.value(name) for name in (FieldName.TOTAL_NET, FieldName.TOTAL_GROSS, FieldName.AMOUNT_DUE)
        }
        amounts = {name: Decimal(text) for name, text in stated.items() if text}
        if FieldName.TOTAL_NET in amounts and result.lines and all(line.net for line in result.lines):
            of_lines = sum((Decimal(line.net or 0) for line in result.lines), Decimal(0))
            made = of_lines + adjusted(result, AdjustmentKind.ALLOWANCE, AdjustmentKind.CHARGE)
            net, right_net = net + 1, right_net + (abs(made - amounts[FieldName.TOTAL_NET]) <= _CENT)
        if {FieldName.TOTAL_GROSS, FieldName.AMOUNT_DUE} <= amounts.keys():
            left = amounts[FieldName.TOTAL_GROSS] + adjusted(result, AdjustmentKind.PREPAID, AdjustmentKind.ROUNDING)
            due, right_due = due + 1, right_due + (abs(left - amounts[FieldName.AMOUNT_DUE]) <= _CENT)
    print(f"net of lines right in {right_net} of {net}, due in {right_due} of {due}")
    # The others have lines within lines (EXTENDED), or are wrong on purpose.
    assert right_net >= 0.93 * net > 100
    assert right_due >= 0.98 * due > 100
