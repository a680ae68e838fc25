"""An e-invoice that has no pages, as a sheet whose figures add up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from liasse.documents.sentences import KIND_LABELS, label
from liasse.lib.money import canonical_amount, parse_decimal
from liasse.reading.selectors import ShownReading
from liasse.reading.types import Adjustment, AdjustmentKind, FieldName
from liasse.web.inbox.fields import PAYMENT_LABELS

_LABELS: Final[dict[AdjustmentKind, Promise]] = {
    AdjustmentKind.ALLOWANCE: _("Allowance"),
    AdjustmentKind.CHARGE: _("Charge"),
    AdjustmentKind.PREPAID: _("Already paid"),
    AdjustmentKind.ROUNDING: _("Rounding"),
}
_TAKEN_OFF: Final = frozenset({AdjustmentKind.ALLOWANCE, AdjustmentKind.PREPAID})
_BEFORE_THE_NET: Final = frozenset({AdjustmentKind.ALLOWANCE, AdjustmentKind.CHARGE})
_MOST: Final = 100


@dataclass(frozen=True, slots=True)
class AdjustmentRow:
    """One allowance, charge, prepayment or rounding; the amount is as it counts in the sum."""

    label: str
    amount: str
    percent: str
    rate: str


def paper_of(reading: ShownReading) -> dict[str, Any]:
    """Give an e-invoice's fields by name, and what stands between its lines and what is to be paid."""
    values: dict[str, Any] = {str(name): reading.value(name) for name in FieldName}
    rows = [(row.kind, _row(row)) for row in reading.adjustments if parse_decimal(row.amount)]
    return values | {
        "kind": label(KIND_LABELS, values[FieldName.DOC_TYPE]),
        "adjustments": [row for kind, row in rows if kind in _BEFORE_THE_NET][:_MOST],
        "after_total": [row for kind, row in rows if kind not in _BEFORE_THE_NET],
        "method": PAYMENT_LABELS.get(values[FieldName.PAYMENT_METHOD], ""),
        "remarks": reading.remarks[:_MOST],
        "attached": reading.attached[:_MOST],
    }


def _row(row: Adjustment) -> AdjustmentRow:
    amount = parse_decimal(row.amount)
    signed = row.amount if amount is None or row.kind not in _TAKEN_OFF else canonical_amount(-amount)
    return AdjustmentRow(
        label=row.reason or str(_LABELS[row.kind]), amount=signed, percent=row.percent or "", rate=row.rate or ""
    )
