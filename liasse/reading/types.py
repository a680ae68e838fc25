"""What reading a document gives: fields, each with its source, confidence and place."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class DocType(StrEnum):
    """What kind of accounting document it is."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    RECEIPT = "receipt"
    STATEMENT = "statement"
    QUOTE = "quote"
    DELIVERY_NOTE = "delivery_note"
    OTHER = "other"


class Source(StrEnum):
    """Where a field's value comes from."""

    XML = "xml"
    TEXT = "text"
    OCR = "ocr"
    RULE = "rule"
    ENGINE = "engine"
    """An engine outside of Liasse; only ever in doubt."""
    PERSON = "person"


class FieldName(StrEnum):
    """The fields of a document. The values are names of columns, of JSON keys and of the API."""

    DOC_TYPE = "doc_type"
    SUPPLIER_NAME = "supplier_name"
    SUPPLIER_VAT = "supplier_vat"
    SUPPLIER_SIREN = "supplier_siren"
    CUSTOMER_NAME = "customer_name"
    INVOICE_NUMBER = "invoice_number"
    ORDER_NUMBER = "order_number"
    ISSUE_DATE = "issue_date"
    DUE_DATE = "due_date"
    DELIVERY_DATE = "delivery_date"
    CURRENCY = "currency"
    TOTAL_NET = "total_net"
    TOTAL_VAT = "total_vat"
    TOTAL_GROSS = "total_gross"
    AMOUNT_DUE = "amount_due"
    IBAN = "iban"
    SUPPLIER_ADDRESS = "supplier_address"
    SUPPLIER_SIRET = "supplier_siret"
    CUSTOMER_ADDRESS = "customer_address"
    CUSTOMER_VAT = "customer_vat"
    CUSTOMER_SIREN = "customer_siren"
    PERIOD_START = "period_start"
    PERIOD_END = "period_end"
    PAYMENT_METHOD = "payment_method"
    CARD_LAST4 = "card_last4"
    TIP = "tip"
    LANGUAGE = "language"


class PaymentMethod(StrEnum):
    """How a document was or is to be paid, after UNTDID 4461 in groups."""

    CASH = "cash"
    CARD = "card"
    TRANSFER = "transfer"
    DIRECT_DEBIT = "direct_debit"
    CHEQUE = "cheque"
    OTHER = "other"


class ProblemCode(StrEnum):
    """Why a document could not be read, or not as what it claims to be.

    `liasse.reading.errors.SENTENCES` has the sentence for the person.
    """

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NOT_SUPPORTED = "not_supported"
    XML_MALFORMED = "xml_malformed"
    XML_DOCTYPE = "xml_doctype"
    XML_TOO_DEEP = "xml_too_deep"
    XML_UNKNOWN = "xml_unknown"
    XML_BAD_VALUE = "xml_bad_value"
    XML_NOT_AN_INVOICE = "xml_not_an_invoice"
    PDF_MALFORMED = "pdf_malformed"
    PDF_PASSWORD = "pdf_password"  # noqa: S105 - the name of a problem, not a secret
    TOO_DEMANDING = "too_demanding"
    CHILD_FAILED = "child_failed"


@dataclass(frozen=True, slots=True)
class Place:
    """A rectangle on a page, in fractions of the page as shown: (0, 0) is the top left corner.

    `page` counts from 1.
    """

    page: int
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Word:
    """A run of characters without a blank, and where it stands on the page as shown.

    `confidence` is that of the least sure of its characters where a machine recognised them.
    """

    text: str
    place: Place
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Field:
    """One value: canonical text, or None where the document does not say.

    Amounts are "1234.56", dates "YYYY-MM-DD", currencies ISO 4217. `term` is the EN 16931
    business term ("BT-1"); `place` is None for what comes from XML. `evidence` has short codes
    of what speaks for the value or against it ("label", "sums", "rivals"), from which its
    confidence is calibrated.
    """

    value: str | None
    source: Source
    confidence: float
    term: str | None = None
    place: Place | None = None
    evidence: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON types."""
        return asdict(self) | {"source": self.source.value, "evidence": list(self.evidence)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Field:
        """Return the field that `to_json` was called on."""
        place = data.get("place")
        return cls(
            value=data["value"],
            source=Source(data["source"]),
            confidence=float(data["confidence"]),
            term=data.get("term"),
            place=None if place is None else Place(**place),
            evidence=tuple(data.get("evidence", ())),
        )


@dataclass(frozen=True, slots=True)
class VatLine:
    """One line of the VAT breakdown (BG-23). Decimal texts; `category` is the UNTDID 5305 code."""

    rate: str | None
    base: str | None
    vat: str | None
    category: str | None = None


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One invoice line (BG-25). Decimal texts; `unit` is the UN/ECE rec. 20 code as written."""

    id: str | None
    name: str | None
    quantity: str | None
    unit: str | None
    price: str | None
    rate: str | None
    net: str | None


