"""Pure decisions about a reading: is it sure enough, why not, and what lists show of it.

A document is *ready* when every field that it is booked by is as sure as the practice asks, and nothing else speaks
against it. How sure each strictness asks is measured (`calibration.json`, docs/mechanisms/reading.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from liasse.documents.types import DocumentKind, Summary
from liasse.lib.money import parse_decimal
from liasse.practices.types import Strictness
from liasse.reading.calibration import LEARNED, threshold
from liasse.reading.call import MIDDLE_UNREAD
from liasse.reading.conformity import hindrance
from liasse.reading.printed.till import ROUNDED
from liasse.reading.types import DocType, Field, FieldName, ReadingResult, Source

__all__ = ["Decision", "Reason", "ReasonCode", "Strictness", "decide", "summary_of"]

_ALWAYS: Final = (
    FieldName.DOC_TYPE,
    FieldName.SUPPLIER_NAME,
    FieldName.INVOICE_NUMBER,
    FieldName.ISSUE_DATE,
    FieldName.CURRENCY,
    FieldName.TOTAL_GROSS,
)
# A till's receipt need not have a number, and what is read as one is often the till's, the table's or the card's.
_OF_RECEIPT: Final = tuple(name for name in _ALWAYS if name is not FieldName.INVOICE_NUMBER)
# Not every document says these, but what is read of them is booked.
_WHERE_READ: Final = (FieldName.TOTAL_NET, FieldName.TOTAL_VAT, FieldName.DUE_DATE)
_LOOKED_AT: Final = frozenset({*_ALWAYS, *_WHERE_READ})
# What no booking hangs on is marked when one in five such values is wrong.
_LEAST_OF_OTHERS: Final = 0.8
_IDENTIFIERS: Final = (FieldName.SUPPLIER_VAT, FieldName.SUPPLIER_SIREN)
_HARDLY_A_NAME: Final = 0.7
# How sure a name is that OCR alone says, of a supplier that the file does not know: enough for "Fast", and not for
# "Normal". Letters are misread that no second look doubts; a person looks at the first paper of such a supplier.
_BY_NAME_ALONE: Final = 0.92
_BOOKED: Final = frozenset({DocType.INVOICE, DocType.CREDIT_NOTE, DocType.RECEIPT})
# Notes that speak against no value: the fields' own confidence tells how well a scanner's or our own OCR saw them.
# The sums are looked at as they are now, not as they were when the document was read.
# How a page lay, or that its text was no good, was made up for when it was looked at.
_HARMLESS_NOTES: Final = frozenset(
    {"text_of_scan", "sums_differ", "ocr", "sideways", "upside_down", "bad_text", MIDDLE_UNREAD}
)
# A date of which day and month may be the other way round; a currency's sign that others have too.
_TWO_WAYS: Final = frozenset({"ambiguous", "shared"})
# What two other amounts give.
_DERIVED: Final = "derived"
_CENT: Final = Decimal("0.01")
# Cash is rounded to five cents where there are no smaller coins.
_CASH: Final = Decimal("0.05")
_LARGEST: Final = Decimal(10) ** 16


MAY_BE_SEVERAL: Final = "may_be_several"
"""The detail of the note that a document may have to be cut, which nobody answered yet."""


class ReasonCode(StrEnum):
    """Why a person must look. `web.inbox.problems` has the sentences."""

    PROBLEM = "problem"
    NOTE = "note"
    PICTURE = "picture"
    OTHER_KIND = "other_kind"
    FINDING = "finding"
    SUMS = "sums_differ"
    MISSING = "missing"
    AMBIGUOUS = "ambiguous"
    DOUBT = "doubt"
    ALARM = "alarm"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason why a person must look; `fields` are those concerned, `detail` the problem's or note's own code."""

    code: ReasonCode
    fields: tuple[FieldName, ...] = ()
    detail: str = ""

    def to_json(self) -> dict[str, object]:
        """Return plain JSON types."""
        return {"code": self.code.value, "fields": [name.value for name in self.fields], "detail": self.detail}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Reason:
        """Return the reason that `to_json` was called on."""
        names = tuple(FieldName(name) for name in data["fields"])
        return cls(ReasonCode(data["code"]), names, data["detail"])

    @property
    def key(self) -> str:
        """Give what the document keeps as its problem: at most 60 letters, one sentence for each."""
        if self.detail:
            return self.detail[:60]
        return f"{self.code}-{self.fields[0]}" if len(self.fields) == 1 else self.code.value


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a document is ready, why not (the weightiest reason first), and which fields were asked."""

    is_ready: bool
    reasons: tuple[Reason, ...]
    asked: tuple[FieldName, ...]

    @property
    def only_doubts(self) -> bool:
        """Tell whether nothing but the confidence of fields speaks against it."""
        return all(reason.code is ReasonCode.DOUBT for reason in self.reasons)


def decide(result: ReadingResult, strictness: Strictness = Strictness.NORMAL) -> Decision:
    """Decide whether nobody needs to look at a document, and say why not.

    Confidences are taken as probabilities (`calibration.calibrated`). What exact data says is sure; net + VAT =
    gross is EN 16931's BR-CO-15, to the cent, and is not asked where the document gives no net or no VAT.
    """
    asked = asked_fields(result)
    reasons = [*_hindrances(result), *_of_fields(result, asked, strictness)]
    return Decision(is_ready=not reasons, reasons=tuple(reasons), asked=asked)


def asked_fields(result: ReadingResult) -> tuple[FieldName, ...]:
    """Give the fields that must be sure: those of the document's kind, and what else is read and booked."""
    always = _OF_RECEIPT if result.value(FieldName.DOC_TYPE) == DocType.RECEIPT else _ALWAYS
    return (*always, *(name for name in _WHERE_READ if result.value(name)))