class AdjustmentKind(StrEnum):
    """What stands between the lines of an invoice and what is to be paid."""

    ALLOWANCE = "allowance"
    CHARGE = "charge"
    PREPAID = "prepaid"
    ROUNDING = "rounding"


@dataclass(frozen=True, slots=True)
class Adjustment:
    """An allowance (BG-20) or charge (BG-21) on the whole document, what was prepaid (BT-113), or a rounding (BT-114).

    Decimal texts, the amount as the document states it: allowances and what was prepaid are taken off.
    `percent` is that of the document's sum (BT-94, BT-101), `rate` the VAT's (BT-96, BT-103).
    """

    kind: AdjustmentKind
    amount: str
    reason: str | None = None
    percent: str | None = None
    rate: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Why reading stopped or was refused. `detail` is technical, English, and safe to show."""

    code: ProblemCode
    detail: str = ""


class Severity(StrEnum):
    """How much a finding weighs: FATAL breaks the standard, WARNING only bends it."""

    FATAL = "fatal"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with an e-invoice: by a rule of a standard ("BR-CO-15") or by its own page ("PAGE-BT-112").

    `text` is the rule's own sentence (English, of the artefact), `location` the XPath of what it is about, `terms`
    the business terms concerned.
    """

    rule: str
    severity: Severity
    text: str = ""
    location: str = ""
    terms: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON types."""
        return asdict(self) | {"severity": self.severity.value, "terms": list(self.terms)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Finding:
        """Return the finding that `to_json` was called on."""
        return cls(**{**data, "severity": Severity(data["severity"]), "terms": tuple(data.get("terms", ()))})


def adjustments_from_json(data: Iterable[Mapping[str, Any]]) -> tuple[Adjustment, ...]:
    """Return the rows that `ReadingResult.to_json` wrote."""
    return tuple(Adjustment(**{**row, "kind": AdjustmentKind(row["kind"])}) for row in data)


@dataclass(frozen=True, slots=True)
class ReadingResult:
    """All that was read from one document; empty fields and no problem is a good answer too.

    `format` is "cii", "ubl-invoice", "ubl-creditnote", "zugferd-1", "fatturapa", one of them
    behind "pdf+", "pdf", "image", or None. `notes` are short codes such as "no_text"; `remarks` is what an e-invoice
    says in words (BT-22, BT-20), `attached` a line for each document beside it (BG-24).
    """

    fields: dict[FieldName, Field] = field(default_factory=dict)
    vat_breakdown: tuple[VatLine, ...] = ()
    lines: tuple[InvoiceLine, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    findings: tuple[Finding, ...] = ()
    remarks: tuple[str, ...] = ()
    attached: tuple[str, ...] = ()
    format: str | None = None
    profile: str | None = None
    type_code: str | None = None
    embedded_name: str | None = None
    problem: Problem | None = None
    notes: tuple[str, ...] = ()

    def value(self, name: FieldName) -> str | None:
        """Return a field's value, None where it was not read."""
        found = self.fields.get(name)
        return None if found is None else found.value

    @property
    def is_structured(self) -> bool:
        """Tell whether the fields come from an e-invoice's own data."""
        return self.format not in {None, "pdf", "image"}

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON types; `from_json` gives the equal result back."""
        problem = self.problem
        return {
            "fields": {name.value: item.to_json() for name, item in self.fields.items()},
            "vat_breakdown": [asdict(line) for line in self.vat_breakdown],
            "lines": [asdict(line) for line in self.lines],
            "adjustments": [asdict(row) | {"kind": row.kind.value} for row in self.adjustments],
            "findings": [finding.to_json() for finding in self.findings],
            "remarks": list(self.remarks),
            "attached": list(self.attached),
            "format": self.format,
            "profile": self.profile,
            "type_code": self.type_code,
            "embedded_name": self.embedded_name,
            "problem": problem and {"code": problem.code.value, "detail": problem.detail},
            "notes": list(self.notes),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ReadingResult:
        """Return the result that `to_json` was called on."""
        problem = data.get("problem")
        return cls(
            fields={FieldName(k): Field.from_json(v) for k, v in data.get("fields", {}).items()},
            vat_breakdown=tuple(VatLine(**line) for line in data.get("vat_breakdown", ())),
            lines=tuple(InvoiceLine(**line) for line in data.get("lines", ())),
            adjustments=adjustments_from_json(data.get("adjustments", ())),
            findings=tuple(Finding.from_json(row) for row in data.get("findings", ())),
            remarks=tuple(data.get("remarks", ())),
            attached=tuple(data.get("attached", ())),
            format=data.get("format"),
            profile=data.get("profile"),
            type_code=data.get("type_code"),
            embedded_name=data.get("embedded_name"),
            problem=problem and Problem(ProblemCode(problem["code"]), problem["detail"]),
            notes=tuple(data.get("notes", ())),
        )