def is_doubtful(name: FieldName, field: Field, *, strictness: str) -> bool:
    """Tell whether a person should look at a value: one that is booked by its threshold, others when in real doubt."""
    if field.value is None:
        return False
    least = threshold(name, strictness=strictness) if name in _LOOKED_AT else _LEAST_OF_OTHERS
    return field.confidence < least or not _TWO_WAYS.isdisjoint(field.evidence)


def _hindrances(result: ReadingResult) -> list[Reason]:
    """Give what makes a document not ready however sure its fields are."""
    if result.problem is not None:
        return [Reason(ReasonCode.PROBLEM, detail=result.problem.code.value)]
    reasons = []
    notes = [note for note in result.notes if note not in _HARMLESS_NOTES]
    if result.format == "image" and not result.fields:
        reasons.append(Reason(ReasonCode.PICTURE, detail=(notes or ["picture"])[0]))
    elif notes:
        reasons.append(Reason(ReasonCode.NOTE, detail=notes[0]))
    kind = result.value(FieldName.DOC_TYPE)
    if kind and kind not in _BOOKED:
        reasons.append(Reason(ReasonCode.OTHER_KIND))
    if found := hindrance(result.findings):
        reasons.append(Reason(ReasonCode.FINDING, detail=found))
    if not _sums_hold(result):
        reasons.append(Reason(ReasonCode.SUMS))
    return reasons


def _of_fields(result: ReadingResult, asked: tuple[FieldName, ...], strictness: Strictness) -> list[Reason]:
    missing = tuple(name for name in asked if not result.value(name))
    there = [(name, as_known(name, result.fields)) for name in asked if name not in missing]
    ambiguous = tuple(name for name, field in there if not _TWO_WAYS.isdisjoint(field.evidence))
    doubted = tuple(
        name for name, field in there if name not in ambiguous and is_doubtful(name, field, strictness=strictness)
    )
    told = "incomplete" if result.is_structured else "missing"
    found = (
        Reason(ReasonCode.MISSING, missing, told),
        Reason(ReasonCode.AMBIGUOUS, ambiguous),
        Reason(ReasonCode.DOUBT, doubted),
    )
    return [reason for reason in found if reason.fields]


def as_known(name: FieldName, fields: Mapping[FieldName, Field]) -> Field:
    """Return a field as it is, but a supplier's name as sure as the numbers that say who it is, if it may be a name.

    A supplier is known by its identifiers, or because the file knows it, not by how its name is printed. A net
    amount that is what the VAT leaves of the total is as sure as the less sure of those.
    """
    field = fields[name]
    if name is FieldName.TOTAL_NET and _DERIVED in field.evidence:
        others = [fields[one].confidence for one in (FieldName.TOTAL_VAT, FieldName.TOTAL_GROSS) if one in fields]
        return replace(field, confidence=min(others)) if len(others) > 1 else field
    if name is not FieldName.SUPPLIER_NAME or field.confidence < _HARDLY_A_NAME:
        return field
    numbers = [number.confidence for one in _IDENTIFIERS if (number := fields.get(one)) and number.value]
    if not numbers and field.source is Source.OCR and LEARNED not in field.evidence:
        return replace(field, confidence=min(field.confidence, _BY_NAME_ALONE))
    return replace(field, confidence=max([field.confidence, *numbers]))


def _sums_hold(result: ReadingResult) -> bool:
    net, vat, gross = (
        parse_decimal(result.value(name)) for name in (FieldName.TOTAL_NET, FieldName.TOTAL_VAT, FieldName.TOTAL_GROSS)
    )
    if net is None or vat is None or gross is None:
        return True
    is_rounded = ROUNDED in result.fields[FieldName.TOTAL_GROSS].evidence
    return abs(net + vat - gross) <= (_CASH if is_rounded else _CENT)


def summary_of(values: dict[FieldName, str]) -> Summary:
    """Give what lists show from the canonical values of a reading's fields."""
    return Summary(
        kind=_kind(values.get(FieldName.DOC_TYPE, "")),
        supplier_name=values.get(FieldName.SUPPLIER_NAME, ""),
        number=values.get(FieldName.INVOICE_NUMBER, ""),
        issue_date=_day(values.get(FieldName.ISSUE_DATE, "")),
        due_date=_day(values.get(FieldName.DUE_DATE, "")),
        currency=values.get(FieldName.CURRENCY, ""),
        total_net=_amount(values.get(FieldName.TOTAL_NET, "")),
        total_vat=_amount(values.get(FieldName.TOTAL_VAT, "")),
        total_gross=_amount(values.get(FieldName.TOTAL_GROSS, "")),
    )


def _kind(text: str) -> DocumentKind | None:
    with suppress(ValueError):
        return DocumentKind(text)
    return None


def _day(text: str) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(text)
    return None


def _amount(text: str) -> Decimal | None:
    """Give an amount to the cent, as lists show it; the exact text stays with the reading."""
    amount = parse_decimal(text)
    if amount is None or not amount.is_finite() or abs(amount) >= _LARGEST:
        return None
    return amount.quantize(_CENT)
